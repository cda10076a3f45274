import { quoteIdentifier, quoteRelation } from '../../../sql/quote.js';
import type { ColumnFacts, ForeignKeyFacts, TableFacts } from './table-facts.js';
import { poolOf } from './value-pools.js';

/** Candidates of which rows are taken. */
export interface Candidates {
  /** Number of the first one. */
  readonly from: number;
  readonly count: number;
  /** Rows wanted. */
  readonly rows: number;
}

/** One column in so many is NULL where it may be. */
const NULL_SHARE = 6;
/** One row in so many repeats the one before it in all that need not be unique. */
const REPEAT_SHARE = 8;
const PARENT_ROWS = 500;
/** Numbers that go up would all stay in a first partition; what repeats stays side by side. */
const SPREAD = ' ORDER BY pg_catalog.hashint8extended(g / 64, 7), g';

/**
 * Writes an INSERT that fills a table: candidates are made column by column, the table's own CHECK constraints choose
 * among them, and what its unique indexes refuse is left out. Null where a column that has to be filled cannot be.
 */
export function seedInsert(table: TableFacts, { from, count, rows }: Candidates): string | null {
  const values = table.columns.map((column, place) => columnValue(table, column, place));
  if (values.includes(null)) return null;
  const target = table.columns.filter(({ filled }) => filled === null);
  const list = (columns: readonly ColumnFacts[]) => columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const cast = target.map(({ name, type, baseType }) =>
    type === baseType ? quoteIdentifier(name) : `${quoteIdentifier(name)}::${type}`,
  );
  const inner = table.columns.map(({ name }, place) => `${values[place]} AS ${quoteIdentifier(name)}`);
  return `INSERT INTO ${quoteRelation(table)} (${list(target)})
    SELECT ${cast.join(', ')} FROM (
      SELECT ${inner.join(',\n')} FROM (
        SELECT g, CASE WHEN g % ${REPEAT_SHARE} = 0 THEN g - 1 ELSE g END AS k
        FROM pg_catalog.generate_series(${from}::bigint, ${from + count - 1}::bigint) AS g${table.partitioned ? SPREAD : ''}
      ) AS candidate ${parents(table)}
      OFFSET 0
    ) AS ${quoteIdentifier(table.name)}
    WHERE ${conditions(table).join('\n AND ')}
    LIMIT ${rows} ON CONFLICT DO NOTHING`;
}

function conditions(table: TableFacts): readonly string[] {
  const domains = table.columns.flatMap(({ name, domainChecks }) =>
    domainChecks.map((check) => check.replaceAll(/\bVALUE\b/g, quoteIdentifier(name))),
  );
  const filled = table.columns.flatMap(({ name, notNull, filled }) =>
    notNull && filled === null ? [`${quoteIdentifier(name)} IS NOT NULL`] : [],
  );
  return ['true', ...[...table.checks, ...domains].map((check) => `(${check}) IS NOT FALSE`), ...filled];
}

/** Rows of the tables that foreign keys lead to, each key's columns side by side. */
function parents({ oid, foreignKeys }: TableFacts): string {
  return foreignKeys
    .flatMap((key, place) => {
      if (key.parentOid === oid) return [];
      const relation = quoteRelation({ schema: key.parentSchema, name: key.parent });
      const columns = key.parentColumns.map(
        (name, number) => `pg_catalog.array_agg(p.${quoteIdentifier(name)} ORDER BY p.ctid, p.tableoid) AS c${number}`,
      );
      return [
        `CROSS JOIN (SELECT pg_catalog.count(*) AS n, ${columns.join(', ')}
           FROM (SELECT tableoid, ctid, * FROM ${relation} LIMIT ${PARENT_ROWS}) AS p) AS parent${place}`,
      ];
    })
    .join('\n');
}

function columnValue(table: TableFacts, column: ColumnFacts, place: number): string | null {
  if (column.filled === 'generated') return `NULL::${column.baseType}`;
  if (column.filled === 'sequence') return `g::${column.baseType}`;
  const unique = table.uniques.some((names) => names.length === 1 && names[0] === column.name);
  const hash = `pg_catalog.abs(pg_catalog.hashint8extended(k, ${place + 1}) % 1000003)`;
  const value = keyValue(table, column, unique ? 'g' : hash) ?? poolValue(table, column, { unique, hash });
  if (value === null) return column.notNull ? null : `NULL::${column.baseType}`;
  if (column.notNull) return value;
  return `CASE WHEN pg_catalog.hashint8extended(k, ${place + 1001}) % ${NULL_SHARE} <> 0 THEN ${value} END`;
}

function keyValue(table: TableFacts, { name, notNull, baseType }: ColumnFacts, hash: string): string | null {
  const place = table.foreignKeys.findIndex(({ columns }) => columns.includes(name));
  const key: ForeignKeyFacts | undefined = table.foreignKeys[place];
  if (key === undefined) return null;
  // A row that leads to its own table leads nowhere at first; where it has to, the column goes by its own values.
  if (key.parentOid === table.oid) return notNull ? null : `NULL::${baseType}`;
  // All columns of a key take the same row, so its first column's hash is for all.
  const row = key.columns.length === 1 ? hash : 'k';
  return `parent${place}.c${key.columns.indexOf(name)}[1 + (${row}) % nullif(parent${place}.n, 0)]`;
}

interface Drawing {
  readonly unique: boolean;
  readonly hash: string;
}

function poolValue(table: TableFacts, column: ColumnFacts, { unique, hash }: Drawing): string | null {
  const pool = poolOf(column, table.checks);
  if (pool === null) return null;
  if (unique && pool.distinct !== null) return pool.distinct;
  const h = (expression: string) => expression.replaceAll('$h', () => hash);
  const [only, ...others] = pool.values;
  if (only === undefined) return null;
  if (others.length === 0) return h(only);
  const cases = others.map((value, number) => `WHEN ${number} THEN ${h(value)}`);
  return `CASE ${hash} / 97 % ${pool.values.length} ${cases.join(' ')} ELSE ${h(only)} END`;
}
