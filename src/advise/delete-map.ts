import type { AnalyzedStatement } from '../advisors/advisor.js';
import { nameOf } from '../advisors/index-hygiene/figures.js';
import { foreignKeysOf } from '../advisors/index-hygiene/foreign-keys.js';
import { isSame, ownTables } from '../advisors/schema/own-tables.js';
import type { DeletedTable } from '../model/advice.js';
import type { Catalog } from '../model/catalog.js';

/** Gives for each table that foreign keys lead to who deletes from it, and what that does to the rows that lead there. */
export function deleteMap(catalog: Catalog, statements: readonly AnalyzedStatement[]): readonly DeletedTable[] {
  const tables = ownTables(catalog);
  const keys = tables.flatMap((table) => foreignKeysOf(table).map((key) => ({ ...key, table })));
  return tables.flatMap((table): DeletedTable[] => {
    const leading = keys.filter(({ target }) => isSame(target.table, table));
    if (leading.length === 0) return [];
    const deleters = statements.filter(({ analysis: { writes } }) =>
      writes.some((write) => write.kind === 'delete' && isSame(write.table, table)),
    );
    return [
      {
        table: nameOf(table),
        rowsDeleted: table.counters.rowsDeleted,
        deletedBy: deleters.map(({ statement: { name, fingerprint } }) => name ?? fingerprint),
        followers: leading.map(({ table: child, columns, target }) => ({
          table: nameOf(child),
          columns,
          onDelete: target.onDelete,
        })),
      },
    ];
  });
}
