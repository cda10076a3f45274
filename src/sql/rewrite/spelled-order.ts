import type { Node, SelectStmt } from '@pgsql/types';
import { columnParts } from '../analysis/expression.js';
import { type QueryLevel, resolveIn } from '../levels/query-level.js';
import { bodyOf } from '../walk.js';
import { holdsQuery } from './column-names.js';
import { columnName, referencesIn } from './nodes.js';

/** ORDER BY with the expressions that places and names of outputs stand for; null where one cannot be told. */
export function spelledOrder(
  { sortClause = [], targetList = [] }: SelectStmt,
  level: QueryLevel,
): readonly Node[] | null {
  const spelled = sortClause.map((node): Node | null => {
    const sort = bodyOf(node, 'SortBy');
    if (sort?.node === undefined) return null;
    const place = bodyOf(sort.node, 'A_Const')?.ival?.ival;
    const { qualifier, name } = columnParts(bodyOf(sort.node, 'ColumnRef') ?? {});
    const named = targetList.map((target) => bodyOf(target, 'ResTarget'));
    const output =
      place !== undefined
        ? named[place - 1]
        : named.find((target) => qualifier === null && name !== null && target?.name === name);
    const value = output?.val ?? (place === undefined ? sort.node : undefined);
    const isKnown =
      value !== undefined &&
      !holdsQuery(value) &&
      referencesIn(value).every((reference) => resolveIn(level, reference.ColumnRef) !== null);
    const hasStar = named
      .slice(0, place ?? 0)
      .some((target) => columnName(target?.val) === null && bodyOf(target?.val, 'ColumnRef') !== null);
    return isKnown && !hasStar ? { SortBy: { ...sort, node: value } } : null;
  });
  return spelled.includes(null) ? null : spelled.flatMap((node) => node ?? []);
}
