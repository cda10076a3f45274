import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { Question } from './plan-ahead.js';
import type { WorkloadCosts } from './workload-costs.js';

/** What a statement may lose by another index in the place of one and still be called unharmed. */
const LOSS_SHARE_MAX = 0.03;
/** A few planner units a call, about two random pages, are no loss either. */
const LOSS_COST_MAX = 8;

/** One index of a set in exchange for another. */
export interface Swap {
  readonly set: readonly IndexSpec[];
  readonly index: IndexSpec;
  readonly other: IndexSpec;
}

/** What a swap does to one statement; planner units of one call. */
export interface SwapEffect {
  readonly reader: AnalyzedStatement;
  readonly before: number;
  readonly after: number;
  /** Whether its plan uses the index before the swap. */
  readonly isUser: boolean;
}

/** Gives the set after the swap; what it holds already it holds once. */
export function swapped({ set, index, other }: Swap): readonly IndexSpec[] {
  const rest = set.filter((each) => each !== index);
  const isThere = rest.some((each) => indexSpecKey(each) === indexSpecKey(other));
  return isThere ? rest : set.map((each) => (each === index ? other : each));
}

/** Gives what a swap does to each statement that could use either index. */
export async function effectsOf(costs: WorkloadCosts, swap: Swap): Promise<readonly SwapEffect[]> {
  const readers = [...new Set([...costs.readersOf(swap.index), ...costs.readersOf(swap.other)])];
  const before = await costs.under(swap.set, readers);
  const after = await costs.under(swapped(swap), readers);
  return readers.map((reader) => ({
    reader,
    before: before.get(reader)?.perCall ?? 0,
    after: after.get(reader)?.perCall ?? 0,
    isUser: before.get(reader)?.used.has(indexSpecKey(swap.index)) ?? false,
  }));
}

/** Gives what will be asked of swaps that are tried one after the other, as long as none of them is made. */
export function questionsOf(costs: WorkloadCosts, swaps: readonly Swap[]): readonly Question[] {
  return swaps.map((swap) => ({
    indexes: swapped(swap),
    statements: [...new Set([...costs.readersOf(swap.index), ...costs.readersOf(swap.other)])],
  }));
}

/** True when the statement loses nothing to speak of; `factorMax` is what it may cost more at most. */
export function isUnharmed({ before, after }: SwapEffect, factorMax = 1 + LOSS_SHARE_MAX): boolean {
  return after - before <= Math.max(before * (factorMax - 1), LOSS_COST_MAX);
}
