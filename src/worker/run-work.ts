import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { JobResult, RunContext } from '../jobs/job.js';
import { openSession, type Session } from '../postgres/session.js';
import { runBatch } from './batch.js';
import { jobContext } from './job-context.js';
import { openPace } from './pace/open-pace.js';
import type { Pace } from './pace/pace.js';
import type { ClaimedRun, RunMeans, RunOutcome } from './run-claimed.js';
import { leaseLost } from './run-end.js';
import type { WorkerEvent } from './worker-event.js';

/** How the work came to its end, before the ledger is asked. */
export type Ended = Pick<RunOutcome, 'status' | 'error' | 'detail'>;

const RECONNECTS = 8;
const CLOSE_RETRIES = 3;
const RECONNECT_PAUSE_MS = 500;

/** One run under way: its connection, its pace, and what it has come to. */
export class RunWork {
  private readonly run: ClaimedRun;
  private readonly means: RunMeans;
  private readonly signal: AbortSignal;
  private readonly pace: Pace;
  private session: Session | null = null;
  private cursor: unknown;

  constructor(run: ClaimedRun, means: RunMeans, signal: AbortSignal) {
    this.run = run;
    this.means = means;
    this.signal = signal;
    this.cursor = run.claim.cursor;
    this.pace = openPace({
      ...{ job: run.job, target: run.target, runId: run.claim.runId, log: means.log },
      tell: (held) => this.tell({ kind: 'braked', ...held }),
    });
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
    await this.pace.close();
    for (let lost = 0; ; lost += 1) {
      try {
        return await this.closeOnce(ended);
      } catch (error) {
        if (lost < CLOSE_RETRIES && this.isLoss(error)) await this.waitForConnection(lost);
        else return this.unclosed(ended, error);
      }
    }
  }

  /** Says which brakes have held the run for how long; null where none has. */
  heldBy(): string | null {
    return this.pace.heldBy();
  }

  /** Cancels the statement under way, if any; best effort, since a pooler may hide the backend. */
  async cutShort(): Promise<void> {
    const pid = this.session?.backendPid ?? null;
    if (pid === null) return;
    try {
      const session = await openSession(this.run.target.url, { applicationName: 'pgsteward worker' });
      await session.query('SELECT pg_catalog.pg_cancel_backend($1)', [pid]).finally(() => session.close());
    } catch (error) {
      this.means.log.debug({ reason: messageOf(error) }, 'statement could not be cancelled');
    }
  }

  async disconnect(): Promise<void> {
    await this.session?.close();
    this.session = null;
  }

  private async closeOnce(ended: Ended): Promise<RunOutcome> {
    const { store, home } = this.means;
    const { job, target, claim, mirror } = this.run;
    const place = { job: job.name, target: target.name };
    const session = await this.connected();
    await leaveTransaction(session);
    const ours = ended.status !== null && (await store.finish(session, claim, { ...ended, status: ended.status }));
    if (!ours) await store.closeLapsed(session, place);
    const row = await store.read(session, claim.runId);
    if (mirror !== null && row !== null && row.status !== 'running')
      await home.use((atHome) => store.finishMirror(atHome, mirror, { ...row, status: row.status }));
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
    return this.session?.isBroken === true || isConnectionLoss(error);
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
        await this.pace.ready(this.signal);
        this.signal.throwIfAborted();
        const { store, leaseSeconds } = this.means;
        const session = await this.connected();
        const size = this.pace.nextSize(sizes);
        const onBegin = (pid: number) => this.pace.began(pid);
        const { signal } = this;
        const done = runBatch({ session, store, claim, leaseSeconds, onBegin, signal }, work, size);
        const { outcome, time } = await done.finally(() => this.pace.ended());
        this.pace.learn(time);
        const { counts, figures = [] } = outcome;
        this.tell({ kind: 'batch done', durationMs: time.durationMs, size: time.size, counts, figures });
      },
    };
  }

  private async connected(): Promise<Session> {
    this.session ??= await openSession(this.run.target.url, { applicationName: `pgsteward ${this.run.job.name}` });
    return this.session;
  }
}

/** Asks whether one was left open, once what is under way has ended: a ROLLBACK without one warns in the server's log. */
async function leaveTransaction(session: Session): Promise<void> {
  await session.query('');
  if (session.isInTransaction) await session.query('ROLLBACK');
}

type Untagged<Event> = Event extends { readonly runId: string } ? Omit<Event, 'job' | 'target' | 'runId'> : never;

/** Shutdown and crash of the server, an administrator's command, no connection left, and what ends without a SQLSTATE. */
function isConnectionLoss(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== null) return /^(08|53300|57P0[123])/.test(state);
  if (error instanceof StewardError) return error.cause !== undefined && isConnectionLoss(error.cause);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^E[A-Z]+$/.test(code) || /connection|ECONN|EPIPE|socket/i.test(messageOf(error));
}
