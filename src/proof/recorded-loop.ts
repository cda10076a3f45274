import { messageOf, sqlStateOf } from '../errors.js';
import { formatArrayLiteral } from '../sql/array-literal.js';

/** A loop of one statement as it was recorded. */
export interface RecordedLoop {
  readonly text: string;
  /** Values of `$1`, `$2` … of each call. */
  readonly calls: readonly (readonly (string | null)[])[];
  /** Numbers of the parameters that change. */
  readonly varying: readonly number[];
}

/** Calls that are run; a loop shows its pace with these. */
export const CALLS_RUN_MOST = 100;

/** Gives what a batch is asked with in place of the calls: each value that changes as an array of all of them. */
export function batchValues({ calls, varying }: RecordedLoop): readonly (string | null)[] {
  return (calls[0] ?? []).map((value, index) =>
    varying.includes(index + 1) ? formatArrayLiteral(calls.map((each) => each[index] ?? null)) : value,
  );
}

/** Gives the values that change of one call as one text. */
export function keyOf({ varying }: RecordedLoop, values: readonly (string | null)[]): string {
  return JSON.stringify(varying.map((number) => values[number - 1] ?? null));
}

/** Gives why the server refused a statement; the end of the session or of the server is no answer and is thrown again. */
export function refusalOf(error: unknown): string {
  const state = sqlStateOf(error);
  if (state === null || state.startsWith('57P')) throw error;
  return messageOf(error);
}
