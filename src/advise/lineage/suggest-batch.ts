import { sqlStateOf } from '../../errors.js';
import type { Batch } from '../../model/linkage.js';
import type { ValueForm } from '../../model/trace.js';
import { parameterTypes } from '../../planner/explainable.js';
import type { Session } from '../../postgres/session.js';
import { proveBatch, type RecordedQueryLoop } from '../../proof/prove-batch.js';
import { proveWriteBatch } from '../../proof/prove-write-batch.js';
import type { RecordedLoop } from '../../proof/recorded-loop.js';
import type { LoopText } from '../../sql/batch/loop-parameters.js';
import { selectBatches } from '../../sql/batch/select-batch.js';
import { keyNumbers, type WriteBatch, writeBatch } from '../../sql/batch/write-batch.js';
import { bodyOf } from '../../sql/walk.js';
import type { LinkageDraft } from './linked-draft.js';
import type { Replayer } from './replay.js';
import { sampleCalls } from './sample-calls.js';

const STATEMENT_TIMEOUT_MS = 2000;
const HIDDEN: Readonly<Record<Exclude<ValueForm, 'plain'>, string>> = {
  'stand-in':
    'the values of its calls were recorded as stand-ins; a recording with --values plain lets it be tried on them',
  absent: 'the trace does not hold the values of its calls',
};
const UNTRIED =
  'it writes, and nothing is written to the database that is advised on; with --scratch-url and a copy that has its rows, both are run there and rolled back';

export interface BatchContext {
  /** On the database that is advised on. */
  readonly session: Session;
  readonly replayer: Replayer;
  /** On a copy of it with rows, where writes may be tried; null for none. */
  readonly scratch: Session | null;
}

/**
 * Gives the statement that does what a loop does: of a query the first that was seen to give the same rows, of a write
 * the one that was seen to leave the same on the copy, where there is one.
 */
export async function suggestBatch(
  { parsed, occurrences }: LinkageDraft,
  { session, replayer, scratch }: BatchContext,
): Promise<Batch | null> {
  const { loop, kind, tree, isByKey } = parsed;
  const { varying } = loop;
  const isSafe = kind !== 'select' || replayer.isRepeatable(parsed.text);
  const text = isByKey && isSafe ? await textOf({ text: parsed.text, varying }, session) : null;
  if (text === null) return null;
  const longest = occurrences.reduce((one, other) => (other.length > one.length ? other : one), []);
  const recorded = { text: parsed.text, varying, calls: longest.map(({ values }) => values) };
  if (kind !== 'select') {
    const batch = writeBatch(text, tree, { repeats: repeatsKey(recorded, keyNumbers(tree)) });
    return batch === null ? null : { sql: batch.sql, ...(await tryWrites(batch, recorded, { parsed, scratch })) };
  }
  const isOrdered = bodyOf(tree, 'SelectStmt')?.sortClause !== undefined;
  const { valueForm = 'plain' } = loop;
  if (valueForm === 'plain') return firstEqual({ ...recorded, isOrdered }, { session, text, tree });
  const calls = await sampleCalls(parsed, session);
  if (calls === null) return untried(text, tree, HIDDEN[valueForm]);
  const tried = await firstEqual({ ...recorded, calls, isOrdered }, { session, text, tree });
  return tried === null ? null : { ...tried, keys: 'sampled' };
}

function untried(text: LoopText, tree: LinkageDraft['parsed']['tree'], reason: string): Batch | null {
  const [batch] = selectBatches(text, tree);
  return batch === undefined ? null : { sql: batch.sql, hazards: [], verdict: { kind: 'not run', reason } };
}

/** Tells whether two calls find their rows by the same values. */
function repeatsKey({ calls }: RecordedLoop, keys: readonly number[]): boolean {
  const found = calls.map((values) => JSON.stringify(keys.map((number) => values[number - 1])));
  return new Set(found).size < found.length;
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

async function textOf(
  { text, varying }: Pick<RecordedLoop, 'text' | 'varying'>,
  session: Session,
): Promise<LoopText | null> {
  // In a transaction, so that a pooler gives both of its statements to one server process.
  await session.query('BEGIN READ ONLY');
  try {
    const types = await parameterTypes(session, text);
    const parameters = varying.map((number) => ({ number, type: types[number - 1] ?? 'text' }));
    return { text, parameters };
  } catch (error) {
    if (sqlStateOf(error) === null) throw error;
    return null;
  } finally {
    await session.query('ROLLBACK');
  }
}
