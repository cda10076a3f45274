import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { JobDefinition } from '../jobs/definitions.js';
import type { JobContext, JobResult, RunContext } from '../jobs/job.js';
import type { Log } from '../log.js';
import type { Counts, RunStatus } from '../model/job.js';
import { openSession, type Session } from '../postgres/session.js';
import { runBatch } from './batch.js';
import { RunLease } from './lease.js';
import { Pace } from './pace.js';
import { leaseLost, RunEnd, runTimedOut } from './run-end.js';
import type { Claim, RunStore } from './run-store.js';
import type { WorkerEvent, WorkerListener } from './worker-event.js';

/** A run that is ours to do. */
export interface ClaimedRun {
  readonly job: JobDefinition;
  readonly target: Target;
  readonly claim: Claim;
  readonly fireAt: Date | null;
}

/** A database that is looked after. */
export interface Target {
  readonly name: string;
  readonly url: string;
}

export interface RunMeans {
  readonly store: RunStore;
  readonly ownSchema: string;
  readonly leaseSeconds: number;
  readonly log: Log;
  /** Aborted with a RunEnd when the worker stops. */
  readonly signal: AbortSignal;
  readonly onEvent: WorkerListener;
}

/** How a run ended, as the ledger has it; status null: the row was no longer ours. */
export interface RunOutcome {
  readonly status: RunStatus | null;
  readonly counts: Counts;
  readonly error: string | null;
  readonly detail: unknown;
}

const RECONNECTS = 8;
const CLOSE_RETRIES = 3;
const RECONNECT_PAUSE_MS = 500;

/** Does a claimed run from its cursor on, through lost connections, and closes its row under the fence. */
export async function runClaimed(run: ClaimedRun, means: RunMeans): Promise<RunOutcome> {
  const ending = new AbortController();
  const end = (reason: unknown) => ending.abort(reason);
  const onStop = () => end(means.signal.reason);
  if (means.signal.aborted) onStop();
  means.signal.addEventListener('abort', onStop);
  const timer = setTimeout(() => end(runTimedOut(run.job.timeoutSeconds)), run.job.timeoutSeconds * 1000);
  const work = new RunWork(run, means, ending.signal);
  const lease = new RunLease({
    ...{ store: means.store, claim: run.claim, leaseSeconds: means.leaseSeconds },
    openSession: () => openSession(run.target.url, { applicationName: 'pgsteward lease', connectTimeoutMs: 5000 }),
    onLost: end,
  });
  work.tell({ kind: 'run started' });
  const startedAt = performance.now();
  try {
    const ended = await settle(work);
    const outcome = await work.close(ended);
    work.tell({
      ...outcome,
      kind: 'run ended',
      status: outcome.status ?? 'failed',
      durationMs: performance.now() - startedAt,
    });
    return outcome;
  } finally {
    clearTimeout(timer);
    means.signal.removeEventListener('abort', onStop);
    await lease.stop();
    await work.disconnect();
  }
}

type Ended = Pick<RunOutcome, 'status' | 'error' | 'detail'>;

async function settle(work: RunWork): Promise<Ended> {
  try {
    const result = await work.runThroughLosses();
    return { status: result.failure === null ? 'succeeded' : 'failed', error: result.failure, detail: result.detail };
  } catch (error) {
    if (error instanceof RunEnd) return { status: error.status, error: error.message, detail: null };
    return { status: 'failed', error: messageOf(error), detail: null };
  }
}

/** One run under way: its connection, its pace, and what it has come to. */
class RunWork {
  private readonly run: ClaimedRun;
  private readonly means: RunMeans;
  private readonly signal: AbortSignal;
  private readonly pace: Pace;
  private session: Session | null = null;
  private cursor: unknown;
  private hasBatched = false;

  constructor(run: ClaimedRun, means: RunMeans, signal: AbortSignal) {
    this.run = run;
    this.means = means;
    this.signal = signal;
    this.cursor = run.claim.cursor;
    this.pace = new Pace(run.job);
  }

  tell(event: Untagged<WorkerEvent>): void {
    const { job, target, claim } = this.run;
    this.means.onEvent({ ...event, job: job.name, target: target.name, runId: claim.runId } as WorkerEvent);
  }

  async runThroughLosses(): Promise<JobResult> {
    for (let lost = 0; ; lost += 1) {
      try {
        return await this.runOnce();
      } catch (error) {
        this.signal.throwIfAborted();
        if (lost === RECONNECTS || !this.isLoss(error)) throw error;
        this.means.log.warn({ job: this.run.job.name, runId: this.run.claim.runId, lost: lost + 1 }, 'connection lost');
        await this.waitForConnection(lost);
        this.signal.throwIfAborted();
      }
    }
  }

  /** Writes how the run ended; what the ledger holds of counts is the truth. */
  async close(ended: Ended): Promise<RunOutcome> {
    for (let lost = 0; ; lost += 1) {
      try {
        return await this.closeOnce(ended);
      } catch (error) {
        if (lost < CLOSE_RETRIES && this.isLoss(error)) await this.waitForConnection(lost);
        else return this.unclosed(ended, error);
      }
    }
  }

  async disconnect(): Promise<void> {
    await this.session?.close();
    this.session = null;
  }

  private async closeOnce(ended: Ended): Promise<RunOutcome> {
    const { store } = this.means;
    const { job, target, claim } = this.run;
    const session = await this.connected();
    await session.query('ROLLBACK');
    const ours = ended.status !== null && (await store.finish(session, claim, { ...ended, status: ended.status }));
    if (!ours) await store.closeLapsed(session, { job: job.name, target: target.name });
    const row = await store.read(session, claim.runId);
    return { ...ended, status: row?.status ?? null, counts: row?.counts ?? {}, error: row?.error ?? ended.error };
  }

  /** The row stays as it is until its lease lapses; whoever starts next closes it. */
  private unclosed(ended: Ended, error: unknown): RunOutcome {
    const { job, claim } = this.run;
    const reason = messageOf(error);
    this.means.log.error({ job: job.name, runId: claim.runId, reason }, 'run could not be closed');
    return { ...ended, status: null, counts: {}, error: ended.error ?? reason };
  }

  private async waitForConnection(lost: number): Promise<void> {
    await this.disconnect();
    await pause(RECONNECT_PAUSE_MS * (lost + 1), undefined, { signal: this.signal }).catch(() => undefined);
  }

  private isLoss(error: unknown): boolean {
    return this.session === null || this.session.isBroken || isConnectionLoss(error);
  }

  private async runOnce(): Promise<JobResult> {
    const { job, claim } = this.run;
    const session = await this.connected();
    const row = await this.means.store.read(session, claim.runId);
    if (row?.status !== 'running') throw leaseLost();
    this.cursor = row.cursor;
    const context = this.context();
    const refusal = await job.kind.check(context, job.config);
    if (refusal !== null) throw new StewardError('configuration', refusal);
    return job.kind.run(context, job.config);
  }

  private context(): RunContext {
    const { job, target, claim, fireAt } = this.run;
    return {
      ...jobContext({ job, target, means: this.means, signal: this.signal, session: () => this.connected() }),
      run: { id: claim.runId, fireAt, cursor: this.cursor },
      batch: async (work, sizes) => {
        if (this.hasBatched) await this.pace.rest(this.signal).catch(() => undefined);
        this.signal.throwIfAborted();
        const { store, leaseSeconds } = this.means;
        const session = await this.connected();
        const size = this.pace.nextSize(sizes);
        const startedAt = performance.now();
        const outcome = await runBatch({ session, store, claim, leaseSeconds }, work, size);
        const durationMs = performance.now() - startedAt;
        this.hasBatched = true;
        this.pace.learn(durationMs);
        this.tell({ kind: 'batch done', durationMs, size, counts: outcome.counts });
      },
    };
  }

  private async connected(): Promise<Session> {
    this.session ??= await openSession(this.run.target.url, { applicationName: `pgsteward ${this.run.job.name}` });
    return this.session;
  }
}

type Untagged<Event> = Event extends { readonly runId: string } ? Omit<Event, 'job' | 'target' | 'runId'> : never;

interface ContextParts {
  readonly job: JobDefinition;
  readonly target: Target;
  readonly means: Pick<RunMeans, 'ownSchema' | 'log'>;
  readonly signal: AbortSignal;
  readonly session: () => Promise<Session>;
}

/** Gives a kind what it reads with. */
export function jobContext({ job, target, means, signal, session }: ContextParts): JobContext {
  return {
    ...{ job: job.name, target: target.name, ownSchema: means.ownSchema, log: means.log, signal },
    read: async (work) => {
      signal.throwIfAborted();
      return work(await session());
    },
  };
}

/** Shutdown and crash of the server, an administrator's command, and connections that end without a SQLSTATE. */
function isConnectionLoss(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== null) return /^(08|57P0[123])/.test(state);
  return error instanceof StewardError
    ? error.code === 'database'
    : /connection|ECONN|EPIPE|socket/i.test(messageOf(error));
}
