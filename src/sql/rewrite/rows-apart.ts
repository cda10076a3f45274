import type { Index, Table } from '../../model/catalog.js';

/** Tells whether no two rows of a table agree in these columns, NULL aside. */
export function tellsRowsApart(table: Table, names: readonly string[]): boolean {
  return table.indexes.some(
    (index) => isCertain(index, table) && index.keys.every(({ column }) => column !== null && names.includes(column)),
  );
}

/** A deferred one lets two rows stand until the transaction's end. */
function isCertain({ unique, valid, predicate, keys, constraint }: Index, table: Table): boolean {
  const { definition = '' } = table.constraints.find(({ name }) => name === constraint) ?? {};
  const isDefault = keys.every(({ opclass, collation }) => opclass === null && collation === null);
  return unique && valid && predicate === null && isDefault && !/\bDEFERRABLE\b/.test(definition);
}
