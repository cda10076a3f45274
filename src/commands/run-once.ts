import type { JobDefinition } from '../jobs/definitions.js';
import { ensureOwnTables, ownTables } from '../migrate/own-tables.js';
import type { JobReport } from '../model/job.js';
import { holderName } from '../worker/holder.js';
import { planByHand, runByHand } from '../worker/run-by-hand.js';
import type { RunMeans } from '../worker/run-claimed.js';
import { runStopped } from '../worker/run-end.js';
import { RunStore } from '../worker/run-store.js';
import { SessionPool } from '../worker/session-pool.js';
import type { Target } from '../worker/target.js';
import type { CommandContext } from './command.js';
import { withTarget } from './target.js';

/** Runs a job once, in the foreground; creates pgsteward's own tables where they are not there. */
export function runOnce(context: CommandContext, job: JobDefinition, target: Target): Promise<JobReport> {
  const { schema } = context.settings;
  return withMeans(context, { job, target }, async (means) => {
    await withTarget(target, (session) => ensureOwnTables(session, ownTables(schema)));
    if (!target.isHome) await means.home.use((session) => ensureOwnTables(session, ownTables(schema)));
    return runByHand({ job, target, holder: holderName() }, means);
  });
}

/** Tells what a run of a job would do and changes nothing. */
export function planOnce(context: CommandContext, job: JobDefinition, target: Target): Promise<JobReport> {
  return withMeans(context, { job, target }, (means) => planByHand({ job, target, holder: holderName() }, means));
}

async function withMeans<T>(
  context: CommandContext,
  { job, target }: { readonly job: JobDefinition; readonly target: Target },
  work: (means: RunMeans) => Promise<T>,
): Promise<T> {
  const { settings, log } = context;
  const stop = new AbortController();
  context.signal.addEventListener('abort', () => stop.abort(runStopped('by a signal')));
  const home = new SessionPool(settings.databaseUrl ?? target.url, 2);
  const means: RunMeans = {
    ...{
      store: new RunStore(settings.schema, settings.worker),
      home,
      ownSchema: settings.schema,
      log,
      signal: stop.signal,
    },
    ...{ leaseSeconds: settings.worker.leaseSeconds, onEvent: showProgress(context, job) },
  };
  try {
    return await work(means);
  } finally {
    await home.close();
  }
}

function showProgress(context: CommandContext, job: JobDefinition): RunMeans['onEvent'] {
  const step = context.progress.step(job.name);
  let batches = 0;
  return (event) => {
    if (event.kind === 'batch done') {
      batches += 1;
      step.update(
        batches,
        Object.entries(event.counts)
          .map(([name, count]) => `${name} ${count}`)
          .join(', '),
      );
    }
    if (event.kind === 'braked') step.update(batches, `held back: ${event.detail}`);
    if (event.kind === 'run ended') step.end(event.status);
  };
}
