import type { FuncCall, Node, SelectStmt, SubLink } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { type QueryLevel, resolveIn } from '../levels/query-level.js';
import { readLevels } from '../levels/read-levels.js';
import { parseStatement } from '../parse.js';
import { aggregateCalls, isGrouped, isVolatile } from '../rewrite/aggregates.js';
import { callsWindow } from '../rewrite/column-names.js';
import { referencesIn } from '../rewrite/nodes.js';
import { isWholeDistinct } from '../rewrite/repeats.js';
import { bodyOf, visit } from '../walk.js';

/** Writes a statement without the ORDER BY of queries whose order nobody sees. Null where it has none such. */
export function withoutOrder(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const dropped = [
    ...readLevels(tree, catalog).flatMap((level) => dropWithin(level, catalog)),
    ...dropInLists(tree, catalog),
  ];
  return dropped.length === 0 ? null : deparseStatement(tree);
}

/** Of the queries in FROM of a level that counts rows, or orders them itself. */
function dropWithin(level: QueryLevel, catalog: Catalog): readonly SelectStmt[] {
  const { select, relations } = level;
  if (select === null || !hidesOrder(level, catalog)) return [];
  if (callsWindow([...(select.targetList ?? []), ...(select.sortClause ?? [])])) return [];
  return relations.flatMap(({ node }) => {
    const query = bodyOf(bodyOf(node, 'RangeSubselect')?.subquery, 'SelectStmt');
    return query === null ? [] : dropOrder(query, catalog);
  });
}

/** What is drawn, or counted up, row by row follows the order. */
function dropOrder(query: SelectStmt, catalog: Catalog): readonly SelectStmt[] {
  const { sortClause, limitCount, limitOffset, lockingClause } = query;
  const isOn = isDistinctOn(query);
  const isCut = limitCount !== undefined || limitOffset !== undefined || lockingClause !== undefined;
  if (sortClause === undefined || isCut || isOn || callsWindow(query.targetList)) return [];
  if (isVolatile(query, catalog)) return [];
  // An aggregate in the order alone makes one row of all.
  if (isGrouped(query, catalog) && !isGrouped({ ...query, sortClause: [] }, catalog)) return [];
  delete query.sortClause;
  return [query];
}

/** It gives the first row of each group. */
function isDistinctOn(select: SelectStmt): boolean {
  return select.distinctClause !== undefined && !isWholeDistinct(select);
}

function hidesOrder(level: QueryLevel, catalog: Catalog): boolean {
  const { select } = level;
  if (select === null) return false;
  if (isGrouped(select, catalog)) {
    const calls = aggregateCalls([select.targetList, select.havingClause, select.sortClause], catalog);
    const isCut = select.limitCount !== undefined && select.sortClause === undefined;
    return !isCut && calls.every((call) => isBlind(call, level));
  }
  return select.sortClause !== undefined && !isDistinctOn(select);
}

const BLIND = ['count', 'min', 'max', 'bool_and', 'bool_or', 'every'];
const FLOATS = ['real', 'double precision'];

/** It gives the same in any order of its rows; sums of floating numbers do not. */
function isBlind(node: Node, level: QueryLevel): boolean {
  const { funcname, args }: FuncCall = bodyOf(node, 'FuncCall') ?? {};
  const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  if (BLIND.includes(name)) return true;
  if (name !== 'sum' && name !== 'avg') return false;
  return referencesIn(args).every(({ ColumnRef: reference }) => {
    const column = resolveIn(level, reference);
    const type = column?.relation.table?.columns.find((each) => each.name === column.name)?.baseType;
    return type !== undefined && !FLOATS.includes(type);
  });
}

const LISTS: readonly (string | undefined)[] = ['ANY_SUBLINK', 'ALL_SUBLINK', 'EXISTS_SUBLINK'];

/** `IN (SELECT … ORDER BY …)`. */
function dropInLists(tree: Node, catalog: Catalog): readonly SelectStmt[] {
  const found: SelectStmt[] = [];
  visit(tree, (kind, body) => {
    const { subLinkType, subselect } = (kind === 'SubLink' ? body : {}) as SubLink;
    const query = LISTS.includes(subLinkType) ? bodyOf(subselect, 'SelectStmt') : null;
    if (query !== null) found.push(...dropOrder(query, catalog));
    return true;
  });
  return found;
}
