import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { isAskedNotNull } from './aggregated.js';
import { type FreshNames, holdsQuery } from './column-names.js';
import { isWrittenOneWay } from './keyed-subquery.js';
import { type CommonTables, relationsOf } from './level-names.js';
import {
  allOf,
  columnNode,
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

/** What queries for the rows of each key are written with. */
export interface ParentContext {
  readonly catalog: Catalog;
  readonly names: FreshNames;
  readonly commonTables: CommonTables;
}

/** A table that is read for each key of another one, which it refers to. */
export interface Child {
  readonly alias: string;
  readonly table: Table;
  /** The foreign key's column. */
  readonly key: string;
  /** What is given of it may be the parent's. */
  readonly isWrittenOneWay: boolean;
  readonly parent: Node;
  readonly parentKey: Node;
}

/** The one table that is read, where every row of it has a parent by the key, and the parents have no others. */
export function childOf(
  select: SelectStmt,
  key: string | null,
  { catalog, names, commonTables }: ParentContext,
): Child | null {
  const { fromClause = [], whereClause } = select;
  const [item, second] = fromClause;
  const [relation] = bodyOf(item, 'RangeVar') === null ? [] : relationsOf(fromClause, { catalog, commonTables });
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
  const isFilled =
    column?.notNull === true || [null, relation.alias].some((alias) => isAskedNotNull(keyNode(key, alias), select));
  const isWhole = column !== undefined && isFilled && type === column.baseType && column.collation === null;
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
  const isOneWay = isWrittenOneWay(columnNode(relation.alias, key), [relation]);
  return { alias: relation.alias, table, key, isWrittenOneWay: isOneWay, parent: rangeNode(rows, alias), parentKey };
}

/** The condition of the rows of one key, with what is asked of all. */
export function tiedTo({ alias, key, parentKey }: Child, { whereClause }: SelectStmt): Node {
  return allOf([operatorNode('=', columnNode(alias, key), parentKey), ...partsOf(whereClause)]) as Node;
}

/** FROM with a look for each row of the parents. */
export function besideParents({ parent }: Child, rarg: Node): Node[] {
  return joinedFrom([parent], { jointype: 'JOIN_INNER', rarg, quals: trueNode() });
}

function keyNode(key: string, alias: string | null): Node {
  return alias === null ? { ColumnRef: { fields: [stringNode(key)] } } : columnNode(alias, key);
}
