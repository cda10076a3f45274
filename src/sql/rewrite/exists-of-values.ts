import { bodyOf } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { existsOf } from './exists-query.js';
import { isPlainBut, keyedOf } from './keyed-subquery.js';
import { commonTablesOf } from './level-names.js';
import { allOf, comparisonOf, existsNode, operatorNode, partsOf, replaceNode } from './nodes.js';
import type { SubquerySite } from './subquery-sites.js';
import { eachByItself, type RewriteContext, type Technique } from './technique.js';
import { valuesOfRows } from './values-of-groups.js';

/** Writes `(SELECT count(DISTINCT x) … AND x IN (a, b)) = 2` as EXISTS of a row of each value. */
export const existsOfValues: Technique = { apply: eachByItself(eachValue) };

function eachValue(site: SubquerySite, { catalog }: RewriteContext): string | null {
  const { select, node, around, level } = site;
  const [comparison] = around;
  const [target, second] = select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  const sides = comparison === undefined ? null : comparisonOf(comparison);
  if (value === undefined || second !== undefined || comparison === undefined || sides === null)
    return 'it gives no single value that is compared';
  if (!isPlainBut(select, []) || isVolatile(select, catalog)) return 'its rows are not those of tables';
  const keyed = keyedOf(site, catalog);
  if (typeof keyed === 'string') return keyed;
  const [left, right] = [sides.left, sides.right].map((side) => (side === node ? value : side));
  if (left === undefined || right === undefined) return 'it gives no single value that is compared';
  const commonTables = commonTablesOf(select.withClause, catalog, level.commonTables);
  const asked = valuesOfRows(operatorNode(sides.operator, left, right), {
    level: { select, relations: keyed.relations, commonTables },
    catalog,
    fixed: keyed.keys.map(({ inner }) => inner),
  });
  if (asked === null || !asked.isAll) return 'it does not count whether there is a row of each of some values';
  const own = partsOf(select.whereClause).filter((part) => part !== asked.list);
  const rows = asked.conditions.map((condition) => existsNode(structuredClone(existsOf(select, [...own, condition]))));
  replaceNode(comparison, allOf(rows) ?? comparison);
  return null;
}
