import { ParseFailure } from '../sql/parse-failure.js';
import { scanTokens, type Token } from '../sql/tokens.js';

/** A statement's slice of a file, not parsed yet; offsets in UTF-16 units. */
export interface StatementSlice {
  /** Of the first token that is no comment. */
  readonly start: number;
  readonly end: number;
  /** Comments that stand before it, on lines of their own. */
  readonly comments: readonly string[];
}

/**
 * Cuts a text at its semicolons, except those inside parentheses and BEGIN ATOMIC … END. A statement that does not
 * parse ends at its first semicolon (`strict` false). Where a quote has no end, the text is cut at lines that end
 * with a semicolon, so that one bad statement does not swallow the rest.
 */
export function splitStatements(text: string, strict = true): readonly StatementSlice[] {
  try {
    return splitTokens(text, scanTokens(text), strict);
  } catch (error) {
    if (error instanceof ParseFailure) return splitLines(text, strict);
    throw error;
  }
}

function splitTokens(text: string, tokens: readonly Token[], strict: boolean): readonly StatementSlice[] {
  const slices: StatementSlice[] = [];
  let slice = new OpenSlice(text, 0);
  for (const token of tokens) {
    if (slice.isCommandBefore(token.start) || (token.text === ';' && (!strict || slice.mayEnd))) {
      slices.push(...slice.close());
      slice = new OpenSlice(text, token.end);
      if (token.text === ';') continue;
    }
    slice.add(token);
  }
  return [...slices, ...slice.close()];
}

/** A statement while its tokens are read. */
class OpenSlice {
  private readonly comments: string[] = [];
  private readonly words: string[] = [];
  private start = -1;
  private end = -1;
  private parentheses = 0;
  private blocks = 0;
  private readonly text: string;
  private readonly from: number;

  constructor(text: string, from: number) {
    this.text = text;
    this.from = from;
  }

  get mayEnd(): boolean {
    return this.parentheses <= 0 && this.blocks <= 0;
  }

  /** A psql command such as `\set` ends with its line. */
  isCommandBefore(offset: number): boolean {
    return this.start >= 0 && this.text[this.start] === '\\' && /[\r\n]/.test(this.text.slice(this.end, offset));
  }

  add(token: Token): void {
    if (token.kind === 'comment') {
      const ownLine = this.from === 0 || /[\r\n]/.test(this.text.slice(this.from, token.start));
      if (this.start < 0 && ownLine) this.comments.push(token.text);
      return;
    }
    if (this.start < 0) this.start = token.start;
    this.end = token.end;
    this.track(token.text.toLowerCase());
  }

  close(): readonly StatementSlice[] {
    return this.start < 0 ? [] : [{ start: this.start, end: this.end, comments: this.comments }];
  }

  private track(word: string): void {
    if (word === '(') this.parentheses += 1;
    if (word === ')') this.parentheses -= 1;
    const previous = this.words.at(-1);
    this.words.push(word);
    if (this.words[0] !== 'create') return;
    if (word === 'atomic' && previous === 'begin') this.blocks += 1;
    if (this.blocks > 0 && word === 'case') this.blocks += 1;
    if (this.blocks > 0 && word === 'end') this.blocks -= 1;
  }
}

function splitLines(text: string, strict: boolean): readonly StatementSlice[] {
  return [...text.matchAll(/[^\s;][\s\S]*?(?:;[ \t]*(?=[\r\n]|$)|$(?![\s\S]))/g)].flatMap(({ 0: part, index }) => {
    try {
      return splitTokens(part, scanTokens(part), strict).map((slice) => shifted(slice, index));
    } catch (error) {
      if (!(error instanceof ParseFailure)) throw error;
      return [{ start: index, end: index + part.replace(/;\s*$/, '').length, comments: [] }];
    }
  });
}

function shifted(slice: StatementSlice, by: number): StatementSlice {
  return { ...slice, start: slice.start + by, end: slice.end + by };
}
