import type { ColumnRef, Node } from '@pgsql/types';
import { deparseNode } from './deparse.js';
import { parseStatement } from './parse.js';
import { asParseFailure } from './parse-failure.js';
import { bodyOf, visit } from './walk.js';

/** A condition on one column, and a constant to put in the column's place. */
export interface ConstantCheck {
  /** As a CHECK prints it. */
  readonly condition: string;
  readonly column: string;
  /** SQL of the constant with its type. */
  readonly constant: string;
}

/**
 * Gives a statement whose plan knows beforehand that there are no rows just where the constant does not pass the
 * check; null where the condition is about more than the one column, or cannot be written.
 */
export function constantCheckSql({ condition, column, constant }: ConstantCheck): string | null {
  try {
    const where = whereOf(`SELECT WHERE ${condition}`);
    const value = whereOf(`SELECT WHERE ${constant}`);
    if (where === null || value === null || !isAbout(where, column)) return null;
    const check = deparseNode(replaced(where, value));
    // NULL passes a CHECK.
    return check === null ? null : `SELECT 1 WHERE (${check}) IS NOT FALSE`;
  } catch (error) {
    // A server may print what the parser does not know yet.
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}

function whereOf(statement: string): Node | null {
  return bodyOf(parseStatement(statement).tree, 'SelectStmt')?.whereClause ?? null;
}

function isAbout(node: Node, column: string): boolean {
  const names = new Set<string>();
  visit(node, (kind, body) => {
    if (kind === 'ColumnRef') names.add(nameOf(body as ColumnRef));
    return true;
  });
  return names.size === 1 && names.has(column);
}

/** A constant for each mention of the one column that there is. */
function replaced(node: Node, value: Node): Node {
  return JSON.parse(JSON.stringify(node), (_, part: unknown) => (isColumn(part) ? value : part)) as Node;
}

function isColumn(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'ColumnRef' in part;
}

function nameOf({ fields }: ColumnRef): string {
  return bodyOf(fields?.at(-1), 'String')?.sval ?? '';
}

/** Gives whether an expression is one constant, under whatever casts. */
export function isConstantSql(expression: string): boolean {
  try {
    const node = whereOf(`SELECT WHERE ${expression}`);
    return node !== null && isConstant(node);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return false;
  }
}

function isConstant(node: Node): boolean {
  const cast = bodyOf(node, 'TypeCast');
  if (cast?.arg !== undefined) return isConstant(cast.arg);
  const signed = bodyOf(node, 'A_Expr');
  if (signed?.lexpr === undefined && signed?.rexpr !== undefined) return isConstant(signed.rexpr);
  return bodyOf(node, 'A_Const') !== null;
}
