import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../../sql/deparse.js';
import {
  columnIn,
  type LevelColumn,
  type LevelRelation,
  type QueryLevel,
  resolveIn,
} from '../../sql/levels/query-level.js';
import { readLevels } from '../../sql/levels/read-levels.js';
import { parseStatement } from '../../sql/parse.js';
import { aggregateCalls, isGrouped, isVolatile } from '../../sql/rewrite/aggregates.js';
import { callsWindow, FreshNames, holdsQuery } from '../../sql/rewrite/column-names.js';
import { holdsGroupingSet } from '../../sql/rewrite/grouped-level.js';
import {
  allOf,
  columnNode,
  operatorNode,
  rangeNode,
  referencesIn,
  replaceNode,
  selectNode,
  stringNode,
  tableNode,
  targetNode,
} from '../../sql/rewrite/nodes.js';
import { groupsOfFewRows } from '../../sql/rewrite/selected-groups.js';
import { spelledOrder } from '../../sql/rewrite/spelled-order.js';
import { hasHeirs, primaryKeyOf } from '../../sql/rewrite/written-level.js';
import { bodyOf } from '../../sql/walk.js';
import { areLookups } from './chained-lookups.js';
import { givesSets, isSettledBy } from './duplicate-free.js';
import { tiesOf } from './needless-lookups.js';
import { givesOneRowBeside } from './one-row-beside.js';
import { uniqueKeys } from './unique-keys.js';

/**
 * Writes a page of a query so that the keys of its rows are found first, and all else is read for these alone. Null where
 * its rows are not those of one table in an order that tells them apart.
 */
export function keysOfPage(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || !isPage(select, catalog)) return null;
  const level = readLevels(tree, catalog).find((each) => each.select === select);
  if (level === undefined) return null;
  const sortClause = spelledOrder(select, level);
  const relation = sortClause === null ? null : pagedRelation(sortClause, level);
  const grouped = select.groupClause === undefined ? null : groupedIn(select, level);
  if (sortClause === null || relation?.table == null || !keepsRows(relation, { level, grouped, catalog })) return null;
  const key = primaryKeyOf(relation.table);
  const isAlone = level.relations.length === 1;
  if (key === null || (isAlone && select.limitOffset === undefined)) return null;
  if (
    grouped !== null &&
    !key.every((name) => grouped.some((each) => each.relation === relation && each.name === name))
  )
    return null;
  if (!isOrderTotal(sortClause, relation, level)) return null;
  const about = level.conditions.filter(({ node }) => isAbout(node, relation, level));
  // A constant chooses nothing where a join asks it: `LEFT JOIN … ON true`.
  if (about.some(({ node, join }) => join !== null && referencesIn(node).length > 0)) return null;
  const own = about.filter(({ join }) => join === null).map(({ node }) => node);
  return written({ tree, select, relation, sortClause, key, own, names: new FreshNames(tree) }, level);
}

/** Writes a page so, and has each of its rows ask for the groups beside it. Null where there are none. */
export function groupsOfPage(sql: string, catalog: Catalog): string | null {
  const page = keysOfPage(sql, catalog);
  return page === null ? null : groupsOfFewRows(page, catalog);
}

/** Each row of the result is one of FROM’s, or a group of them; WITH queries stay where they are. */
function isPage(select: SelectStmt, catalog: Catalog): boolean {
  const { limitCount, limitOption, larg, distinctClause, lockingClause, windowClause, targetList, sortClause } = select;
  const clauses = [larg, distinctClause, lockingClause, windowClause];
  const isPlain = clauses.every((clause) => clause === undefined) && limitOption !== 'LIMIT_OPTION_WITH_TIES';
  if (!isPlain || limitCount === undefined || sortClause === undefined) return false;
  const isInGroups = select.groupClause !== undefined && select.havingClause === undefined && !holdsGroupingSet(select);
  const isOneEach = (isInGroups || !isGrouped(select, catalog)) && !callsWindow(targetList);
  const isSorted = aggregateCalls(sortClause, catalog).length === 0;
  return isOneEach && isSorted && !givesSets(targetList, catalog) && !isVolatile(select, catalog);
}

/** The columns that rows are grouped by; none where one of them cannot be told. */
function groupedIn({ groupClause = [], targetList = [] }: SelectStmt, level: QueryLevel): readonly LevelColumn[] {
  const found = groupClause.map((node) => {
    const place = bodyOf(node, 'A_Const')?.ival?.ival;
    const column = columnIn(level, place === undefined ? node : bodyOf(targetList[place - 1], 'ResTarget')?.val);
    return column?.level === level ? column : null;
  });
  return found.includes(null) || level.merged.length > 0 ? [] : found.flatMap((column) => column ?? []);
}

/** The one table by whose columns the rows are ordered. */
function pagedRelation(sortClause: readonly Node[], level: QueryLevel): LevelRelation | null {
  const found = new Set(
    referencesIn(sortClause).map(({ ColumnRef: reference }) => {
      const column = resolveIn(level, reference);
      return column?.level === level ? column.relation : null;
    }),
  );
  const [relation = null, second] = found;
  return second === undefined && relation?.optionalIn === null ? relation : null;
}

/**
 * Each of its rows is given once: the other tables have one row for it, or one at most where they may be missing. Where
 * rows are grouped, those that may be missing and that nothing is grouped by add rows to a group alone.
 */
function keepsRows(
  relation: LevelRelation,
  {
    level,
    grouped,
    catalog,
  }: { readonly level: QueryLevel; readonly grouped: readonly LevelColumn[] | null; readonly catalog: Catalog },
): boolean {
  const relations = level.relations.filter(
    (each) =>
      (each.table !== null || !givesOneRowBeside(each, level, catalog)) &&
      (grouped === null || each.optionalIn === null || grouped.some((column) => column.relation === each)),
  );
  const tables = { ...level, relations };
  if (relation.table === null || hasHeirs(relation.table, catalog) || !isSettledBy([relation], tables, catalog))
    return false;
  const others = relations.filter((each) => each !== relation);
  const inner = others.filter(({ optionalIn }) => optionalIn === null);
  if (!areLookups(inner, level, catalog)) return false;
  const ties = inner.flatMap((each) => tiesOf(each, level));
  return level.conditions.every(
    ({ node, join }) =>
      (join !== null && join.jointype !== 'JOIN_INNER') || isAbout(node, relation, level) || ties.includes(node),
  );
}

function isOrderTotal(sortClause: readonly Node[], relation: LevelRelation, level: QueryLevel): boolean {
  const sorted = sortClause.flatMap((node) => {
    const reference = bodyOf(bodyOf(node, 'SortBy')?.node, 'ColumnRef');
    const column = reference === null ? null : resolveIn(level, reference);
    return column === null ? [] : [column.name];
  });
  const isFilled = (name: string) =>
    relation.table?.columns.some((column) => column.name === name && column.notNull) ?? false;
  return uniqueKeys(relation.table ?? { indexes: [], columns: [] }).some((key) =>
    key.every((name) => sorted.includes(name) && isFilled(name)),
  );
}

function isAbout(node: Node, relation: LevelRelation, level: QueryLevel): boolean {
  if (holdsQuery(node)) return false;
  return referencesIn(node).every(({ ColumnRef: reference }) => resolveIn(level, reference)?.relation === relation);
}

interface Page {
  readonly tree: Node;
  readonly select: SelectStmt;
  readonly relation: LevelRelation;
  readonly sortClause: readonly Node[];
  readonly key: readonly string[];
  /** Conditions on the table’s own rows. */
  readonly own: readonly Node[];
  readonly names: FreshNames;
}

function written({ tree, select, relation, sortClause, key, own, names }: Page, level: QueryLevel): string | null {
  const range = bodyOf(relation.node, 'RangeVar');
  if (range === null || relation.table === null) return null;
  const targets = spelled(select.targetList ?? [], level);
  if (targets === null) return null;
  const [alias, titles] = [names.next('page'), key.map(() => names.next('page_key'))];
  const { limitCount, limitOffset, limitOption } = select;
  const where = allOf(own);
  const page = structuredClone(
    selectNode({
      targetList: key.map((name, place) => targetNode(columnNode(relation.alias, name), titles[place] ?? '')),
      fromClause: [{ RangeVar: range }],
      ...(where === undefined ? {} : { whereClause: where }),
      sortClause: [...sortClause],
      ...(limitCount === undefined ? {} : { limitCount }),
      ...(limitOffset === undefined ? {} : { limitOffset }),
      ...(limitOption === undefined ? {} : { limitOption }),
    }),
  );
  const left = allOf(
    level.conditions.flatMap(({ node, join }) => (join === null && !own.includes(node) ? [node] : [])),
  );
  const same = allOf(
    key.map((name, place) =>
      operatorNode('=', columnNode(relation.alias, name), columnNode(alias, titles[place] ?? '')),
    ),
  );
  const table = tableNode(relation.table, relation.alias);
  const joined: Node = {
    JoinExpr: {
      jointype: 'JOIN_INNER',
      larg: rangeNode(page, alias),
      rarg: table,
      ...(same === undefined ? {} : { quals: same }),
    },
  };
  select.targetList = [...targets];
  const holder = holderOf(select.fromClause, range);
  if (holder === null) return null;
  replaceNode(holder, joined);
  delete select.limitCount;
  delete select.limitOffset;
  select.limitOption = 'LIMIT_OPTION_DEFAULT';
  if (left === undefined) delete select.whereClause;
  else select.whereClause = left;
  return deparseStatement(tree);
}

function holderOf(value: unknown, range: object): object | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('RangeVar' in value && value.RangeVar === range) return value;
  for (const child of Object.values(value)) {
    const found = holderOf(child, range);
    if (found !== null) return found;
  }
  return null;
}

/** `*` without the keys of the page. */
function spelled(targets: readonly Node[], { relations, merged }: QueryLevel): readonly Node[] | null {
  const isStar = (target: Node) => {
    const fields = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
    return fields.length === 1 && fields.some((field) => 'A_Star' in field);
  };
  if (targets.some(isStar) && merged.length > 0) return null;
  return targets.flatMap((target) =>
    isStar(target)
      ? relations.map(
          ({ alias }): Node => ({ ResTarget: { val: { ColumnRef: { fields: [stringNode(alias), { A_Star: {} }] } } } }),
        )
      : [target],
  );
}
