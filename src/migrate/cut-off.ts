import { sqlStateOf } from '../errors.js';
import type { Session } from '../postgres/session.js';

/** The limits of a statement that cannot be SET where it runs. */
export interface Limits {
  readonly lockTimeoutMs: number;
  /** 0 for none. */
  readonly statementTimeoutMs: number;
}

export interface CutOff {
  /** Ends the watch; gives the error of the statement as the server's own timeouts would have made it. */
  end(failure: unknown): Promise<unknown>;
}

/** A wait for a lock that was ended from outside; its state is that of lock_timeout. */
class LockWaitEnded extends Error {
  readonly code = '55P03';
}

const CANCELLED = '57014';

/**
 * Keeps a statement within its limits from another session, found by its application name. Behind a pooler a SET before
 * the statement may reach another connection than the statement does, and stays there for whoever comes next.
 */
export function cutOff(session: Session, applicationName: string, limits: Limits): CutOff {
  const { lockTimeoutMs, statementTimeoutMs } = limits;
  const startedAt = performance.now();
  let cut: 'lock' | 'statement' | null = null;
  let ended = false;
  let look: Promise<void> = Promise.resolve();
  let timer = setTimeout(begin, lockTimeoutMs);

  function begin(): void {
    const overdue = statementTimeoutMs > 0 && performance.now() - startedAt >= statementTimeoutMs;
    look = cancel(session, applicationName, overdue)
      .then((cancelled) => {
        if (cancelled) cut = overdue ? 'statement' : 'lock';
      })
      // Where the look fails the statement's own outcome still counts.
      .catch(() => undefined)
      .then(() => {
        if (!ended && cut === null) timer = setTimeout(begin, lockTimeoutMs);
      });
  }

  return {
    end: async (failure) => {
      ended = true;
      clearTimeout(timer);
      await look;
      if (cut !== 'lock' || sqlStateOf(failure) !== CANCELLED) return failure;
      return new LockWaitEnded('canceling statement due to lock timeout', { cause: failure });
    },
  };
}

async function cancel(session: Session, applicationName: string, overdue: boolean): Promise<boolean> {
  const cancelled = await session.query(
    `SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity
     WHERE application_name = $1 AND datname = pg_catalog.current_database()
       AND state = 'active' AND ($2 OR wait_event_type = 'Lock')`,
    [applicationName, overdue],
  );
  return cancelled.rowCount > 0;
}
