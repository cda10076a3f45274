import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { equalPair } from './equal-pair.js';
import { fixedColumn } from './fixed-column.js';
import { type JoinCondition, joinedTables } from './joined-tables.js';
import { type LevelRelation, relationOf } from './level-names.js';
import { columnName, comparisonOf } from './nodes.js';
import { tellsRowsApart } from './rows-apart.js';
import type { SelectLevel } from './select-levels.js';
import { hasHeirs } from './written-level.js';

/** Tells whether a level reads one row at most of each value that some of its columns have: unique keys say so. */
export function isSingleRow(level: SelectLevel, columns: readonly Node[], catalog: Catalog): boolean {
  const { tables, conditions } = joinedTables(level, catalog) ?? { tables: [], conditions: [] };
  const { relations } = level;
  if (tables.length === 0 || !tables.every(({ relation }) => isOneTable(relation, catalog))) return false;
  // What an outer join asks says nothing of rows but those that it adds.
  const told = ({ outer }: JoinCondition, column: Node) =>
    outer === null || tables.some((table) => table.outer === outer && table.relation === relationOf(column, relations));
  const fixed = conditions.flatMap((condition) => {
    const column = fixedIn(condition.part, relations);
    return column !== null && told(condition, column) ? [column] : [];
  });
  const known = new Set([...columns, ...fixed].map((column) => keyOf(column, relations)));
  for (let before = -1; before < known.size; ) {
    before = known.size;
    for (const condition of conditions) {
      const pair = equalPair(condition.part, relations) ?? [];
      const isReached = pair.some((column) => known.has(keyOf(column, relations)));
      for (const column of pair) if (isReached && told(condition, column)) known.add(keyOf(column, relations));
    }
    for (const { alias, table } of relations)
      if (isSettled({ alias, table }, known))
        for (const { name } of table?.columns ?? []) known.add(`${alias}.${name}`);
  }
  return relations.every((relation) => isSettled(relation, known));
}

function isOneTable({ table }: LevelRelation, catalog: Catalog): boolean {
  return table !== null && !hasHeirs(table, catalog);
}

function isSettled({ alias, table }: Pick<LevelRelation, 'alias' | 'table'>, known: ReadonlySet<string>): boolean {
  const names = (table?.columns ?? []).map(({ name }) => name).filter((name) => known.has(`${alias}.${name}`));
  return table !== null && tellsRowsApart(table, names);
}

/** The side of `x = 1` that is a column. */
function fixedIn(part: Node, relations: readonly LevelRelation[]): Node | null {
  const { left, right } = comparisonOf(part) ?? {};
  const name = fixedColumn(part, relations);
  return [left, right].find((side) => name !== null && columnName(side) === name) ?? null;
}

function keyOf(column: Node, relations: readonly LevelRelation[]): string {
  return `${relationOf(column, relations)?.alias ?? ''}.${columnName(column) ?? ''}`;
}
