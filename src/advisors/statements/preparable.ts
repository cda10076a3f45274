import { StewardError, sqlStateOf } from '../../errors.js';
import type { Planner } from '../../model/planner.js';
import { asParseFailure } from '../../sql/parse-failure.js';

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

function isRefusal(error: unknown): boolean {
  return error instanceof StewardError || sqlStateOf(error) !== null || asParseFailure(error) !== null;
}
