import { sqlStateOf } from '../errors.js';
import type { BatchVerdict } from '../model/linkage.js';
import type { TextRows } from '../postgres/query-result.js';
import { serverVersion } from '../postgres/server-version.js';
import type { Session } from '../postgres/session.js';
import { formatArrayLiteral } from '../sql/array-literal.js';
import { type LoopParameter, unnestSql } from '../sql/batch/loop-parameters.js';
import type { SelectBatch } from '../sql/batch/select-batch.js';
import { batchValues, CALLS_RUN_MOST, keyOf, type RecordedLoop, refusalOf } from './recorded-loop.js';

/** A loop of one query as it was recorded. */
export interface RecordedQueryLoop extends RecordedLoop {
  /** The query asks for an order. */
  readonly isOrdered: boolean;
  /** Those that change, with their types: their values are compared as the server writes them; not given, as they are. */
  readonly parameters?: readonly LoopParameter[];
}

/** The shorter of two runs each: the first reads what the second finds in memory. */
const RUNS = 2;
/** As a statement that took longer than it may. */
const QUERY_CANCELED = '57014';
const NO_ROWS = 'none of its keys gives a row any more, so that nothing could be compared';

interface Ran {
  /** Rows by key, each row as one text. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly durationMs: number;
}

/** A loop with the key of each call. */
interface KeyedLoop extends RecordedQueryLoop {
  readonly keys: readonly string[];
}

/**
 * Runs a loop and a batch on the same state of a database, read-only, and compares the rows of each key: in their order
 * where the query asks for one, else as many of each. A batch that the server refuses differs from what it is to do.
 */
export async function proveBatch(
  session: Session,
  loop: RecordedQueryLoop,
  options: { readonly batch: SelectBatch; readonly statementTimeoutMs: number },
): Promise<BatchVerdict> {
  await session.script(
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(options.statementTimeoutMs)}`,
  );
  try {
    return await compare(session, loop, options.batch);
  } catch (error) {
    return { kind: 'not run', reason: refusalOf(error) };
  } finally {
    await session.query('ROLLBACK');
  }
}

async function compare(session: Session, loop: RecordedQueryLoop, batch: SelectBatch): Promise<BatchVerdict> {
  const once = await keysOnce(session, loop);
  const calls = once.calls.slice(0, CALLS_RUN_MOST);
  const all = { ...loop, calls: [...calls, ...callsByNull(calls, loop.varying)] };
  const recorded = await keysOnce(session, all);
  let loopRan = await runLoop(session, recorded);
  let batchRan = await tryBatch(session, recorded, batch);
  const difference = typeof batchRan === 'string' ? batchRan : differenceOf(loopRan, batchRan, loop.isOrdered);
  if (typeof batchRan === 'string' || difference !== null) return { kind: 'differs', reason: difference ?? '' };
  const rows = [...loopRan.rows.values()].reduce((sum, each) => sum + each.length, 0);
  if (rows === 0) return { kind: 'not run', reason: NO_ROWS };
  for (let run = 1; run < RUNS; run++) {
    loopRan = shorter(loopRan, await runLoop(session, recorded));
    batchRan = shorter(batchRan, await runBatch(session, recorded, batch));
  }
  const [loopMs, batchMs] = [loopRan.durationMs, batchRan.durationMs];
  const ranOn = `target ${await serverVersion(session)}`;
  return { kind: 'equal', ranOn, calls: calls.length, rows, loopMs, batchMs };
}

/** Gives a loop with each key once, since that is what a batch is asked with. */
async function keysOnce(session: Session, loop: RecordedQueryLoop): Promise<KeyedLoop> {
  const written = await writtenKeys(session, loop);
  const once = new Map(loop.calls.map((values, place) => [written[place] ?? keyOf(loop, values), values]));
  return { ...loop, calls: [...once.values()], keys: [...once.keys()] };
}

/** The server writes `t` for `true`, and a time in its own way: so the keys of a batch come back. */
async function writtenKeys(session: Session, loop: RecordedQueryLoop): Promise<readonly string[]> {
  const { parameters, calls } = loop;
  if (parameters === undefined) return [];
  const numbered = parameters.map((each, place) => ({ ...each, number: place + 1 }));
  const keys = numbered.map(({ number }) => `key_${number}`).join(', ');
  const { rows } = await session.queryTexts(
    `SELECT ${keys} FROM ${unnestSql({ text: '', parameters: numbered }, { ordinality: true })} ORDER BY place`,
    parameters.map(({ number }) => formatArrayLiteral(calls.map((values) => values[number - 1] ?? null))),
  );
  return rows.map((row) => JSON.stringify(row));
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

async function runLoop(session: Session, { text, calls, keys }: KeyedLoop): Promise<Ran> {
  const startedMs = performance.now();
  const results: TextRows[] = [];
  for (const values of calls) results.push(await session.queryTexts(text, values));
  const durationMs = performance.now() - startedMs;
  const rows = keys.map((key, place) => {
    return [key, (results[place]?.rows ?? []).map((row) => JSON.stringify(row))] as const;
  });
  return { rows: new Map(rows.filter(([, each]) => each.length > 0)), durationMs };
}

/** Gives what a batch has given, or why the server refused it; that it took too long is no answer. */
async function tryBatch(session: Session, loop: KeyedLoop, batch: SelectBatch): Promise<Ran | string> {
  try {
    return await runBatch(session, loop, batch);
  } catch (error) {
    if (sqlStateOf(error) === QUERY_CANCELED) throw error;
    return `the batch is refused: ${refusalOf(error)}`;
  }
}

async function runBatch(session: Session, loop: KeyedLoop, { sql, keysBefore, keyColumn }: SelectBatch): Promise<Ran> {
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
