import { randomUUID } from 'node:crypto';
import { type JobDefinition, walLimitOf } from '../jobs/definitions.js';
import type { JobPlan, JobReport } from '../model/job.js';
import { withSession } from '../postgres/with-session.js';
import { jobContext } from './job-context.js';
import { Ledger } from './ledger.js';
import { walBytesOfBatch } from './pace/batch-sizer.js';
import { type RunMeans, runClaimed } from './run-claimed.js';
import type { Target } from './target.js';

export interface HandRun {
  readonly job: JobDefinition;
  readonly target: Target;
  readonly holder: string;
}

/** Runs a job once, in the foreground, with a row in the ledger like any other run; skipped while another run lasts. */
export async function runByHand({ job, target, holder }: HandRun, means: RunMeans): Promise<JobReport> {
  const startedAt = new Date().toISOString();
  const runId = randomUUID();
  const request = { runId, job: job.name, target: target.name, fireAt: null, holder, leaseSeconds: means.leaseSeconds };
  const answer = await new Ledger(means.home, means.store).claim(request, target);
  const report = { job: job.name, target: target.name, startedAt, plan: null };
  if (answer.kind !== 'claimed') {
    const error = answer.kind === 'running' ? `run ${answer.runId} of it is under way on ${answer.holder}` : null;
    return { ...report, runId: null, status: 'skipped', finishedAt: startedAt, counts: {}, error, detail: null };
  }
  const outcome = await runClaimed({ job, target, ...answer.claimed, fireAt: null }, means);
  const status = outcome.status ?? 'failed';
  return { ...report, ...outcome, runId, status, finishedAt: new Date().toISOString() };
}

/** Tells what a run would do and changes nothing, the ledger included. */
export async function planByHand({ job, target }: HandRun, means: RunMeans): Promise<JobReport> {
  const startedAt = new Date().toISOString();
  const planned = await withSession(target.url, { applicationName: 'pgsteward jobs' }, async (session) => {
    const context = jobContext({ job, target, means, signal: means.signal, session: async () => session });
    const refusal = await job.kind.check(context, job.config);
    return refusal === null
      ? { plan: paced(await job.kind.plan(context, job.config), walLimitOf(job)), refusal }
      : { plan: null, refusal };
  });
  const status = planned.refusal === null ? 'succeeded' : 'failed';
  const finishedAt = new Date().toISOString();
  const rest = { runId: null, status, counts: {}, error: planned.refusal, detail: null } as const;
  return { job: job.name, target: target.name, startedAt, finishedAt, plan: planned.plan, ...rest };
}

/** What its limit of WAL makes of a plan. */
function paced(plan: JobPlan, walBytesPerSecond: number | null): JobPlan {
  if (walBytesPerSecond === null) return plan;
  const seconds = plan.walBytes / walBytesPerSecond;
  const batches = Math.ceil(plan.walBytes / walBytesOfBatch(walBytesPerSecond));
  return { ...plan, batches: Math.max(plan.batches, batches), seconds: Math.max(plan.seconds, seconds) };
}
