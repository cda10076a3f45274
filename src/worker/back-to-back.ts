import type { JobDefinition } from '../jobs/definitions.js';
import { ensureOwnTables, ownTables } from '../migrate/own-tables.js';
import { holderName } from './holder.js';
import { runByHand } from './run-by-hand.js';
import type { RunMeans } from './run-claimed.js';
import { runStopped } from './run-end.js';
import { SessionPool } from './session-pool.js';
import { HOME } from './target.js';

/** How many runs there were, and how many of them failed; a run that the stop cut short is none. */
export interface BackToBackRuns {
  readonly runs: number;
  readonly failed: number;
}

export interface BackToBack {
  /** Ends the run under way after its batch. */
  stop(): Promise<BackToBackRuns>;
}

/** Runs jobs on a database in turns, one run after another without a pause, with its ledger and claims as ever. */
export async function runBackToBack(
  url: string,
  jobs: readonly JobDefinition[],
  means: Omit<RunMeans, 'home' | 'signal' | 'onEvent'>,
): Promise<BackToBack> {
  const home = new SessionPool(url, 2);
  const stop = new AbortController();
  await home.use((session) => ensureOwnTables(session, ownTables(means.ownSchema)));
  const target = { name: HOME, url, isHome: true };
  const holder = holderName();
  const loop = async (): Promise<BackToBackRuns> => {
    let [runs, failed] = [0, 0];
    for (let next = 0; !stop.signal.aborted; next += 1) {
      const job = jobs[next % jobs.length];
      if (job === undefined) break;
      const run = await runByHand(
        { job, target, holder },
        { ...means, home, signal: stop.signal, onEvent: () => undefined },
      );
      if (run.status === 'cancelled') break;
      runs += 1;
      if (run.status !== 'succeeded') failed += 1;
    }
    return { runs, failed };
  };
  const looping = loop();
  // Whoever stops it learns of its error.
  looping.catch(() => undefined);
  return {
    async stop() {
      stop.abort(runStopped('its time is over'));
      try {
        return await looping;
      } finally {
        await home.close();
      }
    },
  };
}
