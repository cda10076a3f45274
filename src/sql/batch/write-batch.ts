import type { Node } from '@pgsql/types';
import { applyEdits } from '../text-edits.js';
import { bodyOf, visit } from '../walk.js';
import type { NoBatch, WriteBatch } from './batch-or-reason.js';
import { insertedRow, insertSql } from './inserted-row.js';
import { keyConjunct } from './key-conjunct.js';
import { isArray, type LoopText, topTokens, topWord, unnestSql, wantedEdits, wantedName } from './loop-parameters.js';
import { dependsOnCallsBefore } from './own-effects.js';
import { conflictNumbers, type Repeats, upsertBatch } from './upsert-batch.js';

const AT_ONCE = 'One statement fails or succeeds as a whole, and statement triggers fire once in place of once a row.';
const KEYS_ONCE = 'Each key is to stand in the arrays once: two changes of one row do not add up in one statement.';
const RETURNS =
  'RETURNING gives the rows of all calls at once, in no order that is promised: let it give the key as well.';

/**
 * Gives the batch of an UPDATE, DELETE or INSERT of one row; a reason where none is known to do the same. Where the loop
 * has changed one row twice, of several changes of a key the last is kept, or what ON CONFLICT makes of all of them.
 */
export function writeBatch(loop: LoopText, tree: Node, called: Repeats = {}): WriteBatch | NoBatch {
  const reason = dependsOnCallsBefore(loop, tree, called.repeats === true);
  if (reason !== null) return reason;
  const batch = batchOf(loop, tree, called);
  if ('reason' in batch) return batch;
  return { ...batch, hazards: [...batch.hazards, ...formHazards(loop)] };
}

function batchOf(loop: LoopText, tree: Node, called: Repeats): WriteBatch | NoBatch {
  const update = bodyOf(tree, 'UpdateStmt');
  if (update !== null) {
    const keys = called.repeats === true ? keyNumbers(tree) : [];
    return changeBatch(loop, tree, { where: update.whereClause, word: 'from', keys });
  }
  const remove = bodyOf(tree, 'DeleteStmt');
  if (remove !== null) return changeBatch(loop, tree, { where: remove.whereClause, word: 'using', keys: [] });
  const insert = bodyOf(tree, 'InsertStmt');
  if (insert === null) return { reason: 'it is no write of rows' };
  const batch =
    insert.onConflictClause?.action === 'ONCONFLICT_UPDATE' ? upsertBatch(loop, insert, called) : insertBatch(loop);
  return 'reason' in batch
    ? batch
    : { ...batch, hazards: [`${AT_ONCE} One row that is refused refuses all.`, ...batch.hazards] };
}

/** What is different in how it is called, and in what it gives back. */
function formHazards({ text, parameters }: LoopText): readonly string[] {
  const arrays = parameters.filter(isArray).map(({ number }) => `$${number}`);
  const asTexts = `${arrays.join(', ')}: an array of texts, each of which is an array as PostgreSQL writes it, such as {1,2}.`;
  return [...(arrays.length === 0 ? [] : [asTexts]), ...(topWord(text, 'returning') === null ? [] : [RETURNS])];
}

/** Gives the numbers of the parameters that a change finds its rows by, or an upsert. */
export function keyNumbers(tree: Node): readonly number[] {
  const insert = bodyOf(tree, 'InsertStmt');
  const numbers = new Set(insert === null ? [] : conflictNumbers(insert));
  visit((bodyOf(tree, 'UpdateStmt') ?? bodyOf(tree, 'DeleteStmt'))?.whereClause, (kind, body) => {
    if (kind === 'ParamRef') numbers.add(Number(body['number']));
  });
  return [...numbers];
}

/** `= ANY` for a key alone; else the rows of the arrays are joined. */
function changeBatch(
  loop: LoopText,
  tree: Node,
  {
    where,
    word,
    keys,
  }: { readonly where: Node | undefined; readonly word: 'from' | 'using'; readonly keys: readonly number[] },
): WriteBatch | NoBatch {
  const conjunct = keyConjunct(loop, tree, where);
  // What is deleted twice is gone as well.
  const hazards = keys.length > 0 || word === 'using' ? [AT_ONCE] : [AT_ONCE, KEYS_ONCE];
  if (conjunct !== null) return { sql: applyEdits(loop.text, [conjunct.edit]), hazards };
  const tokens = topTokens(loop.text).map((token) => ({ ...token, word: token.text.toLowerCase() }));
  const start = tokens.find((token) => token.word === 'where');
  // The FROM of DELETE FROM names its target.
  const joined = tokens.find((token) => token.word === word && start !== undefined && token.start < start.start);
  if (start === undefined) return { reason: 'it has no WHERE' };
  const rows = lastRows(loop, keys);
  const join =
    joined === undefined
      ? { start: start.start, end: start.start, text: `${word.toUpperCase()} ${rows} ` }
      : { start: joined.end, end: joined.end, text: ` ${rows},` };
  return { sql: applyEdits(loop.text, [...wantedEdits(loop), join]), hazards, keepsLast: keys.length > 0 };
}

/** The rows of the arrays, of those with equal keys the last alone. */
function lastRows(loop: LoopText, keys: readonly number[]): string {
  const changing = keys.filter((key) => loop.parameters.some(({ number }) => number === key));
  if (changing.length === 0) return unnestSql(loop, { ordinality: false });
  const names = changing.map((key) => `key_${key}`).join(', ');
  const rows = unnestSql(loop, { ordinality: true });
  return `(SELECT DISTINCT ON (${names}) * FROM ${rows} ORDER BY ${names}, place DESC) AS ${wantedName(loop.text)}`;
}

/** VALUES of one row becomes a query of the arrays. */
function insertBatch(loop: LoopText): WriteBatch | NoBatch {
  const row = insertedRow(loop);
  if (row === null) return { reason: 'it inserts no plain row of values' };
  const outside = wantedEdits(loop).some(({ start }) => start < row.start || start >= row.end);
  if (outside) return { reason: 'it names a value of the call outside of the row that it inserts' };
  return { sql: insertSql(loop, row, { select: row.values }), hazards: [] };
}
