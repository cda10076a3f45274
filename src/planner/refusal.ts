import { StewardError } from '../errors.js';

/** Why a planner does not judge a statement, for a reason of its own: another planner may judge it. */
export class Refusal extends Error {
  /** Whether planning the statement runs queries, which functions in it hold. */
  readonly runsQueries: boolean;

  constructor(message: string, options: { readonly cause?: unknown; readonly runsQueries?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.runsQueries = options.runsQueries ?? false;
  }
}

/** Says that a statement has no plan, and why. */
export function notPlannable(cause: Error | undefined): StewardError {
  return new StewardError('runtime', `the statement cannot be planned: ${cause?.message ?? 'no plan came back'}`, {
    cause,
  });
}
