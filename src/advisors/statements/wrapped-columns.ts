import type { A_Expr, ColumnRef, Node } from '@pgsql/types';
import { constantOf } from '../../sql/conjuncts.js';
import {
  columnIn,
  type LevelColumn,
  type LevelCondition,
  type QueryLevel,
  storedColumn,
} from '../../sql/levels/query-level.js';
import { MIRRORED } from '../../sql/mirrored.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { isPadded, isSaidText } from './sargable-padded.js';

/** A comparison of what is made of a column, so that no index on the column itself serves it. */
export interface WrappedColumn {
  readonly level: QueryLevel;
  readonly condition: LevelCondition;
  readonly comparison: A_Expr;
  readonly column: LevelColumn;
  /** What stands on the column's side. */
  readonly expression: Node;
  /** What it is compared with. */
  readonly value: Node;
  /** As if the column stood on the left. */
  readonly operator: string;
}

const KINDS: ReadonlySet<string> = new Set([
  ...['AEXPR_OP', 'AEXPR_OP_ANY', 'AEXPR_IN', 'AEXPR_BETWEEN', 'AEXPR_LIKE'],
  'AEXPR_ILIKE',
]);

/** Gives the comparisons of a level whose column is wrapped in a cast, a function or arithmetic. */
export function wrappedColumns(level: QueryLevel): readonly WrappedColumn[] {
  return level.conditions.flatMap((condition) => wrappedIn(condition, level) ?? []);
}

function wrappedIn(condition: LevelCondition, level: QueryLevel): WrappedColumn | null {
  const comparison = plainComparison(condition.node);
  const name = bodyOf(comparison?.name?.at(-1), 'String')?.sval ?? '';
  if (comparison?.lexpr === undefined || comparison.rexpr === undefined || !KINDS.has(comparison.kind ?? ''))
    return null;
  const operator = comparison.kind === 'AEXPR_BETWEEN' ? 'BETWEEN' : name;
  const isAnyCase = comparison.kind === 'AEXPR_ILIKE';
  if (isAnyCase && !('ColumnRef' in comparison.lexpr)) return null;
  const isHeldOtherwise = isAnyCase || comparison.kind !== bodyOf(condition.node, 'A_Expr')?.kind;
  const found = sideOf({ expression: comparison.lexpr, value: comparison.rexpr, isHeldOtherwise }, level);
  if (found !== null) return { level, condition, comparison, operator, ...found };
  const mirrored = comparison.kind === 'AEXPR_OP' ? MIRRORED[operator] : undefined;
  const other =
    mirrored === undefined
      ? null
      : sideOf({ expression: comparison.rexpr, value: comparison.lexpr, isHeldOtherwise }, level);
  return other === null || mirrored === undefined
    ? null
    : { level, condition, comparison, operator: mirrored, ...other };
}

/** NULL is no value that is asked for: IS NOT DISTINCT FROM a constant says the same as `=`, which an index serves. */
function plainComparison(node: Node): A_Expr | null {
  const comparison = bodyOf(node, 'A_Expr');
  if (comparison?.kind !== 'AEXPR_NOT_DISTINCT') return comparison;
  const isConstant = [comparison.lexpr, comparison.rexpr].some(
    (side) => side !== undefined && constantOf(side) !== null,
  );
  return isConstant ? { ...comparison, kind: 'AEXPR_OP' } : comparison;
}

interface Side {
  readonly expression: Node;
  readonly value: Node;
  /** By an operator that no index serves. */
  readonly isHeldOtherwise: boolean;
}

function sideOf(
  { expression, value, isHeldOtherwise }: Side,
  level: QueryLevel,
): Pick<WrappedColumn, 'column' | 'expression' | 'value'> | null {
  const columns = columnsOf(expression, level);
  const [column] = columns ?? [];
  if (column === undefined || columns?.length !== 1 || column.level !== level || column.relation.table === null)
    return null;
  if ('ColumnRef' in expression ? !isHeldOtherwise && !isMismatch(column, value) : isSameType(column, expression))
    return null;
  const others = columnsOf(value, level);
  const isFree = others?.every(({ relation }) => relation !== column.relation);
  return isFree === true ? { column, expression, value } : null;
}

const TEXTS = ['text', 'character varying'];

/** A cast from one text to the other is no work for PostgreSQL. */
function isSameType(column: LevelColumn, expression: Node): boolean {
  const cast = bodyOf(expression, 'TypeCast');
  const target = bodyOf(cast?.typeName?.names?.at(-1), 'String')?.sval ?? '';
  const isBare = cast?.arg !== undefined && 'ColumnRef' in cast.arg;
  return isBare && TEXTS.includes(typeOf(column)) && (target === 'text' || target === 'varchar');
}

function typeOf(column: LevelColumn): string {
  return storedColumn(column)?.baseType ?? '';
}

const WHOLE_NUMBERS = ['smallint', 'integer', 'bigint'];
const FRACTIONS = ['numeric', 'float8', 'float4'];

/** PostgreSQL makes a numeric of a whole-number column that is compared with one, and a text of a padded one. */
function isMismatch(column: LevelColumn, value: Node): boolean {
  const stored = storedColumn(column);
  if (stored !== undefined && isPadded(stored)) return isSaidText(value);
  if (!WHOLE_NUMBERS.includes(typeOf(column))) return false;
  if (bodyOf(value, 'A_Const')?.fval?.fval?.includes('.')) return true;
  const target = bodyOf(bodyOf(value, 'TypeCast')?.typeName?.names?.at(-1), 'String')?.sval ?? '';
  return FRACTIONS.includes(target);
}

/** Null where a name cannot be told, or a query stands within. */
function columnsOf(node: Node, level: QueryLevel): readonly LevelColumn[] | null {
  const found: LevelColumn[] = [];
  let isClear = true;
  visit(node, (kind, body) => {
    if (kind === 'SubLink') isClear = false;
    if (kind === 'ColumnRef') {
      const column = columnIn(level, { ColumnRef: body as ColumnRef });
      if (column === null) isClear = false;
      else found.push(column);
    }
    return isClear;
  });
  return isClear ? found : null;
}
