import { messageOf, StewardError } from '../../errors.js';
import type { BrakeName } from '../../jobs/brakes.js';
import type { Session } from '../../postgres/session.js';
import { type Brake, freeReading, type Gauge, HOLDS_FROM, type Reading, strongest } from './brake.js';
import type { SteadyClock } from './steady-clock.js';

/** A reading and whose it is. */
export interface BrakeReading extends Reading {
  readonly brake: BrakeName;
}

export interface WatchOptions {
  readonly brakes: readonly Brake[];
  /** Opens the session on which the brakes measure, again after each loss. */
  readonly openSession: () => Promise<Session>;
  readonly clock: SteadyClock;
  /** Told each time a brake cannot see what it should. */
  readonly onUnseen: (brake: BrakeName, reason: string) => void;
}

const ROUND_MS = 1000;
/** While a brake holds, each look is twice as long after the one before, up to this. */
const ROUND_MS_MOST = 15_000;
/** Every setting is the transaction's own, so that a pooler may hand the connection on. */
const BEGIN = `BEGIN READ ONLY; SET LOCAL statement_timeout = 1000; SET LOCAL lock_timeout = 1000;
  SET LOCAL idle_in_transaction_session_timeout = 10000`;

/**
 * Looks at the brakes before the first batch and then about once a second until it is closed, beside the run. What
 * cannot be measured holds nobody back.
 */
export class BrakeWatch {
  private readonly options: WatchOptions;
  private readings: readonly BrakeReading[] = [];
  private session: Session | null = null;
  private first: Promise<void> | null = null;
  private coming: Promise<void> = Promise.resolve();
  private looking: Promise<void> | null = null;
  private pausing = new AbortController();
  private roundMs = ROUND_MS;
  private lookedAtMs = 0;
  private hurried: BrakeName | null = null;
  private closed = false;

  constructor(options: WatchOptions) {
    this.options = options;
  }

  /** Waits for the first look; a StewardError of code `configuration` names a brake that cannot work as it is given. */
  async begin(signal: AbortSignal): Promise<void> {
    if (this.options.brakes.length === 0) return;
    this.first ??= this.lookFirst();
    await untilAborted(this.first, signal);
  }

  /** Gives what stands most in the way as of the last look; null where nothing does. */
  strongest(): BrakeReading | null {
    const most = strongest(this.readings);
    return most === null || most.pressure === 0 ? null : most;
  }

  /** Waits for the next look. */
  async next(signal: AbortSignal): Promise<void> {
    await untilAborted(this.coming, signal);
  }

  /** Looks at one brake now, out of turn. */
  hurry(brake: BrakeName): void {
    this.hurried = brake;
    this.pausing.abort();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.pausing.abort();
    // What is being asked ends with its connection.
    await this.session?.close();
    await this.first?.catch(() => undefined);
    await this.looking;
    await this.session?.close();
  }

  private async lookFirst(): Promise<void> {
    await this.look();
    this.looking = this.goOn();
  }

  private async goOn(): Promise<void> {
    while (!this.closed) {
      this.coming = this.pauseAndLook();
      await this.coming;
    }
  }

  private async pauseAndLook(): Promise<void> {
    const { clock } = this.options;
    this.pausing = new AbortController();
    this.hurried = null;
    const leftMs = Math.max(0, this.lookedAtMs + this.roundMs - clock.nowMs());
    await clock.pause(leftMs, this.pausing.signal).catch(() => undefined);
    if (this.closed) return;
    const only = this.hurried;
    if (only === null) await this.look();
    else await this.lookAt(({ name }) => name === only);
  }

  /** Looks at all brakes and decides when to look again. */
  private async look(): Promise<void> {
    this.lookedAtMs = this.options.clock.nowMs();
    const wasHolding = this.isHolding();
    await this.lookAt(() => true);
    this.roundMs = wasHolding && this.isHolding() ? Math.min(ROUND_MS_MOST, this.roundMs * 2) : ROUND_MS;
  }

  private async lookAt(isMeant: (brake: Brake) => boolean): Promise<void> {
    const session = await this.connected();
    this.readings = session === null ? [] : await this.measureAll(session, isMeant);
    if (this.closed) return;
    for (const { brake, unseen } of this.readings) if (unseen !== null) this.options.onUnseen(brake, unseen);
  }

  private async measureAll(session: Session, isMeant: (brake: Brake) => boolean): Promise<readonly BrakeReading[]> {
    const look = new Look(session, this.options.clock);
    const readings: BrakeReading[] = [];
    try {
      for (const brake of this.options.brakes) {
        const before = this.readings.find((reading) => reading.brake === brake.name);
        if (before !== undefined && (this.closed || !isMeant(brake))) readings.push(before);
        else readings.push({ ...(await this.measure(brake, look)), brake: brake.name });
      }
    } finally {
      await look.end();
    }
    return readings;
  }

  private isHolding(): boolean {
    return this.readings.some(({ pressure }) => pressure >= HOLDS_FROM);
  }

  private async measure(brake: Brake, look: Look): Promise<Reading> {
    try {
      return await brake.measure(look);
    } catch (error) {
      const isFirst = this.looking === null;
      if (isFirst && error instanceof StewardError && error.code === 'configuration') throw error;
      return freeReading(messageOf(error));
    }
  }

  private async connected(): Promise<Session | null> {
    if (this.session?.isBroken === true) {
      await this.session.close();
      this.session = null;
    }
    try {
      this.session ??= await this.options.openSession();
    } catch (error) {
      for (const { name } of this.options.brakes) this.options.onUnseen(name, messageOf(error));
    }
    return this.session;
  }
}

/** What brakes measure with, one after the other: a read-only transaction that begins with the first that reads. */
class Look implements Gauge {
  private readonly session: Session;
  private readonly clock: SteadyClock;
  private isOpen = false;

  constructor(session: Session, clock: SteadyClock) {
    this.session = session;
    this.clock = clock;
  }

  nowMs(): number {
    return this.clock.nowMs();
  }

  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (!this.isOpen) await this.session.script(BEGIN);
    this.isOpen = true;
    try {
      return await work(this.session);
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  /** What could not be read leaves the next one a transaction of its own. */
  async end(): Promise<void> {
    if (this.isOpen) await this.session.query('ROLLBACK').catch(() => undefined);
    this.isOpen = false;
  }
}

/** Waits for a promise, no longer than until the signal is aborted; then it throws the signal's reason. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
