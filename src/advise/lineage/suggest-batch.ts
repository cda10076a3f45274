import type { Batch, Linkage } from '../../model/linkage.js';
import type { ValueForm } from '../../model/trace.js';
import { parameterTypes } from '../../planner/explainable.js';
import type { Session } from '../../postgres/session.js';
import { proveBatch, type RecordedQueryLoop } from '../../proof/prove-batch.js';
import { proveWriteBatch } from '../../proof/prove-write-batch.js';
import { type RecordedLoop, refusalOf } from '../../proof/recorded-loop.js';
import type { NoBatch, WriteBatch } from '../../sql/batch/batch-or-reason.js';
import type { LoopText } from '../../sql/batch/loop-parameters.js';
import { selectBatches } from '../../sql/batch/select-batch.js';
import type { Repeats } from '../../sql/batch/upsert-batch.js';
import { keyNumbers, writeBatch } from '../../sql/batch/write-batch.js';
import { bodyOf } from '../../sql/walk.js';
import type { LinkageDraft } from './linked-draft.js';
import type { Replayer } from './replay.js';
import { sampleCalls } from './sample-calls.js';
import { tableHazards } from './table-hazards.js';

const STATEMENT_TIMEOUT_MS = 2000;
const HIDDEN: Readonly<Record<Exclude<ValueForm, 'plain'>, string>> = {
  'stand-in':
    'the values of its calls were recorded as stand-ins; a recording with --values plain lets it be tried on them',
  absent: 'the trace does not hold the values of its calls',
};
const UNTRIED =
  'it writes, and nothing is written to the database that is advised on; with --scratch-url and a copy that has its rows, both are run there and rolled back';
const UNREPEATABLE = 'it locks rows or calls a volatile function';

/** A batch, or why there is none. */
type Suggestion = Pick<Linkage, 'batch' | 'noBatch'>;

export interface BatchContext {
  /** On the database that is advised on. */
  readonly session: Session;
  readonly replayer: Replayer;
  /** On a copy of it with rows, where writes may be tried; null for none. */
  readonly scratch: Session | null;
}

/**
 * Gives the statement that does what a loop does: of a query the first that was seen to give the same rows, of a write
 * the one that was seen to leave the same on the copy, where there is one. Where none is known, says why.
 */
export async function suggestBatch(
  { parsed, occurrences }: LinkageDraft,
  { session, replayer, scratch }: BatchContext,
): Promise<Suggestion> {
  const { loop, kind, tree, isByKey } = parsed;
  const { varying } = loop;
  if (!isByKey) return { batch: null };
  if (kind === 'select' && !replayer.isRepeatable(parsed.text)) return without(UNREPEATABLE);
  const text = await textOf({ text: parsed.text, varying }, session);
  if ('reason' in text) return without(text.reason);
  const longest = occurrences.reduce((one, other) => (other.length > one.length ? other : one), []);
  const { parameters } = text;
  const recorded = { text: parsed.text, varying, parameters, calls: longest.map(({ values }) => values) };
  if (kind !== 'select') return suggestWrite(recorded, text, { parsed, session, scratch });
  const isOrdered = bodyOf(tree, 'SelectStmt')?.sortClause !== undefined;
  const { valueForm = 'plain' } = loop;
  if (valueForm === 'plain') return { batch: await firstEqual({ ...recorded, isOrdered }, { session, text, tree }) };
  const calls = await sampleCalls(parsed, session);
  if (calls === null) return { batch: untried(text, tree, HIDDEN[valueForm]) };
  const tried = await firstEqual({ ...recorded, calls, isOrdered }, { session, text, tree });
  return { batch: tried === null ? null : { ...tried, keys: 'sampled' } };
}

function without(reason: string): Suggestion {
  return { batch: null, noBatch: reason };
}

function untried(text: LoopText, tree: LinkageDraft['parsed']['tree'], reason: string): Batch | null {
  const [batch] = selectBatches(text, tree);
  return batch === undefined ? null : { sql: batch.sql, hazards: [], verdict: { kind: 'not run', reason } };
}

async function suggestWrite(
  recorded: RecordedLoop,
  text: LoopText,
  { parsed, session, scratch }: { readonly parsed: LinkageDraft['parsed'] } & Pick<BatchContext, 'session' | 'scratch'>,
): Promise<Suggestion> {
  const { valueForm = 'plain' } = parsed.loop;
  const made = writeBatch(
    text,
    parsed.tree,
    valueForm === 'absent' ? {} : repeatsOf(recorded, keyNumbers(parsed.tree)),
  );
  if ('reason' in made) return without(made.reason);
  const known = await textOf({ text: made.sql, varying: [] }, session);
  if ('reason' in known) return without(known.reason);
  const batch = { sql: made.sql, hazards: [...made.hazards, ...(await tableHazards(session, parsed))] };
  const { hazards, verdict } = await tryWrites(batch, recorded, { parsed, scratch });
  return { batch: { sql: batch.sql, hazards: [...new Set(hazards)], verdict } };
}

/** Tells whether two calls find their rows by the same values, and which values are NULL; NULL finds nothing twice. */
function repeatsOf({ calls }: RecordedLoop, keys: readonly number[]): Repeats {
  const found = calls
    .map((values) => keys.map((number) => values[number - 1] ?? null))
    .filter((values) => !values.includes(null))
    .map((values) => JSON.stringify(values));
  const nulls = (calls[0] ?? []).flatMap((_, index) =>
    calls.some((values) => values[index] === null) ? [index + 1] : [],
  );
  return { repeats: new Set(found).size < found.length, nulls };
}

async function tryWrites(
  batch: WriteBatch,
  recorded: RecordedLoop,
  { parsed, scratch }: { readonly parsed: LinkageDraft['parsed'] } & Pick<BatchContext, 'scratch'>,
): Promise<Pick<Batch, 'hazards' | 'verdict'>> {
  const notRun = (reason: string) => ({ hazards: batch.hazards, verdict: { kind: 'not run' as const, reason } });
  if (scratch === null) return notRun(UNTRIED);
  const { valueForm = 'plain' } = parsed.loop;
  if (valueForm !== 'plain') return notRun(HIDDEN[valueForm]);
  const [write] = parsed.analysis.writes;
  if (write === undefined) return notRun('what it writes to is no table');
  const { tree } = parsed;
  return proveWriteBatch(
    scratch,
    { ...recorded, tree, relation: write.table },
    { batch, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
  );
}

async function firstEqual(
  recorded: RecordedQueryLoop,
  {
    session,
    text,
    tree,
  }: { readonly session: Session; readonly text: LoopText; readonly tree: LinkageDraft['parsed']['tree'] },
): Promise<Batch | null> {
  let withheld: Batch | null = null;
  for (const batch of selectBatches(text, tree)) {
    const verdict = await proveBatch(session, recorded, { batch, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    const tried = { sql: batch.sql, hazards: [], verdict };
    if (verdict.kind === 'equal') return tried;
    withheld ??= tried;
  }
  return withheld;
}

/** Gives a statement with the types that the server finds for its parameters, or why it refuses the statement. */
async function textOf(
  { text, varying }: Pick<RecordedLoop, 'text' | 'varying'>,
  session: Session,
): Promise<LoopText | NoBatch> {
  // In a transaction, so that a pooler gives both of its statements to one server process.
  await session.query('BEGIN READ ONLY');
  try {
    const types = await parameterTypes(session, text);
    const all = types.map((type, index) => ({ number: index + 1, type }));
    const parameters = varying.map((number) => all[number - 1] ?? { number, type: 'text' });
    return { text, parameters, fixed: all.filter(({ number }) => !varying.includes(number)) };
  } catch (error) {
    return { reason: `the server says: ${refusalOf(error)}` };
  } finally {
    await session.query('ROLLBACK');
  }
}
