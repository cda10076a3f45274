import type { Node } from '@pgsql/types';
import { applyEdits } from '../text-edits.js';
import { scanTokens } from '../tokens.js';
import { bodyOf, visit } from '../walk.js';
import { keyConjunct } from './key-conjunct.js';
import { type LoopText, topTokens, topWord, unnestSql, wantedEdits, wantedName } from './loop-parameters.js';

/** One write in place of a loop's, with what is different in it. */
export interface WriteBatch {
  readonly sql: string;
  readonly hazards: readonly string[];
}

const AT_ONCE = 'One statement fails or succeeds as a whole, and statement triggers fire once in place of once a row.';
const KEYS_ONCE = 'Each key is to stand in the arrays once: two changes of one row do not add up in one statement.';

/**
 * Gives the batch of an UPDATE, DELETE or INSERT of one row; null where none is known to do the same. Where the loop has
 * changed one row twice (`repeats`), of several changes of a key the last is kept.
 */
export function writeBatch(
  loop: LoopText,
  tree: Node,
  { repeats = false }: { readonly repeats?: boolean } = {},
): WriteBatch | null {
  const update = bodyOf(tree, 'UpdateStmt');
  if (update !== null) {
    const keys = repeats && !readsOwnRow(update.targetList) ? keyNumbers(tree) : [];
    return changeBatch(loop, tree, { where: update.whereClause, word: 'from', keys });
  }
  const remove = bodyOf(tree, 'DeleteStmt');
  if (remove !== null) return changeBatch(loop, tree, { where: remove.whereClause, word: 'using', keys: [] });
  const insert = bodyOf(tree, 'InsertStmt');
  const conflict = insert?.onConflictClause;
  if (insert === null) return null;
  if (conflict === undefined) return insertBatch(loop, null);
  if (conflict.action === 'ONCONFLICT_NOTHING') return insertBatch(loop, null);
  const keys = conflictColumns(tree, loop);
  if (keys === null) return null;
  const set = [...(conflict.targetList ?? []), ...(conflict.whereClause === undefined ? [] : [conflict.whereClause])];
  if (!readsRow(set)) return insertBatch(loop, keys);
  // What starts from the row that is there needs each call; where no key came twice, one statement makes all of them.
  const once = repeats || namesParameter(set, loop) ? null : insertBatch(loop, null);
  return once === null ? null : { ...once, hazards: [...once.hazards, KEYS_ONCE] };
}

/** Gives the numbers of the parameters that a change finds its rows by, or an upsert. */
export function keyNumbers(tree: Node): readonly number[] {
  const numbers = new Set(conflictNumbers(tree));
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
): WriteBatch | null {
  const conjunct = keyConjunct(loop, tree, where);
  if (conjunct !== null) return { sql: applyEdits(loop.text, [conjunct.edit]), hazards: [AT_ONCE, KEYS_ONCE] };
  const tokens = topTokens(loop.text).map((token) => ({ ...token, word: token.text.toLowerCase() }));
  const start = tokens.find((token) => token.word === 'where');
  // The FROM of DELETE FROM names its target.
  const joined = tokens.find((token) => token.word === word && start !== undefined && token.start < start.start);
  if (start === undefined) return null;
  const rows = lastRows(loop, keys);
  const join =
    joined === undefined
      ? { start: start.start, end: start.start, text: `${word.toUpperCase()} ${rows} ` }
      : { start: joined.end, end: joined.end, text: ` ${rows},` };
  const hazards = keys.length > 0 ? [AT_ONCE] : [AT_ONCE, KEYS_ONCE];
  return { sql: applyEdits(loop.text, [...wantedEdits(loop), join]), hazards };
}

/** The rows of the arrays, of those with equal keys the last alone. */
function lastRows(loop: LoopText, keys: readonly number[]): string {
  const changing = keys.filter((key) => loop.parameters.some(({ number }) => number === key));
  if (changing.length === 0) return unnestSql(loop, { ordinality: false });
  const names = changing.map((key) => `key_${key}`).join(', ');
  const rows = unnestSql(loop, { ordinality: true });
  return `(SELECT DISTINCT ON (${names}) * FROM ${rows} ORDER BY ${names}, place DESC) AS ${wantedName(loop.text)}`;
}

/** VALUES of one row becomes a query of the arrays; of rows with one key the last is kept, as the loop keeps it. */
function insertBatch(loop: LoopText, keys: readonly string[] | null): WriteBatch | null {
  const values = topWord(loop.text, 'values');
  if (values === null) return null;
  const [open, close] = topTokens(loop.text).filter(({ start, text }) => start > values.start && /^[()]$/.test(text));
  if (open === undefined || close === undefined) return null;
  const inside = scanTokens(loop.text.slice(open.end, close.start));
  if (inside.some(({ text }) => text.toLowerCase() === 'default')) return null;
  const rows = unnestSql(loop, { ordinality: keys !== null });
  const distinct = keys === null ? '' : `DISTINCT ON (${keys.join(', ')}) `;
  const order = keys === null ? '' : ` ORDER BY ${keys.join(', ')}, ${wantedName(loop.text)}.place DESC`;
  const edits = [
    { start: values.start, end: open.end, text: `SELECT ${distinct}` },
    ...wantedEdits(loop),
    { start: close.start, end: close.end, text: ` FROM ${rows}${order}` },
  ];
  return { sql: applyEdits(loop.text, edits), hazards: [`${AT_ONCE} One row that is refused refuses all.`] };
}

/** What the arrays' rows give for the columns of ON CONFLICT; null where they are no plain columns of theirs. */
function conflictColumns(tree: Node, { text, parameters }: LoopText): readonly string[] | null {
  const numbers = conflictNumbers(tree);
  // A key that is the same in all rows tells none apart.
  const changing = numbers.filter((number) => parameters.some((each) => each.number === number));
  return changing.length === 0 ? null : changing.map((number) => `${wantedName(text)}.key_${number}`);
}

/** Parameters that the columns of ON CONFLICT get; none where one of those gets something else. */
function conflictNumbers(tree: Node): readonly number[] {
  const insert = bodyOf(tree, 'InsertStmt');
  const elements = insert?.onConflictClause?.infer?.indexElems ?? [];
  const row = bodyOf(bodyOf(insert?.selectStmt, 'SelectStmt')?.valuesLists?.[0], 'List')?.items ?? [];
  const names = (insert?.cols ?? []).map((node) => bodyOf(node, 'ResTarget')?.name);
  const numbers = elements.flatMap((element) => {
    const name = bodyOf(element, 'IndexElem')?.name;
    const node = row[name === undefined ? -1 : names.indexOf(name)];
    return bodyOf(bodyOf(node, 'TypeCast')?.arg ?? node, 'ParamRef')?.number ?? [];
  });
  return numbers.length < elements.length ? [] : numbers;
}

/** What an UPDATE sets depends on a column: a second change of a row starts from the first. */
function readsOwnRow(targets: readonly Node[] | undefined): boolean {
  let found = false;
  visit(targets, (kind) => {
    found ||= kind === 'ColumnRef';
    return !found;
  });
  return found;
}

/** What is set depends on the row that is there, or on a value of the call: then the last call alone does not tell. */
function readsRow(set: readonly Node[]): boolean {
  let found = false;
  visit(set, (kind, body) => {
    const first = kind === 'ColumnRef' ? bodyOf((body['fields'] as readonly Node[])[0], 'String')?.sval : 'excluded';
    found ||= kind === 'ParamRef' || first !== 'excluded';
    return !found;
  });
  return found;
}

/** Behind ON CONFLICT the rows of the arrays are out of sight. */
function namesParameter(set: readonly Node[], { parameters }: LoopText): boolean {
  let found = false;
  visit(set, (kind, body) => {
    found ||= kind === 'ParamRef' && parameters.some(({ number }) => number === body['number']);
    return !found;
  });
  return found;
}
