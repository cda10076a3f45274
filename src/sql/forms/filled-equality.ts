import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { columnIn, type LevelCondition, type QueryLevel, storedColumn } from '../levels/query-level.js';
import { operatorNode } from '../rewrite/nodes.js';
import { hasHeirs } from '../rewrite/written-level.js';
import { bodyOf, visit } from '../walk.js';

/**
 * Writes `a.code IS NOT DISTINCT FROM b.code`, by which PostgreSQL joins neither by hash nor in order, as `a.code = b.code`
 * where one of the columns is never NULL: where the other is, the one is false and the other NULL, and neither is met. Null
 * for anything else, and for FULL JOIN, which PostgreSQL refuses with the first and not with the second.
 */
export function filledEquality({ node, join }: LevelCondition, level: QueryLevel, catalog: Catalog): Node | null {
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  if (kind !== 'AEXPR_NOT_DISTINCT' || name?.length !== 1 || join?.jointype === 'JOIN_FULL') return null;
  if (lexpr === undefined || rexpr === undefined || hidesNames(level)) return null;
  // What is computed may fail, and is computed for other rows where the condition joins.
  const areColumns = [lexpr, rexpr].every((side) => 'ColumnRef' in side);
  const isFilled = [lexpr, rexpr].some((side) => isNeverNull(side, { level, join, catalog }));
  return areColumns && isFilled ? operatorNode('=', lexpr, rexpr) : null;
}

/** A join with a name of its own hides those of its tables, and may give their columns other names. */
function hidesNames({ select }: QueryLevel): boolean {
  let isHidden = false;
  visit(select?.fromClause, (kind, body) => {
    isHidden ||= kind === 'JoinExpr' && body['alias'] !== undefined;
    return kind !== 'SelectStmt';
  });
  return isHidden;
}

interface Place {
  readonly level: QueryLevel;
  readonly join: LevelCondition['join'];
  readonly catalog: Catalog;
}

function isNeverNull(side: Node, { level, join, catalog }: Place): boolean {
  const column = columnIn(level, side);
  const table = column?.relation.table;
  // Around a query, groups by ROLLUP have NULL for a column that has none. Tables that inherit may permit it.
  if (column === null || table == null || column.level !== level || hasHeirs(table, catalog)) return false;
  const { optionalIn, node } = column.relation;
  const isJoinedRow =
    optionalIn === join && [join?.larg, join?.rarg].some((each) => each !== undefined && isSameItem(each, node));
  return storedColumn(column)?.notNull === true && (optionalIn === null || isJoinedRow);
}

function isSameItem(one: Node, other: Node): boolean {
  return Object.values(one)[0] === Object.values(other)[0];
}
