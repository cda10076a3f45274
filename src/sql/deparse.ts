import type { Node } from '@pgsql/types';
import { deparseSync } from 'pgsql-deparser';
import { parseStatement } from './parse.js';
import { asParseFailure } from './parse-failure.js';

/** Writes an expression's tree as SQL, or gives null where the deparser cannot; to be tried on a server before use. */
export function deparseNode(node: Node): string | null {
  try {
    return deparseSync(node);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/**
 * Writes a statement's tree as SQL, a clause a line, or gives null where the deparser cannot: where what it writes is no
 * SQL, such as the columns of a query inside of UPDATE as `name = value`. To be tried before use.
 */
export function deparseStatement(tree: Node): string | null {
  let text: string;
  try {
    text = deparseSync(tree, { pretty: true });
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
  return isStatement(text) ? text : null;
}

function isStatement(text: string): boolean {
  try {
    parseStatement(text);
    return true;
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return false;
  }
}
