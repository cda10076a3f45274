import type { IndexKey, Table } from '../../model/catalog.js';

/** Gives the sets of columns that tell a table's rows apart, by constraints or by unique indexes over all its rows. */
export function uniqueKeys({ indexes, columns }: Pick<Table, 'indexes' | 'columns'>): readonly (readonly string[])[] {
  return indexes
    .filter(
      ({ unique, predicate, valid, keys }) =>
        unique && valid && predicate === null && keys.every((key) => isOfOwnEquality(key, columns)),
    )
    .map(({ keys }) => keys.flatMap(({ column }) => column ?? []));
}

/** What an index holds apart, statements may take as equal: a collation of the column alone may be blind to case. */
function isOfOwnEquality({ column, collation, opclass }: IndexKey, columns: Table['columns']): boolean {
  const own = columns.find(({ name }) => name === column);
  if (own === undefined || (opclass !== null && !/_pattern_ops$/.test(opclass))) return false;
  return collation === null || own.collation === null;
}

/** Tells whether a key of a table, or one that leads elsewhere, may be broken until a transaction's end. */
export function hasDeferrableKeys({ constraints }: Pick<Table, 'constraints'>): boolean {
  return constraints.some(
    ({ kind, definition }) =>
      ['primary key', 'unique', 'foreign key'].includes(kind) && /\bDEFERRABLE\b/.test(definition),
  );
}
