import type { Node } from '@pgsql/types';
import { asParseFailure, ParseFailure } from './parse-failure.js';
import { parseSync, SqlError } from './parser.js';
import { type Place, type Positions, positionsOf } from './positions.js';
import { scanTokens } from './tokens.js';

/** One statement of a text, with where it stands. */
export interface ParsedStatement {
  /** The statement's node, such as `{ SelectStmt: … }`; locations inside count UTF-8 bytes of the whole text. */
  readonly tree: Node;
  /** Exact slice of the source from the first to the last token; no semicolon, no comment around it. */
  readonly text: string;
  /** UTF-16 units from the start of the source. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** The parser takes 70 bytes of memory a byte of text: 10 MB need 666 MB. */
const TEXT_BYTES_MAX = 10_000_000;
const START: Place = { line: 1, column: 1 };

/** Gives the statements of a text in order; a ParseFailure where it is not SQL. A byte order mark is passed by. */
export function parseStatements(text: string): readonly ParsedStatement[] {
  const source = withoutByteOrderMark(text);
  const positions = positionsOf(source);
  const { stmts = [] } = parseOrFail(source, positions);
  const end = Buffer.byteLength(source);
  return stmts.flatMap(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    if (stmt === undefined) return [];
    const slice = source.slice(positions.fromBytes(from), positions.fromBytes(length ? from + length : end));
    const { text: statement, skipped } = trimStatement(slice);
    const offset = positions.fromBytes(from) + skipped;
    return [{ tree: stmt, text: statement, offset: offset + text.length - source.length, ...positions.place(offset) }];
  });
}

/** Gives the one statement of a text; a ParseFailure where there are none or several. */
export function parseStatement(text: string): ParsedStatement {
  const [first, second] = parseStatements(text);
  if (first === undefined) throw new ParseFailure('the text holds no statement', START);
  if (second !== undefined) throw new ParseFailure('the text holds more than one statement', second);
  return first;
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function parseOrFail(source: string, positions: Positions) {
  const sizeBytes = Buffer.byteLength(source);
  if (sizeBytes > TEXT_BYTES_MAX) {
    throw new ParseFailure(`the text has ${sizeBytes} bytes, more than the ${TEXT_BYTES_MAX} that are parsed`, START);
  }
  const run = commentRun(source);
  if (run >= 0) throw new ParseFailure('comments are opened within each other without end', positions.place(run));
  const nul = source.indexOf('\0');
  if (nul >= 0) throw new ParseFailure('the text holds a NUL character', positions.place(nul));
  if (source === '') return { stmts: [] };
  try {
    return parseSync(source);
  } catch (error) {
    if (!(error instanceof SqlError)) throw asParseFailure(error) ?? error;
    const offset = positions.fromCodePoints(error.sqlDetails?.cursorPosition ?? 0);
    throw new ParseFailure(error.message, positions.place(offset));
  }
}

/** The server's scanner takes the square of the length of such a run: 100 kB of `/*` are 40 s. */
const COMMENTS_OPENED_MAX = 500;

/** Gives where a comment is opened again and again with nothing but operators between; -1 where none is. */
function commentRun(source: string): number {
  let [start, count] = [0, 0];
  for (let at = source.indexOf('/*'); at !== -1; at = source.indexOf('/*', at + 2)) {
    const isRun = count > 0 && /^[-+*/<>=~!@#%^&|`?]*$/.test(source.slice(start, Math.min(at, start + 100)));
    if (!isRun) count = 0;
    count += 1;
    if (count > COMMENTS_OPENED_MAX) return at;
    start = at;
  }
  return -1;
}

/** Cuts white space and comments before and behind a statement. */
function trimStatement(slice: string): { readonly text: string; readonly skipped: number } {
  if (!/--|\/\*/.test(slice)) {
    const text = slice.trimStart();
    return { text: text.trimEnd(), skipped: slice.length - text.length };
  }
  const tokens = scanTokens(slice).filter((token) => token.kind !== 'comment');
  const skipped = tokens[0]?.start ?? 0;
  return { text: slice.slice(skipped, tokens.at(-1)?.end), skipped };
}
