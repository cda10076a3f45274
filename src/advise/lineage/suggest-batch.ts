import { sqlStateOf } from '../../errors.js';
import type { Batch } from '../../model/linkage.js';
import { parameterTypes } from '../../planner/explainable.js';
import type { Session } from '../../postgres/session.js';
import { proveBatch, type RecordedLoop } from '../../proof/prove-batch.js';
import type { LoopText } from '../../sql/batch/loop-parameters.js';
import { selectBatches } from '../../sql/batch/select-batch.js';
import { writeBatch } from '../../sql/batch/write-batch.js';
import { bodyOf } from '../../sql/walk.js';
import type { LinkageDraft } from './linked-draft.js';
import type { Replayer } from './replay.js';

const STATEMENT_TIMEOUT_MS = 2000;
const UNTRIED = 'it writes, and nothing is written to the database that is advised on; try it on a copy first';

/** Gives the statement that does what a loop does: of a query the first that was seen to give the same rows. */
export async function suggestBatch(
  { parsed, occurrences }: LinkageDraft,
  { session, replayer }: { readonly session: Session; readonly replayer: Replayer },
): Promise<Batch | null> {
  const { loop, kind, tree, isByKey } = parsed;
  const isSafe = kind !== 'select' || replayer.isRepeatable(loop.text);
  const text = isByKey && isSafe ? await textOf(loop, session) : null;
  if (text === null) return null;
  if (kind !== 'select') {
    const batch = writeBatch(text, tree);
    return batch === null ? null : { ...batch, verdict: { kind: 'not run', reason: UNTRIED } };
  }
  const longest = occurrences.reduce((one, other) => (other.length > one.length ? other : one), []);
  const recorded: RecordedLoop = {
    ...{ text: loop.text, varying: loop.varying, calls: longest.map(({ values }) => values) },
    isOrdered: bodyOf(tree, 'SelectStmt')?.sortClause !== undefined,
  };
  return firstEqual(recorded, { session, text, tree });
}

async function firstEqual(
  recorded: RecordedLoop,
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

async function textOf({ text, varying }: LinkageDraft['parsed']['loop'], session: Session): Promise<LoopText | null> {
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
