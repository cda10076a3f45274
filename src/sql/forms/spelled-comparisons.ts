import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import type { QueryLevel } from '../levels/query-level.js';
import { readLevels } from '../levels/read-levels.js';
import { parseStatement } from '../parse.js';
import { isVolatile } from '../rewrite/aggregates.js';
import { allOf, comparisonOf, operatorNode, partsOf, referencesIn, replaceNode } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';
import { arrayElement, heldBeside } from './array-element.js';
import { areColumnsOfOneType } from './column-types.js';
import { filledEquality } from './filled-equality.js';
import { withinUnit } from './unit-spans.js';

/**
 * Writes comparisons that no index serves by ones that it does: rows behind a key, one of several columns, an element of an
 * array, the greatest of several, what is not distinct of what is never NULL, the moments of a day. Null where a statement
 * has none such.
 */
export function spelledComparisons(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const changed = readLevels(tree, catalog).flatMap((level) =>
    level.conditions.filter((condition) => {
      const { node } = condition;
      if (isVolatile(node, catalog)) return false;
      const spelled =
        behindKey(node) ??
        ofColumns(node, level) ??
        arrayElement(node, level, catalog) ??
        heldBeside(condition, level, catalog) ??
        ofExtreme(node, level) ??
        filledEquality(condition, level, catalog) ??
        withinUnit(condition, level);
      if (spelled === null) return false;
      replaceNode(node, structuredClone(spelled));
      return true;
    }),
  );
  return changed.length === 0 ? null : deparseStatement(tree);
}

interface Bound {
  readonly column: Node;
  readonly operator: string;
  readonly value: Node;
}

/** `a > x OR a = x AND b > y` as `(a, b) > (x, y)`, or beside `a >= x` where the columns go other ways. */
function behindKey(node: Node): Node | null {
  const keys = keysOf(node);
  const [first] = keys ?? [];
  if (keys === null || first === undefined) return null;
  if (keys.some(({ operator }) => operator !== first.operator)) {
    const bound = operatorNode(`${first.operator.charAt(0)}=`, first.column, first.value);
    return allOf([bound, structuredClone(node)]) ?? null;
  }
  const row = (args: Node[]): Node => ({ RowExpr: { args, row_format: 'COERCE_IMPLICIT_CAST' } });
  return operatorNode(first.operator, row(keys.map(({ column }) => column)), row(keys.map(({ value }) => value)));
}

/** Null where it is no such comparison of two keys and more. */
function keysOf(node: Node): readonly Bound[] | null {
  const either = bodyOf(node, 'BoolExpr');
  const [head, tail, more] = either?.boolop === 'OR_EXPR' ? (either.args ?? []) : [];
  if (head === undefined || tail === undefined) return null;
  const rest =
    more === undefined ? tail : { BoolExpr: { boolop: 'OR_EXPR' as const, args: (either?.args ?? []).slice(1) } };
  const first = boundOf(head);
  if (first === null || !/^[<>]$/.test(first.operator)) return null;
  if (more !== undefined) return null;
  const [equal, ...others] = partsOf(rest);
  const same = equal === undefined ? null : comparisonOf(equal);
  const isSame =
    same?.operator === '=' && canonical([same.left, same.right]) === canonical([first.column, first.value]);
  const [inner] = others;
  if (!isSame || inner === undefined || others.length > 1) return null;
  const next = boundOf(inner);
  const keys = next === null ? keysOf(inner) : /^[<>]$/.test(next.operator) ? [next] : null;
  return keys === null ? null : [first, ...keys];
}

function boundOf(node: Node): Bound | null {
  const comparison = comparisonOf(node);
  const isPlain = comparison !== null && 'ColumnRef' in comparison.left && referencesIn(comparison.right).length === 0;
  return isPlain ? { column: comparison.left, operator: comparison.operator, value: comparison.right } : null;
}

/** `7 = ANY (ARRAY[a, b])`. */
function ofColumns(node: Node, level: QueryLevel): Node | null {
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const elements = kind === 'AEXPR_OP_ANY' ? bodyOf(rexpr, 'A_ArrayExpr')?.elements : undefined;
  const isEqual = bodyOf(name?.at(-1), 'String')?.sval === '=';
  if (lexpr === undefined || elements === undefined || !isEqual || referencesIn(lexpr).length > 0) return null;
  const areColumns = elements.length > 1 && areColumnsOfOneType(elements, level);
  return areColumns ? eitherOf(elements.map((element) => operatorNode('=', element, lexpr))) : null;
}

/** `greatest(a, b) > x`, `least(a, b) < x`: NULL among them does not count. */
function ofExtreme(node: Node, level: QueryLevel): Node | null {
  const comparison = comparisonOf(node);
  const extreme = bodyOf(comparison?.left, 'MinMaxExpr');
  const args = extreme?.args ?? [];
  const wanted = extreme?.op === 'IS_LEAST' ? '<' : '>';
  if (comparison === null || extreme === null || !comparison.operator.startsWith(wanted)) return null;
  if (comparison.operator.length > 1 && !comparison.operator.endsWith('=')) return null;
  const areColumns = args.length > 1 && areColumnsOfOneType(args, level);
  if (!areColumns || referencesIn(comparison.right).length > 0) return null;
  return eitherOf(args.map((arg) => operatorNode(comparison.operator, arg, comparison.right)));
}

function eitherOf(args: Node[]): Node {
  return { BoolExpr: { boolop: 'OR_EXPR', args } };
}
