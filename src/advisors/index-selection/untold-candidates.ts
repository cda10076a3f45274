import type { IndexSpec } from '../../model/planner.js';
import type { TableScan } from '../../sql/analysis/table-scan.js';
import { armsOf, ascending, bySelectivity, type CandidateOptions, TABLE_BLOCKS_MIN } from './arms.js';
import { candidatesOf, specOf } from './candidates.js';
import { methodCandidates } from './method-candidates.js';
import type { MethodOptions } from './method-keys.js';

/** What a scan asks that no statistics tell of, and an index that would hold it. */
export interface UntoldCandidate {
  /** The expression or comparison, without alias. */
  readonly sql: string;
  readonly spec: IndexSpec;
}

/**
 * Gives indexes for conditions of which the planner knows no statistics, and so assumes that they leave a fixed share of
 * the rows: on expressions, alone and behind what is compared by equality, and of the rows only where two columns compare
 * so, or which meet all such conditions. Which share is left shows on rows alone. None where an index holds them already.
 */
export function untoldCandidates(scan: TableScan, options: MethodOptions): readonly UntoldCandidate[] {
  if (options.blocks(scan.table) < TABLE_BLOCKS_MIN) return [];
  return [
    ...onMetRows(scan, options),
    ...onExpressions(scan, options),
    ...onPatterns(scan, options),
    ...onComparisons(scan, options),
  ];
}

/** Of a page the planner expects to meet such rows soon, and walks along its order to the end. */
function onPatterns(scan: TableScan, options: MethodOptions): readonly UntoldCandidate[] {
  if (!scan.limited || armsOf(scan).length !== 1) return [];
  const asked = scan.predicates.filter(({ kind, key }) => kind === 'pattern' && key.column === null);
  return methodCandidates(scan, options).flatMap((spec): UntoldCandidate[] => {
    const [only, second] = spec.keys;
    const isAsked = second === undefined && asked.some(({ key }) => key.sql === only?.sql);
    return isAsked && only !== undefined ? [{ sql: only.sql, spec }] : [];
  });
}

/** Of the rows that meet what is asked the index holds what else is compared by equality and the order, or their key. */
function onMetRows(scan: TableScan, options: CandidateOptions): readonly UntoldCandidate[] {
  if (scan.untold.length === 0) return [];
  const conditions = [...new Set([...scan.comparisons.map(({ sql }) => sql), ...scan.untold])].sort();
  const [first = ''] = conditions;
  const sql = conditions.length === 1 ? first : conditions.map((each) => `(${each})`).join(' AND ');
  const equalities = armsOf(scan)[0]?.equalities.filter(({ column }) => column !== null) ?? [];
  const wanted = [...bySelectivity(scan.table, equalities, options).map(ascending), ...scan.order];
  const keys = [...new Map([...wanted].reverse().map((each) => [each.key.sql, each])).values()].reverse();
  const spec = keys.length === 0 ? keyedBy(scan, sql) : specOf(scan, keys.slice(0, options.columnsMax), sql);
  const isThere = scan.table.indexes.some(
    ({ predicate }) => predicate !== null && squeezed(predicate) === squeezed(sql),
  );
  return spec === null || isThere ? [] : [{ sql, spec }];
}

/** The catalog writes conditions with parentheses of its own. */
function squeezed(sql: string): string {
  return sql.replace(/[\s()]/g, '').toLowerCase();
}

function onExpressions(scan: TableScan, options: CandidateOptions): readonly UntoldCandidate[] {
  const [arm] = armsOf(scan);
  if (arm === undefined) return [];
  const untold = [...arm.equalities, ...arm.sets, ...arm.ranges].filter(({ column }) => column === null);
  const candidates = candidatesOf(scan, options).filter(({ predicate }) => predicate === null);
  const equal = bySelectivity(
    scan.table,
    arm.equalities.filter(({ column }) => column !== null),
    options,
  );
  return untold.flatMap((key) => {
    const lists = equal.length === 0 ? [[key]] : [[key], [...equal, key]];
    return lists.flatMap((keys): UntoldCandidate[] => {
      const wanted = keys.map(({ sql }) => sql).join();
      const spec = candidates.find((each) => each.keys.map(({ sql }) => sql).join() === wanted);
      return spec === undefined ? [] : [{ sql: key.sql, spec }];
    });
  });
}

/** Of the rows that are left the index holds what else is asked, or their key. */
function onComparisons(scan: TableScan, options: CandidateOptions): readonly UntoldCandidate[] {
  const candidates = candidatesOf(scan, options);
  return scan.comparisons.flatMap(({ sql }): UntoldCandidate[] => {
    const [asked] = candidates.filter(({ predicate }) => predicate === sql);
    const spec = asked ?? keyedBy(scan, sql);
    const isThere = scan.table.indexes.some(({ predicate }) => predicate?.includes(sql) === true);
    return spec === null || isThere ? [] : [{ sql, spec }];
  });
}

function keyedBy(scan: TableScan, predicate: string): IndexSpec | null {
  const { columns } = scan.table;
  const own = scan.table.indexes.find(({ primary }) => primary)?.keys.flatMap(({ column }) => column ?? []) ?? [];
  const [first = columns[0]?.name] = own;
  if (first === undefined) return null;
  return specOf(scan, [ascending({ column: first, sql: first })], predicate);
}
