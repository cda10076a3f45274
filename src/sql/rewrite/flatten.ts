import type { Node, SubLink } from '@pgsql/types';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { isAskedNotNull } from './aggregated.js';
import { aggregateCalls, isVolatile } from './aggregates.js';
import { existsOf } from './exists-query.js';
import { extremeForSeveral } from './extreme.js';
import { isNeverNull, isPlainBut } from './keyed-subquery.js';
import { qualified, relationsOf } from './level-names.js';
import { type Compared, listedRows } from './listed-rows.js';
import { allOf, existsNode, isNotNull, isNull, notNode, operatorNode, partsOf, replaceNode } from './nodes.js';
import { presenceToExists } from './presence.js';
import { isConjunct, isCorrelated, isTruthAsked, type SubquerySite } from './subquery-sites.js';
import { eachByItself, type RewriteContext, type Technique } from './technique.js';

/**
 * Writes as EXISTS or NOT EXISTS what means the same and PostgreSQL joins only so: NOT IN, correlated IN before version 17,
 * `> ALL`, and values that are asked for being there.
 */
export const flatten: Technique = { apply: eachByItself(flattenSite) };

/** First version that joins a correlated IN by itself. */
const JOINS_IN_MAJOR = 17;
const NULL_MATTERS = 'whether it is NULL or false makes a difference there';

function flattenSite(site: SubquerySite, context: RewriteContext): string | null {
  if (isVolatile(site.select, context.catalog)) return 'it calls a function that is not the same each time';
  switch (site.link.subLinkType) {
    case 'EXPR_SUBLINK':
      return presenceToExists(site, context);
    case 'ANY_SUBLINK':
      return anyToExists(site, context);
    case 'ALL_SUBLINK':
      return allToExists(site, context);
    default:
      return 'it is an EXISTS already';
  }
}

/** `IN`, `= ANY`, which says the same, and other operators with ANY. */
function anyToExists(site: SubquerySite, context: RewriteContext): string | null {
  const [around] = site.around;
  const operator = operatorOf(site.link);
  const isNegated = bodyOf(around, 'BoolExpr')?.boolop === 'NOT_EXPR';
  if (isNegated && around !== undefined) {
    if (operator !== '=') return 'it is compared with any of several';
    const denied = { node: around, isConjunct: isConjunct(site, around), isTruthAsked: isTruthAsked(site, 1) };
    return noneEqual(site, denied, context);
  }
  if (!isCorrelated(site)) return 'PostgreSQL hashes it';
  if (context.major >= JOINS_IN_MAJOR && isConjunct(site) && site.place !== 'having')
    return 'PostgreSQL joins it by itself';
  const compared = comparedWith(site, context);
  if (typeof compared === 'string') return compared;
  if (!isTruthAsked(site) && isNullable(site, compared)) return NULL_MATTERS;
  const met = compared.pairs.map(({ inner, outer }) =>
    operator === '=' ? operatorNode('=', inner, outer) : operatorNode(operator, outer, inner),
  );
  replaceNode(site.node, existsNode(compared.query(met)));
  return null;
}

function operatorOf({ operName = [] }: SubLink): string {
  if (operName.length === 0) return '=';
  return operName.length === 1 ? (bodyOf(operName[0], 'String')?.sval ?? '') : '';
}

/** `x > ALL (…)` is true unless one of them is not less. */
function allToExists(site: SubquerySite, context: RewriteContext): string | null {
  const operator = operatorOf(site.link);
  if (!['>', '>=', '<', '<=', '<>'].includes(operator)) return 'it is not known what its operator denies';
  const standing = { node: site.node, isConjunct: isConjunct(site), isTruthAsked: isTruthAsked(site) };
  if (operator === '<>') return noneEqual(site, standing, context);
  if (!isCorrelated(site) && extremeForSeveral(site, context.catalog) === null) return null;
  const compared = comparedWith(site, context);
  if (typeof compared === 'string') return compared;
  const [pair, second] = compared.pairs;
  if (pair === undefined || second !== undefined) return 'it compares several columns';
  const nullable = isNullable(site, compared);
  if (nullable && !standing.isTruthAsked) return NULL_MATTERS;
  const met = operatorNode(operator, pair.outer, pair.inner);
  const denied: Node = nullable ? { BooleanTest: { arg: met, booltesttype: 'IS_NOT_TRUE' } } : notNode(met);
  replaceNode(site.node, notNode(existsNode(compared.query([denied]))));
  return null;
}

interface Standing {
  /** What takes the new condition's place. */
  readonly node: Node;
  readonly isConjunct: boolean;
  readonly isTruthAsked: boolean;
}

/** `NOT IN`, and `<> ALL`. With a NULL on either side it is never true, and NOT EXISTS of what is equal is. */
function noneEqual(site: SubquerySite, standing: Standing, context: RewriteContext): string | null {
  const plain = comparedWith(site, context);
  const compared = typeof plain === 'string' ? (listedRows(site, context) ?? plain) : plain;
  if (typeof compared === 'string') return compared;
  const equal = compared.pairs.map(({ inner, outer }) => operatorNode('=', inner, outer));
  if (!isNullable(site, compared)) {
    replaceNode(standing.node, notNode(existsNode(compared.query(equal))));
    return null;
  }
  if (!standing.isTruthAsked) return NULL_MATTERS;
  if (isCorrelated(site)) {
    const isMet: Node = { BooleanTest: { arg: allOf(equal) as Node, booltesttype: 'IS_NOT_FALSE' } };
    replaceNode(standing.node, notNode(existsNode(compared.query([isMet]))));
    return null;
  }
  return noneEqualOfAll(site, { standing, compared });
}

/** The rows are the same for all around: whether NULL is among them, and whether there are any, is asked once. */
function noneEqualOfAll(
  site: SubquerySite,
  { standing, compared }: { readonly standing: Standing; readonly compared: Compared },
): string | null {
  const [pair, second] = compared.pairs;
  if (pair === undefined || second !== undefined) return 'it compares several columns, some of which may be NULL';
  const { inner, outer } = pair;
  const none = (conditions: readonly Node[]) => notNode(existsNode(structuredClone(compared.query(conditions))));
  const conditions = [none([operatorNode('=', inner, outer)])];
  if (isNullableInside(compared, inner)) conditions.push(none([isNull(inner)]));
  if (!isNeverNull(outer, site.level.relations))
    conditions.push({ BoolExpr: { boolop: 'OR_EXPR', args: [isNotNull(outer), none([])] } });
  replaceNode(standing.node, structuredClone(allOf(conditions) as Node));
  return null;
}

/** What `x IN (SELECT y …)` compares, x written so that it means the same inside. */
function comparedWith(site: SubquerySite, { catalog }: RewriteContext): Compared | string {
  const { select, link, level } = site;
  const inner = (select.targetList ?? []).flatMap((target) => bodyOf(target, 'ResTarget')?.val ?? []);
  const { testexpr } = link;
  const tested = testexpr === undefined ? [] : (bodyOf(testexpr, 'RowExpr')?.args ?? [testexpr]);
  if (inner.length === 0 || inner.length !== tested.length) return 'it compares rows as a whole';
  const isGrouped = select.groupClause !== undefined && !isOfTargets(select.groupClause, inner);
  if (!isPlainBut(select, ['distinctClause', 'groupClause']) || isGrouped || aggregateCalls(inner, catalog).length > 0)
    return 'its rows are grouped or cut';
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  const outer = tested.map((node) => qualified(node, level.relations, relations));
  const pairs = inner.flatMap((node, place) => {
    const other = outer[place];
    return other == null ? [] : [{ inner: node, outer: other }];
  });
  if (pairs.length < inner.length) return 'what is compared cannot be named inside of it';
  return {
    pairs,
    select,
    relations,
    query: (conditions) => existsOf(select, [...partsOf(select.whereClause), ...conditions]),
  };
}

/** What is selected is grouped by itself, which says DISTINCT. */
function isOfTargets(groups: readonly Node[], targets: readonly Node[]): boolean {
  const known = targets.map(canonical);
  return groups.length === targets.length && groups.every((group) => known.includes(canonical(group)));
}

function isNullable({ level }: SubquerySite, compared: Compared): boolean {
  return compared.pairs.some(
    ({ inner, outer }) => !isNeverNull(outer, level.relations) || isNullableInside(compared, inner),
  );
}

function isNullableInside({ select, relations, filled = [] }: Compared, inner: Node): boolean {
  return !filled.includes(inner) && !isAskedNotNull(inner, select) && !isNeverNull(inner, relations);
}
