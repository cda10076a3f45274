import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isGrouped, isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { freeIn } from './free-references.js';
import { isNeverNull, isPlainBut, type KeyedSubquery, keyedOf } from './keyed-subquery.js';
import { allOf, coalesceNode, integerNode, partsOf, replaceNode, selectNode, stringNode, targetNode } from './nodes.js';
import { spelledSort } from './spelled-sort.js';
import type { Level, SubquerySite } from './subquery-sites.js';
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
  /** What the subquery selects, its aggregates not yet replaced. */
  readonly target: Node;
}

function joinGroups(
  sites: readonly SubquerySite[],
  context: RewriteContext,
  isSelected: boolean,
): readonly (string | null)[] {
  const read = sites.map((site) => memberOf(site, context));
  const members = read.flatMap((each) => (typeof each === 'string' ? [] : [each]));
  const levels = new Map<Level['body'], number>();
  const groups = inGroups(members, ({ site, keyed }) => {
    const { body } = site.level;
    if (!levels.has(body)) levels.set(body, levels.size);
    return canonical([levels.get(body), site.select.fromClause, keyed.keys]);
  });
  const refused = new Map<SubquerySite, string>();
  for (const group of groups) {
    const reason = joinGroup(group, context, isSelected);
    if (reason !== null) for (const { site } of group) refused.set(site, reason);
  }
  return sites.map((site, place) => {
    const member = read[place];
    return typeof member === 'string' ? member : (refused.get(site) ?? null);
  });
}

function memberOf(site: SubquerySite, context: RewriteContext): Member | string {
  const { catalog } = context;
  const { select, link } = site;
  const isArray = link.subLinkType === 'ARRAY_SUBLINK';
  if (!isArray && link.subLinkType !== 'EXPR_SUBLINK') return 'it gives no single value';
  const refusal = refuseJoin(site, context);
  if (refusal !== null) return refusal;
  if (isVolatile(select, catalog)) return 'it calls a function that is not the same each time';
  const keyed = keyedOf(site, catalog);
  if (typeof keyed === 'string') return keyed;
  const target = isArray ? arrayTarget(select, catalog) : aggregateTarget(select, keyed);
  if (target === null) return 'it gives a row, not an aggregate of rows';
  const calls = aggregateCalls(target, catalog);
  if (calls.length === 0) return 'it gives a row, not an aggregate of rows';
  const isKnown = calls.every((call) => emptyValueOf(bodyOf(call, 'FuncCall') ?? {}, catalog) !== null);
  if (!isKnown) return 'it is not known what an aggregate of it gives for no rows';
  return { site, keyed, target };
}

/** What a plain aggregate query selects; the first row of an order by a column that is never NULL is its extreme. */
function aggregateTarget(select: SelectStmt, { relations }: KeyedSubquery): Node | null {
  const [target, second] = select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  if (value === undefined || second !== undefined || holdsQuery(value)) return null;
  if (isPlainBut(select, [])) return value;
  const [sort, further] = select.sortClause ?? [];
  const { node, sortby_dir, useOp } = bodyOf(sort, 'SortBy') ?? {};
  const isFirst = isPlainBut(select, ['sortClause', 'limitCount']) && isOne(select.limitCount);
  if (!isFirst || node === undefined || further !== undefined || useOp !== undefined) return null;
  if (canonical(node) !== canonical(value) || !isNeverNull(node, relations)) return null;
  const name = sortby_dir === 'SORTBY_DESC' ? 'max' : 'min';
  return { FuncCall: { funcname: [stringNode(name)], args: [value], funcformat: 'COERCE_EXPLICIT_CALL' } };
}

/** What `ARRAY (SELECT …)` puts together, as an aggregate. */
function arrayTarget(select: SelectStmt, catalog: Catalog): Node | null {
  const value = bodyOf(select.targetList?.[0], 'ResTarget')?.val;
  const isPlain = isPlainBut(select, ['sortClause']) && !isGrouped(select, catalog);
  if (value === undefined || !isPlain || holdsQuery(value)) return null;
  const sort = spelledSort(select);
  return {
    FuncCall: {
      ...{ funcname: [stringNode('array_agg')], args: [value], funcformat: 'COERCE_EXPLICIT_CALL' },
      ...(sort.length === 0 ? {} : { agg_order: [...sort] }),
    },
  };
}

/** Tells whether a row count is 1. */
export function isOne(count: Node | undefined): boolean {
  return bodyOf(count, 'A_Const')?.ival?.ival === 1;
}

function joinGroup(members: readonly Member[], context: RewriteContext, isSelected: boolean): string | null {
  const [first] = members;
  if (first === undefined) return null;
  const { site, keyed } = first;
  const wanted = isSelected ? selectedKeys(first, context) : null;
  if (typeof wanted === 'string') return wanted;
  const alias = context.names.next('per_key');
  const common = commonParts(members);
  const keyNames = keyed.keys.map(() => context.names.next('key'));
  const targets = keyed.keys.map(({ inner }, place) => targetNode(inner, keyNames[place] ?? ''));
  const columns = members.map(({ keyed: own, target }) => {
    const extra = own.rest.filter((part) => !common.has(canonical(part)));
    return aggregateCalls(target, context.catalog).map((call) => {
      const name = context.names.next('value');
      targets.push(targetNode(filtered(structuredClone(call), extra), name));
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
  for (const [place, { site: each, target }] of members.entries())
    replaceNode(each.node, whole(each, writtenValue(target, (columns[place] ?? []).map(joined), context)));
  return null;
}

/** `ARRAY (SELECT …)` of no rows is an array of none, and no NULL. */
function whole({ link }: SubquerySite, value: Node): Node {
  return link.subLinkType === 'ARRAY_SUBLINK' ? coalesceNode([value, { A_Const: { sval: { sval: '{}' } } }]) : value;
}

/** What a subquery gave, of the columns that its aggregates have become; a count of no rows is no row, and 0. */
function writtenValue(target: Node, columns: readonly Node[], { catalog }: RewriteContext): Node {
  const value = structuredClone(target);
  for (const [place, call] of aggregateCalls(value, catalog).entries()) {
    const isCount = emptyValueOf(bodyOf(call, 'FuncCall') ?? {}, catalog) === 'zero';
    const column = columns[place] ?? { A_Const: { isnull: true } };
    replaceNode(call, isCount ? coalesceNode([column, integerNode(0)]) : column);
  }
  return value;
}

/** Conditions that all of the subqueries ask; what one asks alone filters its own aggregates. */
function commonParts(members: readonly Member[]): ReadonlySet<string> {
  const [first, ...others] = members.map(({ keyed }) => keyed.rest.map(canonical));
  return new Set((first ?? []).filter((part) => others.every((rest) => rest.includes(part))));
}

function filtered(call: Node, extra: readonly Node[]): Node {
  const body = bodyOf(call, 'FuncCall') as FuncCall;
  const condition = allOf([...(body.agg_filter === undefined ? [] : [body.agg_filter]), ...extra]);
  if (condition !== undefined) body.agg_filter = condition;
  return call;
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
