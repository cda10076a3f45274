import { messageOf, StewardError, sqlStateOf } from '../../errors.js';
import type { BrakeTerms } from '../../jobs/brakes.js';
import type { Session } from '../../postgres/session.js';
import { formatDuration, formatNumber } from '../../report/units.js';
import { statementKind } from '../../sql/classify.js';
import { parseStatement } from '../../sql/parse.js';
import { ParseFailure } from '../../sql/parse-failure.js';
import { type Brake, freeReading, type Gauge, HOLDS_FROM, type Reading } from './brake.js';

type Limits = NonNullable<BrakeTerms['canary']>;

/** How often the statement is run at a time, and for how long at most. */
interface Probes {
  readonly most: number;
  readonly forMs: number;
}

const BASELINE: Probes = { most: 200, forMs: 1000 };
const ROUND: Probes = { most: 20, forMs: 100 };
/** So many of the latest probes are judged. */
const JUDGED = 100;
/** A shorter rise nobody feels, and a busy machine has it by itself. */
const RISE_MS_LEAST = 1;
const STATEMENT_TIMEOUT = '57014';

/** Makes the brake that holds while a statement of the user's is slower than it was before the run. */
export function canary(limits: Limits): Brake {
  let baselineMs: number | null = null;
  let latest: readonly number[] = [];
  let isHolding = false;
  const begin = async (gauge: Gauge): Promise<Reading> => {
    requireSelect(limits.sql);
    const probed = await probeFirst(gauge, limits.sql);
    baselineMs = p99(probed);
    latest = probed.slice(-JUDGED);
    return judge(latest, { baselineMs, limits });
  };
  const goOn = async (gauge: Gauge, before: number): Promise<Reading> => {
    const probed = await probe(gauge, limits.sql, ROUND);
    // While nothing of the run's is under way, what was slow under it says nothing any more.
    latest = isHolding ? probed : [...latest, ...probed].slice(-JUDGED);
    return judge(latest, { baselineMs: before, limits });
  };
  return {
    name: 'canary',
    measure: async (gauge) => {
      const reading = baselineMs === null ? await begin(gauge) : await goOn(gauge, baselineMs);
      isHolding = reading.pressure >= HOLDS_FROM;
      return reading;
    },
  };
}

interface Measure {
  readonly baselineMs: number;
  readonly limits: Limits;
}

function judge(latest: readonly number[], { baselineMs, limits }: Measure): Reading {
  if (latest.length === 0) return freeReading();
  const nowMs = p99(latest);
  const riseMs = Math.max(RISE_MS_LEAST, baselineMs * (limits.p99Ratio - 1));
  const pressure = Math.max(0, (nowMs - baselineMs) / riseMs, nowMs / (limits.p99Ms ?? Number.POSITIVE_INFINITY));
  const limit = [`${formatNumber(limits.p99Ratio)} times`];
  if (limits.p99Ms !== undefined) limit.push(formatDuration(limits.p99Ms));
  const ratio = formatNumber(nowMs / Math.max(baselineMs, 0.001));
  const detail = `the canary's p99 is ${formatDuration(nowMs)}, ${ratio} times the ${formatDuration(baselineMs)} before the run; limit ${limit.join(' or ')}`;
  return { pressure, detail, unseen: null };
}

/** Runs the statement for the first time, where it can be told that it never will: no such table, no right, a fault. */
async function probeFirst(gauge: Gauge, sql: string): Promise<readonly number[]> {
  try {
    return await probe(gauge, sql, BASELINE);
  } catch (error) {
    if (sqlStateOf(error) === null || !/^(42|25|22|0A|P0)/.test(sqlStateOf(error) ?? '')) throw error;
    throw unusable(`cannot be run: ${messageOf(error)}`, error);
  }
}

function requireSelect(sql: string): void {
  try {
    if (statementKind(parseStatement(sql).tree) !== 'select') throw unusable('is no SELECT');
  } catch (error) {
    throw error instanceof ParseFailure ? unusable(`is not one statement: ${error.message}`, error) : error;
  }
}

function unusable(reason: string, cause?: unknown): StewardError {
  return new StewardError('configuration', `the statement under brakes.canary.sql ${reason}`, {
    hint: 'give one SELECT that the job’s role may run on the target, or canary: null',
    cause,
  });
}

/** One that is cut off counts with the time that it had. */
async function probe(gauge: Gauge, sql: string, { most, forMs }: Probes): Promise<readonly number[]> {
  const latencies: number[] = [];
  const startedAt = gauge.nowMs();
  const run = async (session: Session) => {
    while (latencies.length < most && gauge.nowMs() - startedAt < forMs) {
      const askedAt = gauge.nowMs();
      try {
        await session.query(sql);
      } finally {
        latencies.push(gauge.nowMs() - askedAt);
      }
    }
  };
  try {
    await gauge.read(run);
  } catch (error) {
    if (sqlStateOf(error) !== STATEMENT_TIMEOUT) throw error;
  }
  return latencies;
}

/** Nearest rank, but never a single slow one's: of two to a hundred the second greatest. */
function p99(latencies: readonly number[]): number {
  const sorted = [...latencies].sort((a, b) => a - b);
  const rank = Math.min(Math.ceil(sorted.length * 0.99), Math.max(1, sorted.length - 1));
  return sorted[rank - 1] ?? 0;
}
