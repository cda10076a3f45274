import { messageOf } from '../errors.js';
import { readAllowedDrift } from '../migrate/allowed-drift.js';
import type { Settings } from '../settings-schema.js';
import { startHttp } from '../worker/http/service.js';
import { createMetrics } from '../worker/metrics.js';
import { logSchedules } from '../worker/schedule.js';
import type { GateSettings } from '../worker/start-gate.js';
import { HOME, type Target } from '../worker/target.js';
import { Worker } from '../worker/worker.js';
import type { WorkerEvent } from '../worker/worker-event.js';
import type { CommandContext } from './command.js';
import { configuredJobs } from './configured-jobs.js';
import { requireDatabase } from './database.js';
import { stopOf } from './stop-signal.js';

/** Does what `pgsteward worker` is asked for: serves until a signal, drains, and gives 0. */
export async function runWorker(context: CommandContext): Promise<number> {
  const { settings, log, signal } = context;
  const jobs = configuredJobs(settings);
  const home: Target = { name: HOME, url: requireDatabase(settings), isHome: true };
  const others = settings.targets.map(({ name, databaseUrl }) => ({ name, url: databaseUrl, isHome: false }));
  const targets = others.length === 0 ? [home] : others;
  const metrics = createMetrics();
  const { leaseSeconds, drainSeconds, timezone, concurrency, keepRunsDays } = settings.worker;
  logSchedules(log);
  const worker = new Worker({
    ...{ jobs, targets, homeUrl: home.url, ownSchema: settings.schema, gate: gateOf(settings), log },
    ...{ leaseSeconds, timezone, concurrency, keepRunsDays },
    onEvent: (event) => {
      metrics.onEvent(event);
      logEvent(context, event);
    },
  });
  const http = await startHttp({
    ...{
      settings: settings.http,
      worker,
      metrics,
      targets,
      home,
      ownSchema: settings.schema,
      version: context.version,
      log,
    },
  });
  log.info({ url: http.url, jobs: jobs.filter(({ schedule }) => schedule !== null).length }, 'worker started');
  try {
    const started = worker.start().then(() => stopOf(signal));
    // Who stops it while a database keeps it waiting need not wait, too.
    await Promise.race([started, stopOf(signal), worker.failed]);
  } finally {
    worker.drain('by a signal');
    await worker.stop(drainSeconds);
    await http.close();
    log.info('worker stopped');
  }
  return 0;
}

function gateOf({ migrations: { dirs, gate, drift }, migrate }: Settings): GateSettings {
  return { dirs, gate, ...(drift ? { allowedDrift: readAllowedDrift(migrate.allowDrift) } : {}) };
}

function logEvent({ log }: CommandContext, event: WorkerEvent): void {
  const { kind, ...fields } = event;
  if (kind === 'run ended' && fields && 'status' in fields && fields.status === 'failed')
    log.error(fields, 'job failed');
  else if (kind === 'run ended') log.info(fields, 'job finished');
  else if (kind === 'run started') log.info(fields, 'job started');
  else if (event.kind === 'fire failed')
    log.warn({ ...fields, error: undefined, reason: messageOf(event.error) }, 'fire could not be claimed');
  else log.debug(fields, kind);
}
