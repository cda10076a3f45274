import { applyEdits, type TextEdit } from '../text-edits.js';
import { scanTokens } from '../tokens.js';
import { type LoopText, topTokens, topWord, unnestSql, wantedEdits } from './loop-parameters.js';

/** The one row of VALUES. */
export interface InsertedRow {
  /** Where VALUES begins and its bracket ends. */
  readonly start: number;
  readonly end: number;
  /** Each value, with the arrays' columns in place of what changes, without comments. */
  readonly values: readonly string[];
}

/** Gives the one row that an INSERT names; null where it names none, or the default of a column. */
export function insertedRow(loop: LoopText): InsertedRow | null {
  const { text } = loop;
  const word = topWord(text, 'values');
  if (word === null) return null;
  const [open, close] = topTokens(text).filter((token) => token.start > word.start && /^[()]$/.test(token.text));
  if (open === undefined || close === undefined) return null;
  const tokens = scanTokens(text.slice(open.end, close.start));
  if (tokens.some((token) => token.text.toLowerCase() === 'default')) return null;
  const comments = tokens.filter(({ kind }) => kind === 'comment');
  const edits = [
    ...wantedEdits(loop),
    ...comments.map(({ start, end }) => ({ start: open.end + start, end: open.end + end, text: ' ' })),
  ];
  const commas = topTokens(text.slice(open.end, close.start)).filter((token) => token.text === ',');
  const bounds = [open.end, ...commas.flatMap(({ start, end }) => [open.end + start, open.end + end]), close.start];
  const values = bounds.flatMap((from, place) =>
    place % 2 === 0 ? [pieceOf(text, { from, to: bounds[place + 1] ?? from, edits })] : [],
  );
  return { start: word.start, end: close.end, values };
}

function pieceOf(
  text: string,
  { from, to, edits }: { readonly from: number; readonly to: number; readonly edits: readonly TextEdit[] },
): string {
  const inside = edits.filter(({ start, end }) => start >= from && end <= to);
  const moved = inside.map(({ start, end, text: by }) => ({ start: start - from, end: end - from, text: by }));
  return applyEdits(text.slice(from, to), moved).trim();
}

/** Writes an INSERT of one row as one of the arrays' rows. */
export function insertSql(
  loop: LoopText,
  row: InsertedRow,
  form: {
    readonly select: readonly string[];
    /** `DISTINCT ON (…) `. */
    readonly distinct?: string;
    /** The place of each row in the arrays is asked for. */
    readonly ordinality?: boolean;
    /** ` ORDER BY …`, ` GROUP BY …`. */
    readonly behind?: string;
    /** Of what stands outside of VALUES. */
    readonly edits?: readonly TextEdit[];
  },
): string {
  const { select, distinct = '', ordinality = false, behind = '', edits = [] } = form;
  const text = `SELECT ${distinct}${select.join(', ')} FROM ${unnestSql(loop, { ordinality })}${behind}`;
  return applyEdits(loop.text, [{ start: row.start, end: row.end, text }, ...edits]);
}
