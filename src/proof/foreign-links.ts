import { oneOf, type Random } from '../random.js';
import type { TinyTable } from './tiny-schema.js';
import type { TinyRow } from './value-pool.js';

/** A foreign key by the places of tables and of their filled columns. */
export interface ForeignLink {
  readonly table: number;
  readonly columns: readonly number[];
  readonly parent: number;
  readonly parentColumns: readonly number[];
}

/** Gives the foreign keys between tables that are filled. */
export function linksOf(tables: readonly TinyTable[]): readonly ForeignLink[] {
  const placesOf = (table: TinyTable | undefined, names: readonly string[]) =>
    names.map((name) => table?.columns.findIndex(({ column }) => column.name === name) ?? -1);
  return tables.flatMap((child, table) =>
    child.foreignKeys.flatMap(({ columns, references }) => {
      const target = references?.table;
      const parent = tables.findIndex(
        ({ table: { schema, name } }) => schema === target?.schema && name === target.name,
      );
      const own = placesOf(child, columns);
      const parentColumns = placesOf(tables[parent], references?.columns ?? []);
      return [...own, ...parentColumns].includes(-1) ? [] : [{ table, columns: own, parent, parentColumns }];
    }),
  );
}

/** Children whose foreign key is left to chance. */
const STRAY_SHARE = 0.2;

/** Gives most children a parent that is there: those without one are not let in. */
export function adopted(
  row: TinyRow,
  { columns, parent, parentColumns }: ForeignLink,
  { rows, random }: { readonly rows: readonly (readonly TinyRow[])[]; readonly random: Random },
): TinyRow {
  const parents = rows[parent] ?? [];
  if (parents.length === 0 || random() < STRAY_SHARE) return row;
  const chosen = oneOf(parents, random);
  return row.map((value, place) => {
    const position = columns.indexOf(place);
    return position < 0 ? value : (chosen[parentColumns[position] ?? 0] ?? null);
  });
}
