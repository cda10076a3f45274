import { distinctSpecs, type IndexSpec } from '../../model/planner.js';
import type { KeyExpression, TableScan } from '../../sql/analysis/table-scan.js';
import { armsOf, bySelectivity, type CandidateOptions, TABLE_BLOCKS_MIN } from './arms.js';
import { candidatesOf } from './candidates.js';

/**
 * Gives the indexes by which a scan finds the rows of a key between bounds that come from another table's rows: what the
 * two are joined by, then the bounded column, with what is compared by equality between them and without. The planner
 * takes such bounds to leave a fixed share of the rows; which share it is shows on rows alone. None where they are there.
 */
export function rangeJoinCandidates(scan: TableScan, options: CandidateOptions): readonly IndexSpec[] {
  if (options.blocks(scan.table) < TABLE_BLOCKS_MIN) return [];
  const [arm] = armsOf(scan);
  const bounded = (arm?.predicates ?? []).filter(
    ({ kind, key, otherScans }) => kind === 'range' && key.column !== null && otherScans !== undefined,
  );
  if (arm === undefined || bounded.length === 0) return [];
  const equal = bySelectivity(scan.table, arm.equalities, options);
  const candidates = candidatesOf(scan, options).filter(({ predicate }) => predicate === null);
  const specs = bounded.flatMap(({ key, otherScans = [] }) => {
    const joined = scan.joins.filter(({ otherScan }) => otherScan !== null && otherScans.includes(otherScan));
    if (joined.length === 0) return [];
    const shared = joined.map((join) => join.key);
    return [
      [...shared, key],
      [...shared, ...equal, key],
    ].flatMap((keys) => {
      const wanted = keyText(keys);
      return candidates.find((spec) => keyText(spec.keys) === wanted) ?? [];
    });
  });
  return distinctSpecs(specs);
}

function keyText(keys: readonly Pick<KeyExpression, 'sql'>[]): string {
  return [...new Set(keys.map(({ sql }) => sql))].join();
}
