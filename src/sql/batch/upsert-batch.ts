import type { InsertStmt, Node } from '@pgsql/types';
import { namesParameter } from '../parameters.js';
import { positionsOf } from '../positions.js';
import { quoteIdentifier } from '../quote.js';
import type { TextEdit } from '../text-edits.js';
import { scanTokens } from '../tokens.js';
import { bodyOf } from '../walk.js';
import type { NoBatch, WriteBatch } from './batch-or-reason.js';
import { type InsertedRow, insertedRow, insertSql } from './inserted-row.js';
import { isFixed, type LoopText, numberOf, wantedName } from './loop-parameters.js';
import { type InsertedColumn, type Merge, mergeOf, repeatedValues } from './merge-values.js';
import { mergedSql, typeOf } from './merged-sql.js';

/** How the calls of a loop name their keys. */
export interface Repeats {
  /** Two calls name the same row. */
  readonly repeats?: boolean;
  /** Parameters that some call gives NULL. */
  readonly nulls?: readonly number[];
}

const KEYS_ONCE =
  'Each key is to stand in the arrays once: one statement does not write a row twice, and is refused where it would.';
const MERGED = 'A key that comes several times is written once, and row triggers see it once.';
const ROUNDED = 'A sum of numeric values is rounded to the column’s scale once, and not once a call.';

interface Upsert {
  readonly loop: LoopText;
  readonly row: InsertedRow;
  readonly insert: InsertStmt;
  /** Null where the statement does not name its columns. */
  readonly columns: readonly InsertedColumn[] | null;
  /** Columns that ON CONFLICT sets, with what to. */
  readonly set: ReadonlyMap<string, Node>;
}

/**
 * Gives the batch of INSERT … ON CONFLICT DO UPDATE: of calls with one key the values are put together as ON CONFLICT
 * would, where that is known; else, where no key came twice, each call is one row.
 */
export function upsertBatch(
  loop: LoopText,
  insert: InsertStmt,
  { repeats, nulls = [] }: Repeats,
): WriteBatch | NoBatch {
  const row = insertedRow(loop);
  if (row === null) return { reason: 'it inserts no plain row of values' };
  const upsert = { loop, row, insert, columns: columnsOf(insert), set: setColumns(insert) };
  const merged = mergedBatch(upsert, nulls);
  if ('sql' in merged && (merged.isPlain || repeats === true)) return { sql: merged.sql, hazards: merged.hazards };
  if (repeats === true && 'reason' in merged)
    return { reason: `calls name one key several times, and ${merged.reason}` };
  const edits = outerEdits(upsert);
  if ('reason' in edits) return edits;
  return { sql: insertSql(loop, row, { select: row.values, edits: edits.edits }), hazards: [KEYS_ONCE] };
}

/** Gives the numbers of the parameters that the columns of ON CONFLICT get; none where one of those gets what is made of one. */
export function conflictNumbers(insert: InsertStmt): readonly number[] {
  const elements = insert.onConflictClause?.infer?.indexElems ?? [];
  const columns = columnsOf(insert) ?? [];
  const values = elements.map((element) => {
    const name = bodyOf(element, 'IndexElem')?.name;
    return columns.find((column) => column.name === name)?.value;
  });
  const isKnown = values.every((value) => value !== undefined && (numberOf(value) !== null || !namesParameter(value)));
  return isKnown ? values.flatMap((value) => numberOf(value) ?? []) : [];
}

/** Each key once; plain where its last call alone tells what it leaves. */
function mergedBatch(upsert: Upsert, nulls: readonly number[]): (WriteBatch & { readonly isPlain: boolean }) | NoBatch {
  const { loop, row, insert, columns, set } = upsert;
  const keys = conflictNumbers(insert).filter((key) => loop.parameters.some(({ number }) => number === key));
  const unknown = columns === null ? 'it does not name its columns' : whyUnknown(upsert, keys, nulls);
  if (columns === null || unknown !== null) return { reason: unknown ?? '' };
  const edits = outerEdits(upsert);
  if ('reason' in edits) return edits;
  const wanted = wantedName(loop.text);
  const names = keys.map((number) => `${wanted}.key_${number}`).join(', ');
  const merges = columns.map((column): Merge | 'key' | null => {
    const merge = mergeOf(column, set.get(column.name));
    return isKey(column, keys) && (merge === 'first' || merge === 'last') ? 'key' : merge;
  });
  if (columns.every(({ value }, place) => isLastAlone(merges[place] ?? null, isFixed(value, loop)))) {
    const form = { distinct: `DISTINCT ON (${names}) `, behind: ` ORDER BY ${names}, ${wanted}.place DESC` };
    const sql = insertSql(loop, row, { select: row.values, ordinality: true, ...form, ...edits });
    return { sql, hazards: [], isPlain: true };
  }
  const select: string[] = [];
  for (const [place, column] of columns.entries()) {
    const sql = row.values[place] ?? '';
    const merge = merges[place] ?? null;
    const merged = merge === 'key' ? sql : mergedSql(merge, { column, sql, loop, nulls });
    if (typeof merged !== 'string') return merged;
    select.push(merged);
  }
  const ordinality = select.some((sql) => sql.includes(`${wanted}.place`));
  const sql = insertSql(loop, row, { select, ordinality, behind: ` GROUP BY ${names}`, ...edits });
  const isRounded = columns.some((column, place) => merges[place] === 'sum' && typeOf(column, loop) === 'numeric');
  return { sql, hazards: isRounded ? [MERGED, ROUNDED] : [MERGED], isPlain: false };
}

function isKey({ value }: InsertedColumn, keys: readonly number[]): boolean {
  return keys.includes(numberOf(value) ?? 0);
}

/** What the last call of a key brings is what all of them leave. */
function isLastAlone(merge: Merge | 'key' | null, isSame: boolean): boolean {
  return merge === 'key' || merge === 'last' || (isSame && merge !== null && merge !== 'sum');
}

function whyUnknown(
  { insert, columns, set }: Upsert,
  keys: readonly number[],
  nulls: readonly number[],
): string | null {
  const { infer, whereClause } = insert.onConflictClause ?? {};
  if (keys.length === 0) return 'its ON CONFLICT names no column that gets a value of the call';
  if (keys.some((number) => nulls.includes(number))) return 'a key is NULL, which is in conflict with nothing';
  if (infer?.whereClause !== undefined) return 'its ON CONFLICT is about a part of the rows';
  if (whereClause !== undefined) return 'its DO UPDATE has a condition, which is for each call to meet';
  const only = [...set.keys()].find((name) => !(columns ?? []).some((column) => column.name === name));
  return only === undefined ? null : `it sets ${only}, which it does not insert`;
}

/**
 * Behind ON CONFLICT the rows of the arrays are out of sight: what a call gives is `excluded.column` there, and so is a
 * constant that adds up.
 */
function outerEdits({ loop, row, columns, set }: Upsert): { readonly edits: readonly TextEdit[] } | NoBatch {
  const tokens = scanTokens(loop.text).filter(({ start }) => start < row.start || start >= row.end);
  const positions = positionsOf(loop.text);
  const names = new Map<number, string>();
  for (const column of columns ?? []) {
    const value = set.get(column.name);
    if (value === undefined) continue;
    const isSum = mergeOf(column, value) === 'sum';
    for (const node of repeatedValues(value, column)) {
      const location = bodyOf(node, 'ParamRef')?.location ?? (isSum ? bodyOf(node, 'A_Const')?.location : undefined);
      if (location !== undefined) names.set(positions.fromBytes(location), column.name);
    }
  }
  const isOfCall = (text: string) => loop.parameters.some(({ number }) => text === `$${number}`);
  const edits: TextEdit[] = [];
  for (const { start, end, text } of tokens) {
    const given = isOfCall(text)
      ? columns?.find(({ value }) => `$${bodyOf(value, 'ParamRef')?.number}` === text)
      : undefined;
    const name = /^[$\d]/.test(text) ? (names.get(start) ?? given?.name) : undefined;
    if (name !== undefined) edits.push({ start, end, text: `excluded.${quoteIdentifier(name)}` });
    else if (isOfCall(text)) return { reason: `it names ${text} outside of the row that it inserts` };
  }
  return { edits };
}

/** Null where they are not named one by one. */
function columnsOf({ cols = [], selectStmt }: InsertStmt): readonly InsertedColumn[] | null {
  const row = bodyOf(bodyOf(selectStmt, 'SelectStmt')?.valuesLists?.[0], 'List')?.items ?? [];
  const columns = cols.flatMap((target, place) => {
    const [name, value] = [bodyOf(target, 'ResTarget')?.name, row[place]];
    return name === undefined || value === undefined ? [] : [{ name, value }];
  });
  return columns.length === 0 || columns.length !== row.length ? null : columns;
}

/** `SET a = …` and `SET (a, b) = (…, …)`. */
function setColumns({ onConflictClause }: InsertStmt): ReadonlyMap<string, Node> {
  return new Map(
    (onConflictClause?.targetList ?? []).flatMap((target) => {
      const { name, val } = bodyOf(target, 'ResTarget') ?? {};
      const { source, colno = 1 } = bodyOf(val, 'MultiAssignRef') ?? {};
      const value = bodyOf(source, 'RowExpr')?.args?.[colno - 1] ?? val;
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
