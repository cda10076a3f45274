import type { IndexSpec } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { planAhead } from './plan-ahead.js';
import { scansOf } from './relevance.js';
import { concernedBy, effectsOf, isUnharmed, questionsOf, type Swap, swapped } from './swap.js';
import type { WorkloadCosts } from './workload-costs.js';

/**
 * Takes the last keys off each index as long as no statement loses by it: they make it larger and slower to write. A key
 * that gives a statement its first rows in order stays: there are values for which it spares reading all the others.
 */
export async function shortenKeys(costs: WorkloadCosts, set: readonly IndexSpec[]): Promise<readonly IndexSpec[]> {
  let current = set;
  const swaps: Swap[] = [];
  for (const index of set) {
    const swap = { set, index, other: beginningOf(index) };
    if (!(await isNeeded(costs, swap))) swaps.push(swap);
  }
  await planAhead(costs, await questionsOf(costs, swaps));
  for (const index of set) current = await shortened(costs, current, index);
  return current;
}

function beginningOf(index: IndexSpec): IndexSpec {
  return { ...index, keys: index.keys.slice(0, -1) };
}

async function shortened(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  index: IndexSpec,
): Promise<readonly IndexSpec[]> {
  const swap = { set, index, other: beginningOf(index) };
  if (await isNeeded(costs, swap)) return set;
  const effects = await effectsOf(costs, swap);
  return effects.every((effect) => isUnharmed(effect)) ? shortened(costs, swapped(swap), swap.other) : set;
}

/** True for an only key, and for one that gives a statement which uses the index its first rows in order. */
async function isNeeded(costs: WorkloadCosts, swap: Swap): Promise<boolean> {
  if (swap.index.keys.length < 2) return true;
  return (await concernedBy(costs, swap)).some(({ reader }) => isOrderedBy(reader, swap.index));
}

/** True when the statement wants some rows in an order to which the index's last key belongs. */
function isOrderedBy({ analysis }: AnalyzedStatement, index: IndexSpec): boolean {
  const last = index.keys.at(-1)?.sql;
  return scansOf(analysis, index).some(({ limited, order }) => limited && order.some(({ key }) => key.sql === last));
}
