import type { Constraint } from '../model/catalog.js';
import { quoteIdentifier, quoteLiteral, quoteRelation } from '../sql/quote.js';
import { endingStatements } from './endless-recursion.js';
import type { TinyDatabase, TinyRows } from './tiny-databases.js';
import type { TinyTable } from './tiny-schema.js';

/** Gives statements that put the rows that the tables hold into another order: the reverse for 0, as they are for 1, else one by chance. */
export function reorderStatements(tables: readonly TinyTable[], order: number): readonly string[] {
  return tables.map(({ table }) => {
    const columns = table.columns.filter(({ dropped, generated }) => !dropped && generated !== 'virtual');
    const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
    const relation = quoteRelation(table);
    const place = PLACES[order] ?? `pg_catalog.md5(pg_catalog.concat(gone::text, ' ', ${order}::int))`;
    return `WITH gone AS (DELETE FROM ${relation} AS tiny RETURNING tiny.ctid AS tiny_place, tiny.*)
      INSERT INTO ${relation} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM gone ORDER BY ${place}`;
  });
}

const PLACES = ['tiny_place DESC', 'tiny_place'];

/** Gives the statements that put the rows into empty tables: those that CHECKs and keys let in, children with their parents. */
export function fillStatements({ rows }: TinyDatabase, tables: readonly TinyTable[]): readonly string[] {
  const isFilledInOrder = tables.every((table, place) =>
    checkedKeys(table).every((key) => isAmong(key, tables, place)),
  );
  const inserts = tables.map((table, place) => {
    const parents = isFilledInOrder ? checkedKeys(table).map(parentSql) : [];
    return insertSql(table, rows[place] ?? [], parents);
  });
  const removals = isFilledInOrder ? [] : tables.flatMap(orphanSql);
  // Twice, since a child that goes may be a parent.
  const ends = tables.flatMap(endingStatements);
  return [...inserts, ...removals, ...(removals.length > 1 ? removals : []), ...ends].filter((sql) => sql !== '');
}

/** A foreign key that the rows keep to. */
interface CheckedKey {
  readonly columns: readonly string[];
  readonly references: NonNullable<Constraint['references']>;
}

function checkedKeys({ foreignKeys }: TinyTable): readonly CheckedKey[] {
  return foreignKeys.flatMap(({ columns, references, validated }) =>
    references === null || !validated ? [] : [{ columns, references }],
  );
}

/** The parents stand before so many tables have been filled. */
function isAmong({ references: { table } }: CheckedKey, tables: readonly TinyTable[], filled: number): boolean {
  return tables.slice(0, filled).some(({ table: { schema, name } }) => schema === table.schema && name === table.name);
}

/** Asks of a row that it has a parent, or needs none. */
function parentSql(key: CheckedKey): string {
  const open = key.columns.map((column) => `tiny.${quoteIdentifier(column)} IS NULL`);
  return `(${[...open, parentExistsSql(key, 'tiny')].join(' OR ')})`;
}

function parentExistsSql({ columns, references }: CheckedKey, child: string): string {
  const pairs = columns.map(
    (column, place) =>
      `${child}.${quoteIdentifier(column)} = parent.${quoteIdentifier(references.columns[place] ?? column)}`,
  );
  return `EXISTS (SELECT FROM ${quoteRelation(references.table)} AS parent WHERE ${pairs.join(' AND ')})`;
}

function insertSql({ table, columns, checks }: TinyTable, rows: TinyRows, parents: readonly string[]): string {
  if (rows.length === 0 || columns.length === 0) return '';
  const names = columns.map(({ column }) => quoteIdentifier(column.name)).join(', ');
  const lines = rows.map((row, place) => {
    const values = row.map((value, index) => {
      const literal = value === null ? 'NULL' : quoteLiteral(value).trim();
      // The first row gives the types.
      return place === 0 ? `${literal}::${columns[index]?.column.type ?? 'text'}` : literal;
    });
    return `(${values.join(', ')})`;
  });
  const conditions = [...checks.map((check) => `(${check}) IS NOT FALSE`), ...parents];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const overriding = columns.some(({ column }) => column.identity === 'always') ? ' OVERRIDING SYSTEM VALUE' : '';
  return `INSERT INTO ${quoteRelation(table)} (${names})${overriding} SELECT * FROM (VALUES ${lines.join(', ')}) AS tiny (${names})${where} ON CONFLICT DO NOTHING`;
}

function orphanSql(filled: TinyTable): readonly string[] {
  return checkedKeys(filled).map((key) => {
    const given = key.columns.map((column) => `child.${quoteIdentifier(column)} IS NOT NULL`).join(' AND ');
    return `DELETE FROM ${quoteRelation(filled.table)} AS child WHERE ${given} AND NOT ${parentExistsSql(key, 'child')}`;
  });
}
