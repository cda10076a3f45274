import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { HeldByBrake } from '../metrics.js';
import type { WorkerEvent, WorkerListener } from '../worker-event.js';

/** Counts what runs do. */
export interface RunMetrics {
  readonly onEvent: WorkerListener;
  readonly heldByBrake: () => Promise<readonly HeldByBrake[]>;
}

const PLACE = ['job', 'target'] as const;
/** A batch is meant to take 50 ms. */
const BATCH_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const RUN_BUCKETS = [0.1, 1, 10, 60, 300, 1800, 3600, 14_400];

/** Registers the metrics of runs, batches, fires and brakes. */
export function runMetrics(registry: Registry): RunMetrics {
  const counters = countersOf(registry);
  return {
    onEvent: (event) => count(counters, event),
    heldByBrake: async () => {
      const { values } = await counters.held.get();
      const held = values.map(({ value, labels: { job = '', brake = '' } }) => ({
        ...{ job: String(job), brake: String(brake), seconds: value },
      }));
      return held.sort((left, right) => right.seconds - left.seconds);
    },
  };
}

type Counters = ReturnType<typeof countersOf>;

function countersOf(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `pgsteward_${name}`, help, labelNames: [...PLACE, ...labelNames], registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ ...{ name: `pgsteward_${name}`, help, registers }, labelNames: ['job'] as const, buckets });
  return {
    started: counter('runs_started_total', 'Runs that this replica has begun, by fire or by hand.'),
    ended: counter('runs_total', 'Runs of this replica that have ended, by how they ended.', 'status'),
    running: new Gauge({
      ...{ name: 'pgsteward_runs_in_progress', help: 'Runs under way in this replica.', registers },
      labelNames: PLACE,
    }),
    runDurations: histogram('run_duration_seconds', 'How long runs took.', RUN_BUCKETS),
    batchDurations: histogram('batch_duration_seconds', 'How long batches took, COMMIT included.', BATCH_BUCKETS),
    changes: counter('changes_total', 'What batches have done, by the name that the ledger counts it under.', 'change'),
    held: counter('brake_held_seconds_total', 'How long brakes have held runs back.', 'brake'),
    passed: counter('fires_passed_total', 'Fires that were not run here: taken by another, or overlapping.', 'reason'),
    fireFailures: counter('fires_failed_total', 'Fires that could not be claimed, for want of a database.'),
    leaseLosses: counter('lease_losses_total', 'Runs that ended here because their lease was lost.'),
    violations: counter('constraint_violations_total', 'Runs that a constraint has stopped.', 'sqlstate'),
  };
}

function count(counters: Counters, event: WorkerEvent): void {
  const place = { job: event.job, target: event.target };
  switch (event.kind) {
    case 'run started':
      counters.started.inc(place);
      counters.running.inc(place);
      break;
    case 'batch done':
      for (const [change, done] of Object.entries(event.counts))
        if (done > 0) counters.changes.inc({ ...place, change }, done);
      counters.batchDurations.observe({ job: event.job }, event.durationMs / 1000);
      break;
    case 'braked':
      counters.held.inc({ ...place, brake: event.brake }, event.heldMs / 1000);
      break;
    case 'run ended':
      counters.running.dec(place);
      counters.ended.inc({ ...place, status: event.status });
      counters.runDurations.observe({ job: event.job }, event.durationMs / 1000);
      break;
    case 'lease lost':
      counters.leaseLosses.inc(place);
      break;
    case 'constraint violated':
      counters.violations.inc({ ...place, sqlstate: event.sqlState });
      break;
    case 'fire passed':
      counters.passed.inc({ ...place, reason: event.reason });
      break;
    case 'fire failed':
      counters.fireFailures.inc(place);
      break;
  }
}
