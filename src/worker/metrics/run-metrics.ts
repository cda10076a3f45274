import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Figure } from '../../jobs/job.js';
import type { HeldByBrake } from '../../model/dashboard.js';
import type { Counts } from '../../model/job.js';
import type { RunTag, WorkerEvent, WorkerListener } from '../worker-event.js';

/** Counts what runs do. */
export interface RunMetrics {
  readonly onEvent: WorkerListener;
  readonly heldByBrake: () => Promise<readonly HeldByBrake[]>;
}

/** Prometheus has a label `job` of its own: that of the scrape. */
const PLACE = ['job_name', 'target'] as const;
/** A batch is meant to take 50 ms. */
const BATCH_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** The name under which a kind counts batches that a constraint has refused. */
const VIOLATIONS = 'constraintViolations';
const RUN_BUCKETS = [0.1, 1, 10, 60, 300, 1800, 3600, 14_400];

/** Registers the metrics of runs, batches, fires and brakes. */
export function runMetrics(registry: Registry): RunMetrics {
  const counters = countersOf(registry);
  const figures = figureCounters(registry);
  return {
    onEvent: (event) => {
      count(counters, event);
      if (event.kind === 'batch done') figures(event);
    },
    heldByBrake: async () => {
      const { values } = await counters.held.get();
      const held = values.map(({ value, labels: { job_name: job = '', brake = '' } }) => ({
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
    new Histogram({ ...{ name: `pgsteward_${name}`, help, registers }, labelNames: ['job_name'] as const, buckets });
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
    violations: counter('constraint_violations_total', 'Batches that a constraint has refused and that were undone.'),
  };
}

function count(counters: Counters, event: WorkerEvent): void {
  const place = { job_name: event.job, target: event.target };
  switch (event.kind) {
    case 'run started':
      counters.started.inc(place);
      counters.running.inc(place);
      // A rate sees the first of something only where there was a zero before.
      counters.ended.inc({ ...place, status: 'failed' }, 0);
      counters.violations.inc(place, 0);
      break;
    case 'batch done':
      countChanges(counters, place, event.counts);
      counters.batchDurations.observe({ job_name: event.job }, event.durationMs / 1000);
      break;
    case 'braked':
      counters.held.inc({ ...place, brake: event.brake }, event.heldMs / 1000);
      break;
    case 'run ended':
      counters.running.dec(place);
      counters.ended.inc({ ...place, status: event.status });
      counters.runDurations.observe({ job_name: event.job }, event.durationMs / 1000);
      break;
    case 'lease lost':
      counters.leaseLosses.inc(place);
      break;
    case 'fire passed':
      counters.passed.inc({ ...place, reason: event.reason });
      break;
    case 'fire failed':
      counters.fireFailures.inc(place);
      break;
  }
}

function countChanges(counters: Counters, place: { job_name: string; target: string }, counts: Counts): void {
  for (const [change, done] of Object.entries(counts)) {
    if (change === VIOLATIONS) counters.violations.inc(place, done);
    else if (done > 0) counters.changes.inc({ ...place, change }, done);
  }
}

/** What kinds count more finely bears names and labels of their own: a counter each, from the first time it is told. */
function figureCounters(registry: Registry) {
  const known = new Map<string, Counter>();
  return ({ job, target, figures }: Pick<RunTag, 'job' | 'target'> & { readonly figures: readonly Figure[] }) => {
    for (const { name, labels, value } of figures) {
      const counter = known.get(name) ?? figureCounter(registry, name, Object.keys(labels));
      known.set(name, counter);
      counter.inc({ job_name: job, target, ...labels }, value);
    }
  };
}

function figureCounter(registry: Registry, name: string, labels: readonly string[]): Counter {
  const help = `Sum of ${name.replaceAll('_', ' ')} over committed batches.`;
  return new Counter({
    name: `pgsteward_${name}_total`,
    help,
    labelNames: [...PLACE, ...labels],
    registers: [registry],
  });
}
