import type { Node, SelectStmt, SubLink } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { isFilledDomain } from '../../sql/analysis/filled-domain.js';
import { conjunctsOf } from '../../sql/conjuncts.js';
import { deparseNode } from '../../sql/deparse.js';
import { columnIn, isSameColumn, type LevelColumn, type QueryLevel } from '../../sql/levels/query-level.js';
import { readLevels } from '../../sql/levels/read-levels.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { alsoWhere } from '../../sql/rewrite/nodes.js';
import { bodyOf } from '../../sql/walk.js';
import { conditionNode, withNode } from '../../sql/with-node.js';
import type { Evidence } from '../advisor.js';
import { checkCondition } from '../schema/check-condition.js';
import type { ReadStatement } from './read-statement.js';

/** A list of values, among which NULL may be, that rows are left out by. */
export interface NullableList {
  readonly column: LevelColumn;
  /** The query of the list. */
  readonly select: SelectStmt;
}

/** Gives the list of `NOT IN (SELECT …)` where NULL may be in it; null for another condition. */
export function nullableListOf(node: Node, { catalog }: Evidence): NullableList | null {
  const negated = bodyOf(node, 'BoolExpr');
  const link: SubLink | null = negated?.boolop === 'NOT_EXPR' ? bodyOf(negated.args?.[0], 'SubLink') : null;
  if (link?.subLinkType !== 'ANY_SUBLINK' || link.operName !== undefined || link.subselect === undefined) return null;
  const [inner] = readLevels(link.subselect, catalog);
  const select = bodyOf(link.subselect, 'SelectStmt');
  const [target] = select?.targetList ?? [];
  const column = inner === undefined ? null : columnIn(inner, bodyOf(target, 'ResTarget')?.val);
  if (inner === undefined || select === null || column?.relation.table == null) return null;
  return mayBeNull(column, inner, catalog) ? { column, select } : null;
}

/** Gives the statement with the NULLs left out of the list; null where it cannot be written. */
export function withoutNulls({ tree }: ReadStatement, { column, select }: NullableList): string | null {
  const name = `${quoteIdentifier(column.relation.alias)}.${quoteIdentifier(column.name)}`;
  const condition = conditionNode(`${name} IS NOT NULL`);
  if (condition === null || select.groupClause !== undefined) return null;
  return deparseNode(withNode(tree, select, { SelectStmt: alsoWhere(select, condition) }));
}

function mayBeNull(column: LevelColumn, level: QueryLevel, catalog: Catalog): boolean {
  const { relation, name } = column;
  const isNullable =
    relation.table?.columns.some(
      (each) => each.name === name && !each.notNull && !isFilledDomain(each.baseType, catalog),
    ) ?? true;
  const isKept = level.conditions.some(({ node, join }) => leavesNullsOut(node, column, level) && join === null);
  return (isNullable || relation.optionalIn !== null) && !isKept && !isChecked(column);
}

const COMPARISONS = [
  'AEXPR_OP',
  'AEXPR_OP_ANY',
  'AEXPR_OP_ALL',
  'AEXPR_IN',
  'AEXPR_BETWEEN',
  'AEXPR_LIKE',
  'AEXPR_ILIKE',
];

/** IS NOT NULL says so; a comparison with NULL is not true either. */
function leavesNullsOut(node: Node, column: LevelColumn, level: QueryLevel): boolean {
  const isIt = (side: Node | undefined) => {
    const found = columnIn(level, side);
    return found !== null && isSameColumn(found, column);
  };
  const test = bodyOf(node, 'NullTest');
  if (test !== null) return test.nulltesttype === 'IS_NOT_NULL' && isIt(test.arg);
  const { kind, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  return COMPARISONS.includes(kind ?? '') && (isIt(lexpr) || isIt(rexpr));
}

/** A CHECK may say what NOT NULL does. */
function isChecked({ relation, name }: LevelColumn): boolean {
  const checks = relation.table?.constraints.filter(({ kind, validated }) => kind === 'check' && validated) ?? [];
  return checks.some(({ definition }) =>
    conjunctsOf(checkCondition(definition)).some(({ kind, column }) => kind === 'not null' && column === name),
  );
}
