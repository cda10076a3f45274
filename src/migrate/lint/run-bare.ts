import type { Session } from '../../postgres/session.js';
import { type LockedRelation, readRelations } from './catalog-state.js';
import { effectsOf, type Standing } from './effects.js';
import { emptyFor, type FailedStatement } from './empty-tables.js';
import type { LintStatement } from './lint-file.js';
import { blank, type LockMode, type Observed } from './observation.js';
import type { ReplaySessions } from './sessions.js';
import { isDataError, statementErrorOf } from './statement-error.js';

interface BareRun {
  readonly result: Observed;
  readonly after: Standing;
}

/**
 * Runs a statement that PostgreSQL takes outside of a transaction alone. Its locks are gone when it ends, so the other
 * connection reads them while it runs. Where rows stand in its way it runs once more without them.
 */
export async function runBare(sessions: ReplaySessions, statement: LintStatement, before: Standing): Promise<BareRun> {
  const first = await runOnce(sessions, statement, before);
  const { error } = first.result;
  if (error === null || !isDataError(error)) return first;
  if (!(await clearTheWay(sessions.main, { statement, error }, before))) return first;
  const second = await runOnce(sessions, statement, before);
  // Without the rows it fails as well, so they are not what stands in its way.
  if (second.result.outcome !== 'done') return first;
  return { ...second, result: { ...second.result, dataError: error } };
}

/** Takes out the rows, and what a broken CREATE INDEX CONCURRENTLY has left. */
async function clearTheWay(main: Session, failed: FailedStatement, before: Standing): Promise<boolean> {
  await main.query('BEGIN');
  const emptied = await emptyFor(main, failed, before);
  const { rows } = await main.query<{ index: string }>(
    `SELECT indexrelid::pg_catalog.regclass::text AS index FROM pg_catalog.pg_index
     WHERE NOT indisvalid AND indexrelid > $1::bigint ORDER BY indexrelid`,
    [before.newestOid],
  );
  for (const { index } of rows) await main.query(`DROP INDEX ${index}`);
  await main.query('COMMIT');
  return emptied;
}

async function runOnce({ main, watch }: ReplaySessions, statement: LintStatement, before: Standing): Promise<BareRun> {
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
