import type { Node, SelectStmt } from '@pgsql/types';
import { quoteIdentifier } from '../quote.js';
import { applyEdits } from '../text-edits.js';
import { bodyOf, visit } from '../walk.js';
import { fieldNames, type KeyConjunct, keyConjunct } from './key-conjunct.js';
import { type LoopText, topWord, unnestSql, wantedEdits, wantedName } from './loop-parameters.js';

/** One query in place of a loop's, with its changing parameters as arrays of equal length. */
export interface SelectBatch {
  readonly sql: string;
  /** Columns of its result that tell the key a row is for: so many stand before the loop's own. */
  readonly keysBefore: number;
  /** Where no column stands before: the name of the one that tells the key. */
  readonly keyColumn: string | null;
}

/** Gives the batches of a query, the plainest first; all but the last suit some queries alone. */
export function selectBatches(loop: LoopText, tree: Node): readonly SelectBatch[] {
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || select.lockingClause !== undefined) return [];
  const conjunct = keyConjunct(loop, tree, select.whereClause);
  const plain = conjunct === null ? null : anyBatch(loop, select, conjunct);
  const grouped = conjunct === null ? null : groupBatch(loop, select, conjunct);
  return [...(plain === null ? [] : [plain]), ...(grouped === null ? [] : [grouped]), lateralBatch(loop, select)];
}

/** `= $1` becomes `= ANY ($1)`, and the key is read with the rows. */
function anyBatch({ text }: LoopText, select: SelectStmt, conjunct: KeyConjunct): SelectBatch | null {
  const { columnSql, column, edit } = conjunct;
  if (!isPlain(select) || callsAggregate(select)) return null;
  if (readsColumn(select, conjunct)) return { sql: applyEdits(text, [edit]), keysBefore: 0, keyColumn: column };
  const word = topWord(text, 'select');
  // What stands before would move the columns that ORDER BY counts.
  if (word === null || ordersByPlace(select)) return null;
  const key = { start: word.end, end: word.end, text: ` ${columnSql},` };
  return { sql: applyEdits(text, [key, edit]), keysBefore: 1, keyColumn: null };
}

/** One aggregate of all rows becomes one a key; a key without rows gets what the loop got. */
function groupBatch(loop: LoopText, select: SelectStmt, { columnSql, edit }: KeyConjunct): SelectBatch | null {
  const [target, second] = select.targetList ?? [];
  const call = bodyOf(bodyOf(target, 'ResTarget')?.val, 'FuncCall');
  const name = bodyOf(call?.funcname?.at(-1), 'String')?.sval ?? '';
  if (!isPlain(select) || select.sortClause !== undefined || second !== undefined || !AGGREGATES.has(name)) return null;
  const [word, from] = [topWord(loop.text, 'select'), topWord(loop.text, 'from')];
  const [parameter] = loop.parameters;
  if (call === null || call.over !== undefined || word === null || from === null || parameter === undefined)
    return null;
  const title = quoteIdentifier(bodyOf(target, 'ResTarget')?.name ?? name);
  const [key, wanted] = [`key_${parameter.number}`, wantedName(loop.text)];
  const expression = loop.text
    .slice(word.end, from.start)
    .trim()
    .replace(/\s+as\s+\S+$/i, '');
  const head = { start: word.end, end: from.start, text: ` ${columnSql} AS ${key}, ${expression} AS value ` };
  const value = name === 'count' ? 'coalesce(found.value, 0)' : 'found.value';
  return {
    sql:
      `SELECT ${wanted}.${key}, ${value} AS ${title}\n  FROM ${unnestSql(loop, { ordinality: false })}\n` +
      `  LEFT JOIN (${applyEdits(loop.text, [head, edit])} GROUP BY ${columnSql}) AS found ON found.${key} = ${wanted}.${key}`,
    keysBefore: 1,
    keyColumn: null,
  };
}

/** The loop itself, on the server. */
function lateralBatch(loop: LoopText, { sortClause }: SelectStmt): SelectBatch {
  const wanted = wantedName(loop.text);
  const keys = loop.parameters.map(({ number }) => `${wanted}.key_${number}`).join(', ');
  const inner = applyEdits(loop.text, wantedEdits(loop));
  const numbered =
    sortClause === undefined ? inner : `SELECT ordered.*, row_number() OVER () AS row_place FROM (${inner}) AS ordered`;
  const order = sortClause === undefined ? `${wanted}.place` : `${wanted}.place, found.row_place`;
  return {
    sql:
      `SELECT ${keys}, found.*\n  FROM ${unnestSql(loop, { ordinality: true })}\n` +
      ` CROSS JOIN LATERAL (${numbered}) AS found\n ORDER BY ${order}`,
    keysBefore: loop.parameters.length,
    keyColumn: null,
  };
}

const AGGREGATES: ReadonlySet<string> = new Set(['count', 'sum', 'min', 'max', 'avg', 'bool_or', 'bool_and']);

/** No part of it sees the rows of one key together but ORDER BY, which holds for those of a key too. */
function isPlain(select: SelectStmt): boolean {
  const { groupClause, havingClause, distinctClause, limitCount, limitOffset, windowClause, valuesLists, withClause } =
    select;
  const parts = [
    groupClause,
    havingClause,
    distinctClause,
    limitCount,
    limitOffset,
    windowClause,
    valuesLists,
    withClause,
  ];
  return parts.every((part) => part === undefined) && (select.op ?? 'SETOP_NONE') === 'SETOP_NONE';
}

function callsAggregate({ targetList }: SelectStmt): boolean {
  let found = false;
  visit(targetList, (kind, body) => {
    const name = kind === 'FuncCall' ? bodyOf((body['funcname'] as readonly Node[]).at(-1), 'String')?.sval : undefined;
    found ||= name !== undefined && (AGGREGATES.has(name) || /_agg$/.test(name) || body['over'] !== undefined);
    return !found && kind !== 'SubLink';
  });
  return found;
}

/** The key stands in the result once, under its own name. */
function readsColumn(
  { targetList = [], fromClause = [] }: SelectStmt,
  { column, qualifier }: Pick<KeyConjunct, 'column' | 'qualifier'>,
): boolean {
  const bearers = targetList.filter((target) => {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    const fields = bodyOf(val, 'ColumnRef')?.fields;
    return isStar(fields) || (name ?? fieldNames(fields).at(-1)) === column;
  });
  const [bearer, second] = bearers;
  const fields = bodyOf(bodyOf(bearer, 'ResTarget')?.val, 'ColumnRef')?.fields;
  if (fields === undefined || second !== undefined) return false;
  const names = fieldNames(fields);
  const own = isStar(fields) ? names : names.slice(0, -1);
  const isOneTable = fromClause.length === 1 && bodyOf(fromClause[0], 'RangeVar') !== null;
  // Of several tables with a column of that name, it is the one that is compared.
  const isOfTable = isOneTable || (own.length === qualifier.length && own.every((name, at) => name === qualifier[at]));
  return isOfTable && (isStar(fields) || names.at(-1) === column);
}

function isStar(fields: readonly Node[] | undefined): boolean {
  const last = fields?.at(-1);
  return last !== undefined && 'A_Star' in last;
}

function ordersByPlace({ sortClause = [] }: SelectStmt): boolean {
  return sortClause.some((sort) => bodyOf(bodyOf(sort, 'SortBy')?.node, 'A_Const')?.ival !== undefined);
}
