import type { Node, SelectStmt } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { dividing } from './group-sources.js';

/**
 * Puts tables before the queries that group rows, in inner joins, so that these may name them: the order says nothing but
 * which columns come first under a star.
 */
export function groupsLast(select: SelectStmt): void {
  const { fromClause = [], targetList = [] } = select;
  if (targetList.some(isStarOfAll)) return;
  for (const item of fromClause) swapSides(item);
  const isFree = fromClause.every((item) => holdsGroups(item) || isOfTables(item));
  if (isFree) select.fromClause = [...fromClause.filter(isOfTables), ...fromClause.filter(holdsGroups)];
}

function swapSides(item: Node): void {
  const join = bodyOf(item, 'JoinExpr');
  const { larg, rarg, jointype = 'JOIN_INNER', usingClause, isNatural = false, alias } = join ?? {};
  if (join === null || larg === undefined || rarg === undefined) return;
  for (const side of [larg, rarg]) swapSides(side);
  const isPlain = jointype === 'JOIN_INNER' && usingClause === undefined && !isNatural && alias === undefined;
  if (!isPlain || !holdsGroups(larg) || !isOfTables(rarg)) return;
  join.larg = rarg;
  join.rarg = larg;
}

function holdsGroups(item: Node): boolean {
  const range = bodyOf(item, 'RangeSubselect');
  const query = bodyOf(range?.subquery, 'SelectStmt');
  return range !== null && range.lateral !== true && query !== null && dividing(query);
}

/** Tables alone name nothing that stands beside them. */
function isOfTables(item: Node): boolean {
  const join = bodyOf(item, 'JoinExpr');
  if (join === null) return bodyOf(item, 'RangeVar') !== null;
  return [join.larg, join.rarg].every((side) => side !== undefined && isOfTables(side));
}

/** `*`, of whatever is listed. */
function isStarOfAll(target: Node): boolean {
  const fields = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
  return fields.length === 1 && fields.some((field) => 'A_Star' in field);
}
