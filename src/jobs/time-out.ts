import { guardAuditTable } from '../audit/guard.js';
import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { Session } from '../postgres/session.js';
import { toolVersion } from '../tool-version.js';
import type { Figure, JobContext, JobKind, JobResult, RunContext } from './job.js';
import { plainTable } from './plain-table.js';
import { type TimeOutConfig, timeOutSchema } from './time-out/config.js';
import { planSweep } from './time-out/plan.js';
import { prepareSweep, refusedValues } from './time-out/prepare.js';
import { type Sweep, type SweepRun, type SweptBatch, sweepBatch } from './time-out/sweep.js';

const BATCH_SIZES = { first: 500, least: 10, most: 5000 };
/** How long the triggers on an audit table may wait for it; whoever writes to it waits behind them. */
const GUARD_LOCK_TIMEOUT_MS = 200;
/** Class 23: a CHECK, a foreign key, NOT NULL or a unique index refuses a row. */
const VIOLATION = /^23/;

/** Puts rows that have waited too long in their state into another one, with an audit row each. */
export const timeOut: JobKind<TimeOutConfig> = {
  kind: 'time-out',
  summary: 'gives rows that wait too long in a state another one, with exactly one audit row each',
  replicas: {
    effect: 'one replica runs it at a time; sweeps that overlap all the same skip each other’s rows',
    limits: 'per run, whichever replica has it',
  },
  schema: timeOutSchema,
  tables: ({ table, audit }) => (audit === null ? [table] : [table, audit.table]),
  sole: ({ table, status, rules }) =>
    rules.map(({ from }) => `time out rows of ${plainTable(table)} whose ${status} is ${from}`),
  async check(context, config) {
    return context.read(async (session) => {
      const sweep = await prepareSweep(session, config);
      if (typeof sweep === 'string') return sweep;
      checked.set(context, sweep);
      return refusedValues(session, sweep);
    });
  },
  async plan(context, config) {
    const sweep = await sweepOf(context, config);
    return context.read((session) => planSweep(session, sweep, DUTY_CYCLE));
  },
  async run(context, config) {
    const sweep = await sweepOf(context, config);
    await guard(context, sweep);
    const { ownSchema, job, run } = context;
    const who = { runId: run.id, version: toolVersion(), job, ownSchema };
    while ((await runBatch(context, sweep, who)).timedOut > 0);
    return WELL;
  },
};

const WELL: JobResult = { failure: null, detail: null };
/** The default; a plan does not know its job's. */
const DUTY_CYCLE = 0.5;

/** What the tables were found to be when they were checked, so that the run which follows does not ask again. */
const checked = new WeakMap<JobContext, Sweep>();

async function sweepOf(context: JobContext, config: TimeOutConfig): Promise<Sweep> {
  const sweep = checked.get(context) ?? (await context.read((session) => prepareSweep(session, config)));
  if (typeof sweep === 'string') throw new StewardError('configuration', sweep);
  return sweep;
}

/** Without the triggers a change to an audit row is still found by the chain, so their absence stops nothing. */
async function guard({ read, ownSchema, log, job }: RunContext, { audit, config }: Sweep): Promise<void> {
  if (audit === null || config.audit?.guard !== true) return;
  const { layout, table } = audit;
  const place = { ownSchema, lockTimeoutMs: GUARD_LOCK_TIMEOUT_MS };
  try {
    await read((session) => guardAuditTable(session, layout, place));
  } catch (error) {
    if (sqlStateOf(error) === null) throw error;
    log.warn({ job, table: table.sql, reason: messageOf(error) }, 'audit table has no triggers against changes');
  }
}

async function runBatch(context: RunContext, sweep: Sweep, who: SweepRun): Promise<SweptBatch> {
  const { job, run, log } = context;
  let swept: SweptBatch = { timedOut: 0, byType: [], head: null };
  const work = async (session: Session, size: number) => {
    swept = await sweepBatch(session, sweep, { ...who, size });
    return { counts: { timedOut: swept.timedOut }, figures: figuresOf(swept, sweep) };
  };
  try {
    await context.batch(work, BATCH_SIZES);
  } catch (error) {
    if (!VIOLATION.test(sqlStateOf(error) ?? '')) throw error;
    throw await countViolation(context, sweep, error);
  }
  if (swept.head !== null) log.info({ job, runId: run.id, ...swept.head }, 'audit chain head');
  return swept;
}

function figuresOf({ timedOut, byType }: SweptBatch, { audit }: Sweep): readonly Figure[] {
  const ofTypes = byType.flatMap(({ type, ...sums }) => [
    { name: 'timed_out', labels: { type }, value: sums.timedOut },
    { name: 'waited_seconds', labels: { type }, value: sums.waitedSeconds },
  ]);
  return audit === null
    ? ofTypes
    : [...ofTypes, { name: 'audit_rows', labels: { outcome: 'written' }, value: timedOut }];
}

/** The batch is undone as a whole: no status was changed without its audit row. */
async function countViolation(context: RunContext, { table, audit }: Sweep, error: unknown): Promise<StewardError> {
  const figures = audit === null ? [] : [{ name: 'audit_rows', labels: { outcome: 'refused' }, value: 1 }];
  await context.batch(async () => ({ counts: { constraintViolations: 1 }, figures }), BATCH_SIZES);
  return new StewardError(
    'runtime',
    `a constraint refuses the time-out of ${table.sql}, and the whole batch was undone: ${messageOf(error)}`,
    { hint: 'let the constraint allow the new status and the audit row', cause: error },
  );
}
