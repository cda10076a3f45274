import type { Catalog } from '../../model/catalog.js';
import type { IndexSpec, Planner } from '../../model/planner.js';
import type { Progress } from '../../model/progress.js';
import type { Statistics } from '../../model/statistics.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { CandidateOptions } from './arms.js';
import { candidateOptionsOf } from './candidate-options.js';
import { coverStatements } from './cover.js';
import { describeSet } from './describe-set.js';
import { dropMarginal } from './drop-marginal.js';
import { orderEqualities } from './equality-order.js';
import { exchangeIndexes } from './exchange.js';
import { growSet } from './greedy.js';
import { findMoves, type Move } from './moves.js';
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
  const { planner } = context;
  const costs = await WorkloadCosts.open(planner, statements);
  const candidates = candidateOptionsOf(context, options.indexColumnsMax);
  const limits = { ...options, indexBytesMax: reserved(options.indexBytesMax) };
  const found = await findMoves(costs, context, { ...limits, candidates });
  const grown = await growSet(costs, found.moves, { ...limits, planner });
  const set =
    limits.indexBytesMax === null
      ? await refine(costs, grown, { moves: found.moves, planner, candidates })
      : await dropMarginal(costs, grown);
  return describeSet(costs, set, {
    planner,
    catalog: context.catalog,
    candidates: found.candidates,
    tried: found.tried,
    blocks: candidates.blocks,
  });
}

/** Sizes are estimates: of 76 indexes really built, nine in ten were no more than this share larger. */
const SIZE_RESERVE = 0.02;

function reserved(indexBytesMax: number | null): number | null {
  return indexBytesMax === null ? null : indexBytesMax * (1 - SIZE_RESERVE);
}

interface Refinement {
  readonly moves: readonly Move[];
  readonly planner: Planner;
  readonly candidates: CandidateOptions;
}

/** Makes a grown set simpler: fewer, shorter and more widely used indexes at nearly the same cost. */
async function refine(
  costs: WorkloadCosts,
  grown: readonly IndexSpec[],
  { moves, planner, candidates }: Refinement,
): Promise<readonly IndexSpec[]> {
  let set = await pruneSet(costs, grown);
  set = await exchangeIndexes(costs, moves, set, planner);
  set = await pruneSet(costs, set);
  set = await reorderKeys(costs, set);
  set = await orderEqualities(costs, set, candidates.distinct);
  set = await shortenKeys(costs, set);
  set = await pruneSet(costs, set);
  return pruneSet(costs, await coverStatements(costs, set, candidates));
}
