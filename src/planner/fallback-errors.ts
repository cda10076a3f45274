import { StewardError, sqlStateOf } from '../errors.js';

const CANCELED = '57014';

/** What takes too long to plan would take as long on somebody's production. */
export function mayBePlannedElsewhere(error: Error | undefined): boolean {
  return error !== undefined && sqlStateOf(error.cause) !== CANCELED;
}

/** Gives an error that the server raised of a statement; what else was thrown is thrown again. */
export function asServerError(error: unknown): Error {
  if (error instanceof Error && (sqlStateOf(error) ?? sqlStateOf(error.cause)) !== null) return error;
  throw error;
}

/** Gives an error that a person can act on; what else was thrown is thrown again. */
export function asStewardError(error: unknown): StewardError {
  if (error instanceof StewardError) return error;
  throw error;
}
