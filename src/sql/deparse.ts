import type { Node } from '@pgsql/types';
import { deparseSync } from 'pgsql-deparser';
import { parseStatement } from './parse.js';
import { asParseFailure } from './parse-failure.js';
import { visit } from './walk.js';

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
  return says(text, tree) ? text : null;
}

/** The deparser leaves out WITH TIES. */
function says(text: string, tree: Node): boolean {
  try {
    return tiesOf(parseStatement(text).tree) === tiesOf(tree);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return false;
  }
}

function tiesOf(tree: Node): number {
  let ties = 0;
  visit(tree, (kind, body) => {
    if (kind === 'SelectStmt' && body['limitOption'] === 'LIMIT_OPTION_WITH_TIES') ties += 1;
  });
  return ties;
}
