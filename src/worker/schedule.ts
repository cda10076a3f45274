import { createTask, parse, type ScheduledTask, setLogger, validateDetailed } from 'node-cron';
import { StewardError } from '../errors.js';
import type { Log } from '../log.js';
import { nextSkippedHour } from './summer-time.js';

/** When a job fires. */
export interface Schedule {
  readonly expression: string;
  readonly timezone: string;
  /** Gives the next fire after now. */
  next(): Date | null;
  /**
   * Gives the next fire that is lost with the hour that its zone skips, by the zone's clocks, such as `2027-03-28 02:30`;
   * null where none is, or where it fires in every hour, so that the one before and the one after are as close as ever.
   */
  nextLost(now: Date): string | null;
  /** Gives the latest fires after `after` and up to `until`, oldest first; at most `most` of them. */
  between(after: Date, until: Date, most: number): readonly Date[];
  /** Asks at each fire whether it is ours, and runs it where it is. */
  start(coordinated: CoordinatedRun): RunningSchedule;
}

/** What stands behind a schedule. */
export interface CoordinatedRun {
  /** Unique in this process. */
  readonly name: string;
  /** Claims a fire for this replica; false where another has it. */
  claim(fireAt: Date): Promise<boolean>;
  /** Does what was claimed. */
  run(fireAt: Date): Promise<void>;
  /** Told of fires that were slept through, or for which the ledger could not be asked. */
  onMissed(): void;
}

export interface RunningSchedule {
  stop(): void;
}

const MINUTE_MS = 60_000;
const HOURS = 24;
/** How far back fires are looked for. */
const LOOK_BACK_MS = 366 * 86_400_000;

/** Reads an expression of five or six fields; a StewardError says which field is wrong, or that there is no such zone. */
export function readSchedule(expression: string, timezone: string): Schedule {
  requireZone(timezone);
  const { valid, errors } = validateDetailed(expression);
  if (!valid) {
    const [first] = errors;
    const field =
      first === undefined ? '' : ` in ${first.field}${first.value === undefined ? '' : ` (${first.value})`}`;
    throw new StewardError(
      'configuration',
      `the schedule ${JSON.stringify(expression)} is no cron expression${field}`,
      {
        hint: 'write minute hour day month weekday, such as "17 * * * *", with a field for seconds before them if need be',
      },
    );
  }
  const probe = createTask(expression, () => undefined, { timezone });
  return {
    expression,
    timezone,
    // Of a task that is not started `getNextRun` knows nothing.
    next: () => probe.getNextRuns(1)[0] ?? null,
    nextLost: (now) => nextLost({ expression, timezone }, now),
    between: (after, until, most) => firesBetween({ expression, timezone, probe }, { after, until, most }),
    start: (coordinated) => startTask({ expression, timezone }, coordinated),
  };
}

function requireZone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (cause) {
    throw new StewardError('configuration', `there is no time zone ${JSON.stringify(timezone)}`, {
      hint: 'name one such as UTC or Europe/Berlin',
      cause,
    });
  }
}

/** Sends what the scheduler itself has to say to the log. */
export function logSchedules(log: Log): void {
  const message = (text: string | Error) => (text instanceof Error ? text.message : text);
  setLogger({
    info: (text) => log.debug({ detail: text }, 'scheduler'),
    debug: (text) => log.debug({ detail: message(text) }, 'scheduler'),
    warn: (text) => log.debug({ detail: text }, 'scheduler'),
    error: (text, error) => log.warn({ detail: message(text), reason: error?.message }, 'scheduler'),
  });
}

/**
 * The claim is the coordinator's answer: a fire that another replica has claimed is not run here, and where the ledger
 * cannot be asked it is not run at all; catching up finds it later.
 */
function startTask(terms: { expression: string; timezone: string }, coordinated: CoordinatedRun): RunningSchedule {
  const task = createTask(terms.expression, ({ date }) => coordinated.run(date), {
    ...{ name: coordinated.name, timezone: terms.timezone, distributed: true },
    runCoordinator: { shouldRun: (key) => coordinated.claim(new Date(key.slice(-ISO_LENGTH))) },
    ...{ suppressMissedWarning: true, missedExecutionTolerance: MINUTE_MS },
  });
  task.on('execution:missed', () => coordinated.onMissed());
  task.on('execution:skipped', ({ reason }) => {
    if (reason === 'coordinator-error') coordinated.onMissed();
  });
  void task.start();
  return { stop: () => void task.destroy() };
}

/** The coordinator's key ends with the fire's time: `name:2026-01-01T00:00:00.000Z`. */
const ISO_LENGTH = 24;

interface Probe {
  readonly expression: string;
  readonly timezone: string;
  readonly probe: ScheduledTask;
}

interface Span {
  readonly after: Date;
  readonly until: Date;
  readonly most: number;
}

/** Asks the scheduler itself minute by minute, backwards, but only about minutes that the fields leave possible. */
function firesBetween({ expression, timezone, probe }: Probe, { after, until, most }: Span): readonly Date[] {
  const fields = parse(expression);
  const minutes = possibleMinutes(fields.minute, timezone);
  const hours = timezone === 'UTC' ? new Set(fields.hour) : null;
  const seconds = [...fields.second].sort((left, right) => right - left);
  const found: Date[] = [];
  const earliest = Math.max(after.getTime() + 1, until.getTime() - LOOK_BACK_MS);
  const first = Math.floor(until.getTime() / MINUTE_MS) * MINUTE_MS;
  for (let minute = first; minute > earliest - MINUTE_MS && found.length < most; minute -= MINUTE_MS) {
    if (!minutes.has((minute / MINUTE_MS) % 60)) continue;
    if (hours !== null && !hours.has(Math.floor(minute / (60 * MINUTE_MS)) % 24)) continue;
    for (const second of seconds) {
      const fire = new Date(minute + second * 1000);
      if (found.length === most || fire > until || fire.getTime() < earliest) continue;
      if (probe.match(fire) && !comesAgain(fire, timezone)) found.push(fire);
    }
  }
  return found.reverse();
}

/** Of two equal times of day, an hour apart when summer time ends, the scheduler fires at the later. */
function comesAgain(fire: Date, timezone: string): boolean {
  if (timezone === 'UTC') return false;
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(fire) === format.format(fire.getTime() + 60 * MINUTE_MS);
}

function nextLost({ expression, timezone }: Omit<Probe, 'probe'>, now: Date): string | null {
  const { hour, second } = parse(expression);
  const skipped = hour.length === HOURS ? null : nextSkippedHour(timezone, now);
  if (skipped === null) return null;
  const asUtc = createTask(expression, () => undefined, { timezone: 'UTC' });
  for (let minute = skipped.from.getTime(); minute < skipped.to.getTime(); minute += MINUTE_MS)
    if (asUtc.match(new Date(minute + (second[0] ?? 0) * 1000)))
      return new Date(minute).toISOString().slice(0, 16).replace('T', ' ');
  return null;
}

/** Offsets of time zones are whole quarters of an hour. */
function possibleMinutes(wanted: readonly number[], timezone: string): ReadonlySet<number> {
  if (timezone === 'UTC') return new Set(wanted);
  return new Set(wanted.flatMap((minute) => [0, 15, 30, 45].map((offset) => (minute + offset) % 60)));
}
