import type { Node, SelectStmt } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { isOne } from './group-join.js';
import { canonical, isPlainBut, type KeyedSubquery, keyedOf } from './keyed-subquery.js';
import {
  allOf,
  columnNode,
  operatorNode,
  rangeNode,
  referenceOf,
  replaceNode,
  selectNode,
  targetNode,
} from './nodes.js';
import type { Level, SubquerySite } from './subquery-sites.js';
import { inGroups, joinToLevel, NO_STARS, type RewriteContext, refuseJoin, type Technique } from './technique.js';

/** Picks the first row of every key at once with DISTINCT ON, and joins what each key has. */
export const latestJoin: Technique = {
  apply(sites, context) {
    const read = sites.map((site) => memberOf(site, context));
    const members = read.flatMap((each) => (typeof each === 'string' ? [] : [each]));
    const levels: Level['body'][] = [];
    const groups = inGroups(members, ({ site, keyed, sort }) => {
      if (!levels.includes(site.level.body)) levels.push(site.level.body);
      return canonical([levels.indexOf(site.level.body), site.select.fromClause, keyed.keys, keyed.rest, sort]);
    });
    const refused = new Map<SubquerySite, string>();
    for (const group of groups) {
      const reason = joinGroup(group, context);
      if (reason !== null) for (const { site } of group) refused.set(site, reason);
    }
    return sites.map((site, place) => {
      const member = read[place];
      return typeof member === 'string' ? member : (refused.get(site) ?? null);
    });
  },
};

interface Member {
  readonly site: SubquerySite;
  readonly keyed: KeyedSubquery;
  readonly target: Node;
  readonly sort: readonly Node[];
}

function memberOf(site: SubquerySite, context: RewriteContext): Member | string {
  const { select, link } = site;
  if (link.subLinkType !== 'EXPR_SUBLINK') return 'it gives no single value';
  const refusal = refuseJoin(site, context);
  if (refusal !== null) return refusal;
  const target = bodyOf(select.targetList?.[0], 'ResTarget')?.val;
  const isFirst = isPlainBut(select, ['sortClause', 'limitCount']) && isOne(select.limitCount);
  if (!isFirst || select.sortClause === undefined || target === undefined || select.targetList?.length !== 1)
    return 'it is not the first row of an order';
  if (isVolatile(select, context.catalog)) return 'it calls a function that is not the same each time';
  const keyed = keyedOf(site, context.catalog);
  if (typeof keyed === 'string') return keyed;
  return { site, keyed, target, sort: spelledSort(select) };
}

/** ORDER BY may name an output column or its place; with more columns before it those would mean others. */
function spelledSort({ sortClause = [], targetList = [] }: SelectStmt): readonly Node[] {
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

function joinGroup(members: readonly Member[], context: RewriteContext): string | null {
  const [first] = members;
  if (first === undefined) return null;
  const { site, keyed, sort } = first;
  const alias = context.names.next('first_of_key');
  const keyNames = keyed.keys.map(() => context.names.next('key'));
  const columns = members.map(({ target }) => ({ target, name: context.names.next('value') }));
  const condition = allOf(keyed.rest);
  const firsts = selectNode({
    distinctClause: keyed.keys.map(({ inner }) => inner),
    targetList: [
      ...keyed.keys.map(({ inner }, place) => targetNode(inner, keyNames[place] ?? '')),
      ...columns.map(({ target, name }) => targetNode(target, name)),
    ],
    ...(site.select.fromClause === undefined ? {} : { fromClause: site.select.fromClause }),
    ...(condition === undefined ? {} : { whereClause: condition }),
    sortClause: [...keyed.keys.map(({ inner }): Node => sortNode(inner)), ...sort],
  });
  const on = allOf(
    keyed.keys.map(({ outer }, place) => operatorNode('=', columnNode(alias, keyNames[place] ?? ''), outer)),
  );
  const joined =
    on === undefined
      ? null
      : joinToLevel(
          site.level,
          { relation: rangeNode(firsts, alias), alias, on, sites: members.map((each) => each.site) },
          context,
        );
  if (joined === null) return NO_STARS;
  for (const [place, { site: each }] of members.entries()) replaceNode(each.node, joined(columns[place]?.name ?? ''));
  return null;
}

function sortNode(node: Node): Node {
  return { SortBy: { node, sortby_dir: 'SORTBY_DEFAULT', sortby_nulls: 'SORTBY_NULLS_DEFAULT' } };
}
