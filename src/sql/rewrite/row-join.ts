import type { Node } from '@pgsql/types';
import type { KeyedSubquery } from './keyed-subquery.js';
import { allOf, replaceNode, selectNode, targetNode } from './nodes.js';
import type { SubquerySite } from './subquery-sites.js';
import { inGroups, joinByKeys, NO_STARS, type RewriteContext } from './technique.js';

/** A subquery that gives a value of one row of each key. */
export interface RowMember {
  readonly site: SubquerySite;
  readonly keyed: KeyedSubquery;
  readonly target: Node;
  /** The order whose first row it is; null where each key has one row at most. */
  readonly sort: readonly Node[] | null;
}

/** Joins the row of each key to the rows around, those that are read alike once; gives for each site null, or why not. */
export function joinRows(
  sites: readonly SubquerySite[],
  context: RewriteContext,
  memberOf: (site: SubquerySite) => RowMember | string,
): readonly (string | null)[] {
  const read = sites.map(memberOf);
  const members = read.flatMap((each) => (typeof each === 'string' ? [] : [each]));
  const groups = inGroups(
    members,
    ({ site }) => site,
    ({ site, keyed, sort }) => [site.select.fromClause, keyed.keys, keyed.rest, sort],
  );
  const refused = new Map<SubquerySite, string>();
  for (const group of groups) {
    const reason = joinGroup(group, context);
    if (reason !== null) for (const { site } of group) refused.set(site, reason);
  }
  return sites.map((site, place) => {
    const member = read[place];
    return typeof member === 'string' ? member : (refused.get(site) ?? null);
  });
}

function joinGroup(members: readonly RowMember[], context: RewriteContext): string | null {
  const [first] = members;
  if (first === undefined) return null;
  const { site, keyed, sort } = first;
  const alias = context.names.next(sort === null ? 'of_key' : 'first_of_key');
  const keyNames = keyed.keys.map(() => context.names.next('key'));
  const columns = members.map(({ target }) => ({ target, name: context.names.next('value') }));
  const condition = allOf(keyed.rest);
  const rows = selectNode({
    ...(sort === null ? {} : { distinctClause: keyed.keys.map(({ inner }) => inner) }),
    targetList: [
      ...keyed.keys.map(({ inner }, place) => targetNode(inner, keyNames[place] ?? '')),
      ...columns.map(({ target, name }) => targetNode(target, name)),
    ],
    ...(site.select.fromClause === undefined ? {} : { fromClause: site.select.fromClause }),
    ...(condition === undefined ? {} : { whereClause: condition }),
    ...(sort === null ? {} : { sortClause: [...keyed.keys.map(({ inner }) => ascending(inner)), ...sort] }),
  });
  const sites = members.map((each) => each.site);
  const joined = joinByKeys(site.level, { rows, alias, keyed, keyNames, sites }, context);
  if (joined === null) return NO_STARS;
  for (const [place, { site: each }] of members.entries()) replaceNode(each.node, joined(columns[place]?.name ?? ''));
  return null;
}

/** Sorts by an expression in its type's own order. */
export function ascending(node: Node): Node {
  return { SortBy: { node, sortby_dir: 'SORTBY_DEFAULT', sortby_nulls: 'SORTBY_NULLS_DEFAULT' } };
}
