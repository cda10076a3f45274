import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import type { QueryLevel } from '../../sql/levels/query-level.js';
import { readLevels } from '../../sql/levels/read-levels.js';
import { parseStatement } from '../../sql/parse.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import type { AnalyzedStatement } from '../advisor.js';

/** A statement as rules about its form look at it. */
export interface ReadStatement {
  readonly text: string;
  readonly tree: Node;
  readonly levels: readonly QueryLevel[];
}

/** A longer statement is data for the most part, and every look at its conditions takes seconds. */
const TEXT_LENGTH_MAX = 50_000;

const read = new WeakMap<AnalyzedStatement, ReadStatement | null>();

/** Gives a statement's tree and query levels, read once for all rules; null where it cannot be read. */
export function readOnce(statement: AnalyzedStatement, catalog: Catalog): ReadStatement | null {
  const known = read.get(statement);
  if (known !== undefined) return known;
  const result = readText(statement.statement.text, catalog);
  read.set(statement, result);
  return result;
}

/** Gives a text's tree and query levels; null where it is no statement that the parser knows, or too long a one. */
export function readText(text: string, catalog: Catalog): ReadStatement | null {
  if (text.length > TEXT_LENGTH_MAX) return null;
  try {
    const { tree } = parseStatement(text);
    return { text, tree, levels: readLevels(tree, catalog) };
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}
