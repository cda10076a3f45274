import type { Catalog } from '../../model/catalog.js';
import type { Planner } from '../../model/planner.js';
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
  const costs = await WorkloadCosts.open(context.planner, statements);
  const { moves, candidates } = await findMoves(costs, context, options);
  const { planner } = context;
  const { indexBytesMax, progress } = options;
  const grown = await growSet(costs, moves, { indexBytesMax, planner, progress });
  const distinct = distinctCounter(context.statistics);
  const needed = await pruneSet(costs, await exchangeIndexes(costs, moves, await pruneSet(costs, grown), planner));
  const ordered = await orderEqualities(costs, await reorderKeys(costs, needed), distinct);
  const kept = await pruneSet(costs, await shortenKeys(costs, ordered));
  return describeSet(costs, kept, { planner: context.planner, candidates });
}
