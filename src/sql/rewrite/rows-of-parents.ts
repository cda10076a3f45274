import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isGrouped, isVolatile } from './aggregates.js';
import { askedValues, sortedAndCut } from './asked-values.js';
import { callsWindow, FreshNames, keepColumnNames } from './column-names.js';
import { inlineViews } from './inline-views.js';
import { isPlainBut } from './keyed-subquery.js';
import {
  columnName,
  columnNode,
  integerNode,
  isNotNull,
  rangeNode,
  replaceNode,
  rowCountNode,
  selectNode,
  stringNode,
  targetNode,
} from './nodes.js';
import { besideParents, type Child, childOf, type ParentContext, tiedTo } from './parent-keys.js';
import { rankFirstRows } from './ranked-rows.js';
import { selectLevels } from './select-levels.js';

/**
 * Writes queries for the first rows, the extremes, or the mere presence of each value of a foreign key as one look for each
 * row of the table that the key refers to. Null where none asks for such a thing, or rows might be lost or added by that.
 */
export function rowsOfParents(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  if (isVolatile(tree, catalog)) return null;
  inlineViews(
    tree,
    catalog,
    ({ distinctClause, groupClause }) => distinctClause !== undefined || groupClause !== undefined,
  );
  const names = new FreshNames(tree);
  let isChanged = false;
  for (const { select, commonTables } of selectLevels(tree, catalog)) {
    const context = { catalog, names, commonTables };
    isChanged = rankFirstRows(select, context) || isChanged;
    const written = firstRows(select, context) ?? extremes(select, context) ?? presentKeys(select, context);
    if (written === null) continue;
    replaceNode(select, {
      ...written,
      ...(select.withClause === undefined ? {} : { withClause: select.withClause }),
    } as Node);
    isChanged = true;
  }
  return isChanged ? deparseStatement(tree) : null;
}

/** `SELECT DISTINCT key`, `SELECT key … GROUP BY key`, `SELECT count(DISTINCT key)`. */
function presentKeys(select: SelectStmt, context: ParentContext): SelectStmt | null {
  const asked = askedValues(select, context.catalog);
  const child = asked === null ? null : childOf(select, columnName(asked.reference), context);
  if (asked === null || child === null || !(asked.isCounted || child.isWrittenOneWay)) return null;
  const row = selectNode({
    ...{ targetList: [{ ResTarget: { val: integerNode(1) } }], fromClause: [...(select.fromClause ?? [])] },
    ...{ whereClause: tiedTo(child, select), limitCount: integerNode(1), limitOption: 'LIMIT_OPTION_COUNT' },
  });
  return selectNode({
    targetList: [targetNode(asked.isCounted ? rowCountNode() : child.parentKey, asked.title)],
    fromClause: besideParents(child, rangeNode(structuredClone(row), context.names.next('present'), true)),
    ...sortedAndCut(select),
  });
}

/** `SELECT DISTINCT ON (key) … ORDER BY key, …`. */
function firstRows(select: SelectStmt, context: ParentContext): SelectStmt | null {
  const { distinctClause = [], sortClause = [], targetList = [], limitCount, limitOffset } = select;
  const [on, second] = distinctClause;
  const [first, ...order] = sortClause;
  const child = second === undefined ? childOf(select, columnName(on), context) : null;
  const isSorted = columnName(bodyOf(first, 'SortBy')?.node) === child?.key && order.length > 0;
  if (
    child === null ||
    !isSorted ||
    !isPlainBut(select, ['distinctClause', 'sortClause', 'limitCount', 'limitOffset', 'withClause'])
  )
    return null;
  if (isGrouped(select, context.catalog) || callsWindow(targetList)) return null;
  const sorted = order.map((node) => bodyOf(node, 'SortBy')?.node);
  // DISTINCT ON takes a name for an output's first, too.
  if ([on, ...sorted].some((node) => columnOfTable(node, child.table) === null || isRenamed(node, targetList)))
    return null;
  if (targetList.some((target) => isWholeRow(target, child))) return null;
  const star: Node = { ResTarget: { val: { ColumnRef: { fields: [stringNode(child.alias), { A_Star: {} }] } } } };
  const row = selectNode({
    ...{ targetList: [star], fromClause: [...(select.fromClause ?? [])], whereClause: tiedTo(child, select) },
    ...{ sortClause: order, limitCount: integerNode(1), limitOption: 'LIMIT_OPTION_COUNT' },
  });
  return selectNode({
    targetList: targetList.map((target) => {
      const fields = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
      return fields.length === 1 && fields.some((field) => 'A_Star' in field) ? star : target;
    }),
    fromClause: besideParents(child, rangeNode(structuredClone(row), child.alias, true)),
    sortClause,
    ...(limitCount === undefined ? {} : { limitCount, limitOption: 'LIMIT_OPTION_COUNT' as const }),
    ...(limitOffset === undefined ? {} : { limitOffset }),
  });
}

/** The row of a query has no type of its own. */
function isWholeRow(target: Node, { alias, table }: Child): boolean {
  const { fields = [] } = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef') ?? {};
  const name = fields.length === 1 ? bodyOf(fields[0], 'String')?.sval : undefined;
  return name === alias && !table.columns.some((column) => column.name === name);
}

/** ORDER BY takes a name for an output's first. */
function isRenamed(node: Node | undefined, targets: readonly Node[]): boolean {
  const name = columnName(node);
  return targets.some((target) => {
    const output = bodyOf(target, 'ResTarget');
    return output?.name === name && columnName(output?.val) !== name;
  });
}

/** `SELECT key, max(…) … GROUP BY key`, of columns that are never NULL. */
function extremes(select: SelectStmt, context: ParentContext): SelectStmt | null {
  const { groupClause = [], sortClause = [], targetList = [] } = select;
  const [by, second] = groupClause;
  const child = second === undefined ? childOf(select, columnName(by), context) : null;
  if (child === null || !isPlainBut(select, ['groupClause', 'sortClause', 'withClause'])) return null;
  keepColumnNames(targetList, () => true);
  const outputs = targetList.map((target) => bodyOf(target, 'ResTarget'));
  const titles = outputs.map((output) => output?.name ?? columnName(output?.val) ?? '');
  const isFit = outputs.every((output) => {
    const value = output?.val;
    return value !== undefined && (columnName(value) === child.key || isExtreme(value, child.table, context.catalog));
  });
  const isOrderKnown = sortClause.every((node) => {
    const { node: sort } = bodyOf(node, 'SortBy') ?? {};
    return bodyOf(sort, 'A_Const')?.ival !== undefined || titles.includes(columnName(sort) ?? '?');
  });
  const calls = outputs.flatMap((output) =>
    output?.val !== undefined && columnName(output.val) === null ? [output.val] : [],
  );
  if (!isFit || !isOrderKnown || calls.length === 0 || !child.isWrittenOneWay) return null;
  const alias = context.names.next('of_parent');
  const columns = calls.map((call) => ({ call, name: context.names.next('value') }));
  const row = selectNode({
    targetList: columns.map(({ call, name }) => targetNode(call, name)),
    ...{ fromClause: [...(select.fromClause ?? [])], whereClause: tiedTo(child, select) },
  });
  return selectNode({
    targetList: outputs.map((output, place) => {
      const name = columns.find(({ call }) => call === output?.val)?.name;
      return targetNode(name === undefined ? child.parentKey : columnNode(alias, name), titles[place] ?? '');
    }),
    fromClause: besideParents(child, rangeNode(structuredClone(row), alias, true)),
    whereClause: isNotNull(columnNode(alias, columns[0]?.name ?? '')),
    ...(sortClause.length === 0 ? {} : { sortClause }),
  });
}

function columnOfTable(node: Node | undefined, { columns }: Table): Table['columns'][number] | null {
  const name = columnName(node);
  return columns.find((column) => column.name === name && !column.dropped) ?? null;
}

function isExtreme(value: Node, table: Table, catalog: Catalog): boolean {
  const { funcname = [], args = [], agg_filter, over }: FuncCall = bodyOf(value, 'FuncCall') ?? {};
  const name = bodyOf(funcname.at(-1), 'String')?.sval ?? '';
  const isOwn = (name === 'min' || name === 'max') && emptyValueOf({ funcname }, catalog) === 'null';
  return (
    isOwn &&
    agg_filter === undefined &&
    over === undefined &&
    aggregateCalls(value, catalog)[0] === value &&
    columnOfTable(args[0], table)?.notNull === true
  );
}
