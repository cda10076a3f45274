import type { JoinExpr, Node, SelectStmt, SortBy } from '@pgsql/types';
import type { Catalog, Column } from '../../model/catalog.js';
import { isGrouped } from '../../sql/rewrite/aggregates.js';
import { callsWindow } from '../../sql/rewrite/column-names.js';
import { equalPair } from '../../sql/rewrite/equal-pair.js';
import { inlineCommonTables } from '../../sql/rewrite/inline-common-tables.js';
import { columnIn, type LevelRelation, relationOf, relationsOf } from '../../sql/rewrite/level-names.js';
import { columnName, integerNode, partsOf, referenceOf } from '../../sql/rewrite/nodes.js';
import { tellsRowsApart } from '../../sql/rewrite/rows-apart.js';
import { isByItself, unionArms } from '../../sql/rewrite/union-arms.js';
import { hasHeirs } from '../../sql/rewrite/written-level.js';
import { bodyOf } from '../../sql/walk.js';
import { givesSets } from './duplicate-free.js';

/**
 * Gives the UNION ALL whose rows a query gives, each once and beside what one row of another table has, in the query’s own
 * order: with that order, by places, as if it were the UNION’s. Null where the query does more with the rows.
 */
export function unionBelow(select: SelectStmt, catalog: Catalog): SelectStmt | null {
  inlineCommonTables(select, { catalog, isWanted: (query) => unionArms(query, 'all') !== null });
  const { whereClause, groupClause, havingClause, distinctClause, windowClause, targetList, withClause } = select;
  const clauses = [whereClause, groupClause, havingClause, distinctClause, windowClause, withClause];
  const isPlain = clauses.every((clause) => clause === undefined) && !isGrouped(select, catalog);
  const [item, second] = select.fromClause ?? [];
  if (!isPlain || item === undefined || second !== undefined) return null;
  if (callsWindow(targetList) || givesSets(targetList, catalog)) return null;
  const context = { catalog, commonTables: new Map() };
  const [first, ...others] = relationsOf([item], context);
  const range = bodyOf(first === undefined ? undefined : (leftmost(item) ?? undefined), 'RangeSubselect');
  const union = bodyOf(range?.subquery, 'SelectStmt');
  if (first === undefined || union === null || range?.alias?.colnames !== undefined || isByItself(union)) return null;
  const arms = unionArms(union, 'all');
  if (arms === null) return null;
  const own: LevelRelation = { ...first, columns: sharedColumns(arms, context) };
  const relations = [own, ...others];
  if (!joinsIn(item).every((join) => findsOne(join, relations, catalog))) return null;
  const sortClause = placesOf(select, arms, { own, relations });
  return sortClause === null ? null : { ...union, sortClause };
}

function leftmost(item: Node): Node | null {
  const join = bodyOf(item, 'JoinExpr');
  if (join === null) return item;
  return join.larg === undefined ? null : leftmost(join.larg);
}

/** The joins to what stands leftmost. */
function joinsIn(item: Node | undefined): readonly JoinExpr[] {
  const join = item === undefined ? null : bodyOf(item, 'JoinExpr');
  return join === null ? [] : [join, ...joinsIn(join.larg)];
}

/** The columns under the names of the first query; null for one that the queries have not of one type. */
function sharedColumns(
  arms: readonly SelectStmt[],
  context: Parameters<typeof relationsOf>[1],
): ReadonlyMap<string, Column | null> {
  const columns = arms.map(({ fromClause = [], targetList = [] }) => {
    const relations = relationsOf(fromClause, context);
    return targetList.map((target) => {
      const reference = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef');
      const named = reference === null ? null : referenceOf(reference);
      return named === null ? null : columnIn(relations, named);
    });
  });
  return new Map(
    titlesOf(arms[0]).flatMap((title, at) => {
      const [column = null, ...others] = columns.map((each) => each[at] ?? null);
      const isOne = others.every(
        (other) => other?.baseType === column?.baseType && other?.collation === column?.collation,
      );
      return title === null ? [] : [[title, isOne ? column : null] as const];
    }),
  );
}

function findsOne(join: JoinExpr, relations: readonly LevelRelation[], catalog: Catalog): boolean {
  const range = bodyOf(join.rarg, 'RangeVar');
  const alias = range?.alias?.aliasname ?? range?.relname;
  const relation = relations.find((each) => each.alias === alias);
  const isPlain = join.usingClause === undefined && join.isNatural !== true && join.alias === undefined;
  if (join.jointype !== 'JOIN_LEFT' || !isPlain || relation?.table == null || hasHeirs(relation.table, catalog))
    return false;
  const names = partsOf(join.quals).flatMap((part) =>
    (equalPair(part, relations) ?? [])
      .filter((side) => relationOf(side, relations) === relation)
      .flatMap((side) => columnName(side) ?? []),
  );
  return tellsRowsApart(relation.table, names);
}

/** ORDER BY by the places that its columns have in the UNION; null where it is ordered by anything else. */
function placesOf(
  { sortClause = [], targetList = [] }: SelectStmt,
  arms: readonly SelectStmt[],
  { own, relations }: { readonly own: LevelRelation; readonly relations: readonly LevelRelation[] },
): Node[] | null {
  const titles = titlesOf(arms[0]);
  const outputs = new Map(
    targetList.flatMap((target) => {
      const { name, val } = bodyOf(target, 'ResTarget') ?? {};
      const title = name ?? columnName(val);
      return title == null ? [] : [[title, val] as const];
    }),
  );
  const places = sortClause.map((node): SortBy | null => {
    const sort = bodyOf(node, 'SortBy');
    const isBare = bodyOf(sort?.node, 'ColumnRef')?.fields?.length === 1;
    // A bare name means what is given under it first.
    const named = isBare ? outputs.get(columnName(sort?.node) ?? '') : undefined;
    const column = named ?? sort?.node;
    const isOwn =
      column !== undefined &&
      'ColumnRef' in column &&
      relationOf(column, relations) === own &&
      (named !== undefined || !isBare || isOfOne(column, relations));
    const title = isOwn ? columnName(column) : null;
    const at = title === null ? -1 : titles.indexOf(title);
    return sort === null || at < 0 || titles.lastIndexOf(title) !== at ? null : { ...sort, node: integerNode(at + 1) };
  });
  return places.includes(null) ? null : places.flatMap((sort): Node[] => (sort === null ? [] : [{ SortBy: sort }]));
}

/** A star may give a column of another relation under the name. */
function isOfOne(column: Node, relations: readonly LevelRelation[]): boolean {
  const name = columnName(column) ?? '';
  return relations.filter(({ columns }) => columns?.has(name) ?? true).length === 1;
}

function titlesOf(arm: SelectStmt | undefined): readonly (string | null)[] {
  return (arm?.targetList ?? []).map((target) => {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    return name ?? columnName(val);
  });
}
