import type { Place } from './positions.js';

/** Says where and why a text is not SQL. */
export class ParseFailure extends Error {
  /** From 1. */
  readonly line: number;
  readonly column: number;

  constructor(message: string, place: Place) {
    super(message);
    this.name = 'ParseFailure';
    this.line = place.line;
    this.column = place.column;
  }
}

/**
 * Gives an error of work on SQL as a ParseFailure, or null where it is none. Deep nesting ends as a RangeError or,
 * since the parser's WebAssembly shares JavaScript's stack, as a RuntimeError.
 */
export function asParseFailure(error: unknown): ParseFailure | null {
  if (error instanceof ParseFailure) return error;
  if (!(error instanceof Error) || (error.name !== 'RangeError' && error.name !== 'RuntimeError')) return null;
  return new ParseFailure('the text nests too deeply to be parsed', { line: 1, column: 1 });
}
