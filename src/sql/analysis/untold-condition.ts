import type { A_Expr, Node } from '@pgsql/types';
import { deparseNode } from '../deparse.js';
import { bodyOf } from '../walk.js';
import { holdsUnstableFunction, ingredientsOf, resolveColumn, unqualified } from './expression.js';
import type { Scope } from './scope.js';

/**
 * Notes a condition of one table in which no key can be seen and of which no statistics tell: it compares columns of a
 * row, or asks for bits, or for all that an expression is not. An index may hold only the rows that meet it. What a
 * column is compared with for once, such as a moment or a name, the next run changes: then it is not noted.
 */
export function noteUntold(node: Node, scope: Scope): void {
  const { columns, parameters, opaque } = ingredientsOf(node, scope);
  const [first] = columns;
  if (first === undefined || opaque || parameters.length > 0 || holdsUnstableFunction(node)) return;
  if (columns.some(({ scan }) => scan !== first.scan)) return;
  const parts = partsOf(node).map((part) => kindOf(part, scope));
  if (!parts.includes('untold') || parts.includes('passing')) return;
  const sql = onOneLine(unqualified(node, scope));
  if (sql !== null) first.scan.untold.push(sql);
}

/** Null where a part cannot be written; the deparser puts each side of OR on a line of its own. */
function onOneLine(node: Node): string | null {
  const connected = bodyOf(node, 'BoolExpr');
  if (connected === null) return deparseNode(node);
  const parts = (connected.args ?? []).map((part) => {
    const sql = onOneLine(part);
    return sql !== null && ('BoolExpr' in part || connected.boolop === 'NOT_EXPR') ? `(${sql})` : sql;
  });
  if (parts.includes(null)) return null;
  return connected.boolop === 'NOT_EXPR'
    ? `NOT ${parts[0]}`
    : parts.join(connected.boolop === 'OR_EXPR' ? ' OR ' : ' AND ');
}

/** What AND, OR and NOT are between. */
function partsOf(node: Node): readonly Node[] {
  const connected = bodyOf(node, 'BoolExpr');
  return connected === null ? [node] : (connected.args ?? []).flatMap(partsOf);
}

/** `told`: of every run, and statistics tell of it; `passing`: of one run alone, as far as can be seen. */
type PartKind = 'untold' | 'told' | 'passing';

function kindOf(node: Node, scope: Scope): PartKind {
  if ('NullTest' in node || 'BooleanTest' in node || 'ColumnRef' in node) return 'told';
  const expression = bodyOf(node, 'A_Expr');
  const { lexpr, rexpr } = expression ?? {};
  if (expression === null || lexpr === undefined || rexpr === undefined) return 'passing';
  const sides = [lexpr, rexpr].filter((side) => ingredientsOf(side, scope).columns.length > 0);
  const [only] = sides;
  if (only === undefined) return 'passing';
  if (sides.length === 2) return 'untold';
  const isOther = ['<>', '!='].includes(operatorOf(expression)) && resolveColumn(only, scope) === null;
  return isOther || asksForBits(only) ? 'untold' : 'passing';
}

function asksForBits(node: Node): boolean {
  const expression = bodyOf(node, 'A_Expr');
  return expression !== null && operatorOf(expression) === '&';
}

function operatorOf({ name, kind }: A_Expr): string {
  const last = name?.at(-1);
  return kind === 'AEXPR_OP' && last !== undefined && 'String' in last ? (last.String.sval ?? '') : '';
}
