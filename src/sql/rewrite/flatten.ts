import type { Node, SelectStmt, SubLink } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isVolatile } from './aggregates.js';
import { isNeverNull, isPlainBut } from './keyed-subquery.js';
import { type LevelRelation, qualified, relationsOf } from './level-names.js';
import {
  allOf,
  comparisonOf,
  existsNode,
  integerNode,
  isNotNull,
  notNode,
  operatorNode,
  partsOf,
  replaceNode,
  selectNode,
  targetNode,
} from './nodes.js';
import { isConjunct, isCorrelated, type SubquerySite } from './subquery-sites.js';
import { eachByItself, type RewriteContext, type Technique } from './technique.js';

/**
 * Writes as EXISTS or NOT EXISTS what means the same and PostgreSQL joins only so: NOT IN, correlated IN before version 17,
 * `> ALL`, and counts that are compared with none.
 */
export const flatten: Technique = { apply: eachByItself(flattenSite) };

/** First version that joins a correlated IN by itself. */
const JOINS_IN_MAJOR = 17;

function flattenSite(site: SubquerySite, context: RewriteContext): string | null {
  if (isVolatile(site.select, context.catalog)) return 'it calls a function that is not the same each time';
  switch (site.link.subLinkType) {
    case 'EXPR_SUBLINK':
      return countToExists(site, context);
    case 'ANY_SUBLINK':
      return isEqualAny(site.link) ? inToExists(site, context) : 'it is compared with any of several';
    case 'ALL_SUBLINK':
      return allToExists(site, context);
    default:
      return 'it is an EXISTS already';
  }
}

/** `IN`, and `= ANY`, which says the same. */
function isEqualAny({ operName = [] }: SubLink): boolean {
  return operName.length === 0 || (operName.length === 1 && bodyOf(operName[0], 'String')?.sval === '=');
}

/** `(SELECT count(*) …) > 0`. */
function countToExists(site: SubquerySite, { catalog }: RewriteContext): string | null {
  const [around] = site.around;
  const exists = around === undefined ? null : presenceOf(around, site.node);
  if (around === undefined || exists === null) return 'it is compared with something else than none';
  const [target, second] = site.select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  const call = bodyOf(value, 'FuncCall');
  const isCount = call !== null && emptyValueOf(call, catalog) === 'zero' && call.over === undefined;
  if (!isCount || second !== undefined || value === undefined || aggregateCalls(value, catalog)[0] !== value)
    return 'it is no count';
  if (!isPlainBut(site.select, [])) return 'its rows are grouped or cut';
  const [argument, further] = call.args ?? [];
  if (further !== undefined || call.agg_within_group === true) return 'it is no plain count';
  const parts = [
    ...partsOf(site.select.whereClause),
    ...(argument === undefined ? [] : [isNotNull(argument)]),
    ...(call.agg_filter === undefined ? [] : [call.agg_filter]),
  ];
  const query = existsNode(queryOf(site.select, parts));
  replaceNode(around, exists ? query : notNode(query));
  return null;
}

/** True where a comparison of a count asks for some, false where it asks for none, null for anything else. */
function presenceOf(around: Node, count: Node): boolean | null {
  const comparison = comparisonOf(around);
  if (comparison === null) return null;
  const isLeft = comparison.left === count;
  const other = isLeft ? comparison.right : comparison.left;
  const constant = bodyOf(other, 'A_Const');
  if (constant?.ival === undefined) return null;
  const number = constant.ival.ival ?? 0;
  const operator = isLeft ? comparison.operator : (MIRRORED[comparison.operator] ?? comparison.operator);
  return PRESENCE[`${operator} ${number}`] ?? null;
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };
const PRESENCE: Readonly<Record<string, boolean>> = {
  ...{ '> 0': true, '>= 1': true, '<> 0': true, '!= 0': true },
  ...{ '= 0': false, '< 1': false, '<= 0': false },
};

function queryOf(select: SelectStmt, parts: readonly Node[]): SelectStmt {
  const condition = allOf(parts);
  return selectNode({
    targetList: [targetNode(integerNode(1), 'found')].map(withoutName),
    ...(select.fromClause === undefined ? {} : { fromClause: select.fromClause }),
    ...(condition === undefined ? {} : { whereClause: condition }),
  });
}

function withoutName(target: Node): Node {
  const value = bodyOf(target, 'ResTarget')?.val;
  return { ResTarget: value === undefined ? {} : { val: value } };
}

function inToExists(site: SubquerySite, context: RewriteContext): string | null {
  const [around] = site.around;
  const isNegated = bodyOf(around, 'BoolExpr')?.boolop === 'NOT_EXPR';
  if (isNegated && around !== undefined) return notInToExists(site, around, context);
  if (!isCorrelated(site)) return 'PostgreSQL hashes it';
  if (context.major >= JOINS_IN_MAJOR) return 'PostgreSQL joins it by itself';
  if (!isConjunct(site)) return 'whether it is NULL or false makes a difference there';
  const compared = comparedWith(site, context);
  if (typeof compared === 'string') return compared;
  replaceNode(site.node, existsNode(compared.query(operatorNode('=', compared.inner, compared.outer))));
  return null;
}

/** With a NULL on either side NOT IN is never true, and NOT EXISTS is. */
function notInToExists(site: SubquerySite, around: Node, context: RewriteContext): string | null {
  const isAsked = site.place === 'where' && partsOf(site.level.body.whereClause).includes(around);
  if (!isAsked) return 'whether it is NULL or false makes a difference there';
  const compared = comparedWith(site, context);
  if (typeof compared === 'string') return compared;
  const nullable = nullableSide(site, compared);
  if (nullable !== null) return nullable;
  replaceNode(around, notNode(existsNode(compared.query(operatorNode('=', compared.inner, compared.outer)))));
  return null;
}

/** `x > ALL (…)` is true unless one of them is not less. */
function allToExists(site: SubquerySite, context: RewriteContext): string | null {
  if (!isConjunct(site)) return 'whether it is NULL or false makes a difference there';
  const operator = bodyOf(site.link.operName?.at(-1), 'String')?.sval ?? '';
  if (!['>', '>=', '<', '<=', '<>'].includes(operator)) return 'it is not known what its operator denies';
  const compared = comparedWith(site, context);
  if (typeof compared === 'string') return compared;
  const nullable = nullableSide(site, compared);
  if (nullable !== null) return nullable;
  const denied = notNode(operatorNode(operator, compared.outer, compared.inner));
  const equal = operatorNode('=', compared.inner, compared.outer);
  replaceNode(site.node, notNode(existsNode(compared.query(operator === '<>' ? equal : denied))));
  return null;
}

interface Compared {
  readonly inner: Node;
  readonly outer: Node;
  readonly relations: readonly LevelRelation[];
  query(condition: Node): SelectStmt;
}

/** What `x IN (SELECT y …)` compares, x written so that it means the same inside. */
function comparedWith(site: SubquerySite, { catalog }: RewriteContext): Compared | string {
  const { select, link, level } = site;
  const [target, second] = select.targetList ?? [];
  const inner = bodyOf(target, 'ResTarget')?.val;
  if (inner === undefined || second !== undefined || link.testexpr === undefined) return 'it compares several columns';
  if (!isPlainBut(select, ['distinctClause']) || aggregateCalls(inner, catalog).length > 0)
    return 'its rows are grouped or cut';
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  const outer = qualified(link.testexpr, level.relations, relations);
  if (outer === null) return 'what is compared cannot be named inside of it';
  return {
    inner,
    outer,
    relations,
    query: (condition) => queryOf(select, [...partsOf(select.whereClause), condition]),
  };
}

function nullableSide({ level }: SubquerySite, { inner, outer, relations, query }: Compared): string | null {
  if (!isNeverNull(outer, level.relations))
    return 'what is compared may be NULL, which NOT IN and NOT EXISTS take differently';
  const asked = partsOf(query(inner).whereClause).some((part) => {
    const test = bodyOf(part, 'NullTest');
    return test?.nulltesttype === 'IS_NOT_NULL' && JSON.stringify(bare(test.arg)) === JSON.stringify(bare(inner));
  });
  if (asked || isNeverNull(inner, relations)) return null;
  return 'it may give a NULL, with which NOT IN is never true: add IS NOT NULL to it if that is not meant';
}

function bare(node: Node | undefined): unknown {
  return bodyOf(node, 'ColumnRef')?.fields;
}
