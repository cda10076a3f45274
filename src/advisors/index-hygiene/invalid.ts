import type { Index, Table } from '../../model/catalog.js';
import { covers } from './covering.js';

/** Tells whether an index bears the name of a copy that REINDEX CONCURRENTLY makes; a number keeps such names apart. */
export function isLeftOver({ name }: Index): boolean {
  return /_cc(new|old)\d*$/.test(name);
}

/** Gives a valid index that does what the invalid one was made for, or null. */
export function validTwin(table: Table, index: Index): Index | null {
  return table.indexes.find((other) => other.valid && covers(table, other, index)) ?? null;
}
