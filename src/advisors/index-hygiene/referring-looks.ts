import type { Catalog } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import type { AnalyzedStatement, Evidence } from '../advisor.js';
import { isSame, tableNamed } from '../schema/own-tables.js';
import { nameOf } from './figures.js';
import { type ForeignKey, foreignKeysOf } from './foreign-keys.js';

/**
 * Gives the statements of the workload at which PostgreSQL looks for rows that refer by a foreign key: those that take
 * rows from the table that it points at, themselves or by ON DELETE CASCADE, and those that set the columns it points at.
 */
export function lookingBy(
  { target }: ForeignKey,
  { catalog, statements }: Pick<Evidence, 'catalog' | 'statements'>,
): readonly AnalyzedStatement[] {
  const emptied = takenFrom(target.table, catalog);
  return statements.filter(({ analysis: { writes } }) =>
    writes.some(
      ({ table, kind, columns }) =>
        (kind === 'delete' && emptied.has(nameOf(table))) ||
        (kind === 'update' && isSame(table, target.table) && columns.some((column) => target.columns.includes(column))),
    ),
  );
}

/** Names of the tables of which a DELETE takes rows from the table, too. */
function takenFrom(table: RelationName, catalog: Catalog): ReadonlySet<string> {
  const taken = new Set<string>();
  const open: RelationName[] = [table];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (taken.has(nameOf(next))) continue;
    taken.add(nameOf(next));
    const own = tableNamed(catalog, next);
    const cascading = own === null ? [] : foreignKeysOf(own).filter((key) => key.target.onDelete === 'cascade');
    open.push(...cascading.map((key) => key.target.table));
  }
  return taken;
}
