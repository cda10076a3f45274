import type { Node } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { isOfGroups } from './grouped-level.js';
import { isPlainBut } from './keyed-subquery.js';
import { isOne, rangeNode, replaceNode, targetNode, trueNode } from './nodes.js';
import { isCorrelated, type SubquerySite } from './subquery-sites.js';
import { inGroups, joinToLevel, NO_STARS, type RewriteContext, refuseJoin, type Technique } from './technique.js';

/** Runs the subquery as a relation of FROM: several of the same rows become one, and repeated keys are remembered. */
export const lateralJoin: Technique = {
  apply(sites, context) {
    const reasons = new Map(sites.map((site) => [site, refusalOf(site, context)]));
    const members = sites.filter((site) => reasons.get(site) === null);
    const groups = inGroups(
      members,
      (site) => site,
      ({ select }) => [{ ...select, targetList: [] }, aggregates(select, context)],
    );
    for (const group of groups) {
      const reason = joinGroup(group, context);
      if (reason !== null) for (const site of group) reasons.set(site, reason);
    }
    return sites.map((site) => reasons.get(site) ?? null);
  },
};

/** An aggregate makes one row of all, which one that is none must not share. */
function aggregates(select: SubquerySite['select'], { catalog }: RewriteContext): boolean {
  return isGrouped(select, catalog);
}

function refusalOf(site: SubquerySite, context: RewriteContext): string | null {
  const { select, link } = site;
  if (link.subLinkType !== 'EXPR_SUBLINK') return 'it gives no single value';
  const refusal = refuseJoin(site, context);
  if (refusal !== null) return refusal;
  if (isOfGroups(site, context.catalog)) return 'it would be run for each row before the rows are grouped';
  if (!isCorrelated(site)) return 'it is run once for all rows';
  if (isVolatile(select, context.catalog)) return 'it calls a function that is not the same each time';
  if (select.targetList?.length !== 1) return 'it gives more than one column';
  const isSingle = aggregates(select, context)
    ? isPlainBut(select, [])
    : isPlainBut(select, ['sortClause', 'limitCount']) && isOne(select.limitCount);
  return isSingle ? null : 'it may give several rows, which as a subquery is an error';
}

function joinGroup(sites: readonly SubquerySite[], context: RewriteContext): string | null {
  const [first] = sites;
  if (first === undefined) return null;
  const alias = context.names.next('of_row');
  const names = sites.map(() => context.names.next('value'));
  const targetList = sites.map(({ select }, place) => {
    const value = bodyOf(select.targetList?.[0], 'ResTarget')?.val as Node;
    return targetNode(value, names[place] ?? '');
  });
  const relation = rangeNode({ ...first.select, targetList }, alias, true);
  const joined = joinToLevel(first.level, { relation, alias, on: trueNode(), sites }, context);
  if (joined === null) return NO_STARS;
  for (const [place, { node }] of sites.entries()) replaceNode(node, joined(names[place] ?? ''));
  return null;
}
