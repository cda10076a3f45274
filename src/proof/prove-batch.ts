import type { BatchVerdict } from '../model/linkage.js';
import type { TextRows } from '../postgres/query-result.js';
import { serverVersion } from '../postgres/server-version.js';
import type { Session } from '../postgres/session.js';
import type { SelectBatch } from '../sql/batch/select-batch.js';
import { batchValues, CALLS_RUN_MOST, keyOf, type RecordedLoop, refusalOf } from './recorded-loop.js';

/** A loop of one query as it was recorded. */
export interface RecordedQueryLoop extends RecordedLoop {
  /** The query asks for an order. */
  readonly isOrdered: boolean;
}

/** The shorter of two runs each: the first reads what the second finds in memory. */
const RUNS = 2;

interface Ran {
  /** Rows by key, each row as one text. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly durationMs: number;
}

/**
 * Runs a loop and a batch on the same state of a database, read-only, and compares the rows of each key: in their order
 * where the query asks for one, else as many of each.
 */
export async function proveBatch(
  session: Session,
  loop: RecordedQueryLoop,
  options: { readonly batch: SelectBatch; readonly statementTimeoutMs: number },
): Promise<BatchVerdict> {
  const { batch, statementTimeoutMs } = options;
  const keys = keysOnce(loop, loop.calls).slice(0, CALLS_RUN_MOST);
  const recorded = { ...loop, calls: [...keys, ...keysOnce(loop, callsByNull(keys, loop.varying))] };
  await session.script(
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`,
  );
  try {
    let [loopRan, batchRan] = [await runLoop(session, recorded), await runBatch(session, recorded, batch)];
    const difference = differenceOf(loopRan, batchRan, loop.isOrdered);
    if (difference !== null) return { kind: 'differs', reason: difference };
    for (let run = 1; run < RUNS; run++) {
      loopRan = shorter(loopRan, await runLoop(session, recorded));
      batchRan = shorter(batchRan, await runBatch(session, recorded, batch));
    }
    const rows = [...loopRan.rows.values()].reduce((sum, each) => sum + each.length, 0);
    const [loopMs, batchMs] = [loopRan.durationMs, batchRan.durationMs];
    const ranOn = `target ${await serverVersion(session)}`;
    return { kind: 'equal', ranOn, calls: keys.length, rows, loopMs, batchMs };
  } catch (error) {
    return { kind: 'not run', reason: refusalOf(error) };
  } finally {
    await session.query('ROLLBACK');
  }
}

/** Each key once, since that is what a batch is asked with. */
function keysOnce(loop: RecordedLoop, calls: RecordedLoop['calls']): RecordedLoop['calls'] {
  return [...new Map(calls.map((values) => [keyOf(loop, values), values])).values()];
}

/** Each part is tried with so many values of the others. */
const KEYS_WITH_NULL = 4;

/** Calls whose key is NULL, in one of its parts and in all of them: NULL is equal to nothing. */
function callsByNull(keys: RecordedLoop['calls'], varying: readonly number[]): RecordedLoop['calls'] {
  const byNull = (values: readonly (string | null)[], numbers: readonly number[]) =>
    values.map((value, index) => (numbers.includes(index + 1) ? null : value));
  const some = varying.length > 1 ? keys.slice(0, KEYS_WITH_NULL) : [];
  return [
    byNull(keys[0] ?? [], varying),
    ...some.flatMap((values) => varying.map((number) => byNull(values, [number]))),
  ];
}

async function runLoop(session: Session, loop: RecordedLoop): Promise<Ran> {
  const { text, calls } = loop;
  const startedMs = performance.now();
  const results: TextRows[] = [];
  for (const values of calls) results.push(await session.queryTexts(text, values));
  const durationMs = performance.now() - startedMs;
  const rows = calls.map((values, place) => {
    return [keyOf(loop, values), (results[place]?.rows ?? []).map((row) => JSON.stringify(row))] as const;
  });
  return { rows: new Map(rows.filter(([, each]) => each.length > 0)), durationMs };
}

async function runBatch(
  session: Session,
  loop: RecordedLoop,
  { sql, keysBefore, keyColumn }: SelectBatch,
): Promise<Ran> {
  const values = batchValues(loop);
  const startedMs = performance.now();
  const result = await session.queryTexts(sql, values);
  const durationMs = performance.now() - startedMs;
  const place = keyColumn === null ? -1 : result.columns.findIndex(({ name }) => name === keyColumn);
  // What the batch adds behind the loop's columns, such as a place in an order, is not compared.
  const width = (await session.queryTexts(loop.text, loop.calls[0] ?? [])).columns.length;
  const rows = new Map<string, string[]>();
  for (const row of result.rows) {
    const key = JSON.stringify(keysBefore > 0 ? row.slice(0, keysBefore) : [row[place] ?? null]);
    rows.set(key, [...(rows.get(key) ?? []), JSON.stringify(row.slice(keysBefore, keysBefore + width))]);
  }
  return { rows, durationMs };
}

function differenceOf(loop: Ran, batch: Ran, isOrdered: boolean): string | null {
  for (const key of new Set([...loop.rows.keys(), ...batch.rows.keys()])) {
    const [expected, given] = [loop.rows.get(key) ?? [], batch.rows.get(key) ?? []];
    if (expected.length !== given.length)
      return `${given.length} rows in place of ${expected.length} for the key ${key}`;
    if (JSON.stringify([...expected].sort()) !== JSON.stringify([...given].sort()))
      return `other rows for the key ${key}`;
    if (isOrdered && JSON.stringify(expected) !== JSON.stringify(given)) return `another order for the key ${key}`;
  }
  return null;
}

function shorter(one: Ran, other: Ran): Ran {
  return other.durationMs < one.durationMs ? other : one;
}
