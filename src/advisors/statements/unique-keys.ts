import type { Table } from '../../model/catalog.js';

/** Gives the sets of columns that tell a table's rows apart, by constraints or by unique indexes over all its rows. */
export function uniqueKeys({ indexes }: Pick<Table, 'indexes'>): readonly (readonly string[])[] {
  return indexes
    .filter(
      ({ unique, predicate, valid, keys }) =>
        unique && valid && predicate === null && keys.every(({ column }) => column !== null),
    )
    .map(({ keys }) => keys.flatMap(({ column }) => column ?? []));
}
