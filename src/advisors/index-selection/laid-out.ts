import type { IndexSpec } from '../../model/planner.js';
import type { TableScan } from '../../sql/analysis/table-scan.js';
import { armsOf, ascending, bySelectivity, type CandidateOptions, TABLE_BLOCKS_MIN } from './arms.js';
import { candidatesOf } from './candidates.js';

/**
 * Gives the index by which a scan that stops after some rows finds just these: what is compared by equality, then the
 * order. The planner expects to meet them soon in an index of the order alone, and what it expects of that is no reason
 * against this one. Null where there is no such order, or the index is there.
 */
export function laidOutIndex(scan: TableScan, options: CandidateOptions): IndexSpec | null {
  const [arm] = armsOf(scan);
  if (!scan.limited || scan.order.length === 0 || arm === undefined) return null;
  if (options.blocks(scan.table) < TABLE_BLOCKS_MIN) return null;
  const joined = [...new Map(scan.joins.map(({ key }) => [key.sql, key])).values()];
  const equal = [...joined, ...bySelectivity(scan.table, arm.equalities, options)];
  if (equal.length === 0) return null;
  const keys = [...equal.map(ascending), ...scan.order].map(({ key }) => key.sql);
  const wanted = [...new Set(keys)].slice(0, options.columnsMax).join();
  const candidates = candidatesOf(scan, options).filter(({ predicate }) => predicate === null);
  return candidates.find((spec) => spec.keys.map(({ sql }) => sql).join() === wanted) ?? null;
}

/**
 * Gives the index of the order that holds only the rows which a scan that stops after some of them asks for again and
 * again, such as those of one state. Null where there is no such order, no lasting condition, or the index is there.
 */
export function laidOutPartialIndex(scan: TableScan, options: CandidateOptions): IndexSpec | null {
  if (!scan.limited || scan.order.length === 0 || options.blocks(scan.table) < TABLE_BLOCKS_MIN) return null;
  const order = scan.order.map(({ key }) => key.sql).join();
  const endsInOrder = ({ keys }: IndexSpec) => {
    const last = keys.slice(-scan.order.length);
    return last.map(({ sql }) => sql).join() === order;
  };
  const found = candidatesOf(scan, options).filter((spec) => spec.predicate !== null && endsInOrder(spec));
  const lengthOf = ({ predicate }: IndexSpec) => predicate?.length ?? 0;
  const [narrowest] = found.sort((a, b) => lengthOf(b) - lengthOf(a) || b.keys.length - a.keys.length);
  return narrowest ?? null;
}
