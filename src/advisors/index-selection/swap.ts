import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { Question, WorkloadCosts } from './workload-costs.js';

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

/** Tells of a statement whose plan does without the index whether a swap may do it good. */
export type MayGain = (reader: AnalyzedStatement, swap: Swap) => boolean;

/** A statement to which a swap may do something. */
type Concerned = Omit<SwapEffect, 'after'>;

/** Gives the statements that use the index, and those that may gain by the other one. */
export async function concernedBy(
  costs: WorkloadCosts,
  swap: Swap,
  mayGain: MayGain = () => false,
): Promise<readonly Concerned[]> {
  const key = indexSpecKey(swap.index);
  const readers = [...new Set([...costs.readersOf(swap.index), ...costs.readersOf(swap.other)])];
  const before = await costs.under(swap.set, readers);
  const all = [...before].map(([reader, { perCall, used }]) => ({ reader, before: perCall, isUser: used.has(key) }));
  // A plan that does without the index can be had after the swap, too: it costs no more then.
  return all.filter(({ reader, isUser }) => isUser || mayGain(reader, swap));
}

/** Gives what a swap does to each statement that it concerns. */
export async function effectsOf(costs: WorkloadCosts, swap: Swap, mayGain?: MayGain): Promise<readonly SwapEffect[]> {
  const concerned = await concernedBy(costs, swap, mayGain);
  const after = await costs.under(
    swapped(swap),
    concerned.map(({ reader }) => reader),
  );
  return concerned.map((each) => ({ ...each, after: after.get(each.reader)?.perCall ?? 0 }));
}

/** Gives what will be asked of swaps that are tried one after the other, as long as none of them is made. */
export async function questionsOf(
  costs: WorkloadCosts,
  swaps: readonly Swap[],
  mayGain?: MayGain,
): Promise<readonly Question[]> {
  const questions: Question[] = [];
  for (const swap of swaps) {
    const statements = (await concernedBy(costs, swap, mayGain)).map(({ reader }) => reader);
    questions.push({ indexes: swapped(swap), statements });
  }
  return questions;
}

/** True when the statement loses nothing to speak of; `factorMax` is what it may cost more at most. */
export function isUnharmed({ before, after }: SwapEffect, factorMax = 1 + LOSS_SHARE_MAX): boolean {
  return after - before <= Math.max(before * (factorMax - 1), LOSS_COST_MAX);
}
