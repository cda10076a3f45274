import type { Node } from '@pgsql/types';
import { parseStatement } from '../parse.js';
import { quoteIdentifier } from '../quote.js';
import { bodyOf } from '../walk.js';
import { topWord } from './loop-parameters.js';

/**
 * Gives a write that returns where its rows stand and what is in them, in place of what it returned itself:
 * `tableoid`, `ctid`, then the columns of its table.
 */
export function returningRows(text: string, tree: Node): string {
  const statement = parseStatement(text).text;
  const own = topWord(statement, 'returning');
  const target = targetName(tree);
  const columns = `${target}.tableoid, ${target}.ctid, ${target}.*`;
  // A line of its own, since a comment may stand at the end.
  return `${own === null ? statement : statement.slice(0, own.start)}\nRETURNING ${columns}`;
}

function targetName(tree: Node): string {
  const write = bodyOf(tree, 'InsertStmt') ?? bodyOf(tree, 'UpdateStmt') ?? bodyOf(tree, 'DeleteStmt');
  const { alias, relname = '' } = write?.relation ?? {};
  return quoteIdentifier(alias?.aliasname ?? relname);
}
