import type { Node, SelectStmt } from '@pgsql/types';
import { Deparser } from 'pgsql-deparser';
import { parseStatement } from './parse.js';
import { asParseFailure } from './parse-failure.js';
import { type AnyBody, bodyOf, visit } from './walk.js';

/** The library's, but that it names the columns of a query within SET as the query does, not as an assignment. */
class StatementDeparser extends Deparser {
  override SelectStmt(node: SelectStmt, context: Parameters<Deparser['SelectStmt']>[1]): string {
    return super.SelectStmt(node, context.update === true ? context.spawn('SelectStmt', { update: false }) : context);
  }
}

/** Writes an expression's tree as SQL, or gives null where the deparser cannot; to be tried on a server before use. */
export function deparseNode(node: Node): string | null {
  try {
    return new StatementDeparser(unmistakable(node)).deparseQuery();
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/**
 * Writes a statement's tree as SQL, a clause a line, or gives null where the deparser cannot, or leaves something out. To
 * be tried before use.
 */
export function deparseStatement(tree: Node): string | null {
  let text: string;
  try {
    text = new StatementDeparser(unmistakable(tree), { pretty: true }).deparseQuery();
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
  return says(text, tree) ? text : null;
}

/** The deparser leaves out WITH TIES, and DISTINCT of GROUP BY. */
function says(text: string, tree: Node): boolean {
  try {
    return leftOutIn(parseStatement(text).tree) === leftOutIn(tree);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return false;
  }
}

function leftOutIn(tree: Node): string {
  let [ties, distinct] = [0, 0];
  visit(tree, (kind, body) => {
    if (kind === 'SelectStmt' && body['limitOption'] === 'LIMIT_OPTION_WITH_TIES') ties += 1;
    if (kind === 'SelectStmt' && body['groupDistinct'] === true) distinct += 1;
  });
  return `${ties} ${distinct}`;
}

/** What the deparser writes without the parentheses that it needs, written so that it needs none; the same tree where it has no such thing. */
function unmistakable(tree: Node): Node {
  if (!isMistakable(tree)) return tree;
  const copy = structuredClone(tree);
  visit(copy, (kind, body) => {
    if (holdsLogic(kind, body)) Object.assign(body, asBoolean(body['arg'] as Node));
    if (namesZone(kind, body))
      Object.assign(body, { funcname: [{ String: { sval: 'timezone' } }], funcformat: 'COERCE_EXPLICIT_CALL' });
  });
  return copy;
}

function isMistakable(tree: Node): boolean {
  let found = false;
  visit(tree, (kind, body) => {
    found ||= holdsLogic(kind, body) || namesZone(kind, body);
    return !found;
  });
  return found;
}

/** `(NOT a) IS NOT TRUE`, `(a OR b) IS NULL`. */
function holdsLogic(kind: string, { arg }: AnyBody): boolean {
  const logic = bodyOf(arg as Node | undefined, 'BoolExpr');
  return logic !== null && (kind === 'NullTest' || (kind === 'BooleanTest' && logic.boolop === 'NOT_EXPR'));
}

function asBoolean(arg: Node): { readonly arg: Node } {
  return { arg: { TypeCast: { arg, typeName: { names: [{ String: { sval: 'bool' } }], typemod: -1 } } } };
}

/** `a AT TIME ZONE (b || c)`. */
function namesZone(kind: string, { funcname, funcformat, args }: AnyBody): boolean {
  const [zone] = (args ?? []) as readonly Node[];
  const isSpelled = kind === 'FuncCall' && funcformat === 'COERCE_SQL_SYNTAX' && zone !== undefined && 'A_Expr' in zone;
  return isSpelled && bodyOf((funcname as readonly Node[]).at(-1), 'String')?.sval === 'timezone';
}
