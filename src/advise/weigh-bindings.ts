import type { PlanNode } from '../model/plan.js';
import type { Planner } from '../model/planner.js';
import type { StatementBinding } from '../model/workload.js';

/** More texts of one statement make its advice slower and hardly better. */
const BINDINGS_MAX = 3;

/** Below this share of the calls a text says nothing. */
const SHARE_MIN = 0.01;

/**
 * Gives the bindings that fit what the source measured: the nearer the planner's row estimate comes to the rows that
 * a call returned or changed, the greater their share. Those that fit equally well keep their order.
 */
export async function weighBindings(
  bindings: readonly StatementBinding[],
  rowsPerCall: number,
  planner: Pick<Planner, 'explain'>,
): Promise<readonly StatementBinding[]> {
  if (bindings.length < 2) return bindings;
  const weighed: { readonly sql: string; readonly weight: number }[] = [];
  for (const { sql } of bindings) {
    const estimate = rowsOf(await planner.explain(sql, []));
    weighed.push({ sql, weight: likeness(estimate, rowsPerCall) });
  }
  const best = weighed.sort((one, other) => other.weight - one.weight).slice(0, BINDINGS_MAX);
  return normalised(normalised(best).filter(({ weight }) => weight >= SHARE_MIN)).map(({ sql, weight }) => ({
    sql,
    share: weight,
  }));
}

/** Rows that a plan returns, or changes where it returns none. */
function rowsOf(plan: PlanNode): number {
  if (plan.nodeType !== 'ModifyTable' || plan.rowsEstimate > 0) return plan.rowsEstimate;
  return plan.children[0]?.rowsEstimate ?? 0;
}

/** 1 for equal row counts, near 0 for counts that are orders of magnitude apart; the planner never estimates 0. */
function likeness(estimate: number, measured: number): number {
  return (Math.min(estimate, measured) + 1) / (Math.max(estimate, measured) + 1);
}

function normalised<Weighed extends { readonly weight: number }>(all: readonly Weighed[]): readonly Weighed[] {
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  return all.map((each) => ({ ...each, weight: each.weight / total }));
}
