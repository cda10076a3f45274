import type { BackgroundWork } from '../bench/open-loop/measure-beside.js';
import { runBackToBack } from '../worker/back-to-back.js';
import { RunStore } from '../worker/run-store.js';
import type { CommandContext } from './command.js';
import { configuredJobs, jobNamed } from './configured-jobs.js';

/** Gives the jobs of these names, run in turns without a pause, as work beside a load. */
export function jobsInTurns({ settings, log }: CommandContext, names: readonly string[]): BackgroundWork {
  const configured = configuredJobs(settings);
  const jobs = names.map((name) => jobNamed(configured, name));
  const { schema, worker } = settings;
  const means = {
    ...{ store: new RunStore(schema, worker), ownSchema: schema, leaseSeconds: worker.leaseSeconds },
    // What a worker warns a person of is of no interest on a clone.
    log: log.child({}, { level: 'error' }),
  };
  return { names, start: (url) => runBackToBack(url, jobs, means) };
}
