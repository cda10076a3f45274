import { StewardError } from '../errors.js';
import { quoteLiteral } from '../sql/quote.js';
import { inLockSlices } from './lock-slices.js';
import { recordDone } from './record-done.js';
import { applicationNameOf, execute, type Run } from './run.js';
import type { RunnableScript } from './script.js';

/** How a file went. */
export interface Applied {
  readonly durationMs: number;
  readonly lockRetries: number;
}

/**
 * Runs a file and its ledger row in one transaction; the whole of it begins again while locks stand in its way. A
 * StatementFailed names the statement that ended it; nothing of the file is then applied.
 */
export async function applyInTransaction(run: Run, script: RunnableScript, outOfOrder: boolean): Promise<Applied> {
  const { value, retries } = await inLockSlices(run.patience, (sliceMs) => once(run, script, { sliceMs, outOfOrder }));
  return { durationMs: value, lockRetries: retries };
}

interface Once {
  readonly sliceMs: number;
  readonly outOfOrder: boolean;
}

async function once(run: Run, script: RunnableScript, { sliceMs, outOfOrder }: Once): Promise<number> {
  const { main } = run;
  const startedAt = performance.now();
  await main.script(`BEGIN;
    SET LOCAL application_name = ${quoteLiteral(applicationNameOf(run, script))};
    SET LOCAL lock_timeout = ${sliceMs};
    SET LOCAL statement_timeout = ${run.statementTimeoutMs}`);
  try {
    for (const statement of script.statements) await execute(run, { script, statement });
    const durationMs = performance.now() - startedAt;
    await recordDone(run, script, { durationMs, outOfOrder });
    // What the file has SET goes with the file, also behind a pooler, where the next transaction may be anybody's.
    const ended = await main.script('RESET ALL; COMMIT');
    if (ended.at(-1)?.command !== 'COMMIT')
      throw new StewardError('database', `${script.path} was rolled back at COMMIT`);
    return durationMs;
  } catch (error) {
    // A connection that is gone has rolled back by itself, and its own error says more.
    await main.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
