import type { TableScan } from '../../sql/analysis/table-scan.js';
import type { ScanArm } from './arms.js';
import { keyWith, type MethodKeys, type MethodOptions } from './method-keys.js';

const RANGE_OPERATORS = ['@>', '<@', '&&'];

/** Gives GiST indexes on ranges, for what overlaps, contains or is contained. */
export function gistCandidates(scan: TableScan, arm: ScanArm, _: MethodOptions): readonly MethodKeys[] {
  return arm.predicates
    .filter(({ kind, operator }) => kind === 'containment' && RANGE_OPERATORS.includes(operator))
    .flatMap(({ key }): readonly MethodKeys[] => {
      const column = scan.table.columns.find(({ name }) => name === key.column);
      const isRange = column === undefined ? key.type?.endsWith('range') === true : column.typeCategory === 'R';
      return isRange ? [{ method: 'gist', keys: [keyWith(key, null)], predicate: null }] : [];
    });
}
