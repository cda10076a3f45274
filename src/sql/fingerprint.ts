import { parseStatements } from './parse.js';
import { asParseFailure } from './parse-failure.js';
import { fingerprintSync, normalizeSync } from './parser.js';

/** Gives libpg_query's fingerprint of a text: 16 hexadecimal digits, equal for statements that differ in constants. */
export function fingerprint(text: string): string {
  const result = fingerprintOrFail(text.replace(/^\uFEFF/, ''));
  // libpg-query gives most errors as if they were a fingerprint; parsing again gives the error its place.
  if (!/^[0-9a-f]{16}$/.test(result)) parseStatements(text);
  return result;
}

/** Gives the text with each constant replaced by a `$n` that follows those already there. */
export function normalise(text: string): string {
  parseStatements(text);
  return normalizeSync(text.replace(/^\uFEFF/, ''));
}

function fingerprintOrFail(text: string): string {
  try {
    return fingerprintSync(text);
  } catch (error) {
    throw asParseFailure(error) ?? error;
  }
}
