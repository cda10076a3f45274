import type { Node } from '@pgsql/types';
import type { Table } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { type Aggregated, aggregatedOf, writtenValue } from './aggregated.js';
import { isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { isExists } from './exists-join.js';
import { freeIn, freeReferences } from './free-references.js';
import { isOfGroups } from './grouped-level.js';
import { isPlainBut, keyedOf, tieOf } from './keyed-subquery.js';
import { type LevelRelation, relationIn, relationOf, relationsOf } from './level-names.js';
import {
  allOf,
  columnNode,
  isNotNull,
  isOne,
  operatorNode,
  partsOf,
  rangeNode,
  referenceOf,
  referencesIn,
  replaceNode,
  selectNode,
  stringNode,
  tableNode,
  targetNode,
} from './nodes.js';
import { ascending } from './row-join.js';
import { spelledSort } from './spelled-sort.js';
import type { SubquerySite } from './subquery-sites.js';
import { inGroups, joinToLevel, NO_STARS, type RewriteContext, refuseJoin, type Technique } from './technique.js';
import { hasHeirs, primaryKeyOf } from './written-level.js';

/**
 * Joins the rows of a subquery to those around it in one go, by whatever ties them, and makes one row of what was joined to
 * each: for ties that are more than equalities.
 */
export const joinedGroup: Technique = {
  apply(sites, context) {
    const read = sites.map((site) => memberOf(site, context));
    const members = read.flatMap((each) => (typeof each === 'string' ? [] : [each]));
    const groups = inGroups(
      members,
      ({ site }) => site,
      ({ site: { select }, relation, kind, sort }) => [
        ...[kind === 'presence' ? 'aggregate' : kind, relation.alias, select.fromClause, select.whereClause, sort],
      ],
    );
    const refused = new Map<SubquerySite, string>();
    for (const group of groups) {
      const reason = joinMembers(group, context);
      if (reason !== null) for (const { site } of group) refused.set(site, reason);
    }
    return sites.map((site, place) => {
      const member = read[place];
      return typeof member === 'string' ? member : (refused.get(site) ?? null);
    });
  },
};

type Member = {
  readonly site: SubquerySite;
  /** The one table around that the subquery is tied to. */
  readonly relation: LevelRelation;
  readonly table: Table;
  readonly key: readonly string[];
  readonly sort: readonly Node[];
} & (
  | { readonly kind: 'aggregate'; readonly aggregated: Aggregated }
  | { readonly kind: 'row'; readonly value: Node }
  | { readonly kind: 'presence' }
);

function memberOf(site: SubquerySite, context: RewriteContext): Member | string {
  const { catalog } = context;
  const { select, level } = site;
  const refusal = refuseJoin(site, context);
  if (refusal !== null) return refusal;
  if (isOfGroups(site, catalog)) return 'it would be joined to each row before the rows are grouped';
  if (isVolatile(select, catalog)) return 'it calls a function that is not the same each time';
  const given = givenBy(site, context);
  if (typeof given === 'string') return given;
  const left = given.kind === 'aggregate' ? given.aggregated.left : [];
  if (typeof keyedOf(site, catalog, left) !== 'string') return 'its keys alone tie it';
  const { nodes } = freeReferences(select, { catalog, commonTables: level.commonTables });
  const [relation, second] = new Set(nodes.map((node) => relationOf(node, level.relations)));
  const key = relation?.table == null ? null : primaryKeyOf(relation.table);
  if (relation?.table == null || second !== undefined || key === null)
    return 'it is tied to more than the row of one table that has a primary key';
  if (relation.isNullable || hasHeirs(relation.table, catalog))
    return 'the row around it may be missing, or be one of several';
  if (holdsQuery([select.whereClause, select.fromClause, select.targetList])) return 'it holds a subquery itself';
  const own = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  if (own.some(({ alias }) => alias === relation.alias || alias === ''))
    return 'its rows bear the name of those around it';
  return isEquiJoin(site, own, context)
    ? { site, relation, table: relation.table, key, ...given }
    : 'no equality ties it to the row around it';
}

function givenBy(
  site: SubquerySite,
  { catalog }: RewriteContext,
):
  | { readonly kind: 'aggregate'; readonly aggregated: Aggregated; readonly sort: readonly Node[] }
  | { readonly kind: 'row'; readonly value: Node; readonly sort: readonly Node[] }
  | { readonly kind: 'presence'; readonly sort: readonly Node[] }
  | string {
  const { select, link } = site;
  if (isExists(site)) return isPlainBut(select, []) ? { kind: 'presence', sort: [] } : 'its rows are grouped or cut';
  const aggregated = aggregatedOf(site, catalog);
  if (aggregated !== null)
    return aggregated.groups.length === 0 ? { kind: 'aggregate', aggregated, sort: [] } : 'its rows are grouped or cut';
  const value = bodyOf(select.targetList?.[0], 'ResTarget')?.val;
  const isFirst =
    isPlainBut(select, ['sortClause', 'limitCount']) && isOne(select.limitCount) && link.subLinkType === 'EXPR_SUBLINK';
  if (!isFirst || select.sortClause === undefined || value === undefined || select.targetList?.length !== 1)
    return 'it gives neither an aggregate nor the first row of an order';
  return { kind: 'row', value, sort: spelledSort(select) };
}

/** Without an equality each row would be held against each. */
function isEquiJoin(
  { select, level }: SubquerySite,
  own: readonly LevelRelation[],
  { catalog }: RewriteContext,
): boolean {
  return partsOf(select.whereClause).some((part) => {
    const { nodes } = freeIn(part, own, { catalog, commonTables: level.commonTables });
    return nodes.length > 0 && tieOf(part, new Set(nodes)) !== null;
  });
}

function joinMembers(members: readonly Member[], context: RewriteContext): string | null {
  const [first] = members;
  if (first === undefined) return null;
  const { site, relation, table, key, sort } = first;
  const alias = context.names.next('joined');
  const keys = key.map((name) => ({ node: columnNode(relation.alias, name), as: context.names.next('key') }));
  const targets = keys.map(({ node, as }) => targetNode(node, as));
  for (const member of members) qualify(member, context);
  const columns = members.map((member) =>
    computedBy(member).map((node) => {
      const name = context.names.next('value');
      targets.push(targetNode(structuredClone(node), name));
      return name;
    }),
  );
  const nodes = keys.map(({ node }) => node);
  const condition = allOf([...partsOf(site.select.whereClause), ...askedAround(first, context)]);
  const rows = selectNode({
    targetList: targets,
    fromClause: [tableNode(table, relation.alias), ...(site.select.fromClause ?? [])],
    ...(condition === undefined ? {} : { whereClause: condition }),
    ...(first.kind === 'row'
      ? { distinctClause: nodes, sortClause: [...nodes.map(ascending), ...sort] }
      : { groupClause: nodes }),
  });
  const on = allOf(keys.map(({ node, as }) => operatorNode('=', columnNode(alias, as), node))) as Node;
  const range = rangeNode(structuredClone(rows), alias);
  const sites = members.map((each) => each.site);
  const joined = joinToLevel(site.level, { relation: range, alias, on: structuredClone(on), sites }, context);
  if (joined === null) return NO_STARS;
  for (const [place, member] of members.entries()) {
    const given = (columns[place] ?? []).map(joined);
    replaceNode(member.site.node, givenValue(member, given, { context, found: joined(keys[0]?.as ?? '') }));
  }
  return null;
}

function computedBy(member: Member): readonly Node[] {
  if (member.kind === 'aggregate') return member.aggregated.calls;
  return member.kind === 'row' ? [member.value] : [];
}

function givenValue(
  member: Member,
  columns: readonly Node[],
  { context, found }: { readonly context: RewriteContext; readonly found: Node },
): Node {
  if (member.kind === 'aggregate') return writtenValue(member.aggregated, columns, context.catalog);
  return member.kind === 'row' ? (columns[0] ?? found) : isNotNull(found);
}

/** Conditions around that are about the same table alone leave out its other rows here, too. */
function askedAround({ site, relation }: Member, { catalog }: RewriteContext): readonly Node[] {
  const { level } = site;
  if (site.join !== null) return [];
  return partsOf(level.body.whereClause).filter((part) => {
    const references = referencesIn(part);
    const isOwn = references.length > 0 && references.every((node) => relationOf(node, level.relations) === relation);
    return isOwn && !holdsQuery(part) && !isVolatile(part, catalog);
  });
}

/** Both sides stand in one FROM now, where a name without its table may be of either. */
function qualify({ site }: Member, { catalog }: RewriteContext): void {
  const { select, level } = site;
  const own = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  for (const { ColumnRef: reference } of referencesIn([select.whereClause, select.targetList, select.sortClause])) {
    const named = referenceOf(reference);
    if (named === null || named.qualifier !== null) continue;
    const relation = relationIn(own, named) ?? relationIn(level.relations, named);
    if (relation !== null) reference.fields = [stringNode(relation.alias), stringNode(named.name)];
  }
}
