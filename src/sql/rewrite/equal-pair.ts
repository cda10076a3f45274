import type { Node } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { columnIn, type LevelRelation, relationOf } from './level-names.js';
import { comparisonOf, referenceOf } from './nodes.js';

/** Gives the sides of an equality of two relations’ columns that are of one type and collation; null for any other condition. */
export function equalPair(part: Node, relations: readonly LevelRelation[]): readonly [Node, Node] | null {
  const { operator, left, right } = comparisonOf(part) ?? {};
  if (operator !== '=' || left === undefined || right === undefined) return null;
  const [one, other] = [left, right].map((side) => columnOf(side, relations));
  const isOneType =
    one != null && other != null && one.baseType === other.baseType && one.collation === other.collation;
  return isOneType && relationOf(left, relations) !== relationOf(right, relations) ? [left, right] : null;
}

function columnOf(node: Node, relations: readonly LevelRelation[]) {
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  return named === null ? null : columnIn(relations, named);
}
