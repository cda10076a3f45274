import { createHash } from 'node:crypto';
import { namedRelations } from './named-relations.js';
import { parseStatements } from './parse.js';
import { asParseFailure } from './parse-failure.js';
import { fingerprintSync, normalizeSync } from './parser.js';

/**
 * Gives the fingerprint of a text: 16 hexadecimal digits, equal for statements that differ in constants. It is
 * libpg_query's, but where a table's name holds a digit: libpg_query passes by digits, and `area_1` is not `area_2`.
 */
export function fingerprint(text: string): string {
  const result = fingerprintOrFail(text.replace(/^\uFEFF/, ''));
  // libpg-query gives most errors as if they were a fingerprint; parsing again gives the error its place.
  if (!/^[0-9a-f]{16}$/.test(result)) parseStatements(text);
  const numbered = numberedRelations(text);
  if (numbered.length === 0) return result;
  return createHash('sha256')
    .update(JSON.stringify([result, ...numbered]))
    .digest('hex')
    .slice(0, 16);
}

/** Names of relations with a digit in them, in the order in which the text names them. */
function numberedRelations(text: string): readonly string[] {
  if (!DIGIT_IN_NAME.test(text)) return [];
  return namedRelations(text)
    .map(({ name }) => name)
    .filter((name) => /\d/.test(name));
}

const DIGIT_IN_NAME = /[\p{L}_"]\d|\d[\p{L}_"]/u;

/** Gives the text with each constant replaced by a `$n` that follows those already there. */
export function normalise(text: string): string {
  parseStatements(text);
  return normalizeSync(text.replace(/^\uFEFF/, ''));
}

function fingerprintOrFail(text: string): string {
  try {
    return fingerprintSync(text);
  } catch (error) {
    const failure = asParseFailure(error);
    // Some errors are thrown without a place: parsing again gives them one.
    if (failure === null) parseStatements(text);
    throw failure ?? error;
  }
}
