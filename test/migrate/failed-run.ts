import { StewardError } from '../../src/errors.js';
import { MigrateFailed } from '../../src/migrate/failure.js';

/** Gives the error of a run that ends at a file. */
export async function failedRun(run: Promise<unknown>): Promise<MigrateFailed> {
  const error = await refusal(run);
  if (error instanceof MigrateFailed) return error;
  throw new Error(`the run was refused, not ended by a file: ${error.message}`);
}

/** Gives the StewardError that work ends with. */
export async function refusal(work: Promise<unknown>): Promise<StewardError> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof StewardError) return thrown;
  throw new Error(`no StewardError but ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
}
