import type { Node } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { expressionType } from './keyed-subquery.js';
import { columnIn, type LevelRelation } from './level-names.js';
import { comparisonOf, referenceOf } from './nodes.js';

/** The column that a condition fixes to one value of its own type: `name = 'court'`; null for any other condition. */
export function fixedColumn(part: Node, relations: readonly LevelRelation[]): string | null {
  const { operator, left, right } = comparisonOf(part) ?? {};
  if (operator !== '=' || left === undefined || right === undefined) return null;
  for (const [own, value] of [[left, right] as const, [right, left] as const]) {
    const reference = bodyOf(own, 'ColumnRef');
    const named = reference === null ? null : referenceOf(reference);
    const column = named === null ? null : columnIn(relations, named);
    if (column !== null && isOfType(value, column.baseType, relations)) return column.name;
  }
  return null;
}

/** A constant takes the type of what it is compared with, but for a number of another kind. */
function isOfType(value: Node, type: string, relations: readonly LevelRelation[]): boolean {
  const constant = bodyOf(value, 'A_Const');
  if (constant !== null)
    return constant.sval !== undefined || constant.ival !== undefined || constant.boolval !== undefined;
  if ('ParamRef' in value) return true;
  const { arg } = bodyOf(value, 'TypeCast') ?? {};
  const isPlain = arg !== undefined && ('A_Const' in arg || 'ParamRef' in arg);
  return isPlain && expressionType(value, relations) === type;
}
