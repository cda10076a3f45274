import { sqlStateOf } from '../../src/errors.js';
import type { Session } from '../../src/postgres/session.js';
import type { Form } from './read-statements.js';

/** A form that takes longer is run this many times alone. */
const SLOW_MS = 2_000;
const SLOW_ROUNDS = 2;

/** What one form took: planning and execution as the server counts them. */
export interface Timing {
  readonly medianMs: number;
  /** Blocks of 8 kB read or found in shared buffers. */
  readonly buffers: number;
}

interface Explained {
  readonly Plan: Readonly<Record<string, unknown>>;
  readonly 'Planning Time'?: number;
  readonly 'Execution Time'?: number;
}

/**
 * Times forms of one statement after a run to warm up; those that need no index in turns, the others each under its
 * own indexes. Nothing of it stays. A form that fails or runs into the session's timeout has an infinite time.
 */
export async function timeForms(
  session: Session,
  forms: readonly Form[],
  rounds: number,
): Promise<ReadonlyMap<Form, Timing>> {
  const plain = forms.filter(({ indexes }) => indexes.length === 0);
  const timings = new Map(await inTransaction(session, [], () => inTurns(session, plain, rounds)));
  for (const form of forms.filter(({ indexes }) => indexes.length > 0)) {
    const timed = await inTransaction(session, form.indexes, () => inTurns(session, [form], rounds));
    for (const [key, timing] of timed) timings.set(key, timing);
  }
  return timings;
}

async function inTransaction<Result>(
  session: Session,
  indexes: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  await session.query('BEGIN');
  try {
    for (const index of indexes) await session.query(index);
    // Expression indexes are of no use to the planner without statistics of their own.
    for (const table of new Set(indexes.flatMap(tableOf))) await session.query(`ANALYZE ${table}`);
    return await work();
  } finally {
    await session.query('ROLLBACK');
  }
}

function tableOf(index: string): readonly string[] {
  const table = /\bINDEX\b.*?\bON\s+(?:ONLY\s+)?([\w."]+)/is.exec(index)?.[1];
  return table === undefined ? [] : [table];
}

async function inTurns(
  session: Session,
  forms: readonly Form[],
  rounds: number,
): Promise<readonly (readonly [Form, Timing])[]> {
  const runs = new Map<Form, Timing[]>(forms.map((form) => [form, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [form, done] of round % 2 === 0 ? runs : [...runs].reverse()) {
      const isSlow = done.length > 0 && done.every(({ medianMs }) => medianMs > SLOW_MS);
      if (isSlow && done.length >= SLOW_ROUNDS) continue;
      const run = await runOnce(session, form.sql);
      if (round > 0 || run.medianMs > SLOW_MS) done.push(run);
    }
  }
  return [...runs].map(([form, done]) => [form, medianOf(done)] as const);
}

function medianOf(runs: readonly Timing[]): Timing {
  const sorted = [...runs].sort((a, b) => a.medianMs - b.medianMs);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? { medianMs: Number.POSITIVE_INFINITY, buffers: 0 };
}

async function runOnce(session: Session, sql: string): Promise<Timing> {
  await session.query('SAVEPOINT before');
  try {
    const { rows } = await session.query<{ 'QUERY PLAN': readonly Explained[] }>(
      `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${sql}`,
    );
    const explained = rows[0]?.['QUERY PLAN'][0];
    return {
      medianMs: (explained?.['Planning Time'] ?? 0) + (explained?.['Execution Time'] ?? 0),
      buffers: Number(explained?.Plan['Shared Hit Blocks']) + Number(explained?.Plan['Shared Read Blocks']),
    };
  } catch (error) {
    if (sqlStateOf(error) === null) throw error;
    return { medianMs: Number.POSITIVE_INFINITY, buffers: Number.POSITIVE_INFINITY };
  } finally {
    await session.query('ROLLBACK TO before');
  }
}
