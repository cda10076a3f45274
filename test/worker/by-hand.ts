import { pino } from 'pino';
import { type JobDefinition, readJobs } from '../../src/jobs/definitions.js';
import { ensureOwnTables, ownTables } from '../../src/migrate/own-tables.js';
import type { JobReport } from '../../src/model/job.js';
import { holderName } from '../../src/worker/holder.js';
import { planByHand, runByHand } from '../../src/worker/run-by-hand.js';
import type { RunMeans } from '../../src/worker/run-claimed.js';
import { RunStore } from '../../src/worker/run-store.js';
import { SessionPool } from '../../src/worker/session-pool.js';

/** Which job to run where; `jobs` is what the configuration says below that key. */
export interface JobCall {
  readonly url: string;
  readonly name: string;
  readonly jobs?: Readonly<Record<string, unknown>>;
  readonly dryRun?: boolean;
  readonly changes?: Partial<RunMeans>;
}

/** Runs a job as `jobs run NAME` does, own tables included, or plans it. */
export async function callJob({ name, jobs = {}, ...rest }: JobCall): Promise<JobReport> {
  const job = readJobs(jobs).find((each) => each.name === name);
  if (job === undefined) throw new Error(`no job ${name}`);
  return callDefinition(job, rest);
}

/** Runs or plans a job that is in no configuration. */
export async function callDefinition(
  job: JobDefinition,
  { url, dryRun = false, changes = {} }: Omit<JobCall, 'name' | 'jobs'>,
): Promise<JobReport> {
  const home = new SessionPool(url, 1);
  const means: RunMeans = {
    ...{ store: new RunStore('steward'), home, ownSchema: 'steward', leaseSeconds: 30, onEvent: () => undefined },
    ...{ log: pino({ level: 'silent' }), signal: new AbortController().signal, ...changes },
  };
  const run = { job, target: { name: 'home', url, isHome: true }, holder: holderName() };
  try {
    if (dryRun) return await planByHand(run, means);
    await home.use((session) => ensureOwnTables(session, ownTables('steward')));
    return await runByHand(run, means);
  } finally {
    await home.close();
  }
}
