import type { A_Expr, Node } from '@pgsql/types';
import { deparseNode } from '../deparse.js';
import { resolveColumn, unqualified } from './expression.js';
import type { Scope } from './scope.js';

/**
 * Notes `a < b` of one table: no key can be seen in it, but an index may hold only the rows that meet it. False for
 * another condition.
 */
export function noteComparison(node: Node, scope: Scope): boolean {
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return false;
  const { lexpr, rexpr } = node.A_Expr;
  const left = lexpr === undefined ? null : resolveColumn(lexpr, scope);
  const right = rexpr === undefined ? null : resolveColumn(rexpr, scope);
  if (left === null || right === null || left.scan !== right.scan || left.column === right.column) return false;
  const sql = deparseNode(unqualified({ A_Expr: forward(node.A_Expr) }, scope));
  if (sql !== null) left.scan.comparisons.push({ sql, columns: [left.column, right.column] });
  return sql !== null;
}

const FORWARD: Readonly<Record<string, string>> = { '>': '<', '>=': '<=' };

/** Writes `a > b` as `b < a`: one index serves both. */
function forward(expression: A_Expr): A_Expr {
  const name = expression.name?.at(-1);
  const mirrored = name !== undefined && 'String' in name ? FORWARD[name.String.sval ?? ''] : undefined;
  const { lexpr, rexpr } = expression;
  if (mirrored === undefined || lexpr === undefined || rexpr === undefined) return expression;
  return { ...expression, name: [{ String: { sval: mirrored } }], lexpr: rexpr, rexpr: lexpr };
}
