import type { Node } from '@pgsql/types';
import { bodyOf } from './walk.js';

/** Splits a condition into the parts that all have to hold. */
export function andParts(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  const { boolop, args = [] } = bodyOf(node, 'BoolExpr') ?? {};
  return boolop === 'AND_EXPR' ? args.flatMap(andParts) : [node];
}
