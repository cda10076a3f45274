import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { readBacklogs } from '../backlog.js';
import type { Metrics } from '../metrics.js';
import { placesOf, type RunList } from '../run-list.js';
import type { Target } from '../target.js';
import type { WorkerView } from '../worker-view.js';
import type { Databases } from './databases.js';
import { holdAnswer } from './hold-answer.js';
import type { Route } from './route.js';

export interface MetricsParts {
  readonly metrics: Metrics;
  readonly worker: WorkerView;
  readonly databases: Databases;
  readonly home: Target;
  readonly ownSchema: string;
  readonly runs: RunList;
  readonly log: Log;
}

/** How long what the ledger says holds: scrapes come more often than it changes. */
const LEDGER_MS = 15_000;

/** Gives the metrics in the text form of Prometheus; without the database those that need none. */
export function metricsRoute(parts: MetricsParts): Route {
  const { metrics, worker, log } = parts;
  const readLedger = holdAnswer(LEDGER_MS, () =>
    noteLedger(parts).catch((error: unknown) => log.debug({ reason: messageOf(error) }, 'ledger not read for metrics')),
  );
  return {
    ...{ method: 'GET', path: '/metrics', access: 'anyone', isProbe: true },
    answer: async () => {
      await readLedger();
      return {
        status: 200,
        headers: { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' },
        body: await metrics.render(worker),
      };
    },
  };
}

async function noteLedger({ metrics, worker, databases, home, ownSchema, runs }: MetricsParts): Promise<void> {
  const places = placesOf(worker);
  await databases.read(home, async (session) => {
    metrics.noteRuns(await runs.latest(session, places));
    metrics.noteBacklogs(await readBacklogs(session, ownSchema, places));
  });
}
