import type { Session } from '../../postgres/session.js';
import { type LockedRelation, readRelations } from './catalog-state.js';
import { effectsOf, type Standing } from './effects.js';
import type { LintStatement } from './lint-file.js';
import { blank, type LockMode, type Observed } from './observation.js';
import type { ReplaySessions } from './sessions.js';
import { statementErrorOf } from './statement-error.js';

/**
 * Runs a statement that PostgreSQL takes outside of a transaction alone. Its locks are gone when it ends, so the other
 * connection reads them while it runs.
 */
export async function runBare(
  { main, watch }: ReplaySessions,
  statement: LintStatement,
  before: Standing,
): Promise<{ readonly result: Observed; readonly after: Standing }> {
  const startedAt = performance.now();
  const seen = await watchWhile(watch, main.backendPid ?? 0, main.query(statement.text));
  const durationMs = performance.now() - startedAt;
  const now = await readRelations(main);
  // All that stood before is looked at: what was changed need not have been seen under its lock.
  const locked = [...new Set([...before.relations.keys(), ...now.keys()])].map((oid): LockedRelation => {
    const relation = now.get(oid) ?? null;
    return { oid, modes: [...(seen.modes.get(oid) ?? [])], relation, rowsScanned: 0, definition: null };
  });
  const { effects, after } = effectsOf(before, locked, statement);
  const free = { ...after, locks: [], rowsScanned: new Map() };
  if (seen.error === null) return { result: { ...blank(statement), effects, durationMs }, after: free };
  const error = statementErrorOf(seen.error);
  return { result: { ...blank(statement), outcome: 'failed', reason: error.message, error, durationMs }, after: free };
}

interface Seen {
  readonly modes: ReadonlyMap<number, ReadonlySet<LockMode>>;
  readonly error: unknown;
}

/** Each look takes the server about a millisecond, which is pause enough. */
async function watchWhile(watch: Session, pid: number, work: Promise<unknown>): Promise<Seen> {
  const modes = new Map<number, Set<LockMode>>();
  const state: { ended: boolean; error: unknown } = { ended: false, error: null };
  const ended = work.then(
    () => {
      state.ended = true;
    },
    (error: unknown) => {
      state.ended = true;
      state.error = error;
    },
  );
  while (!state.ended) {
    const { rows } = await watch.query<{ oid: number; mode: LockMode }>(
      `SELECT lock.relation::bigint::float8 AS oid, lock.mode FROM pg_catalog.pg_locks AS lock
       WHERE lock.pid = $1 AND lock.locktype = 'relation' AND lock.relation >= 16384 ORDER BY 1, 2`,
      [pid],
    );
    for (const { oid, mode } of rows) modes.set(oid, (modes.get(oid) ?? new Set()).add(mode));
  }
  await ended;
  return { modes, error: state.error };
}
