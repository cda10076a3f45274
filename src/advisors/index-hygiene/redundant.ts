import type { Index, Table } from '../../model/catalog.js';
import { covers } from './covering.js';
import { isDroppable } from './droppable.js';

/** An index that can go, and the one that does its work. */
export interface RedundantIndex {
  readonly index: Index;
  readonly keeper: Index;
  /** True where each of the two could do the other's work. */
  readonly mutual: boolean;
}

/** Gives the indexes of a table that another one makes needless, never both of a pair, in the order of their OIDs. */
export function redundantIndexes(table: Table): readonly RedundantIndex[] {
  const redundant = known.get(table) ?? findRedundant(table);
  known.set(table, redundant);
  return redundant;
}

/** Several rules ask for the same table's. */
const known = new WeakMap<Table, readonly RedundantIndex[]>();

function findRedundant(table: Table): readonly RedundantIndex[] {
  const indexes = table.indexes.filter(({ valid }) => valid);
  const coveredBy = new Map(
    indexes.map((index) => [index, indexes.filter((other) => other !== index && covers(table, other, index))]),
  );
  const dropped = new Set<Index>();
  for (const index of [...indexes].filter(isDroppable).sort(worthLessFirst)) {
    if (coveredBy.get(index)?.some((other) => !dropped.has(other))) dropped.add(index);
  }
  return indexes.flatMap((index) => {
    const keepers = (coveredBy.get(index) ?? []).filter((other) => !dropped.has(other));
    const keeper = keepers.sort(nearestFirst)[0];
    if (!dropped.has(index) || keeper === undefined) return [];
    return [{ index, keeper, mutual: coveredBy.get(keeper)?.includes(index) === true }];
  });
}

/** Of two alike goes the one that is scanned less, then the one in descending order, then the younger one. */
function worthLessFirst(one: Index, two: Index): number {
  const descending = ({ keys }: Index) => keys.filter((key) => key.descending).length;
  return one.scans - two.scans || descending(two) - descending(one) || two.oid - one.oid;
}

/** The one that stays is told by the index that comes nearest: fewest keys, then smallest, then oldest. */
function nearestFirst(one: Index, two: Index): number {
  return one.keys.length - two.keys.length || one.storage.blocks - two.storage.blocks || one.oid - two.oid;
}
