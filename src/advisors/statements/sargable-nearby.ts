import type { A_Expr, FuncCall, Node } from '@pgsql/types';
import { constantOf } from '../../sql/conjuncts.js';
import { bodyOf } from '../../sql/walk.js';
import { boundsOfAge, boundsOfDifference, boundsOfYears, DAY_SECONDS } from './differing-moments.js';
import { type Limits, limitsOf, numberOf, scaledBy, shiftedBy, widened } from './limits.js';
import { type Parts, type SargableForm, TIMES } from './sargable-form.js';

/** Gives the condition with a bound on the bare column beside it, which holds wherever the condition does. */
export function ofNearby(parts: Parts): SargableForm | null {
  const { expression } = parts.wrapped;
  const limits = limitsOf(parts.wrapped);
  const bounds = limits === null ? boundsOfAge(expression, parts) : boundsOfWhole(expression, limits, parts);
  return bounds === null || bounds.length === 0
    ? null
    : { sql: [...bounds, `(${parts.condition})`].join(' AND '), caution: null };
}

/** What is added to the bare column can be moved to the other side, and the bare column needs no other bound. */
function boundsOfWhole(expression: Node, limits: Limits, parts: Parts): readonly string[] | null {
  const { lexpr, rexpr, name } = bodyOf(expression, 'A_Expr') ?? {};
  const isSum = ['+', '-'].includes(bodyOf(name?.at(-1), 'String')?.sval ?? '');
  const isPlain = isSum && [lexpr, rexpr].some((side) => side !== undefined && 'ColumnRef' in side);
  return isPlain || 'ColumnRef' in expression ? null : boundsOf(expression, limits, parts);
}

/** Gives the bounds of a column by those of an expression that rises or falls with it. */
function boundsOf(expression: Node, limits: Limits, parts: Parts): readonly string[] | null {
  if ('ColumnRef' in expression) return ofNumber(limits, parts);
  if ('A_Expr' in expression) return ofTerm(expression.A_Expr, limits, parts);
  if ('FuncCall' in expression) return ofCall(expression.FuncCall, limits, parts);
  const cast = bodyOf(expression, 'TypeCast');
  const isNumber = CAST_NUMBERS.includes(bodyOf(cast?.typeName?.names?.at(-1), 'String')?.sval ?? '');
  return cast?.arg !== undefined && isNumber ? boundsOf(cast.arg, widened(limits, 1), parts) : null;
}

const CAST_NUMBERS = ['int2', 'int4', 'int8', 'numeric', 'float8'];

function ofTerm({ kind, name, lexpr, rexpr }: A_Expr, limits: Limits, parts: Parts): readonly string[] | null {
  if (kind !== 'AEXPR_OP' || lexpr === undefined || rexpr === undefined) return null;
  const sign = bodyOf(name?.at(-1), 'String')?.sval ?? '';
  const [left, right] = [numberOf(lexpr), numberOf(rexpr)];
  if (left === null && right === null)
    return sign === '-' ? boundsOfDifference({ lexpr, rexpr }, scaledBy(limits, DAY_SECONDS), parts) : null;
  const inner = right === null ? rexpr : lexpr;
  const number = right ?? left ?? 0;
  switch (sign) {
    case '*':
      return number > 0 ? boundsOf(inner, scaledBy(limits, 1 / number), parts) : null;
    case '/':
      // Whole numbers are divided without a rest.
      return number > 0 && right !== null
        ? boundsOf(inner, scaledBy(isFraction(inner, parts) ? limits : widened(limits, 1), number), parts)
        : null;
    case '+':
      return boundsOf(inner, shiftedBy(limits, -number), parts);
    case '-':
      if (right !== null) return boundsOf(inner, shiftedBy(limits, number), parts);
      // NaN is above all numbers on either side.
      return FRACTIONS.includes(parts.type) ? null : boundsOf(inner, shiftedBy(scaledBy(limits, -1), number), parts);
    default:
      return null;
  }
}

function isFraction(node: Node, { type }: Parts): boolean {
  if ('ColumnRef' in node) return FRACTIONS.includes(type);
  return ['extract', 'date_part'].includes(calledIn(node));
}

function calledIn(node: Node): string {
  return bodyOf(bodyOf(node, 'FuncCall')?.funcname?.at(-1), 'String')?.sval ?? '';
}

function ofCall(call: FuncCall, limits: Limits, parts: Parts): readonly string[] | null {
  const [first, second, third] = call.args ?? [];
  if (first === undefined || third !== undefined) return null;
  const name = calledIn({ FuncCall: call });
  if (second !== undefined)
    return name === 'extract' || name === 'date_part'
      ? ofPart((constantOf(first) ?? '').toLowerCase(), second, limits, parts)
      : null;
  switch (name) {
    case 'floor':
    case 'ceil':
    case 'ceiling':
    case 'round':
    case 'trunc':
      return boundsOf(first, widened(limits, 1), parts);
    case 'abs':
      return limits.high === null ? null : boundsOf(first, { low: -limits.high, high: limits.high }, parts);
    default:
      return null;
  }
}

/** `extract(epoch FROM now() - at)`, `date_part('year', age(born_on))`. */
function ofPart(unit: string, of: Node, limits: Limits, parts: Parts): readonly string[] | null {
  const difference = bodyOf(of, 'A_Expr');
  const isDifference = difference?.kind === 'AEXPR_OP' && bodyOf(difference.name?.at(-1), 'String')?.sval === '-';
  if (unit === 'epoch' && 'ColumnRef' in of) return seconds(limits, parts);
  if (unit === 'epoch' && isDifference) return boundsOfDifference(difference, limits, parts);
  if ((unit === 'day' || unit === 'days') && isDifference)
    return boundsOfDifference(difference, scaledBy(widened(limits, 1), DAY_SECONDS), parts);
  const aged = bodyOf(of, 'FuncCall');
  return (unit === 'year' || unit === 'years') && aged !== null ? boundsOfYears(aged, limits, parts) : null;
}

function seconds({ low, high }: Limits, { column, type }: Parts): readonly string[] | null {
  if (!TIMES.includes(type)) return null;
  const at = (second: number) =>
    type === 'timestamp with time zone' ? `to_timestamp(${second})` : `(to_timestamp(${second}) AT TIME ZONE 'UTC')`;
  return [
    ...(low === null ? [] : [`${column} >= ${at(low - 1)}`]),
    ...(high === null ? [] : [`${column} <= ${at(high + 1)}`]),
  ];
}

const FRACTIONS = ['numeric', 'double precision', 'real'];
const WHOLE_NUMBERS = ['integer', 'bigint', 'smallint'];
/** Beyond, what is computed here may be off by more than it is widened by. */
const NUMBER_MAX = 1e9;

function ofNumber({ low, high }: Limits, { column, type }: Parts): readonly string[] | null {
  const isWhole = WHOLE_NUMBERS.includes(type);
  const ends = [low, high].flatMap((end) => end ?? []);
  if (!(isWhole || FRACTIONS.includes(type)) || ends.some((end) => Math.abs(end) >= NUMBER_MAX)) return null;
  const margin = Math.max(1e-3, ...ends.map((end) => Math.abs(end) * 1e-9));
  const [least, most] = [(end: number) => end - margin, (end: number) => end + margin];
  const shown = (end: number, round: (end: number) => number) => (isWhole ? round(end) : Number(end.toFixed(3)));
  return [
    ...(low === null ? [] : [`${column} >= ${shown(least(low), Math.ceil)}`]),
    ...(high === null ? [] : [`${column} <= ${shown(most(high), Math.floor)}`]),
  ];
}
