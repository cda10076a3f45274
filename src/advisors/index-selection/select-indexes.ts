import type { Catalog } from '../../model/catalog.js';
import type { IndexSpec, Planner } from '../../model/planner.js';
import type { Progress } from '../../model/progress.js';
import type { Statistics } from '../../model/statistics.js';
import type { AnalyzedStatement } from '../advisor.js';
import { describeSet } from './describe-set.js';
import { distinctCounter } from './distinct.js';
import { orderEqualities } from './equality-order.js';
import { exchangeIndexes } from './exchange.js';
import { growSet } from './greedy.js';
import { findMoves } from './moves.js';
import { pruneSet } from './prune.js';
import { reorderKeys } from './reorder.js';
import type { IndexSelection } from './selection.js';
import { shortenKeys } from './shorten.js';
import { sizeOf } from './size.js';
import { WorkloadCosts } from './workload-costs.js';

export interface SelectionOptions {
  /** Total size of the new indexes; null for no limit. */
  readonly indexBytesMax: number | null;
  readonly indexColumnsMax: number;
  readonly progress: Progress;
}

/**
 * Chooses indexes for a whole workload: candidates of each statement are costed for that statement, the worthwhile
 * ones compete for the whole workload, greedily by net gain, and what the finished set does not need is taken out.
 */
export async function selectIndexes(
  statements: readonly AnalyzedStatement[],
  context: { readonly planner: Planner; readonly catalog: Catalog; readonly statistics: Statistics },
  options: SelectionOptions,
): Promise<IndexSelection> {
  const { planner } = context;
  const costs = await WorkloadCosts.open(planner, statements);
  const { moves, candidates } = await findMoves(costs, context, options);
  const grown = await growSet(costs, moves, { ...options, planner });
  const distinct = distinctCounter(context.statistics);
  const refinements: readonly Refinement[] = [
    (set) => pruneSet(costs, set),
    (set) => exchangeIndexes(costs, moves, set, planner),
    (set) => pruneSet(costs, set),
    (set) => reorderKeys(costs, set),
    (set) => orderEqualities(costs, set, distinct),
    (set) => shortenKeys(costs, set),
    (set) => pruneSet(costs, set),
  ];
  let set = grown;
  for (const refine of options.indexBytesMax === null ? refinements : []) {
    const refined = await refine(set);
    // The same keys in another order may take more room.
    if (options.indexBytesMax === null || (await sizeOf(refined, planner)) <= options.indexBytesMax) set = refined;
  }
  return describeSet(costs, set, { planner, candidates });
}

type Refinement = (set: readonly IndexSpec[]) => Promise<readonly IndexSpec[]>;
