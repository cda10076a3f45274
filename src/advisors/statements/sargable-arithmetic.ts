import type { FuncCall, Node, TypeName } from '@pgsql/types';
import { ZONES_APART } from '../../sql/clock-margins.js';
import { deparseNode } from '../../sql/deparse.js';
import { MIRRORED } from '../../sql/mirrored.js';
import { isLocalTime } from '../../sql/rewrite/local-time.js';
import { bodyOf, visit } from '../../sql/walk.js';
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
  if (one == null || other == null) return null;
  const beside = ` AND (${parts.condition})`;
  const isTwice = [one, other].every(({ sql }) => sql.endsWith(beside));
  return { sql: `${isTwice ? one.sql.slice(0, -beside.length) : one.sql} AND ${other.sql}`, caution: one.caution };
}

function ofSum(addend: Node, sign: '+' | '-', parts: Parts): SargableForm | null {
  const { column, type, value, wrapped } = parts;
  const term = deparseNode(addend);
  if (term === null) return null;
  const inverse = sign === '+' ? '-' : '+';
  if (TIMES.includes(type))
    return isFixedInterval(addend, term)
      ? ofTime({ from: wrapped.value, shift: `${inverse} (${term})`, operator: wrapped.operator, term }, parts)
      : null;
  // What is left of a moment as a day is another moment.
  if (!(NUMBERS.includes(type) || (isDays(type, term) && isDay(wrapped.value)))) return null;
  const other = type === 'date' ? `(${value})::date` : `(${value})`;
  return { sql: `${column} ${wrapped.operator} ${other} ${inverse} (${term})`, caution: cautionOf(type) };
}

/** The later the column, the less is left. */
function ofDifference(minuend: Node, parts: Parts): SargableForm | null {
  const { column, type, value, wrapped } = parts;
  const from = deparseNode(minuend);
  const operator = MIRRORED[wrapped.operator] ?? '';
  if (TIMES.includes(type))
    return isFixedInterval(wrapped.value, value)
      ? ofTime({ from: minuend, shift: `- (${value})`, operator, term: value }, parts)
      : null;
  if (from === null || !(NUMBERS.includes(type) || isDays(type, value))) return null;
  // NaN is above all numbers on either side.
  if (type === 'numeric' && wrapped.operator !== '=') return null;
  // What has no type of its own would be taken for what is subtracted.
  const isUntyped = 'ParamRef' in minuend || 'A_Const' in minuend;
  const other = isUntyped && !NUMBERS.includes(type) ? `(${from})::${type}` : `(${from})`;
  return { sql: `${column} ${operator} ${other} - (${value})`, caution: cautionOf(type) };
}

/** A column of moments that is held against another one, so long before or after it. */
interface MovedTime {
  readonly from: Node;
  readonly operator: string;
  readonly shift: string;
  /** The interval in it. */
  readonly term: string;
}

/**
 * Where clocks are set, a day is not of 24 hours, and clock times and moments are not in one order: beside the condition
 * bounds do no harm that are as much further apart as clocks may be.
 */
function ofTime({ from, operator, shift, term }: MovedTime, { column, type, condition }: Parts): SargableForm | null {
  const text = deparseNode(from);
  if (text === null) return null;
  const other = `(${text})::${type} ${shift}`;
  const isExact = type === 'timestamp with time zone' ? !DAYS.test(term) : isLocalTime(from);
  if (isExact) return { sql: `${column} ${operator} ${other}`, caution: null };
  const bounds = [
    ...(operator.startsWith('<') ? [] : [`${column} >= ${other} - ${ZONES_APART}`]),
    ...(operator.startsWith('>') ? [] : [`${column} <= ${other} + ${ZONES_APART}`]),
  ];
  return { sql: [...bounds, `(${condition})`].join(' AND '), caution: null };
}

function cautionOf(type: string): string | null {
  const isNumber = NUMBERS.includes(type);
  return isNumber ? 'a sum beyond the type’s range is an error in one form and none in the other' : null;
}

/** Tells whether a value beside a date is one: a text and a parameter are. */
export function isDay(value: Node): boolean {
  const { kind, lexpr, rexpr } = bodyOf(value, 'A_Expr') ?? {};
  // A whole number of days later.
  if (kind === 'AEXPR_OP' && lexpr !== undefined && bodyOf(rexpr, 'A_Const')?.ival !== undefined)
    return !('A_Const' in lexpr || 'ParamRef' in lexpr) && isDay(lexpr);
  const cast = bodyOf(bodyOf(value, 'TypeCast')?.typeName?.names?.at(-1), 'String')?.sval;
  const isToday = bodyOf(value, 'SQLValueFunction')?.op === 'SVFOP_CURRENT_DATE';
  return isToday || cast === 'date' || 'A_Const' in value || 'ParamRef' in value;
}

function isDays(type: string, term: string): boolean {
  return type === 'date' && /^\d{1,6}$/.test(term);
}

const DAYS = /day/i;

/** Months have no fixed length: what is added and taken away again is not the same. */
function isFixedInterval(node: Node, term: string): boolean {
  let isPlain = true;
  visit(node, (kind, body) => {
    const { sval, typeName } = body as { sval?: { sval?: string }; typeName?: TypeName };
    const cast = bodyOf(typeName?.names?.at(-1), 'String')?.sval;
    if (kind === 'A_Const' && sval !== undefined) isPlain &&= FIXED.test(sval.sval ?? '');
    if (kind === 'TypeCast') isPlain &&= !MOMENTS.test(cast ?? '');
    if (kind === 'FuncCall') isPlain &&= isMadeOfHours(body);
    if (kind === 'SQLValueFunction') isPlain = false;
    return isPlain;
  });
  return isPlain && /interval/i.test(term) && HOURS.test(term);
}

/** `make_interval(hours => 2)`. */
function isMadeOfHours({ funcname, args = [] }: FuncCall): boolean {
  const isMade = bodyOf(funcname?.at(-1), 'String')?.sval === 'make_interval';
  return isMade && args.every((arg) => /^(day|hour|min|sec)s$/.test(bodyOf(arg, 'NamedArgExpr')?.name ?? ''));
}

const MOMENTS = /^(date|time)/;
const HOURS = /\b(day|hour|min(ute)?|sec(ond)?)s?\b|\d:\d\d/i;
const UNIT = '(days?|hours?|min(ute)?s?|sec(ond)?s?)';
/** `1 day -3 hours`, `26:00`, `1 day 02:30`, ` minutes`. */
const FIXED = new RegExp(
  `^\\s*((${UNIT}|[-+]?\\d+(\\.\\d+)?\\s*(${UNIT})?|[-+]?\\d+:\\d\\d(:\\d\\d)?)(\\s+|$))+$`,
  'i',
);
