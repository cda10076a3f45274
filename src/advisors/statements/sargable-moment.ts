import type { Node } from '@pgsql/types';
import { SET_BACK, ZONES_APART } from '../../sql/clock-margins.js';
import { constantOf } from '../../sql/conjuncts.js';
import { deparseNode } from '../../sql/deparse.js';
import { isLocalTime } from '../../sql/rewrite/local-time.js';
import { columnName } from '../../sql/rewrite/nodes.js';
import { bodyOf } from '../../sql/walk.js';
import { labelledMoment } from './labelled-moment.js';
import { castName, innerOf, nameOf } from './moment-expression.js';
import { partOf, type Span } from './moment-parts.js';
import { isDay } from './sargable-arithmetic.js';
import type { Parts, SargableForm } from './sargable-form.js';

/** Gives the span of time that a condition on a part of a moment means: a label, a year with its month, a day elsewhere. */
export function ofMoment(parts: Parts): SargableForm | null {
  const { expression } = parts.wrapped;
  const day = dayItself(parts);
  if (day !== null) return day;
  const moment = momentIn(expression, parts);
  const isTold = moment !== null && (moment.zone !== null || parts.type === 'date' || !isUnitOf(expression));
  const span = isTold ? spanOf(expression, parts) : null;
  if (moment === null || span === null) return null;
  const { zone } = moment;
  const { column, type, condition } = parts;
  const isZoned = type === 'timestamp with time zone';
  const at = (time: string, margin: string) => {
    if (zone !== null) return `(${time} AT TIME ZONE ${zone})${margin}`;
    if (type === 'date') return `${time}${margin}`;
    return `${time}::${isZoned ? 'timestamptz' : 'timestamp'}${margin}`;
  };
  // A day that goes through a function is a moment of the session’s time zone there.
  const isFar = span.isFar === true || (type === 'date' && !isPartOfDay(expression));
  // Clocks that are set back give an hour twice: beside the condition bounds that are wider do no harm.
  const margin = isFar ? ZONES_APART : isZoned ? SET_BACK : null;
  const isBeside = margin !== null || span.isWider === true;
  const { from, to } = span;
  const bounds = [
    ...(from === null ? [] : [`${column} >= ${at(from, margin === null ? '' : ` - ${margin}`)}`]),
    // Infinity is no end that anything lies before.
    ...(to === null ? [] : [`${column} ${isBeside ? '<=' : '<'} ${at(to, margin === null ? '' : ` + ${margin}`)}`]),
  ];
  return { sql: [...bounds, ...(isBeside ? [`(${condition})`] : [])].join(' AND '), caution: null };
}

/** `day::date` of a date. */
function dayItself({ column, type, value, wrapped: { expression, operator, comparison } }: Parts): SargableForm | null {
  const cast = bodyOf(expression, 'TypeCast');
  const isItself =
    type === 'date' && castName(expression) === 'date' && cast?.arg !== undefined && 'ColumnRef' in cast.arg;
  if (!isItself || comparison.kind !== 'AEXPR_OP') return null;
  return { sql: `${column} ${operator} ${value}`, caution: null };
}

/** A part, or the text, of a day is told without a time zone. */
function isPartOfDay(expression: Node): boolean {
  return ['extract', 'date_part'].includes(nameOf(expression)) || castName(expression) !== null;
}

/** The day, or the beginning of another unit. */
function isUnitOf(expression: Node): boolean {
  return castName(expression) === 'date' || ['date', 'date_trunc'].includes(nameOf(expression));
}

/** The bare column, or what it is in a named time zone. */
function momentIn(expression: Node, { type }: Parts): { readonly zone: string | null } | null {
  const inner = innerOf(expression);
  if (inner === undefined) return null;
  if ('ColumnRef' in inner) return { zone: null };
  const call = bodyOf(inner, 'FuncCall');
  const [zone, moment] = call?.args ?? [];
  const isZone = bodyOf(call?.funcname?.at(-1), 'String')?.sval === 'timezone' && type === 'timestamp with time zone';
  if (!isZone || zone === undefined || constantOf(zone) === null || columnName(moment) === null) return null;
  return { zone: deparseNode(zone) };
}

function spanOf(expression: Node, parts: Parts): Span | null {
  const name = nameOf(expression);
  const cast = castName(expression);
  if (cast === 'date' || name === 'date') return daysOf(parts);
  if (cast === 'text' || cast === 'varchar') {
    // How a moment is written as text is for the session to say.
    const written = labelled('YYYY-MM-DD', parts);
    return written === null ? null : { ...written, isWider: true };
  }
  const [first, second] = bodyOf(expression, 'FuncCall')?.args ?? [];
  const format = second === undefined ? null : constantOf(second);
  if (name === 'to_char') return format === null ? null : labelled(format, parts);
  if (name === 'left' || name === 'substr' || name === 'substring') return cutLabel(expression, parts);
  if (name === 'extract' || name === 'date_part')
    return partOf((first === undefined ? null : constantOf(first))?.toLowerCase() ?? '', parts);
  return name === 'date_trunc' ? truncated((first === undefined ? null : constantOf(first)) ?? '', parts) : null;
}

/** Days of another time zone, or of a date. */
function daysOf({ value, wrapped: { operator, value: node } }: Parts): Span | null {
  const day = (text: string, more = '') => `((${text})::date${more})::timestamp`;
  const items = bodyOf(node, 'List')?.items;
  const [low, high] = (items ?? []).map((item) => deparseNode(item));
  // A time of day is after the day’s beginning.
  const isFar = !(items ?? [node]).every(isDay);
  const past = (text: string) => day(text, isFar ? '' : ' + 1');
  const span = (ends: Span): Span => (isFar ? { ...ends, isFar } : ends);
  switch (operator) {
    case '=':
      return 'List' in node ? null : span({ from: day(value), to: day(value, ' + 1') });
    case '>=':
      return span({ from: day(value), to: null });
    case '>':
      return span({ from: past(value), to: null });
    case '<':
      return span({ from: null, to: isFar ? day(value, ' + 1') : day(value) });
    case '<=':
      return span({ from: null, to: day(value, ' + 1') });
    case 'BETWEEN':
      return low == null || high == null ? null : span({ from: day(low), to: day(high, ' + 1') });
    default:
      return null;
  }
}

/** A text that tells a moment down to some unit, or LIKE a part of one. */
function labelled(format: string, { wrapped: { operator, comparison, value } }: Parts): Span | null {
  const text = constantOf(value);
  if (text === null) return null;
  if (comparison.kind === 'AEXPR_LIKE') {
    const prefix = /^([^%_\\]*)%$/.exec(text)?.[1];
    const found = prefix === undefined ? null : labelledMoment(format, prefix, { isPrefix: true });
    return found === null ? null : { from: found.from, to: found.to, isWider: true };
  }
  if (operator !== '=' || comparison.kind !== 'AEXPR_OP') return null;
  const found = labelledMoment(format, text);
  return found === null ? null : { from: found.from, to: found.to };
}

/** `left(day::text, 7) = '2024-02'`. */
function cutLabel(expression: Node, parts: Parts): Span | null {
  const { args = [] } = bodyOf(expression, 'FuncCall') ?? {};
  const [cut, ...places] = args;
  const text = constantOf(parts.wrapped.value);
  const numbers = places.map((place) => Number(constantOf(place)));
  const isPrefix =
    numbers.at(-1) === text?.length && (numbers.length === 1 || (numbers.length === 2 && numbers[0] === 1));
  if (cut === undefined || text === null || !isPrefix || parts.wrapped.operator !== '=') return null;
  const isText = ['text', 'varchar'].includes(castName(cut) ?? '');
  const [, format] = bodyOf(cut, 'FuncCall')?.args ?? [];
  const shown = isText ? 'YYYY-MM-DD' : nameOf(cut) === 'to_char' && format !== undefined ? constantOf(format) : null;
  const found = shown === null ? null : labelledMoment(shown, text, { isPrefix: true });
  return found === null ? null : { from: found.from, to: found.to, isWider: true };
}

const UNITS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];

/** What begins a unit, as a date or in a named time zone. */
function truncated(unit: string, { value, wrapped }: Parts): Span | null {
  const isPlain = wrapped.comparison.kind === 'AEXPR_OP' && UNITS.includes(unit.toLowerCase());
  if (!isPlain || constantOf(wrapped.value) === null) return null;
  // A time of day may be one that the clocks have left out.
  const isFar = !(isLocalTime(wrapped.value) && DAY.test(constantOf(wrapped.value) ?? ''));
  const time = `(${value})::timestamp`;
  const length = unit.toLowerCase() === 'quarter' ? '3 months' : `1 ${unit.toLowerCase()}`;
  const next = `(date_trunc('${unit}', ${time}) + interval '${length}')`;
  const [from, to] = [`(${time})`, next];
  const spans: Readonly<Record<string, Span>> = {
    ...{ '=': { from, to }, '>=': { from, to: null }, '>': { from, to: null } },
    ...{ '<': { from: null, to }, '<=': { from: null, to } },
  };
  const span = spans[wrapped.operator];
  return span === undefined ? null : { ...span, isWider: true, isFar };
}

const DAY = /^\d{4}-\d\d-\d\d( 00:00(:00)?)?$/;
