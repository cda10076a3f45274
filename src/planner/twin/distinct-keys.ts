import type { Catalog, Table } from '../../model/catalog.js';
import type { ExtendedStatistics } from '../../model/statistics.js';
import { nameKey } from './problems.js';

/** Sets of columns of a table whose number of distinct combinations is known, by the columns' sorted names. */
export type KnownCombinations = ReadonlyMap<string, number>;

/** Gives the distinct combinations that extended statistics of kind ndistinct know of a table. */
export function knownCombinations(
  table: Table,
  catalog: Catalog,
  extended: readonly ExtendedStatistics[],
  rows: number,
): KnownCombinations {
  const names = new Set(
    catalog.statisticsObjects.filter((object) => nameKey(object.table) === nameKey(table)).map(nameKey),
  );
  const columns = new Map(table.columns.map(({ position, name }) => [position, name]));
  const known = new Map<string, number>();
  for (const { distinctHex, ...name } of extended) {
    if (distinctHex === null || !names.has(nameKey(name))) continue;
    for (const { distinct, positions } of parseDistinct(distinctHex)) {
      const found = positions.flatMap((position) => columns.get(position) ?? []);
      // An expression has a negative position.
      if (found.length === positions.length)
        known.set(combinationKey(found), distinct < 0 ? -distinct * rows : distinct);
    }
  }
  return known;
}

/** Gives the key of a set of columns. */
export function combinationKey(columns: readonly string[]): string {
  return JSON.stringify([...columns].sort());
}

/** True when rows with the same values in these columns cannot exist: they hold the columns of a unique index. */
export function isUniqueBy(table: Table, columns: readonly string[]): boolean {
  const given = new Set(columns);
  return table.indexes.some(
    ({ unique, valid, predicate, keys }) =>
      unique && valid && predicate === null && keys.every(({ column }) => column !== null && given.has(column)),
  );
}

/** Serialized pg_ndistinct: magic, type and item count as uint32, then each a float8, an int32 and int2s. */
function parseDistinct(hex: string): readonly { readonly distinct: number; readonly positions: readonly number[] }[] {
  const bytes = Buffer.from(hex, 'hex');
  const items: { distinct: number; positions: number[] }[] = [];
  let offset = 12;
  for (let item = 0; item < bytes.readUInt32LE(8); item++) {
    const count = bytes.readInt32LE(offset + 8);
    const positions = Array.from({ length: count }, (_, place) => bytes.readInt16LE(offset + 12 + place * 2));
    items.push({ distinct: bytes.readDoubleLE(offset), positions });
    offset += 12 + count * 2;
  }
  return items;
}
