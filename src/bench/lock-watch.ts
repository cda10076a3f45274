import type { BenchLock } from '../model/bench.js';
import { openSession, type Session } from '../postgres/session.js';

/** Watches which tables a migration locks; it runs in a session of its own, beside the one that migrates. */
export interface LockWatch {
  /** Ends the watch and gives the locks that it saw, those held longest first. */
  stop(): Promise<readonly BenchLock[]>;
}

/** Locks held for less than this can pass between two looks. */
const LOOK_EVERY_MS = 5;

/** The modes that stop anybody, and whom. The weaker ones stop none but these. */
const STOPS: Readonly<Record<string, BenchLock['stops']>> = {
  ShareUpdateExclusiveLock: 'schema changes',
  ShareLock: 'writers',
  ShareRowExclusiveLock: 'writers',
  ExclusiveLock: 'writers',
  AccessExclusiveLock: 'readers and writers',
};

/** Begins to look at the locks of all other sessions on the tables that the database has now. */
export async function watchLocks(url: string): Promise<LockWatch> {
  const session = await openSession(url, { applicationName: 'pgsteward bench' });
  const tables = await readTables(session);
  const ledger = new LockLedger(tables);
  let isStopped = false;
  const look = async () => ledger.see(await readLocks(session, [...tables.keys()]), performance.now());
  const looking = (async () => {
    while (!isStopped) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    await look();
  })();
  // A watch whose connection is gone has seen what it has seen; the migration's own outcome counts.
  const done = looking.catch(() => undefined);
  return {
    async stop() {
      isStopped = true;
      await done;
      ledger.see([], performance.now());
      await session.close();
      return ledger.locks();
    },
  };
}

interface SeenLock {
  /** The table's object id. */
  readonly oid: string;
  readonly mode: string;
}

/** Puts single looks together to locks with a beginning and an end. */
class LockLedger {
  private readonly since = new Map<string, SeenLock & { readonly atMs: number }>();
  private readonly held = new Map<string, { readonly lock: SeenLock; times: number; heldMs: number }>();
  private readonly tables: ReadonlyMap<string, string>;

  constructor(tables: ReadonlyMap<string, string>) {
    this.tables = tables;
  }

  /** Takes what is held at a moment: a lock lasts from the first look that sees it to the first that does not. */
  see(locks: readonly SeenLock[], atMs: number): void {
    const now = new Map(locks.map((lock) => [`${lock.oid} ${lock.mode}`, lock]));
    for (const [key, lock] of this.since) if (!now.has(key)) this.end(key, atMs - lock.atMs);
    for (const [key, lock] of now) if (!this.since.has(key)) this.since.set(key, { ...lock, atMs });
  }

  locks(): readonly BenchLock[] {
    return [...this.held.values()]
      .map(({ lock: { oid, mode }, times, heldMs }) => ({
        ...{ relation: this.tables.get(oid) ?? oid, mode, stops: STOPS[mode] ?? 'writers', times, heldMs },
      }))
      .sort((left, right) => right.heldMs - left.heldMs);
  }

  private end(key: string, heldMs: number): void {
    const lock = this.since.get(key);
    this.since.delete(key);
    if (lock === undefined) return;
    const seen = this.held.get(key) ?? { lock, times: 0, heldMs: 0 };
    this.held.set(key, { lock, times: seen.times + 1, heldMs: Math.max(seen.heldMs, heldMs) });
  }
}

/** Gives the names of the tables by their object ids; what the migrations make themselves nobody else waits for. */
async function readTables(session: Session): Promise<ReadonlyMap<string, string>> {
  const { rows } = await session.query<{ oid: string; name: string }>(
    `SELECT c.oid::text AS oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
      ORDER BY c.oid`,
  );
  return new Map(rows.map(({ oid, name }) => [oid, name]));
}

async function readLocks(session: Session, oids: readonly string[]): Promise<readonly SeenLock[]> {
  const { rows } = await session.queryPrepared<SeenLock>(
    'locks',
    `SELECT DISTINCT l.relation::text AS oid, l.mode FROM pg_catalog.pg_locks l
      WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
        AND l.relation = ANY ($1::pg_catalog.oid[]) AND l.mode = ANY ($2) ORDER BY oid, l.mode`,
    [oids, Object.keys(STOPS)],
  );
  return rows;
}
