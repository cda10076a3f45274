import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { isVolatile } from './aggregates.js';
import { FreshNames, keepColumnNames } from './column-names.js';
import { chainOf, type Link } from './grouped-members.js';
import { inlineCommonTables } from './inline-common-tables.js';
import { relationsOf } from './level-names.js';
import { memberUses } from './member-uses.js';
import { mergedGroups } from './merged-groups.js';
import { allOf, partsOf, referencesIn, replaceNode } from './nodes.js';
import { type SameGroups, sameGroups } from './same-groups.js';
import { type LevelContext, type SelectLevel, selectLevels } from './select-levels.js';

const GROUPED_TWICE = /\bgroup\s+by\b.*\bgroup\s+by\b/is;

/**
 * Writes queries that group the same rows by the same key, each under conditions of its own, and are joined by that key, as
 * one whose aggregates are filtered. Null where a statement joins none.
 */
export function oneGrouping(sql: string, catalog: Catalog): string | null {
  if (!GROUPED_TWICE.test(sql)) return null;
  const { tree } = parseStatement(sql);
  if (isVolatile(tree, catalog)) return null;
  for (const { select } of selectLevels(tree, catalog))
    inlineCommonTables(select, { catalog, isWanted: ({ groupClause }) => groupClause !== undefined });
  const names = new FreshNames(tree);
  let isChanged = false;
  for (const level of selectLevels(tree, catalog)) while (mergeOnce(level, { catalog, names })) isChanged = true;
  return isChanged ? deparseStatement(tree) : null;
}

function mergeOnce({ select, commonTables }: SelectLevel, { catalog, names }: LevelContext): boolean {
  if (select.lockingClause !== undefined) return false;
  const sight = { catalog, commonTables };
  for (const [place, item] of (select.fromClause ?? []).entries()) {
    const chain = chainOf(item);
    const found = chain === null ? null : sameGroups(chain, sight);
    if (chain === null || found === null) continue;
    const relations = relationsOf(select.fromClause ?? [], sight);
    const members = [found.first, ...found.others];
    const uses = memberUses({ select, members, relations }, sight);
    if (uses === null) continue;
    const merged = mergedGroups(found, { catalog, names });
    keepColumnNames(select.targetList, (value) => referencesIn(value).some((node) => uses.has(node)));
    const own = new Set(referencesIn(found.first.link.quals));
    const dropped = new Set(found.others.flatMap(({ link }) => referencesIn(link.quals)));
    for (const [node, { member, name }] of uses)
      if (!dropped.has(node)) replaceNode(node, structuredClone(merged.output(member, name, own.has(node))));
    const asked = members.flatMap((member) => (member.link.isInner ? merged.presence(member) : []));
    const condition = allOf([...partsOf(select.whereClause), ...repeatedOnce(asked)]);
    if (condition !== undefined) select.whereClause = condition;
    (select.fromClause ?? [])[place] = joinedAgain(chain, found, merged.range());
    return true;
  }
  return false;
}

function repeatedOnce(conditions: readonly Node[]): readonly Node[] {
  return [...new Map(conditions.map((part) => [canonical(part), part])).values()];
}

/** The chain with the one query in the place of the first member, without the others. */
function joinedAgain(chain: readonly Link[], { first, others }: SameGroups, range: Node): Node {
  const left = chain.filter((link) => !others.some((member) => member.link === link));
  const items = left.map((link) => (link === first.link ? { ...link, node: range } : link));
  const [begin, ...rest] = items;
  return rest.reduce((larg: Node, { node, isInner, quals }): Node => {
    const condition = allOf(quals);
    return {
      JoinExpr: {
        ...{ jointype: isInner ? 'JOIN_INNER' : 'JOIN_LEFT', larg, rarg: node },
        ...(condition === undefined ? {} : { quals: condition }),
      },
    };
  }, begin?.node ?? range);
}
