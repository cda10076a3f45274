import { messageOf, StewardError } from '../errors.js';
import type { BenchLock } from '../model/bench.js';
import type { BenchMigrations } from './clone.js';
import { watchLocks } from './lock-watch.js';

/** What migrating a clone took, on which nobody else works. */
export interface CloneMigration {
  readonly durationMs: number;
  readonly locks: readonly BenchLock[];
}

/** Migrates the database behind the URL and watches its locks; a StewardError says that the migrations stop on the clone. */
export async function migrateClone(
  url: string,
  migrations: BenchMigrations,
  signal: AbortSignal | undefined,
): Promise<CloneMigration> {
  const watch = await watchLocks(url);
  const startedAt = performance.now();
  let durationMs = 0;
  let locks: readonly BenchLock[] = [];
  try {
    await untilAborted(migrations.apply(url), signal);
    durationMs = performance.now() - startedAt;
  } catch (error) {
    signal?.throwIfAborted();
    const known = error instanceof StewardError ? error : null;
    throw new StewardError(known?.code ?? 'database', `the migrations stop on the clone: ${messageOf(error)}`, {
      hint: known?.hint ?? 'mend the migration, then run the bench again; the database itself was not touched',
      cause: error,
    });
  } finally {
    locks = await watch.stop();
  }
  return { durationMs, locks };
}

/** Settles as the work does, or rejects with the signal's reason as soon as it is aborted. */
async function untilAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
