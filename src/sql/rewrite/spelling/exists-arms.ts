import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../../model/catalog.js';
import { bodyOf } from '../../walk.js';
import { isGrouped } from '../aggregates.js';
import { isPlainBut } from '../keyed-subquery.js';
import { existsNode, operatorNode, replaceNode, rowCountNode, selectNode } from '../nodes.js';
import { subquerySites } from '../subquery-sites.js';

/**
 * Spells EXISTS of a UNION as one EXISTS an arm, and EXISTS of a HAVING without groups, or behind an OFFSET, as the
 * condition that the one row of aggregates has to meet.
 */
export function spellExists(tree: Node, catalog: Catalog): void {
  for (const { link, node, select } of subquerySites(tree, catalog)) {
    if (link.subLinkType !== 'EXISTS_SUBLINK') continue;
    const arms = armsOf(select);
    if (arms !== null) {
      const args = arms.map((arm) => existsNode(arm));
      replaceNode(node, { BoolExpr: { boolop: 'OR_EXPR', args } });
      continue;
    }
    const condition = conditionOf(select, catalog);
    if (condition === null) continue;
    const row = selectNode({
      targetList: [{ ResTarget: { val: condition } }],
      ...(select.fromClause === undefined ? {} : { fromClause: select.fromClause }),
      ...(select.whereClause === undefined ? {} : { whereClause: select.whereClause }),
    });
    const value: Node = { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: row } } };
    replaceNode(node, { BooleanTest: { arg: value, booltesttype: 'IS_TRUE' } });
  }
}

/** The queries of a UNION, of which one row is enough; null where it is none. */
function armsOf({
  op = 'SETOP_NONE',
  larg,
  rarg,
  withClause,
  limitCount,
  limitOffset,
}: SelectStmt): SelectStmt[] | null {
  const isWhole = withClause === undefined && limitCount === undefined && limitOffset === undefined;
  if (op !== 'SETOP_UNION' || larg === undefined || rarg === undefined || !isWhole) return null;
  return [larg, rarg].flatMap((side) => armsOf(side) ?? [side]);
}

function conditionOf(select: SelectStmt, catalog: Catalog): Node | null {
  const { havingClause, limitOffset } = select;
  if (havingClause !== undefined && isPlainBut(select, ['havingClause'])) return havingClause;
  const offset = bodyOf(limitOffset, 'A_Const');
  const isPlain = isPlainBut(select, ['limitOffset', 'sortClause']) && !isGrouped(select, catalog);
  if (limitOffset === undefined || offset?.ival === undefined || !isPlain) return null;
  return operatorNode('>', rowCountNode(), limitOffset);
}
