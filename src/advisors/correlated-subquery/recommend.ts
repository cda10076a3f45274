import type { VariantId } from '../../sql/rewrite/variants.js';
import type { PerRowPlan } from './per-row-plans.js';
import { COST_RATIO_MAX, type TriedIndex, type TriedRewrite, type TriedStatement } from './try-variants.js';

/** What is to be done about a statement, with the reason. */
export type Recommendation =
  | { readonly kind: 'index'; readonly index: TriedIndex }
  | { readonly kind: 'rewrite'; readonly rewrite: TriedRewrite }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * An index makes no statement slower and serves others too, and what the planner promises of it is kept more often than of
 * joins: a rewrite has to cost this part of it to be preferred. Measured wins of rewrites run from 70 times to 0.06 times.
 */
const REWRITE_TO_INDEX_MAX = 0.25;

/** The selection has weighed an index for the whole workload; one that takes less off this statement is for others. */
const INDEX_RATIO_MAX = 0.9;

/** Chooses among what was tried. */
export function recommend({
  costBefore,
  index,
  rewrites: all,
  reasons,
  perRow,
}: Omit<TriedStatement, 'statement'>): Recommendation {
  const limit = costBefore * COST_RATIO_MAX;
  const rewrites = all.filter((each) => !isKnownToLose(each, perRow));
  const rewrite = rewrites.find(
    ({ verdict, costAfter }) => verdict?.kind === 'no counterexample' && costAfter <= limit,
  );
  const helps = index !== null && index.costAfter <= costBefore * INDEX_RATIO_MAX;
  if (helps && (rewrite === undefined || rewrite.costAfter > index.costAfter * REWRITE_TO_INDEX_MAX))
    return { kind: 'index', index };
  if (rewrite !== undefined) return { kind: 'rewrite', rewrite };
  if (helps) return { kind: 'index', index };
  return { kind: 'none', reason: noneReason({ costBefore, rewrites, reasons }) };
}

/** Ways that read every row of the subquery's tables, whichever rows are around it. */
const READING_ALL: readonly VariantId[] = ['group-join', 'latest-join', 'exists-join'];

/** Tells of a rewrite whose planner cost is not to be believed: it reads all rows in place of a few looks into an index. */
export function isKnownToLose({ variant }: Pick<TriedRewrite, 'variant'>, [worst]: readonly PerRowPlan[]): boolean {
  return worst?.isSelective === true && READING_ALL.includes(variant.id);
}

function noneReason({
  costBefore,
  rewrites,
  reasons: [obstacle],
}: Pick<TriedStatement, 'costBefore' | 'rewrites' | 'reasons'>): string {
  const cheap = rewrites.filter(({ costAfter }) => costAfter <= costBefore * COST_RATIO_MAX);
  const [withheld] = cheap;
  if (withheld?.verdict?.kind === 'differs')
    return `what would cost half at most gives other rows: ${withheld.verdict.reason}`;
  if (withheld?.verdict?.kind === 'not compared')
    return `what would cost half at most could not be compared: ${withheld.verdict.reason}`;
  if (withheld !== undefined) return 'what would cost half at most was not compared';
  if (rewrites.length > 0) return 'nothing that was tried costs half at most';
  return `it cannot be written otherwise${obstacle === undefined ? '' : `: ${obstacle}`}`;
}
