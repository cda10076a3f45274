import type { Node } from '@pgsql/types';
import { deparseNode } from '../../sql/deparse.js';
import { MIRRORED } from '../../sql/mirrored.js';
import { bodyOf } from '../../sql/walk.js';
import { type Parts, type SargableForm, TIMES } from './sargable-form.js';

const NUMBERS = ['integer', 'bigint', 'smallint', 'numeric'];

/** Gives a comparison of a sum with what is added on the other side: `created_at + interval '1 hour' < x`, `now() - created_at < x`. */
export function ofArithmetic(parts: Parts): SargableForm | null {
  const { expression, operator, comparison } = parts.wrapped;
  const sum = bodyOf(expression, 'A_Expr');
  const sign = bodyOf(sum?.name?.at(-1), 'String')?.sval;
  if (comparison.kind === 'AEXPR_BETWEEN') return ofBoth(parts);
  if (sum?.lexpr === undefined || sum.rexpr === undefined || comparison.kind !== 'AEXPR_OP') return null;
  if (!(operator in MIRRORED) || (sign !== '+' && sign !== '-')) return null;
  if ('ColumnRef' in sum.lexpr) return ofSum(sum.rexpr, sign, parts);
  if (!('ColumnRef' in sum.rexpr)) return null;
  return sign === '+' ? ofSum(sum.lexpr, sign, parts) : ofDifference(sum.lexpr, parts);
}

/** BETWEEN as two comparisons. */
function ofBoth(parts: Parts): SargableForm | null {
  const { comparison, value } = parts.wrapped;
  const [low, high] = bodyOf(value, 'List')?.items ?? [];
  const bounds = [['>=', low] as const, ['<=', high] as const].map(([operator, bound]) => {
    const text = bound === undefined ? null : deparseNode(bound);
    if (bound === undefined || text === null) return null;
    const wrapped = {
      ...parts.wrapped,
      operator,
      value: bound,
      comparison: { ...comparison, kind: 'AEXPR_OP' as const },
    };
    return ofArithmetic({ ...parts, value: text, wrapped });
  });
  const [one, other] = bounds;
  return one == null || other == null ? null : { sql: `${one.sql} AND ${other.sql}`, caution: one.caution };
}

function ofSum(addend: Node, sign: '+' | '-', { column, type, value, wrapped }: Parts): SargableForm | null {
  const term = deparseNode(addend);
  const isTime = TIMES.includes(type);
  if (term === null || !(NUMBERS.includes(type) || (isTime && isFixedInterval(term)) || isDays(type, term)))
    return null;
  // What is left of a moment as a day is another moment.
  if (type === 'date' && !isDay(wrapped.value)) return null;
  const inverse = sign === '+' ? '-' : '+';
  // A bare text less an interval would be taken for an interval.
  const other = isTime || type === 'date' ? `(${value})::${type}` : `(${value})`;
  return { sql: `${column} ${wrapped.operator} ${other} ${inverse} (${term})`, caution: cautionOf(type, term) };
}

/** The later the column, the less is left. */
function ofDifference(minuend: Node, { column, type, value, wrapped }: Parts): SargableForm | null {
  const from = deparseNode(minuend);
  const isTime = TIMES.includes(type);
  if (from === null || !(NUMBERS.includes(type) || (isTime && isFixedInterval(value)) || isDays(type, value)))
    return null;
  // NaN is above all numbers on either side.
  if (type === 'numeric' && wrapped.operator !== '=') return null;
  // What has no type of its own would be taken for what is subtracted.
  const isUntyped = 'ParamRef' in minuend || 'A_Const' in minuend;
  const other = isUntyped && !NUMBERS.includes(type) ? `(${from})::${type}` : `(${from})`;
  return {
    sql: `${column} ${MIRRORED[wrapped.operator]} ${other} - (${value})`,
    caution: cautionOf(type, value),
  };
}

function cautionOf(type: string, term: string): string | null {
  if (NUMBERS.includes(type)) return 'a sum beyond the type’s range is an error in one form and none in the other';
  const isLocal = type === 'timestamp with time zone' && /\bdays?\b/i.test(term);
  return isLocal ? 'a day is as long as the session’s time zone makes it when clocks change' : null;
}

/** A text and a parameter are dates beside one. */
function isDay(value: Node): boolean {
  const cast = bodyOf(bodyOf(value, 'TypeCast')?.typeName?.names?.at(-1), 'String')?.sval;
  const isToday = bodyOf(value, 'SQLValueFunction')?.op === 'SVFOP_CURRENT_DATE';
  return isToday || cast === 'date' || 'A_Const' in value || 'ParamRef' in value;
}

function isDays(type: string, term: string): boolean {
  return type === 'date' && /^\d{1,6}$/.test(term);
}

/** Months have no fixed length: what is added and taken away again is not the same. */
function isFixedInterval(term: string): boolean {
  return (
    /interval/i.test(term) &&
    /\b(day|hour|min(ute)?|sec(ond)?)s?\b|\d:\d\d/i.test(term) &&
    !/mon|year|decade/i.test(term)
  );
}
