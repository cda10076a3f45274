import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isGrouped, isVolatile } from './aggregates.js';
import { callsWindow, FreshNames, holdsQuery, keepColumnNames } from './column-names.js';
import { isPlainBut } from './keyed-subquery.js';
import { relationsOf } from './level-names.js';
import {
  allOf,
  columnName,
  columnNode,
  integerNode,
  isNotNull,
  joinedFrom,
  operatorNode,
  partsOf,
  rangeNode,
  selectNode,
  stringNode,
  tableNode,
  targetNode,
  trueNode,
} from './nodes.js';
import { hasHeirs } from './written-level.js';

/**
 * Writes a query for the first row, or the extremes, of each value of a foreign key as one look for each row of the table
 * that the key refers to. Null where it asks for no such thing, or rows might be lost or added by that.
 */
export function rowsOfParents(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || isVolatile(select, catalog)) return null;
  const names = new FreshNames(tree);
  const written = firstRows(select, { catalog, names }) ?? extremes(select, { catalog, names });
  return written === null ? null : deparseStatement({ SelectStmt: written });
}

interface Context {
  readonly catalog: Catalog;
  readonly names: FreshNames;
}

interface Child {
  readonly alias: string;
  readonly table: Table;
  /** The foreign key's column. */
  readonly key: string;
  /** Of both columns. */
  readonly type: string;
  readonly parent: Node;
  readonly parentKey: Node;
}

/** `SELECT DISTINCT ON (key) … ORDER BY key, …`. */
function firstRows(select: SelectStmt, context: Context): SelectStmt | null {
  const { distinctClause = [], sortClause = [], targetList = [], limitCount, limitOffset } = select;
  const [on, second] = distinctClause;
  const [first, ...order] = sortClause;
  const child = second === undefined ? childOf(select, columnName(on), context) : null;
  const isSorted = columnName(bodyOf(first, 'SortBy')?.node) === child?.key && order.length > 0;
  if (child === null || !isSorted || !isPlainBut(select, ['distinctClause', 'sortClause', 'limitCount', 'limitOffset']))
    return null;
  if (isGrouped(select, context.catalog) || callsWindow(targetList)) return null;
  const sorted = order.map((node) => bodyOf(node, 'SortBy')?.node);
  if (sorted.some((node) => columnOfTable(node, child.table) === null || isRenamed(node, targetList))) return null;
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

/** ORDER BY takes a name for an output's first. */
function isRenamed(node: Node | undefined, targets: readonly Node[]): boolean {
  const name = columnName(node);
  return targets.some((target) => {
    const output = bodyOf(target, 'ResTarget');
    return output?.name === name && columnName(output?.val) !== name;
  });
}

/** `SELECT key, max(…) … GROUP BY key`, of columns that are never NULL. */
function extremes(select: SelectStmt, context: Context): SelectStmt | null {
  const { groupClause = [], sortClause = [], targetList = [] } = select;
  const [by, second] = groupClause;
  const child = second === undefined ? childOf(select, columnName(by), context) : null;
  if (child === null || !isPlainBut(select, ['groupClause', 'sortClause'])) return null;
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
  if (!isFit || !isOrderKnown || calls.length === 0 || !WRITTEN_ONE_WAY.has(child.type)) return null;
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

/** Types of which equal values are the same: what is given is the parent's. */
const WRITTEN_ONE_WAY: ReadonlySet<string> = new Set([
  ...['smallint', 'integer', 'bigint', 'uuid', 'text', 'character varying', 'date'],
  ...['timestamp without time zone', 'timestamp with time zone'],
]);

/** The one table that is read, where every row of it has a parent by the key, and the parents have no others. */
function childOf(
  { fromClause = [], whereClause }: SelectStmt,
  key: string | null,
  { catalog, names }: Context,
): Child | null {
  const [item, second] = fromClause;
  const [relation] =
    bodyOf(item, 'RangeVar') === null ? [] : relationsOf(fromClause, { catalog, commonTables: new Map() });
  const table = relation?.table ?? null;
  if (key === null || second !== undefined || relation === undefined || table === null || holdsQuery(whereClause))
    return null;
  const column = table.columns.find(({ name, dropped }) => name === key && !dropped);
  const target = table.constraints.find(
    ({ kind, columns, validated }) => kind === 'foreign key' && validated && columns.length === 1 && columns[0] === key,
  )?.references;
  const parent = catalog.tables.find(
    ({ schema, name }) => schema === target?.table.schema && name === target.table.name,
  );
  const [parentColumn] = target?.columns ?? [];
  const type = parent?.columns.find(({ name }) => name === parentColumn)?.baseType;
  const isWhole = column?.notNull === true && type === column.baseType && column.collation === null;
  if (parent === undefined || parentColumn === undefined || !isWhole) return null;
  if (hasHeirs(table, catalog) || hasHeirs(parent, catalog) || parent === table) return null;
  // Who sees a row need not see the one that it refers to.
  if (parent.rowSecurity?.enforced === true) return null;
  const [alias, keyName] = [names.next('parent'), names.next('parent_key')];
  const rows = selectNode({
    targetList: [targetNode({ ColumnRef: { fields: [stringNode(parentColumn)] } }, keyName)],
    fromClause: [tableNode(parent)],
  });
  const parentKey = columnNode(alias, keyName);
  return { alias: relation.alias, table, key, type: column.baseType, parent: rangeNode(rows, alias), parentKey };
}

function tiedTo({ alias, key, parentKey }: Child, { whereClause }: SelectStmt): Node {
  return allOf([operatorNode('=', columnNode(alias, key), parentKey), ...partsOf(whereClause)]) as Node;
}

function besideParents({ parent }: Child, rarg: Node): Node[] {
  return joinedFrom([parent], { jointype: 'JOIN_INNER', rarg, quals: trueNode() });
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
