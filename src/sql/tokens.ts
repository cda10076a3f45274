import { ParseFailure } from './parse-failure.js';
import { scanSync } from './parser.js';
import { positionsOf } from './positions.js';

/** A token as PostgreSQL's scanner cuts it; offsets in UTF-16 units. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'comment' | 'parameter' | 'other';
}

const SQL_COMMENT = 275;
const C_COMMENT = 276;
const PARAM = 267;

/** libpg-query does not escape these in its JSON. In a constant they do not end a token, elsewhere they are space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const UNESCAPED_CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f]/g;

/** Gives the tokens of a text, comments included; a ParseFailure where a quote or a comment has no end. */
export function scanTokens(text: string): readonly Token[] {
  if (text === '') return [];
  const positions = positionsOf(text);
  return scanOrFail(text).map(({ start, end, tokenType }) => {
    const from = positions.fromBytes(start);
    const to = positions.fromBytes(end);
    return { text: text.slice(from, to), start: from, end: to, kind: kindOf(tokenType) };
  });
}

function scanOrFail(text: string) {
  try {
    return scanSync(text.replace(UNESCAPED_CONTROLS, ' ')).tokens;
  } catch (error) {
    // libpg-query parses the scanner's error message as JSON, so nothing of it is left.
    if (!(error instanceof SyntaxError)) throw error;
    throw new ParseFailure('a quote or a comment has no end, or a number runs into a name', { line: 1, column: 1 });
  }
}

function kindOf(tokenType: number): Token['kind'] {
  if (tokenType === SQL_COMMENT || tokenType === C_COMMENT) return 'comment';
  return tokenType === PARAM ? 'parameter' : 'other';
}
