import type { Node } from '@pgsql/types';
import { canonical } from '../canonical.js';
import { type Aggregated, aggregatedOf, writtenValue } from './aggregated.js';
import { filtered, isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { freeIn } from './free-references.js';
import { type KeyedSubquery, keyedOf } from './keyed-subquery.js';
import { lookedUp } from './looked-up.js';
import { allOf, partsOf, replaceNode, selectNode, targetNode } from './nodes.js';
import type { SubquerySite } from './subquery-sites.js';
import { inGroups, joinByKeys, NO_STARS, type RewriteContext, refuseJoin, type Technique } from './technique.js';

/** Aggregates once for all keys, and joins what each key has. */
export const groupJoin: Technique = {
  apply: (sites, context) => joinGroups(sites, context, false),
};

/** The same, for those keys alone that the rows around have. */
export const groupJoinOfSelected: Technique = {
  apply: (sites, context) => joinGroups(sites, context, true),
};

interface Member {
  readonly site: SubquerySite;
  readonly keyed: KeyedSubquery;
  readonly aggregated: Aggregated;
}

function joinGroups(
  sites: readonly SubquerySite[],
  context: RewriteContext,
  isSelected: boolean,
): readonly (string | null)[] {
  const read = sites.map((site) => memberOf(site, isSelected, context));
  const members = read.flatMap((each) => (typeof each === 'string' ? [] : [each]));
  const groups = inGroups(
    members,
    ({ site }) => site,
    ({ site, keyed, aggregated }) => [
      ...[site.select.fromClause, keyed.keys],
      // Of no rows it gives none: a FILTER among the rows of another one would give one.
      aggregated.groups.length === 0 ? null : keyed.rest,
    ],
  );
  const refused = new Map<SubquerySite, string>();
  // Before FROM holds what is joined for another one.
  const wanted = groups.map(([first]) => (isSelected && first !== undefined ? selectedKeys(first, context) : null));
  for (const [place, group] of groups.entries()) {
    const keys = wanted[place] ?? null;
    const reason = typeof keys === 'string' ? keys : joinGroup(group, context, keys);
    if (reason !== null) for (const { site } of group) refused.set(site, reason);
  }
  return sites.map((site, place) => {
    const member = read[place];
    return typeof member === 'string' ? member : (refused.get(site) ?? null);
  });
}

function memberOf(site: SubquerySite, isSelected: boolean, context: RewriteContext): Member | string {
  const { catalog } = context;
  const { subLinkType } = site.link;
  if (subLinkType !== 'ARRAY_SUBLINK' && subLinkType !== 'EXPR_SUBLINK') return 'it gives no single value';
  const refusal = refuseJoin(site, context);
  if (refusal !== null) return refusal;
  if (isVolatile(site.select, catalog)) return 'it calls a function that is not the same each time';
  if (isSelected && site.join !== null) return 'the rows around it are chosen after its condition';
  const aggregated = aggregatedOf(site, catalog) ?? lookedUp(site, catalog);
  if (aggregated === null) return 'it gives a row, not an aggregate of rows';
  const keyed = keyedOf(site, catalog, aggregated.left);
  if (typeof keyed === 'string') return keyed;
  const isOfKey = aggregated.groups.every((group) =>
    keyed.keys.some(({ inner }) => canonical(inner) === canonical(group)),
  );
  return isOfKey ? { site, keyed, aggregated } : 'its rows are grouped by more than what ties it';
}

function joinGroup(members: readonly Member[], context: RewriteContext, wanted: Node | null): string | null {
  const [first] = members;
  if (first === undefined) return null;
  const { site, keyed } = first;
  const alias = context.names.next('per_key');
  const common = commonParts(members);
  const keyNames = keyed.keys.map(() => context.names.next('key'));
  const targets = keyed.keys.map(({ inner }, place) => targetNode(inner, keyNames[place] ?? ''));
  const shown = new Map<string, string>();
  const columns = members.map(({ keyed: own, aggregated }) => {
    const extra = own.rest.filter((part) => !common.has(canonical(part)));
    return aggregated.calls.map((each) => {
      const call = filtered(each, extra);
      const name = shown.get(canonical(call)) ?? context.names.next('value');
      if (!shown.has(canonical(call))) targets.push(targetNode(call, name));
      shown.set(canonical(call), name);
      return name;
    });
  });
  const condition = allOf([
    ...keyed.rest.filter((part) => common.has(canonical(part))),
    ...(wanted === null ? [] : [wanted]),
  ]);
  const grouped = selectNode({
    targetList: targets,
    ...(site.select.fromClause === undefined ? {} : { fromClause: site.select.fromClause }),
    ...(condition === undefined ? {} : { whereClause: condition }),
    groupClause: keyed.keys.map(({ inner }) => inner),
  });
  const sites = members.map((each) => each.site);
  const joined = joinByKeys(site.level, { rows: grouped, alias, keyed, keyNames, sites }, context);
  if (joined === null) return NO_STARS;
  for (const [place, { site: each, aggregated }] of members.entries())
    replaceNode(each.node, writtenValue(aggregated, (columns[place] ?? []).map(joined), context.catalog));
  return null;
}

/** Conditions that all of the subqueries ask; what one asks alone filters its own aggregates. */
function commonParts(members: readonly Member[]): ReadonlySet<string> {
  const [first, ...others] = members.map(({ keyed }) => keyed.rest.map(canonical));
  return new Set((first ?? []).filter((part) => others.every((rest) => rest.includes(part))));
}

/** `key IN (SELECT key FROM … WHERE …)` of the rows around; a text where what they are asked cannot be repeated. */
function selectedKeys({ site, keyed }: Member, { catalog }: RewriteContext): Node | string {
  const { level } = site;
  if (level.kind !== 'select') return 'the rows around are written';
  const asked = partsOf(level.body.whereClause).filter((part) => !holdsQuery(part));
  if (asked.length === 0) return 'no condition chooses among the rows around it';
  const context = { catalog, commonTables: level.commonTables };
  const isOwn = freeIn([level.body.fromClause, asked], level.relations, context).nodes.length === 0;
  if (!isOwn || isVolatile([level.body.fromClause, asked], catalog))
    return 'the rows around it cannot be asked for twice';
  const chosen = selectNode({
    targetList: keyed.keys.map(({ outer }): Node => ({ ResTarget: { val: outer } })),
    ...(level.body.fromClause === undefined ? {} : { fromClause: level.body.fromClause }),
    whereClause: allOf(asked) as Node,
  });
  const [first] = keyed.keys;
  const inner = keyed.keys.map((key) => key.inner);
  const testexpr: Node =
    keyed.keys.length === 1 && first !== undefined
      ? first.inner
      : { RowExpr: { args: inner, row_format: 'COERCE_IMPLICIT_CAST' } };
  return structuredClone({
    SubLink: { subLinkType: 'ANY_SUBLINK', testexpr, subselect: { SelectStmt: chosen } },
  }) as Node;
}
