import type { A_Expr, FuncCall, Node } from '@pgsql/types';
import { constantOf } from '../../sql/conjuncts.js';
import { deparseNode } from '../../sql/deparse.js';
import { bodyOf } from '../../sql/walk.js';
import { type Parts, type SargableForm, TIMES } from './sargable-form.js';

/** Gives the condition with a bound on the bare column beside it, which holds wherever the condition does. */
export function ofNearby(parts: Parts): SargableForm | null {
  const { expression, comparison } = parts.wrapped;
  const bounds =
    comparison.kind !== 'AEXPR_OP'
      ? null
      : 'FuncCall' in expression
        ? boundsOfCall(expression.FuncCall, parts)
        : scaled(bodyOf(expression, 'A_Expr'), parts);
  return bounds === null || bounds.length === 0
    ? null
    : { sql: [...bounds, `(${parts.condition})`].join(' AND '), caution: null };
}

function boundsOfCall(call: FuncCall, parts: Parts): readonly string[] | null {
  const [first, second, more] = call.args ?? [];
  const isColumn = (node: Node | undefined) => node !== undefined && 'ColumnRef' in node;
  switch (bodyOf(call.funcname?.at(-1), 'String')?.sval) {
    case 'floor':
    case 'ceil':
    case 'ceiling':
    case 'round':
    case 'trunc':
      return isColumn(first) && second === undefined ? rounded(parts) : null;
    case 'age':
      return isColumn(second) && first !== undefined && more === undefined && TIMES.includes(parts.type)
        ? aged(deparseNode(first), parts)
        : null;
    case 'extract':
    case 'date_part':
      return isColumn(second) && first !== undefined && constantOf(first)?.toLowerCase() === 'epoch'
        ? seconds(parts)
        : null;
    default:
      return null;
  }
}

const NUMBERS = ['numeric', 'double precision', 'real'];

function rounded({ column, type, wrapped }: Parts): readonly string[] | null {
  const number = numberOf(wrapped.value);
  return number === null || !NUMBERS.includes(type)
    ? null
    : between(column, wrapped.operator, [number - 1, number + 1]);
}

/** From a time to another in months and days, of which 30 make a month in comparisons: some days more or less. */
function aged(from: string | null, { column, type, value, wrapped }: Parts): readonly string[] | null {
  if (from === null || !/interval/i.test(value)) return null;
  const time = `(${from})::${type}`;
  const younger = `${column} >= ${time} - (${value}) * 1.03 - interval '5 days'`;
  const older = `${column} <= ${time} - (${value}) + interval '5 days'`;
  const { operator } = wrapped;
  if (operator === '<' || operator === '<=') return [younger];
  if (operator === '>' || operator === '>=') return [older];
  return operator === '=' ? [younger, older] : null;
}

function seconds({ column, type, wrapped }: Parts): readonly string[] | null {
  const number = numberOf(wrapped.value);
  if (number === null || !TIMES.includes(type)) return null;
  const at = (second: number) =>
    type === 'timestamp with time zone' ? `to_timestamp(${second})` : `(to_timestamp(${second}) AT TIME ZONE 'UTC')`;
  const [low, high] = [`${column} >= ${at(number - 1)}`, `${column} <= ${at(number + 1)}`];
  return chosen(wrapped.operator, [low, high]);
}

/** `price * 1.19 > 100`: a bound that is a little wider than the quotient. */
function scaled(expression: A_Expr | null, { column, type, wrapped }: Parts): readonly string[] | null {
  const sign = expression?.kind === 'AEXPR_OP' ? bodyOf(expression.name?.at(-1), 'String')?.sval : undefined;
  const { lexpr, rexpr } = expression ?? {};
  const isLeft = lexpr !== undefined && 'ColumnRef' in lexpr;
  const factor = numberOf(isLeft ? rexpr : lexpr);
  const isScale = sign === '*' || (sign === '/' && isLeft);
  const value = numberOf(wrapped.value);
  const isExact =
    [...NUMBERS, 'integer', 'bigint', 'smallint'].includes(type) && (sign === '*' || NUMBERS.includes(type));
  if (!isScale || !isExact || factor === null || value === null || factor <= 0) return null;
  const middle = sign === '*' ? value / factor : value * factor;
  const margin = Math.max(1e-3, Math.abs(middle) * 1e-9) + (NUMBERS.includes(type) ? 0 : 1);
  const places = NUMBERS.includes(type) ? 3 : 0;
  const bounds = [middle - margin, middle + margin].map((bound) => Number(bound.toFixed(places)));
  return between(column, wrapped.operator, [bounds[0] ?? 0, bounds[1] ?? 0]);
}

function between(column: string, operator: string, [low, high]: readonly [number, number]): readonly string[] | null {
  const isPlain = [low, high].every((bound) => Math.abs(bound) < 1e9);
  return isPlain ? chosen(operator, [`${column} >= ${low}`, `${column} <= ${high}`]) : null;
}

function chosen(operator: string, [low, high]: readonly [string, string]): readonly string[] | null {
  if (operator === '=') return [low, high];
  if (operator === '>' || operator === '>=') return [low];
  return operator === '<' || operator === '<=' ? [high] : null;
}

function numberOf(node: Node | undefined): number | null {
  const text = node === undefined ? null : constantOf(node);
  const number = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) && Math.abs(number) < 1e12 ? number : null;
}
