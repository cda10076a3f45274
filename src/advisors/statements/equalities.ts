import type { Node } from '@pgsql/types';
import { deparseNode } from '../../sql/deparse.js';
import {
  columnIn,
  isSameColumn,
  type LevelColumn,
  type LevelCondition,
  type QueryLevel,
} from '../../sql/levels/query-level.js';
import { bodyOf, visit } from '../../sql/walk.js';

/** A column that equals a value which is no column. */
export interface BoundColumn {
  readonly column: LevelColumn;
  /** SQL of the value. */
  readonly value: string;
  readonly node: Node;
}

/** An equality of two columns, with the condition that says so; null where USING or NATURAL does. */
export interface ColumnPair {
  readonly columns: readonly [LevelColumn, LevelColumn];
  readonly condition: LevelCondition | null;
}

/** Gives the pairs of columns of a level that conditions equate. */
export function equalColumns(level: QueryLevel): readonly ColumnPair[] {
  const compared = level.conditions.flatMap((condition): ColumnPair[] => {
    const sides = equalityOf(condition.node);
    const [one, other] = (sides ?? []).map((side) => columnIn(level, side));
    return one == null || other == null ? [] : [{ columns: [one, other], condition }];
  });
  return [...compared, ...level.merged.map((columns): ColumnPair => ({ columns, condition: null }))];
}

/** Gives the columns of a level that must equal a constant or a parameter. */
export function boundValues(level: QueryLevel): readonly BoundColumn[] {
  return level.conditions.flatMap(({ node }) => {
    const sides = equalityOf(node);
    if (sides === null) return [];
    return [sides, [sides[1], sides[0]] as const].flatMap(([key, value]): BoundColumn[] => {
      const column = columnIn(level, key);
      const sql = column === null || hasColumns(value) ? null : deparseNode(value);
      return column === null || sql === null ? [] : [{ column, value: sql, node: value }];
    });
  });
}

/** Tells whether conditions make two columns equal, by way of others or of one value too. */
export function areEqual(one: LevelColumn, other: LevelColumn, level: QueryLevel): boolean {
  const pairs = equalColumns(level);
  const bound = boundValues(level);
  const reached: LevelColumn[] = [one];
  const values = new Set<string>();
  for (let place = 0; place < reached.length; place += 1) {
    const at = reached[place];
    if (at === undefined) break;
    for (const { column, value } of bound) if (isSameColumn(column, at)) values.add(value);
    const next = [
      ...pairs.flatMap(({ columns: [left, right] }) =>
        isSameColumn(left, at) ? [right] : isSameColumn(right, at) ? [left] : [],
      ),
      ...bound.filter(({ value }) => values.has(value)).map(({ column }) => column),
    ];
    for (const each of next) if (!reached.some((known) => isSameColumn(known, each))) reached.push(each);
  }
  return reached.some((each) => isSameColumn(each, other));
}

/** Gives the two sides of an equality; null for another condition. */
export function equalityOf(node: Node): readonly [Node, Node] | null {
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const isEquality = kind === 'AEXPR_OP' && bodyOf(name?.at(-1), 'String')?.sval === '=';
  return isEquality && lexpr !== undefined && rexpr !== undefined ? [lexpr, rexpr] : null;
}

/** Tells whether an expression reads any column. */
export function hasColumns(node: unknown): boolean {
  let found = false;
  visit(node, (kind) => {
    found ||= kind === 'ColumnRef' || kind === 'SubLink';
    return !found;
  });
  return found;
}
