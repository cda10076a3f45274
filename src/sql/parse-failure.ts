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
