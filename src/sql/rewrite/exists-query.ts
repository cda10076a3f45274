import type { Node, SelectStmt } from '@pgsql/types';
import { allOf, integerNode, selectNode } from './nodes.js';

/** Gives what EXISTS is asked of: the rows of a query that meet all conditions, which take the place of its own. */
export function existsOf(select: SelectStmt, conditions: readonly Node[]): SelectStmt {
  const condition = allOf(conditions);
  return selectNode({
    targetList: [{ ResTarget: { val: integerNode(1) } }],
    ...(select.fromClause === undefined ? {} : { fromClause: select.fromClause }),
    ...(condition === undefined ? {} : { whereClause: condition }),
  });
}
