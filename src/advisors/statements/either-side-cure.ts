import type { IndexSpec } from '../../model/planner.js';
import type { StatementBinding } from '../../model/workload.js';
import { eitherSide } from '../../sql/rewrite/either-side.js';
import type { AnalyzedStatement, Evidence } from '../advisor.js';
import { costOf } from './binding-costs.js';
import { type CheckedRewrite, checkRewrites } from './checked-rewrite.js';

/** A query by one or the other table written as one query a table. */
export interface EitherSideCure {
  readonly rewrite: CheckedRewrite;
  readonly costAfter: number;
  /** What has to be built for that; none where what is there serves both. */
  readonly indexes: readonly IndexSpec[];
}

/** What costs more than this share of the statement is not shown. */
const COST_SHARE_MAX = 0.5;

/**
 * Gives the statement as UNION ALL of one query a table, where that halves its cost, if need be with these indexes, and
 * was seen to be the same.
 */
export async function eitherSideCure(
  { statement, plannable }: AnalyzedStatement,
  { costBefore, indexes }: { readonly costBefore: number; readonly indexes: readonly IndexSpec[] },
  evidence: Evidence,
): Promise<EitherSideCure | null> {
  const { catalog, planner } = evidence;
  const text = eitherSide(statement.text, catalog);
  const bindings = plannable.bindings.flatMap(({ sql, share }): StatementBinding[] => {
    const written = eitherSide(sql, catalog);
    return written === null ? [] : [{ sql: written, share }];
  });
  if (text === null || bindings.length < plannable.bindings.length) return null;
  for (const built of indexes.length === 0 ? [[]] : [[], indexes]) {
    const costAfter = await costOf(bindings, planner, built);
    if (costAfter === null || costAfter > costBefore * COST_SHARE_MAX) continue;
    const [rewrite] = await checkRewrites(statement.text, [text], evidence);
    return rewrite == null ? null : { rewrite, costAfter, indexes: built };
  }
  return null;
}
