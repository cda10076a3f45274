import type { ColumnRef, Node, SelectStmt } from '@pgsql/types';
import { columnParts } from '../analysis/expression.js';
import { bodyOf } from '../walk.js';
import type { QueryLevel } from './query-level.js';

/**
 * Gives the names in ORDER BY and GROUP BY that are those of outputs: a bare name is to ORDER BY, and to GROUP BY where no
 * column bears it.
 */
export function outputNames(
  { targetList = [], sortClause = [], groupClause = [] }: SelectStmt,
  { relations }: Pick<QueryLevel, 'relations'>,
): ReadonlySet<ColumnRef> {
  const titles = targetList.map((target) => {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    return name ?? partsOf(val)?.name;
  });
  const named = (nodes: readonly (Node | undefined)[]) =>
    nodes.flatMap((node) => {
      const reference = bodyOf(node, 'ColumnRef');
      const { qualifier, name } = partsOf(node) ?? {};
      return reference !== null && qualifier === null && name != null && titles.includes(name) ? [reference] : [];
    });
  return new Set([
    ...named(sortClause.map((item) => bodyOf(item, 'SortBy')?.node)),
    ...named(groupClause).filter((reference) => {
      const { name } = columnParts(reference);
      return name !== null && relations.every(({ columns }) => columns?.has(name) === false);
    }),
  ]);
}

function partsOf(node: Node | undefined): ReturnType<typeof columnParts> | null {
  const reference = bodyOf(node, 'ColumnRef');
  return reference === null ? null : columnParts(reference);
}
