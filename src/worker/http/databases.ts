import { StewardError } from '../../errors.js';
import type { Session } from '../../postgres/session.js';
import { SessionPool } from '../session-pool.js';
import type { Target } from '../target.js';

/** Connections of the HTTP side to one database: however many ask, the worker's own are not touched. */
const SESSIONS = 3;
/** Longest time that a question may take before its connection is given up. */
const DEADLINE_MS = 8000;

/** Short questions to the databases that are looked after. */
export class Databases {
  private readonly pools = new Map<string, SessionPool>();

  /** Lends a session for one statement. */
  use<T>(target: Target, work: (session: Session) => Promise<T>): Promise<T> {
    return this.poolOf(target).use((session) => bounded(session, target, work));
  }

  /** Reads in one read-only transaction whose settings end with it: safe behind a transaction pooler. */
  read<T>(target: Target, work: (session: Session) => Promise<T>): Promise<T> {
    return this.use(target, async (session) => {
      await session.script(
        `BEGIN READ ONLY; SET LOCAL statement_timeout = ${DEADLINE_MS / 2}; SET LOCAL lock_timeout = 500`,
      );
      try {
        return await work(session);
      } finally {
        await session.query('ROLLBACK');
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.close()));
  }

  private poolOf({ url }: Target): SessionPool {
    const pool = this.pools.get(url) ?? new SessionPool(url, SESSIONS);
    this.pools.set(url, pool);
    return pool;
  }
}

/** Closing a session with a statement under way cuts its socket, so that what waits for an answer ends. */
async function bounded<T>(session: Session, { name }: Target, work: (session: Session) => Promise<T>): Promise<T> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void session.close();
  }, DEADLINE_MS);
  try {
    return await work(session);
  } catch (error) {
    if (!isLate) throw error;
    throw new StewardError('database', `target ${name} has not answered within ${DEADLINE_MS / 1000} s`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
