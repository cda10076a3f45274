import type { IndexSpec } from '../../model/planner.js';
import type { TableScan } from '../../sql/analysis/table-scan.js';
import type { AnalyzedStatement } from '../advisor.js';
import { planAhead } from './plan-ahead.js';
import { scansOf } from './relevance.js';
import { concernedBy, effectsOf, isUnharmed, questionsOf, type Swap, swapped } from './swap.js';
import type { WorkloadCosts } from './workload-costs.js';

/** What a statement that skipped may cost more: version 18 prices skips below what they are measured to cost. */
const SKIPPER_FACTOR_MAX = 2;

/**
 * Puts another key first where that spares statements from skipping over the leading key: version 18 can use an index
 * whose first column a statement says nothing of, but takes it for cheaper than it is.
 */
export async function reorderKeys(costs: WorkloadCosts, set: readonly IndexSpec[]): Promise<readonly IndexSpec[]> {
  let current = set;
  const swaps: Swap[] = [];
  for (const index of set)
    for (const other of otherOrders(index)) {
      const swap = { set, index, other };
      if (await sparesSkips(costs, swap)) swaps.push(swap);
    }
  await planAhead(costs, await questionsOf(costs, swaps, skipsNoMore));
  for (const index of set) {
    for (const other of otherOrders(index)) {
      const swap = { set: current, index, other };
      if (!(await isBetter(costs, swap))) continue;
      current = swapped(swap);
      break;
    }
  }
  return current;
}

/** Each later key in front, the others behind it as they stood. */
function otherOrders(index: IndexSpec): readonly IndexSpec[] {
  return index.keys.slice(1).map((key) => ({ ...index, keys: [key, ...index.keys.filter((other) => other !== key)] }));
}

async function isBetter(costs: WorkloadCosts, swap: Swap): Promise<boolean> {
  if (!(await sparesSkips(costs, swap))) return false;
  const effects = await effectsOf(costs, swap, skipsNoMore);
  const served = effects.filter(({ reader, before, after }) => skipsNoMore(reader, swap) && before !== after);
  return (
    served.length > 0 &&
    effects.every((effect) => isUnharmed(effect, served.includes(effect) ? SKIPPER_FACTOR_MAX : undefined))
  );
}

async function sparesSkips(costs: WorkloadCosts, swap: Swap): Promise<boolean> {
  return (await concernedBy(costs, swap, skipsNoMore)).some(({ reader }) => skipsNoMore(reader, swap));
}

function skipsNoMore(reader: AnalyzedStatement, { index, other }: Swap): boolean {
  return skips(reader, index) && !skips(reader, other);
}

/** True when no mention of the index's table says anything of its leading key. */
function skips({ analysis }: AnalyzedStatement, index: IndexSpec): boolean {
  const leading = index.keys[0]?.sql ?? '';
  return scansOf(analysis, index).every((scan) => !speaksOf(scan, leading));
}

function speaksOf(scan: TableScan, key: string): boolean {
  const predicates = [...scan.predicates, ...scan.disjunctions.flat(2)];
  const isSought = predicates.some((predicate) => predicate.key.sql === key && predicate.kind !== 'exclusion');
  return isSought || scan.joins.some((join) => join.key.sql === key);
}
