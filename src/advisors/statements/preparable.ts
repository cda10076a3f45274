import { StewardError, sqlStateOf } from '../../errors.js';
import type { PlanNode } from '../../model/plan.js';
import type { Planner } from '../../model/planner.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import type { AnalyzedStatement } from '../advisor.js';

/** Tells whether a server takes a text as a statement. */
export async function isPreparable(planner: Planner, text: string): Promise<boolean> {
  try {
    await planner.describeStatement(text);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
}

/** Gives what a call of the planner says, or null where the planner refuses the statement. */
export async function unlessRefused<Result>(call: Promise<Result>): Promise<Result | null> {
  try {
    return await call;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  }
}

/** Gives the plan of a statement with the first of its values, or null where the planner refuses it. */
export async function planOf({ plannable }: AnalyzedStatement, planner: Planner): Promise<PlanNode | null> {
  const [binding] = plannable.bindings;
  return binding === undefined ? null : unlessRefused(planner.explain(binding.sql, []));
}

function isRefusal(error: unknown): boolean {
  return error instanceof StewardError || sqlStateOf(error) !== null || asParseFailure(error) !== null;
}
