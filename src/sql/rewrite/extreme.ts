import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { isAskedNotNull } from './aggregated.js';
import { aggregateCalls, isVolatile } from './aggregates.js';
import { isNeverNull, isPlainBut } from './keyed-subquery.js';
import { relationsOf } from './level-names.js';
import { operatorNode, replaceNode, selectNode, stringNode } from './nodes.js';
import { isTruthAsked, type SubquerySite, subquerySites } from './subquery-sites.js';

/** Spells `x > ALL (…)` and `x > ANY (…)` as a comparison with the one extreme that decides it, where NULL does not matter. */
export function spellExtremes(tree: Node, catalog: Catalog): void {
  for (const site of subquerySites(tree, catalog)) extremeForSeveral(site, catalog);
}

/** Writes one comparison with several as one with their extreme; gives null, or why it cannot. */
export function extremeForSeveral(site: SubquerySite, catalog: Catalog): string | null {
  const { link, select, level, node } = site;
  const isAll = link.subLinkType === 'ALL_SUBLINK';
  if (!isAll && link.subLinkType !== 'ANY_SUBLINK') return 'it compares with one';
  const operator = bodyOf(link.operName?.at(-1), 'String')?.sval ?? '';
  const [target, second] = select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  const { testexpr } = link;
  if (!/^[<>]=?$/.test(operator) || value === undefined || second !== undefined || testexpr === undefined)
    return 'no extreme decides it';
  if (
    !isPlainBut(select, ['distinctClause']) ||
    aggregateCalls(value, catalog).length > 0 ||
    isVolatile(select, catalog)
  )
    return 'its rows are grouped or cut';
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  const isFilled = isNeverNull(value, relations) || isAskedNotNull(value, select);
  const isWhole = isFilled && isNeverNull(testexpr, level.relations);
  const isAsked = !isAll && isTruthAsked(site);
  if (!isWhole && !isAsked) return 'NULL among them makes a difference';
  const { distinctClause: _, ...plain } = select;
  const name = operator.startsWith('>') === isAll ? 'max' : 'min';
  const extreme: Node = {
    FuncCall: { funcname: [stringNode(name)], args: [value], funcformat: 'COERCE_EXPLICIT_CALL' },
  };
  const row = selectNode({ ...plain, targetList: [{ ResTarget: { val: extreme } }] });
  const one: Node = { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: row } } };
  const compared = operatorNode(operator, testexpr, one);
  replaceNode(
    node,
    isAsked ? compared : { BooleanTest: { arg: compared, booltesttype: isAll ? 'IS_NOT_FALSE' : 'IS_TRUE' } },
  );
  return null;
}
