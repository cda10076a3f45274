import type { Node, SelectStmt } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { referenceOf } from './nodes.js';

/**
 * Gives the order of a query by what it sorts by: ORDER BY may name an output column or its place, which would mean others
 * elsewhere.
 */
export function spelledSort({ sortClause = [], targetList = [] }: SelectStmt): readonly Node[] {
  const targets = targetList.map((target) => bodyOf(target, 'ResTarget'));
  return sortClause.map((node) => {
    const sort = bodyOf(node, 'SortBy');
    const place = bodyOf(sort?.node, 'A_Const')?.ival?.ival;
    const reference = bodyOf(sort?.node, 'ColumnRef');
    const named = reference === null ? null : referenceOf(reference);
    const target =
      place === undefined
        ? targets.find((each) => named?.qualifier === null && each?.name === named.name)
        : targets[place - 1];
    return target?.val === undefined ? node : { SortBy: { ...sort, node: target.val } };
  });
}
