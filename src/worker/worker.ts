import { setMaxListeners } from 'node:events';
import { messageOf, StewardError } from '../errors.js';
import type { JobDefinition } from '../jobs/definitions.js';
import type { Log } from '../log.js';
import { CLOCK_SKEW_MS_MAX, type Clock, databaseClock } from './clock.js';
import { Dispatcher } from './dispatcher.js';
import type { FireMeans, Place } from './fires.js';
import { holderName } from './holder.js';
import { Ledger } from './ledger.js';
import { runStopped } from './run-end.js';
import { RunStore } from './run-store.js';
import { type RunningSchedule, readSchedule } from './schedule.js';
import { SessionPool } from './session-pool.js';
import { Slots } from './slots.js';
import { type GateSettings, StartGate } from './start-gate.js';
import type { Target } from './target.js';
import type { WorkerListener } from './worker-event.js';
import type { JobView, StartAnswer, WorkerView } from './worker-view.js';

export interface WorkerOptions {
  readonly jobs: readonly JobDefinition[];
  readonly targets: readonly Target[];
  /** Where replicas compete for fires. */
  readonly homeUrl: string;
  readonly ownSchema: string;
  readonly gate: GateSettings;
  readonly leaseSeconds: number;
  readonly timezone: string;
  /** Most runs at a time in this process. */
  readonly concurrency: number;
  /** How long the ledger keeps runs; 0, as where it is not given, for ever. */
  readonly keepRunsDays?: number;
  readonly log: Log;
  readonly onEvent: WorkerListener;
  /** The machine's clock against the home database's, where not given. */
  readonly clock?: (home: SessionPool) => Clock;
  readonly random?: () => number;
}

/** Connections to the home database for claims; runs have their own. */
const HOME_SESSIONS = 4;
/** Targets that are looked at together: a comparison with the migrations takes a private server. */
const GATES_AT_ONCE = 4;
/** How often the gate, the clock and missed fires are looked at. */
const ROUND_MS = 5000;
/** After this long without a row a fire counts as overdue. */
const OVERDUE_MS = 120_000;

/** A worker: it fires jobs on its targets, together with any number of others, until it is stopped. */
export class Worker implements WorkerView {
  /** Rejects when a job can never work as it is configured. */
  readonly failed: Promise<never>;
  private readonly options: WorkerOptions;
  private readonly places: readonly Place[];
  private readonly home: SessionPool;
  private readonly clock: Clock;
  private readonly stopping = new AbortController();
  private readonly means: FireMeans;
  private readonly gate: StartGate;
  private readonly gates = new Slots(GATES_AT_ONCE);
  private readonly dispatcher: Dispatcher;
  private readonly schedules: RunningSchedule[] = [];
  /** Why a target is not served yet, by its name. */
  private readonly closed: Map<string, readonly string[]>;
  private waiting: ReadonlyMap<Place, Date> = new Map();
  private unreachable: string | null = 'the home database has not answered yet';
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | null = null;
  private fail: (error: unknown) => void = () => undefined;

  constructor(options: WorkerOptions) {
    const { targets, timezone, ownSchema, leaseSeconds, log, onEvent } = options;
    this.options = options;
    // Every run and every wait under way listens for the stop.
    setMaxListeners(0, this.stopping.signal);
    this.home = new SessionPool(options.homeUrl, HOME_SESSIONS);
    this.clock = (options.clock ?? databaseClock)(this.home);
    this.places = options.jobs.flatMap((job) => targets.map((target) => placeOf(job, target, timezone)));
    this.closed = new Map(targets.map(({ name }) => [name, [`${name}: not looked at yet`]]));
    const store = new RunStore(ownSchema, options);
    this.means = {
      ...{ store, home: this.home, ledger: new Ledger(this.home, store), clock: this.clock, holder: holderName() },
      ...{ ownSchema, leaseSeconds, slots: new Slots(options.concurrency), log, onEvent },
      ...{ signal: this.stopping.signal, random: options.random ?? Math.random },
    };
    this.gate = new StartGate(this.means, options.gate);
    this.dispatcher = new Dispatcher(this.means);
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  /** Begins: the first look at the gate is over when it resolves; schedules follow as the gate opens. */
  async start(): Promise<void> {
    for (const job of this.options.jobs) this.warnOfSummerTime(job);
    await this.look();
    if (!this.stopping.signal.aborted) this.timer = setInterval(() => void this.look(), ROUND_MS);
  }

  /** Says that the worker is going, and begins no batch any more. */
  drain(by: string): void {
    clearInterval(this.timer);
    for (const schedule of this.schedules.splice(0)) schedule.stop();
    if (!this.stopping.signal.aborted) this.stopping.abort(runStopped(by));
  }

  /** Waits for the batches under way, up to the deadline; their claims are given back. */
  async stop(drainSeconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, drainSeconds * 1000);
    });
    await Promise.race([Promise.allSettled([this.round, this.dispatcher.settled()]), deadline]);
    clearTimeout(timer);
    await this.home.close();
  }

  jobs(): readonly JobView[] {
    return this.options.jobs.map((job) => {
      const places = this.places.filter((place) => place.job === job);
      return {
        ...{ name: job.name, kind: job.kind.kind, summary: job.kind.summary, schedule: job.schedule },
        ...{ timezone: job.timezone ?? this.options.timezone, catchUp: job.catchUp },
        nextFireAt: places[0]?.schedule?.next()?.toISOString() ?? null,
        targets: places.map((place) => ({ target: place.target.name, overdueSince: this.overdueSince(place) })),
      };
    });
  }

  obstacles(): readonly string[] {
    const late = this.places.flatMap((place) => {
      const since = this.overdueSince(place);
      return since === null ? [] : [`${place.job.name} on ${place.target.name} is overdue since ${since}`];
    });
    return [
      ...(this.stopping.signal.aborted ? [DRAINING] : []),
      ...(this.unreachable === null ? [] : [this.unreachable]),
      ...[...this.closed.values()].flat(),
      ...late,
    ];
  }

  async startRun(jobName: string, targetName: string): Promise<StartAnswer> {
    const place = this.places.find(({ job, target }) => job.name === jobName && target.name === targetName);
    if (place === undefined) return { kind: 'unknown' };
    const draining = this.stopping.signal.aborted ? [DRAINING] : [];
    const [reason] = [...draining, ...(this.closed.get(targetName) ?? [])];
    return reason === undefined ? this.dispatcher.startByHand(place) : { kind: 'refused', reason };
  }

  private warnOfSummerTime({ name }: JobDefinition): void {
    const schedule = this.places.find(({ job }) => job.name === name)?.schedule;
    const lost = schedule?.nextLost(this.clock.now()) ?? null;
    if (lost !== null)
      this.options.log.warn({ job: name, timezone: schedule?.timezone, lost }, 'summer time skips a fire');
  }

  private overdueSince(place: Place): string | null {
    const since = this.waiting.get(place);
    const late =
      since !== undefined && this.clock.now().getTime() - since.getTime() > OVERDUE_MS + place.job.jitterSeconds * 1000;
    return late ? since.toISOString() : null;
  }

  private look(): Promise<void> {
    this.round ??= this.lookOnce().finally(() => {
      this.round = null;
    });
    return this.round;
  }

  private async lookOnce(): Promise<void> {
    try {
      await this.clock.measure();
      if (Math.abs(this.clock.skewMs) > CLOCK_SKEW_MS_MAX) throw skewed(this.clock.skewMs);
      this.unreachable = null;
      await this.openGates();
      this.waiting = await this.dispatcher.catchUp(this.places.filter(({ target }) => !this.closed.has(target.name)));
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      const reason =
        error instanceof StewardError ? error.message : `the home database does not answer: ${messageOf(error)}`;
      if (reason !== this.unreachable) this.options.log.warn({ reason }, 'worker cannot work');
      this.unreachable = reason;
    }
  }

  /** A target that does not answer keeps none of the others waiting. */
  private async openGates(): Promise<void> {
    const closed = this.options.targets.filter(({ name }) => this.closed.has(name));
    const open = async (target: Target) => {
      const release = await this.gates.take(this.stopping.signal);
      await this.openGate(target).finally(release);
    };
    await Promise.all(closed.map(open));
  }

  private async openGate(target: Target): Promise<void> {
    const { log, targets } = this.options;
    const { reasons, refusals } = await this.gate.ask(target, this.places);
    const obstacles = [...reasons, ...refusals];
    const known = this.closed.get(target.name);
    for (const reason of obstacles)
      if (!known?.includes(reason)) log.warn({ target: target.name, reason }, 'gate closed');
    if (refusals.length > 0 && targets.length === 1) this.fail(unworkable(refusals));
    this.closed.set(target.name, obstacles);
    if (obstacles.length > 0 || this.stopping.signal.aborted) return;
    this.closed.delete(target.name);
    log.info({ target: target.name }, 'gate open');
    for (const place of this.places) if (place.target === target) this.schedule(place);
  }

  private schedule(place: Place): void {
    const running = place.schedule?.start({
      name: `${place.job.name}@${place.target.name}`,
      claim: (fireAt) => this.dispatcher.claim(place, fireAt),
      run: (fireAt) => this.dispatcher.run(place, fireAt),
      onMissed: () => void this.look(),
    });
    if (running !== undefined) this.schedules.push(running);
  }
}

const DRAINING = 'the worker is draining';

function placeOf(job: JobDefinition, target: Target, timezone: string): Place {
  const schedule = job.schedule === null ? null : readSchedule(job.schedule, job.timezone ?? timezone);
  return { job, target, schedule };
}

function skewed(skewMs: number): StewardError {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return new StewardError(
    'runtime',
    `this machine’s clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the database’s`,
    {
      hint: 'set the clock, such as by NTP; nothing fires until then',
    },
  );
}

function unworkable(refusals: readonly string[]): StewardError {
  return new StewardError('configuration', refusals.join('\n'), { hint: 'mend the job, then start the worker again' });
}
