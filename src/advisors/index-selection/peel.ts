import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { planAhead } from './plan-ahead.js';
import type { WorkloadCosts } from './workload-costs.js';

/** One statement, and the indexes from which its plans may pick. */
export interface Peeling {
  readonly statement: AnalyzedStatement;
  /** Indexes that are there whatever is picked. */
  readonly there: readonly IndexSpec[];
  readonly offered: readonly IndexSpec[];
  /** Looks at a layer, and tells whether to go on to the next. */
  look(layer: Layer): boolean | Promise<boolean>;
}

/** What plans pick where nothing is left of the layers before. */
export interface Layer {
  /** All that is left, where none of it is used. */
  readonly picked: readonly IndexSpec[];
  /** The planner's estimate of a call: nothing of this layer, and of those below, brings it further down. */
  readonly planned: number;
}

/**
 * Has each statement's plans pick from its indexes, then from those that are left, and so on: what is left needs no
 * planning one by one once all of it together brings too little.
 */
export async function peel(costs: WorkloadCosts, peelings: readonly Peeling[]): Promise<void> {
  let open = peelings.map((peeling) => ({ peeling, left: peeling.offered })).filter(({ left }) => left.length > 0);
  while (open.length > 0) {
    const questions = open.map(({ peeling: { statement, there }, left }) => ({
      ...{ indexes: [...there, ...left], statements: [statement] },
    }));
    await planAhead(costs, questions);
    const next: typeof open = [];
    for (const [place, { peeling, left }] of open.entries()) {
      const cost = (await costs.under(questions[place]?.indexes ?? [], [peeling.statement])).get(peeling.statement);
      if (cost === undefined) continue;
      const isPicked = (spec: IndexSpec) => cost.used.has(indexSpecKey(spec));
      const picked = left.some(isPicked) ? left.filter(isPicked) : left;
      const goesOn = await peeling.look({ picked, planned: cost.planned });
      const rest = left.filter((spec) => !picked.includes(spec));
      if (goesOn && rest.length > 0) next.push({ peeling, left: rest });
    }
    open = next;
  }
}
