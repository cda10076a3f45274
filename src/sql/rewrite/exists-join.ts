import type { Node, SelectStmt } from '@pgsql/types';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { expressionType, isPlainBut, type KeyedSubquery, keyedOf } from './keyed-subquery.js';
import { allOf, isNotNull, replaceNode, selectNode, targetNode } from './nodes.js';
import { isConjunct, type SubquerySite } from './subquery-sites.js';
import { eachByItself, joinByKeys, NO_STARS, type RewriteContext, refuseJoin, type Technique } from './technique.js';

/** Joins the distinct keys of an EXISTS that PostgreSQL cannot make a join of by itself. */
export const existsJoin: Technique = { apply: eachByItself(joinExists) };

/** `EXISTS a OR EXISTS b` on the same key becomes one IN over both, which PostgreSQL joins. */
export const existsUnion: Technique = {
  apply(sites, context) {
    const reasons = new Map<SubquerySite, string | null>();
    for (const site of sites) {
      if (reasons.has(site)) continue;
      const [either] = site.around;
      const arms = bodyOf(either, 'BoolExpr')?.boolop === 'OR_EXPR' ? (bodyOf(either, 'BoolExpr')?.args ?? []) : [];
      const members = arms.flatMap((arm) => sites.filter(({ node }) => node === arm));
      const reason =
        arms.length === 0 || members.length < arms.length
          ? 'it is no part of an OR of EXISTS alone'
          : uniteExists(either as Node, members, context);
      for (const member of members.length === 0 ? [site] : members) reasons.set(member, reason);
      reasons.set(site, reason);
    }
    return sites.map((site) => reasons.get(site) ?? null);
  },
};

function plainExists(site: SubquerySite, { catalog }: RewriteContext): KeyedSubquery | string {
  const { select, link } = site;
  if (link.subLinkType !== 'EXISTS_SUBLINK') return 'it is no EXISTS';
  // With an aggregate and no GROUP BY there always is a row.
  const isDivided = select.groupClause !== undefined;
  const isWhole = select.limitCount === undefined || (bodyOf(select.limitCount, 'A_Const')?.ival?.ival ?? 0) > 0;
  const allowed = ['distinctClause', 'sortClause', 'limitCount', ...(isDivided ? GROUPING : [])] as const;
  const isOneRow = !isDivided && isGrouped(select, catalog);
  if (!isPlainBut(select, allowed) || !isWhole || isOneRow) return 'its rows are grouped or cut';
  if (isDivided && !select.groupClause?.every((node) => 'ColumnRef' in node))
    return 'it is grouped by what is computed';
  if (isVolatile(select, catalog)) return 'it calls a function that is not the same each time';
  return keyedOf(site, catalog);
}

const GROUPING = ['groupClause', 'havingClause'] as const;

function joinExists(site: SubquerySite, context: RewriteContext): string | null {
  const refusal = refuseJoin(site, context);
  if (refusal !== null) return refusal;
  if (isFlattened(site)) return 'PostgreSQL joins it by itself';
  const keyed = plainExists(site, context);
  if (typeof keyed === 'string') return keyed;
  const alias = context.names.next('present');
  const names = keyed.keys.map(() => context.names.next('key'));
  const condition = allOf(keyed.rest);
  const distinct = selectNode({
    distinctClause: [{}] as Node[],
    targetList: keyed.keys.map(({ inner }, place) => targetNode(inner, names[place] ?? '')),
    ...(site.select.fromClause === undefined ? {} : { fromClause: site.select.fromClause }),
    ...(condition === undefined ? {} : { whereClause: condition }),
    ...groupedByKeys(site.select, keyed),
  });
  const joined = joinByKeys(site.level, { rows: distinct, alias, keyed, keyNames: names, sites: [site] }, context);
  if (joined === null) return NO_STARS;
  // A row that was found has a key that is equal to something, and so is not NULL.
  replaceNode(site.node, isNotNull(joined(names[0] ?? '')));
  return null;
}

/** Groups are made within each key. */
function groupedByKeys(
  { groupClause, havingClause }: SelectStmt,
  { keys }: KeyedSubquery,
): Pick<SelectStmt, 'groupClause' | 'havingClause'> {
  if (groupClause === undefined) return {};
  const inner = keys.map((key) => key.inner);
  const known = inner.map(canonical);
  return {
    groupClause: [...inner, ...groupClause.filter((node) => !known.includes(canonical(node)))],
    ...(havingClause === undefined ? {} : { havingClause }),
  };
}

/** Tells of an EXISTS that PostgreSQL does not make a join of by itself. */
export function isExists(site: SubquerySite): boolean {
  return site.link.subLinkType === 'EXISTS_SUBLINK' && !isFlattened(site);
}

/** EXISTS and NOT EXISTS that a condition asks for by themselves are joins already, but where rows are grouped. */
function isFlattened(site: SubquerySite): boolean {
  const isOuter = site.join !== null && (site.join.jointype ?? 'JOIN_INNER') !== 'JOIN_INNER';
  if (site.place === 'having' || isOuter || site.select.groupClause !== undefined) return false;
  const [around] = site.around;
  const isNegated = bodyOf(around, 'BoolExpr')?.boolop === 'NOT_EXPR';
  return isConjunct(site) || (isNegated && isConjunct(site, around));
}

function uniteExists(either: Node, sites: readonly SubquerySite[], context: RewriteContext): string | null {
  const keyed: KeyedSubquery[] = [];
  if (sites.some(({ select }) => select.groupClause !== undefined)) return 'its rows are grouped or cut';
  for (const site of sites) {
    const read = plainExists(site, context);
    if (typeof read === 'string') return read;
    keyed.push(read);
  }
  const [first] = keyed;
  const [site] = sites;
  const outer = first?.keys[0]?.outer;
  if (first === undefined || site === undefined || outer === undefined) return 'there is no key';
  if (keyed.some(({ keys }) => keys.length > 1)) return 'it is tied by more than one key';
  if (keyed.some(({ keys }) => canonical(keys[0]?.outer) !== canonical(outer))) return 'the keys are not the same';
  const types = keyed.map(({ keys, relations }) =>
    keys[0] === undefined ? null : expressionType(keys[0].inner, relations),
  );
  if (types.some((type) => type !== types[0])) return 'the keys are of several types';
  if (site.place === 'having' || !isConjunct(site, either))
    return 'whether it is NULL or false makes a difference there';
  const arms = sites.map(({ select }, place) => {
    const condition = allOf(keyed[place]?.rest ?? []);
    const inner = keyed[place]?.keys[0]?.inner as Node;
    return selectNode({
      targetList: [{ ResTarget: { val: inner } }],
      ...(select.fromClause === undefined ? {} : { fromClause: select.fromClause }),
      ...(condition === undefined ? {} : { whereClause: condition }),
    });
  });
  const union = arms.reduce((larg, rarg) => ({
    ...{ limitOption: 'LIMIT_OPTION_DEFAULT' as const, op: 'SETOP_UNION' as const, all: true, larg, rarg },
  }));
  replaceNode(either, {
    SubLink: { subLinkType: 'ANY_SUBLINK', testexpr: structuredClone(outer), subselect: { SelectStmt: union } },
  });
  return null;
}
