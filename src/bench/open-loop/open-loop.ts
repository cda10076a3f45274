import { Recorder } from '../recorder.js';
import type { Arrival } from './arrivals.js';
import type { Clock } from './clock.js';

/** What an open loop has seen; all times in microseconds. */
export interface OpenLoopResult {
  /** From the intended start to the end, by the statement's index. */
  readonly response: ReadonlyMap<number, Recorder>;
  /** From the actual start to the end. */
  readonly service: Recorder;
  /** How late requests were handed over. */
  readonly pacing: Recorder;
  readonly errors: ReadonlyMap<number, number>;
}

export interface OpenLoopOptions<Connection> {
  readonly schedule: readonly Arrival[];
  /** As many requests as these are under way at once; the others wait in line, and their time counts. */
  readonly connections: readonly Connection[];
  readonly call: (connection: Connection, arrival: Arrival) => Promise<unknown>;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Starts each request when it is due, not when the one before has been answered. A database that stalls finds the
 * requests waiting that would have come meanwhile, as users do; a closed loop would send none and see one slow call
 * (coordinated omission).
 */
export async function runOpenLoop<Connection>(options: OpenLoopOptions<Connection>): Promise<OpenLoopResult> {
  const { schedule, clock, signal } = options;
  const loop = new OpenLoop(options);
  const startedAt = clock.now();
  for (const arrival of schedule) {
    const dueMs = startedAt + arrival.atMs;
    await clock.until(dueMs);
    signal?.throwIfAborted();
    loop.admit(arrival, dueMs);
  }
  await loop.drained();
  return loop;
}

interface Waiting {
  readonly arrival: Arrival;
  readonly dueMs: number;
}

class OpenLoop<Connection> implements OpenLoopResult {
  readonly response = new Map<number, Recorder>();
  readonly service = new Recorder();
  readonly pacing = new Recorder();
  readonly errors = new Map<number, number>();
  private readonly free: Connection[];
  private readonly line: Waiting[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private readonly options: OpenLoopOptions<Connection>;

  constructor(options: OpenLoopOptions<Connection>) {
    this.options = options;
    this.free = [...options.connections];
  }

  admit(arrival: Arrival, dueMs: number): void {
    this.pacing.record((this.options.clock.now() - dueMs) * 1_000);
    const connection = this.free.pop();
    if (connection === undefined) this.line.push({ arrival, dueMs });
    else this.start(connection, { arrival, dueMs });
  }

  async drained(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private start(connection: Connection, waiting: Waiting): void {
    const work = this.serve(connection, waiting).finally(() => {
      this.underWay.delete(work);
    });
    this.underWay.add(work);
  }

  private async serve(connection: Connection, first: Waiting): Promise<void> {
    for (let waiting: Waiting | undefined = first; waiting !== undefined; waiting = this.line.shift()) {
      this.options.signal?.throwIfAborted();
      await this.request(connection, waiting);
    }
    this.free.push(connection);
  }

  private async request(connection: Connection, { arrival, dueMs }: Waiting): Promise<void> {
    const { clock, call } = this.options;
    const { index } = arrival.statement;
    const startedAt = clock.now();
    try {
      await call(connection, arrival);
    } catch {
      // Which error it was is what the closed loop reports; here it is counted and has no latency.
      this.errors.set(index, (this.errors.get(index) ?? 0) + 1);
      return;
    }
    const endedAt = clock.now();
    this.service.record((endedAt - startedAt) * 1_000);
    this.recorderOf(index).record((endedAt - dueMs) * 1_000);
  }

  private recorderOf(index: number): Recorder {
    const known = this.response.get(index) ?? new Recorder();
    this.response.set(index, known);
    return known;
  }
}
