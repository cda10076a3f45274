import type { Catalog, Column, Table } from '../../model/catalog.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import { formatArrayLiteral, parseArrayLiteral } from '../../sql/array-literal.js';
import { quoteIdentifier, quoteLiteral, quoteRelation } from '../../sql/quote.js';
import { type Attribute, attributeKey } from './attributes.js';
import { runSteps } from './definition-steps.js';
import { nameKey, type Problems } from './problems.js';

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
  if (table.storage.blocks === 0) return null;
  const columns = table.columns.filter(({ dropped, generated }) => !dropped && generated !== 'virtual');
  const ends = columns.flatMap((column) => {
    const key = attributeKey(table.schema, table.name, column.name);
    const statistics = source.statistics.get(key);
    const found = statistics === undefined ? null : endsOf(column, statistics, source.attributes.get(key));
    return found === null ? [] : [{ column, ...found }];
  });
  if (ends.length === 0) return null;
  const names = ends.map(({ column }) => quoteIdentifier(column.name)).join(', ');
  const least = ends.map(({ least }) => least).join(', ');
  const greatest = ends.map(({ greatest }) => greatest).join(', ');
  return `INSERT INTO ${quoteRelation(table)} (${names}) SELECT ${least} UNION ALL SELECT ${greatest}`;
}

/** SQL of the least and of the greatest known value of a column, or null when no value is known. */
function endsOf(
  column: Column,
  { minimum, maximum, histogramBounds, mostCommonValues }: ColumnStatistics,
  attribute: Attribute | undefined,
): { readonly least: string; readonly greatest: string } | null {
  const typed = (value: string) => `${quoteLiteral(value)}::${column.baseType}`;
  if (minimum !== null && maximum !== null) return { least: typed(minimum), greatest: typed(maximum) };
  // Bounds are in order, common values are not.
  const bounds = histogramBounds === null ? [] : parseArrayLiteral(histogramBounds);
  const known = [
    ...bounds.slice(0, 1),
    ...bounds.slice(1).slice(-1),
    ...(mostCommonValues === null ? [] : parseArrayLiteral(mostCommonValues)),
  ].filter((value) => value !== null);
  const [first] = known;
  if (first === undefined) return null;
  if (attribute === undefined || attribute.lessOid === 0) return { least: typed(first), greatest: typed(first) };
  // Elements of an array column are arrays: a literal of texts keeps them whole.
  const all = `unnest(${quoteLiteral(formatArrayLiteral(known))}::text[]) AS v (value)`;
  const collation = column.collation === null ? '' : ` COLLATE ${column.collation}`;
  const end = (order: string) =>
    `(SELECT value::${column.baseType}${collation} FROM ${all} ORDER BY 1 ${order} LIMIT 1)`;
  return { least: end('ASC'), greatest: end('DESC') };
}
