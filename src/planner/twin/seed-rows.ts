import type { Catalog, Table } from '../../model/catalog.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { type Attribute, attributeKey } from './attributes.js';
import { runSteps } from './definition-steps.js';
import { nameKey, type Problems } from './problems.js';
import { seedValues } from './seed-values.js';

/** What seed rows are made of. */
export interface SeedSource {
  readonly catalog: Catalog;
  /** By attributeKey. */
  readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  /** By attributeKey. */
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/**
 * Puts two rows in each table that has rows at the source: the least and the greatest known value of every column.
 * The planner looks at the ends of an index when a constant lies in the outermost part of a histogram, and reads the
 * row it finds there; without these, conditions such as "the last hour" are estimated far off.
 */
export async function insertSeedRows(session: Session, source: SeedSource, problems: Problems): Promise<void> {
  const steps = source.catalog.tables.flatMap((table) => {
    const sql = seedSql(table, source);
    return sql === null ? [] : [{ sql, object: `seed rows of ${nameKey(table)}`, spoils: [table] }];
  });
  const restore = await liftRestrictions(session);
  await runSteps(session, steps, problems);
  await session.script(restore);
}

/**
 * Lets tables take rows that are not whole: not every column has a known value, and a seed row needs one only where
 * the planner looks. Gives SQL that takes it back.
 */
async function liftRestrictions(session: Session): Promise<string> {
  const { rows } = await session.query<{ columns: string | null; domains: string | null; partitions: string | null }>(
    `SELECT (SELECT pg_catalog.string_agg(pg_catalog.format('(%s,%s)', a.attrelid, a.attnum), ',')
               FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
              WHERE a.attnotnull AND a.attnum > 0 AND c.relkind = 'r' AND c.oid >= ${FIRST_USER_OID}) AS columns,
            (SELECT pg_catalog.string_agg(t.oid::text, ',') FROM pg_catalog.pg_type t
              WHERE t.typnotnull AND t.oid >= ${FIRST_USER_OID}) AS domains,
            (SELECT pg_catalog.string_agg(c.oid::text, ',') FROM pg_catalog.pg_class c
              WHERE c.relispartition AND c.relkind = 'r') AS partitions`,
  );
  const { columns = null, domains = null, partitions = null } = rows[0] ?? {};
  const set = (value: boolean) =>
    [
      columns === null
        ? ''
        : `UPDATE pg_catalog.pg_attribute a SET attnotnull = ${value} FROM (VALUES ${columns}) AS s (relation_oid, position)
            WHERE a.attrelid = s.relation_oid AND a.attnum = s.position`,
      domains === null ? '' : `UPDATE pg_catalog.pg_type SET typnotnull = ${value} WHERE oid IN (${domains})`,
      partitions === null
        ? ''
        : `UPDATE pg_catalog.pg_class SET relispartition = ${value} WHERE oid IN (${partitions})`,
    ].join(';\n');
  await session.script(set(false));
  return set(true);
}

/** FirstNormalObjectId: objects below it are PostgreSQL's own. */
const FIRST_USER_OID = 16_384;

function seedSql(table: Table, source: SeedSource): string | null {
  if (table.storage.blocks === 0 || table.kind === 'partitioned table') return null;
  const columns = table.columns.filter(({ dropped, generated }) => !dropped && generated !== 'virtual');
  const seeds = columns.map((column) => {
    const key = attributeKey(table.schema, table.name, column.name);
    const statistics = source.statistics.get(key);
    return statistics === undefined ? null : seedValues(column, statistics, source.attributes.get(key));
  });
  if (seeds.every((seed) => seed === null)) return null;
  // Each column is named, so that no default is asked for a value.
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const least = seeds.map((seed) => seed?.least ?? 'NULL').join(', ');
  const greatest = seeds.map((seed) => seed?.greatest ?? 'NULL').join(', ');
  return `INSERT INTO ${quoteRelation(table)} (${names}) VALUES (${least}), (${greatest})`;
}
