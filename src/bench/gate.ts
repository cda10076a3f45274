import type {
  BenchFailure,
  BenchGate,
  BenchLock,
  BenchQuery,
  BenchReport,
  BenchSkipped,
  BenchWrites,
} from '../model/bench.js';
import type { BenchLoad, BenchLoadQuery } from '../model/bench-load.js';
import { baselineReasons } from './baseline.js';
import type { Gate, QueryLimits } from './gate-file.js';
import { absoluteReasons, relativeReasons, responseReasons } from './latency-limits.js';
import type { Recorder } from './recorder.js';

/** A query's report and the histograms behind it. */
export interface GateEntry {
  readonly query: BenchQuery;
  readonly before: Recorder;
  readonly after: Recorder;
  readonly errorMessage: string | null;
}

/** A query with the limits that hold for it. */
export interface LimitedEntry extends GateEntry {
  readonly limits: QueryLimits;
  /** What it did at a rate, where one was asked for. */
  readonly load: BenchLoadQuery | null;
}

export interface GateInput {
  readonly entries: readonly GateEntry[];
  readonly failures: readonly BenchFailure[];
  readonly writes: readonly BenchWrites[];
  readonly writesSkipped?: readonly BenchSkipped[];
  readonly gate: Gate;
  readonly load?: BenchLoad | null;
  /** What the migrations locked on the clone; null where two databases were given. */
  readonly migrationLocks?: readonly BenchLock[] | null;
  /** An earlier report whose `after` the ratio limits are also checked against. */
  readonly baseline?: BenchReport | null;
}

/** Gives every reason not to ship: errors first, then regressions, then limits. No reason passes the gate. */
export function judgeGate(input: GateInput): BenchGate {
  const { gate, writes, baseline = null } = input;
  const load = new Map(input.load?.queries.map((query) => [query.name, query]));
  const entries = input.entries.map((entry) => ({
    ...entry,
    limits: limitsOf(gate, entry.query.name),
    load: load.get(entry.query.name) ?? null,
  }));
  const reasons = [
    ...input.failures.map((failure) => `${failure.name} fails after the migrations: ${failure.message}`),
    ...entries.flatMap(errorReason),
    ...entries.flatMap(loadErrorReason),
    ...entries.flatMap(regressionReason),
    ...entries.flatMap(relativeReasons),
    ...entries.flatMap(absoluteReasons),
    ...entries.flatMap(responseReasons),
    ...entries.flatMap(cpuReason),
    ...entries.flatMap(buffersReason),
    ...entries.flatMap(planReason),
    ...writes.flatMap((table) => writeReasons(table, gate.writes)),
    ...lockReasons(input),
    ...(baseline === null ? [] : baselineReasons(entries, { writes, limits: gate.writes }, baseline)),
  ];
  const notes = [...entries.flatMap(planNote), ...entries.flatMap(cpuNote), ...writesNote(input)];
  return { passed: reasons.length === 0, reasons, notes };
}

/** Limits for all queries, overridden by those for one. */
function limitsOf(gate: Gate, name: string): QueryLimits {
  return { ...gate.limits, ...(Object.hasOwn(gate.queries, name) ? gate.queries[name] : {}) };
}

function errorReason({ query, errorMessage, limits }: LimitedEntry): string[] {
  const { errors, requests, name } = query;
  if (errors.after <= (limits.errorRate ?? 0) * requests.after) return [];
  const cause = errorMessage === null ? '' : `: ${errorMessage}`;
  return [`${name}: ${errors.after} of ${requests.after} requests fail after the migrations${cause}`];
}

function loadErrorReason({ query: { name }, load, limits }: LimitedEntry): string[] {
  if (load === null) return [];
  const { errors, responseMs } = load;
  const requests = errors.after + responseMs.after.count;
  if (errors.after <= (limits.errorRate ?? 0) * requests) return [];
  return [`${name}: ${errors.after} of ${requests} requests fail at a rate after the migrations`];
}

/** Who sets a limit for the median says which regression is allowed; without one none is. */
function regressionReason({ query, limits }: LimitedEntry): string[] {
  const { name, verdict, latencyRatio, undelayedRatio = null, cpuRatio } = query;
  if (verdict !== 'regressed' || limits.p50Ratio !== undefined) return [];
  const latency = `latency × ${ratio(latencyRatio.point)} (${ratio(latencyRatio.low)} to ${ratio(latencyRatio.high)})`;
  const cpu = cpuRatio === null ? '' : `, CPU a request × ${ratio(cpuRatio.point)}`;
  const undelayed = undelayedRatio === null ? '' : `, without waiting for a processor × ${ratio(undelayedRatio.point)}`;
  return [`${name} regressed: ${latency}${undelayed}${cpu}`];
}

function cpuReason({ query: { name, cpuRatio }, limits: { cpuRatio: limit } }: LimitedEntry): string[] {
  if (limit === undefined || cpuRatio === null || cpuRatio.low <= limit) return [];
  return [`${name}: CPU a request × ${ratio(cpuRatio.point)} exceeds the limit cpuRatio ${limit}`];
}

/** Exact; a query that reads nothing before may read nothing after. */
function buffersReason({ query: { name, buffers }, limits: { buffersRatio: limit } }: LimitedEntry): string[] {
  if (limit === undefined || buffers.after <= limit * buffers.before) return [];
  return [
    `${name}: ${count(buffers.before)} → ${count(buffers.after)} buffers a call exceeds the limit buffersRatio ${limit}`,
  ];
}

function planReason({ query, limits }: LimitedEntry): string[] {
  return limits.planChange === 'forbid' && isPlanChanged(query)
    ? [`${query.name}: the plan changed, which planChange forbids`]
    : [];
}

function planNote({ query, limits }: LimitedEntry): string[] {
  return limits.planChange === 'report' && isPlanChanged(query) ? [`${query.name}: the plan changed`] : [];
}

function cpuNote({ query, limits }: LimitedEntry): string[] {
  if (limits.cpuRatio === undefined || query.cpuRatio !== null) return [];
  return [`${query.name}: cpuRatio is not checked, for there is no account of its CPU time`];
}

function isPlanChanged({ planHash }: BenchQuery): boolean {
  return planHash.before !== planHash.after;
}

function writeReasons({ table, walBytesPerRow: wal, hotShare }: BenchWrites, limits: Gate['writes']): string[] {
  const { walRatio, hotShareDrop } = limits;
  const reasons: string[] = [];
  if (walRatio !== undefined && wal.after > walRatio * wal.before) {
    reasons.push(
      `writes to ${table}: ${count(wal.before)} → ${count(wal.after)} bytes of WAL a row exceeds the limit walRatio ${walRatio}`,
    );
  }
  if (hotShareDrop !== undefined && hotShare.before - hotShare.after > hotShareDrop) {
    reasons.push(
      `writes to ${table}: HOT updates fall from ${percent(hotShare.before)} to ${percent(hotShare.after)}, more than the limit hotShareDrop ${hotShareDrop}`,
    );
  }
  return reasons;
}

function lockReasons({ gate: { writes }, migrationLocks }: GateInput): string[] {
  const limit = writes.lockMs;
  if (limit === undefined) return [];
  return (migrationLocks ?? [])
    .filter(({ stops, heldMs }) => stops !== 'schema changes' && heldMs > limit)
    .map(
      ({ relation, stops, heldMs }) =>
        `the migrations lock ${relation} for ${count(heldMs)} ms, while ${stops} wait: more than the limit lockMs ${limit}`,
    );
}

function writesNote({ gate, writesSkipped = [], migrationLocks = null }: GateInput): string[] {
  const { walRatio, hotShareDrop, lockMs } = gate.writes;
  const perTable = walRatio !== undefined || hotShareDrop !== undefined;
  return [
    ...(perTable ? writesSkipped : []).map(
      ({ name, reason }) => `the limits of writes are not checked for ${name}: ${reason}`,
    ),
    ...(lockMs !== undefined && migrationLocks === null
      ? ['the limit lockMs is not checked: the migrations ran before the bench']
      : []),
  ];
}

function ratio(value: number): string {
  return value.toFixed(2);
}

function count(value: number): string {
  return String(Number(value.toFixed(1)));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
