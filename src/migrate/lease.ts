import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { Session } from '../postgres/session.js';
import type { Actor } from './ledger.js';
import type { OwnTables } from './own-tables.js';

/** The right to change the schema, until it is given back or lapses. */
export interface Lease {
  /** Grows with every holder; int8 as text. */
  readonly fence: string;
  /** Throws a StewardError when the lease is no longer known to be ours. */
  assertHeld(): void;
  /** Gives it back, so that the next runner need not wait until it lapses. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly actor: Actor;
  /** How long it lasts without a heartbeat, by the database's clock. */
  readonly leaseMs: number;
  readonly random: () => number;
  /** Ends the wait with its reason. */
  readonly signal: AbortSignal | null;
  /** Told once for each holder that is waited for. */
  readonly onWait: (holder: string) => void;
}

const POLL_MS = 200;

/**
 * Takes the lease, polling until its holder gives it back or lets it lapse. No lock and no snapshot is held while
 * waiting or while holding: a waiter that blocks would deadlock with a holder's CREATE INDEX CONCURRENTLY, and a
 * session's lock does not survive a transaction pooler. The session must be the lease's own.
 */
export async function acquireLease(session: Session, tables: OwnTables, options: LeaseOptions): Promise<Lease> {
  let told: string | null = null;
  for (;;) {
    const askedAt = performance.now();
    const fence = await tryTake(session, tables, options);
    if (fence !== null) return new HeldLease({ session, tables, fence, options, renewedAt: askedAt });
    const holder = await holderOf(session, tables);
    if (holder !== null && holder !== told) options.onWait(holder);
    told = holder ?? told;
    await pause(POLL_MS * (0.5 + options.random()));
    options.signal?.throwIfAborted();
  }
}

/** A role's lock_timeout may be shorter than another taker's commit; that one is in the way then, and nothing is lost. */
const LOCK_NOT_AVAILABLE = '55P03';

async function tryTake(session: Session, tables: OwnTables, options: LeaseOptions): Promise<string | null> {
  try {
    return await takeIfFree(session, tables, options);
  } catch (error) {
    if (sqlStateOf(error) === LOCK_NOT_AVAILABLE) return null;
    throw error;
  }
}

async function takeIfFree(
  session: Session,
  tables: OwnTables,
  { actor, leaseMs }: LeaseOptions,
): Promise<string | null> {
  const taken = await session.query<{ fence: string }>(
    `UPDATE ${tables.leases}
     SET holder = $1, run_id = $2, fence = fence + 1, acquired_at = pg_catalog.clock_timestamp(),
         lease_until = pg_catalog.clock_timestamp() + $3 * interval '1 ms'
     WHERE name = 'migrate' AND (lease_until IS NULL OR lease_until <= pg_catalog.clock_timestamp())
     RETURNING fence::text`,
    [actor.name, actor.runId, leaseMs],
  );
  return taken.rows[0]?.fence ?? null;
}

async function holderOf(session: Session, tables: OwnTables): Promise<string | null> {
  const read = await session.query<{ holder: string | null }>(
    `SELECT holder FROM ${tables.leases} WHERE name = 'migrate' AND lease_until > pg_catalog.clock_timestamp()`,
  );
  return read.rows[0]?.holder ?? null;
}

interface Holding {
  readonly session: Session;
  readonly tables: OwnTables;
  readonly fence: string;
  readonly options: LeaseOptions;
  /** Of the process's own clock; the database's lease can only end later than this plus its length. */
  readonly renewedAt: number;
}

class HeldLease implements Lease {
  readonly fence: string;
  private readonly holding: Holding;
  private readonly timer: NodeJS.Timeout;
  private renewedAt: number;
  private renewal: Promise<void> | null = null;
  private lostBecause: string | null = null;

  constructor(holding: Holding) {
    this.holding = holding;
    this.fence = holding.fence;
    this.renewedAt = holding.renewedAt;
    this.timer = setInterval(() => this.beat(), holding.options.leaseMs / 3);
  }

  assertHeld(): void {
    const age = performance.now() - this.renewedAt;
    const { leaseMs } = this.holding.options;
    const reason = this.lostBecause ?? (age > leaseMs ? `it could not be renewed for ${Math.round(age)} ms` : null);
    if (reason === null) return;
    throw new StewardError('database', `the lease on migrations was lost: ${reason}`, {
      hint: 'look at pgsteward migrate status, then run the command again',
    });
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.renewal;
    const { session, tables } = this.holding;
    const given = session.query(
      `UPDATE ${tables.leases} SET lease_until = NULL, holder = NULL, run_id = NULL
       WHERE name = 'migrate' AND fence = $1`,
      [this.fence],
    );
    // Where the connection is gone the lease lapses by itself, and the work's own error is the one to report.
    await given.catch(() => undefined);
  }

  private beat(): void {
    this.renewal ??= this.renew().finally(() => {
      this.renewal = null;
    });
  }

  private async renew(): Promise<void> {
    const { session, tables, options } = this.holding;
    const askedAt = performance.now();
    try {
      const renewed = await session.query(
        `UPDATE ${tables.leases} SET lease_until = pg_catalog.clock_timestamp() + $2 * interval '1 ms'
         WHERE name = 'migrate' AND fence = $1`,
        [this.fence, options.leaseMs],
      );
      if (renewed.rowCount === 1) this.renewedAt = askedAt;
      else this.lostBecause = 'it lapsed and another runner took it';
    } catch (error) {
      // The next heartbeat asks again; without any, its age is what counts.
      if (sqlStateOf(error) !== LOCK_NOT_AVAILABLE) this.lostBecause = messageOf(error);
    }
  }
}
