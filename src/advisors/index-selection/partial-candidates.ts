import type { Table } from '../../model/catalog.js';
import type { KeyExpression, KeyPredicate, PredicateKind, TableScan } from '../../sql/analysis/table-scan.js';
import { ascending, bySelectivity, type CandidateOptions, type KeyList, type ScanArm } from './arms.js';

export interface PartialCandidate {
  readonly keys: KeyList;
  readonly predicate: string;
  /** Columns that the predicate names, as often as it does. */
  readonly within: readonly string[];
}

/** A literal of a column with more values than a state has is one of many that a statement asks for in turn. */
const STATE_VALUES_MAX = 10;

/**
 * Gives partial indexes on what stays true between runs of a statement: a state compared with literals, a boolean,
 * IS NULL, IS NOT NULL. Never a literal range or key, which the next run changes. The keys are what the arm asks for
 * besides; where that is nothing, the column of which the condition leaves several values.
 */
export function partialCandidates(
  scan: TableScan,
  arm: ScanArm,
  options: CandidateOptions,
): readonly PartialCandidate[] {
  const states = arm.predicates.flatMap((predicate) => lastingCondition(predicate, scan.table, options) ?? []);
  const comparisons = scan.comparisons.map(({ sql, columns }) => ({ sql, fixed: null, left: null, within: columns }));
  const lasting: readonly LastingCondition[] = [...states, ...comparisons];
  const choices =
    lasting.length > 1 ? [...lasting.map((condition) => [condition]), lasting] : lasting.map((one) => [one]);
  return choices.flatMap((chosen) => candidatesUnder(scan, arm, chosen, options));
}

/** A condition on a row that the statement's next run has too. */
interface LastingCondition {
  readonly sql: string;
  /** SQL of the key of which it leaves one value, or null. */
  readonly fixed: string | null;
  /** The column of which it leaves several values, or null. */
  readonly left: KeyExpression | null;
  readonly within: readonly string[];
}

function lastingCondition(predicate: KeyPredicate, table: Table, options: CandidateOptions): LastingCondition | null {
  const { constantSql: sql, key, kind, operator } = predicate;
  if (sql === null || !isLasting(predicate, table, options)) return null;
  const within = key.column === null ? [] : [key.column];
  const isOne = operator !== 'IS NOT NULL' && kind !== 'exclusion';
  return { sql, fixed: isOne ? key.sql : null, left: isOne ? null : key, within };
}

const STATE_KINDS: ReadonlySet<PredicateKind> = new Set(['equality', 'set', 'exclusion']);

function isLasting(
  { constantSql, operator, kind, key }: KeyPredicate,
  table: Table,
  options: CandidateOptions,
): boolean {
  if (constantSql === null) return false;
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') return true;
  const values = options.distinct(table, key);
  return STATE_KINDS.has(kind) && values > 0 && values <= STATE_VALUES_MAX;
}

function candidatesUnder(
  scan: TableScan,
  arm: ScanArm,
  chosen: readonly LastingCondition[],
  options: CandidateOptions,
): readonly PartialCandidate[] {
  const sql = [...new Set(chosen.map((condition) => condition.sql))].sort();
  const fixed = new Set(chosen.map((condition) => condition.fixed));
  const equalities = bySelectivity(
    scan.table,
    arm.equalities.filter((key) => !fixed.has(key.sql)),
    options,
  ).map(ascending);
  const ranges = arm.ranges.filter((key) => !fixed.has(key.sql)).map(ascending);
  const joins = scan.joins.map((join) => ascending(join.key));
  const heads: KeyList[] = [equalities, ...joins.flatMap((join) => [[join], [join, ...equalities]])];
  const keyLists = heads.flatMap((head): KeyList[] => [
    head,
    ...ranges.map((range) => [...head, range]),
    ...(scan.order.length > 0 ? [[...head, ...scan.order]] : []),
    ...(scan.groups.length > 0 ? [[...head, ...scan.groups.map(ascending)]] : []),
  ]);
  const predicate = sql.length === 1 ? (sql[0] ?? '') : sql.map((text) => `(${text})`).join(' AND ');
  const within = chosen.flatMap((condition) => condition.within);
  const asked = keyLists.filter((keys) => keys.length > 0);
  const left = chosen.flatMap((condition) => (condition.left === null ? [] : [ascending(condition.left)]));
  const wanted = asked.length > 0 || left.length === 0 ? asked : [left];
  return wanted.map((keys) => ({ keys, predicate, within }));
}
