import type { Node } from '@pgsql/types';
import type { Catalog } from '../../../model/catalog.js';
import { bodyOf } from '../../walk.js';
import { isGrouped, isVolatile } from '../aggregates.js';
import { freeIn } from '../free-references.js';
import { isPlainBut } from '../keyed-subquery.js';
import { relationsOf } from '../level-names.js';
import { allOf, existsNode, notNode, partsOf, replaceNode } from '../nodes.js';
import { type SubquerySite, subquerySites } from '../subquery-sites.js';

/**
 * Spells an EXISTS that is tied to the row around it in either of several ways as one for each: PostgreSQL hashes and joins
 * these, where it holds each row against each otherwise. Tells whether there was one.
 */
export function spellArms(tree: Node, catalog: Catalog): boolean {
  let isChanged = false;
  for (const site of subquerySites(tree, catalog)) isChanged = spellSite(site, catalog) || isChanged;
  return isChanged;
}

function spellSite({ link, node, select, level, around }: SubquerySite, catalog: Catalog): boolean {
  const isPlain = isPlainBut(select, []) && !isGrouped(select, catalog) && !isVolatile(select, catalog);
  if (link.subLinkType !== 'EXISTS_SUBLINK' || !isPlain) return false;
  const context = { catalog, commonTables: level.commonTables };
  const relations = relationsOf(select.fromClause ?? [], context);
  const parts = partsOf(select.whereClause);
  const isTied = (arm: Node) => freeIn(arm, relations, context).nodes.length > 0;
  const either = parts.find((part) => {
    const { boolop, args = [] } = bodyOf(part, 'BoolExpr') ?? {};
    return boolop === 'OR_EXPR' && args.every(isTied);
  });
  if (either === undefined) return false;
  const rest = parts.filter((part) => part !== either);
  const arms = (bodyOf(either, 'BoolExpr')?.args ?? []).map((arm): Node => {
    const whereClause = allOf([...rest, ...partsOf(arm)]);
    return structuredClone(existsNode({ ...select, ...(whereClause === undefined ? {} : { whereClause }) })) as Node;
  });
  const [denied] = around;
  // NOT of an OR is no join, and several NOT EXISTS are.
  if (denied !== undefined && bodyOf(denied, 'BoolExpr')?.boolop === 'NOT_EXPR')
    replaceNode(denied, { BoolExpr: { boolop: 'AND_EXPR', args: arms.map(notNode) } });
  else replaceNode(node, { BoolExpr: { boolop: 'OR_EXPR', args: arms } });
  return true;
}
