import type { Node } from '@pgsql/types';
import { namesParameter } from './parameters.js';
import { parseStatements } from './parse.js';
import { asParseFailure } from './parse-failure.js';
import { bodyOf } from './walk.js';

/** Says why a text is not one SQL expression that may stand behind WHERE; null when it is one. */
export function refuseCondition(text: string): string | null {
  try {
    // Behind SELECT a list, an alias or a further clause shows itself; in brackets a keyword before the expression does.
    const selected = targetOf(`SELECT ${text}\n`);
    const bracketed = targetOf(`SELECT (${text}\n)`);
    if (selected === null || bracketed === null) return 'it is not one expression';
    return namesParameter(selected) ? 'it holds a parameter, and nothing gives it a value' : null;
  } catch (error) {
    const failure = asParseFailure(error);
    if (failure === null) throw error;
    return failure.message;
  }
}

/** Gives the one expression that a SELECT of nothing else selects, or null. */
function targetOf(statement: string): Node | null {
  const [only, second] = parseStatements(statement);
  const select = bodyOf(only?.tree, 'SelectStmt');
  if (select === null || second !== undefined) return null;
  const { targetList = [], limitOption: _, op: __, ...clauses } = select;
  const [target, further] = targetList;
  const column = bodyOf(target, 'ResTarget');
  if (column?.val === undefined || column.name !== undefined || further !== undefined) return null;
  return Object.keys(clauses).length === 0 && !isStar(column.val) ? column.val : null;
}

function isStar(node: Node): boolean {
  return bodyOf(node, 'ColumnRef')?.fields?.some((field) => 'A_Star' in field) ?? false;
}
