import type { FuncCall, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf } from './aggregates.js';
import { callsWindow, holdsQuery, keepColumnNames } from './column-names.js';
import { groupExpressions, holdsGroupingSet } from './grouped-level.js';
import { expressionType, GROUPING_CLAUSES, isPlainBut } from './keyed-subquery.js';
import { callNode, columnNode, rangeNode, replaceNode, selectNode, targetNode } from './nodes.js';
import { partialOf } from './partial-aggregates.js';
import { type LevelContext, rewriteLevels, type SelectLevel } from './select-levels.js';
import { spelledAlike, usesBesides } from './used-expressions.js';

/**
 * Writes aggregates of distinct values as aggregates of groups: rows that are grouped by the value as well have each of
 * them once, and a hash does for that where DISTINCT sorts. Null where there are none, or of several values.
 */
export function groupedTwice(sql: string, catalog: Catalog): string | null {
  return rewriteLevels(sql, catalog, groupTwice);
}

function groupTwice(level: SelectLevel, { catalog, names }: LevelContext): boolean {
  const { select, relations } = level;
  const outside = [select.targetList, select.havingClause, select.sortClause];
  if (
    !isPlainBut(select, [...GROUPING_CLAUSES, 'distinctClause']) ||
    callsWindow(select.targetList) ||
    holdsQuery(outside)
  )
    return false;
  const calls = aggregateCalls(outside, catalog);
  const value = distinctValue(calls, level, catalog);
  const groups = groupExpressions(select, relations);
  const known = [...groups, ...(value === null ? [] : [value])].map((node) => spelledAlike(node, relations));
  if (value === null || known.includes(null) || holdsGroupingSet(select) || groups.some((node) => 'A_Const' in node))
    return false;
  const uses = usesBesides(outside, { calls, groups, select, relations });
  const context = { relations, catalog, mayBeNone: groups.length === 0 };
  const item = names.next('item');
  const alias = names.next('of_groups');
  const targets: Node[] = [];
  const given = (node: Node, stem: string) => {
    const name = names.next(stem);
    targets.push(targetNode(structuredClone(node), name));
    return columnNode(alias, name);
  };
  // Before what is selected takes another form: a group may be one of its places.
  const groupClause = structuredClone([...groups, value]);
  const columns = groups.map((node) => given(node, 'of_group'));
  targets.push(targetNode(structuredClone(value), item));
  const written = calls.map((call): (() => Node) | null => {
    const own = distinctCall(call);
    if (own !== null) return () => countedOnce(own, { item: columnNode(alias, item), given });
    const partial = partialOf(call, context);
    return partial === null ? null : () => partial.whole(partial.calls.map((each) => given(each, 'part')));
  });
  if (uses === null || written.includes(null)) return false;
  keepColumnNames(select.targetList, () => true);
  for (const [place, call] of calls.entries()) replaceNode(call, written[place]?.() ?? call);
  for (const { node, group } of uses) replaceNode(node, structuredClone(columns[group] ?? node));
  const { fromClause = [], whereClause } = select;
  const inner = selectNode({
    ...{ targetList: targets, fromClause, groupClause },
    ...(whereClause === undefined ? {} : { whereClause }),
  });
  select.fromClause = [rangeNode(inner, alias)];
  delete select.whereClause;
  if (columns.length > 0) select.groupClause = structuredClone(columns);
  return true;
}

function distinctCall(call: Node): FuncCall | null {
  const body = bodyOf(call, 'FuncCall');
  return body?.agg_distinct === true ? body : null;
}

/** The one value whose distinct ones are aggregated; null for none, or several. */
function distinctValue(calls: readonly Node[], { relations }: SelectLevel, catalog: Catalog): Node | null {
  const own = calls.flatMap((call) => distinctCall(call) ?? []);
  const [value] = own[0]?.args ?? [];
  const isFit = own.every((call) => {
    const { args = [], agg_order, funcname } = call;
    const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
    const [argument] = args;
    const isExact =
      argument !== undefined && /^(smallint|integer|bigint)$/.test(expressionType(argument, relations) ?? '');
    const isKnown = name === 'count' || ((name === 'sum' || name === 'avg') && isExact);
    return isKnown && args.length === 1 && agg_order === undefined && emptyValueOf(call, catalog) !== null;
  });
  const texts = new Set(own.map(({ args = [] }) => (args[0] === undefined ? null : spelledAlike(args[0], relations))));
  return value === undefined || !isFit || texts.size !== 1 || 'A_Const' in value ? null : value;
}

/** Each value stands there once; a FILTER is met where one of its rows meets it. */
function countedOnce(
  { funcname = [], agg_filter }: FuncCall,
  { item, given }: { readonly item: Node; given(node: Node, stem: string): Node },
): Node {
  const call = callNode('', [item]);
  const body = bodyOf(call, 'FuncCall');
  if (body === null) return call;
  body.funcname = funcname;
  if (agg_filter !== undefined) body.agg_filter = given(callNode('bool_or', [agg_filter]), 'met');
  return call;
}
