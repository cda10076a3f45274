import type { Node } from '@pgsql/types';
import { constantOf } from '../../sql/conjuncts.js';
import { deparseNode } from '../../sql/deparse.js';
import { columnName } from '../../sql/rewrite/nodes.js';
import { bodyOf } from '../../sql/walk.js';
import { labelledMoment } from './labelled-moment.js';
import type { Parts, SargableForm } from './sargable-form.js';
import { type WrappedColumn, wrappedColumns } from './wrapped-columns.js';

/** A time, as SQL of a timestamp without time zone, from which on rows are wanted, and one from which on they are not. */
interface Span {
  readonly from: string | null;
  readonly to: string | null;
  /** The condition has to stand beside it. */
  readonly isWider?: boolean;
}

/** Gives the span of time that a condition on a part of a moment means: a label, a year with its month, a day elsewhere. */
export function ofMoment(parts: Parts): SargableForm | null {
  const { expression } = parts.wrapped;
  const moment = momentIn(expression, parts);
  const isTold = moment !== null && (moment.zone !== null || parts.type === 'date' || !isUnitOf(expression));
  const span = isTold ? spanOf(expression, parts) : null;
  if (moment === null || span === null) return null;
  const { zone } = moment;
  const { column, type, condition } = parts;
  const isZoned = type === 'timestamp with time zone';
  const at = (time: string, margin: string) => {
    if (zone !== null) return `(${time} AT TIME ZONE ${zone})${margin}`;
    if (type === 'date') return time;
    return `${time}::${isZoned ? 'timestamptz' : 'timestamp'}${margin}`;
  };
  // Clocks that are set back give an hour twice: beside the condition an hour more does no harm.
  const isWider = zone !== null || (isZoned && span.isWider === true);
  const { from, to } = span;
  const bounds = [
    ...(from === null ? [] : [`${column} >= ${at(from, isWider ? " - interval '1 hour'" : '')}`]),
    ...(to === null ? [] : [`${column} < ${at(to, isWider ? " + interval '1 hour'" : '')}`]),
  ];
  const isBeside = isWider || span.isWider === true;
  return { sql: [...bounds, ...(isBeside ? [`(${condition})`] : [])].join(' AND '), caution: null };
}

/** The day, or the beginning of another unit. */
function isUnitOf(expression: Node): boolean {
  const cast = bodyOf(bodyOf(expression, 'TypeCast')?.typeName?.names?.at(-1), 'String')?.sval;
  return cast === 'date' || ['date', 'date_trunc'].includes(nameOf(expression));
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

function innerOf(expression: Node): Node | undefined {
  const cast = bodyOf(expression, 'TypeCast');
  if (cast !== null) return cast.arg;
  const call = bodyOf(expression, 'FuncCall');
  const [first, second] = call?.args ?? [];
  switch (nameOf(expression)) {
    case 'date':
      return second === undefined ? first : undefined;
    case 'to_char':
      return first;
    case 'left':
    case 'substring':
    case 'substr':
      return first === undefined ? undefined : innerOf(first);
    default:
      return second;
  }
}

function nameOf(expression: Node): string {
  return bodyOf(bodyOf(expression, 'FuncCall')?.funcname?.at(-1), 'String')?.sval ?? '';
}

function spanOf(expression: Node, parts: Parts): Span | null {
  const name = nameOf(expression);
  const cast = bodyOf(bodyOf(expression, 'TypeCast')?.typeName?.names?.at(-1), 'String')?.sval;
  if (cast === 'date' || name === 'date') return daysOf(parts);
  if (cast === 'text' || cast === 'varchar') return labelled('YYYY-MM-DD', parts);
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
  const [low, high] = (bodyOf(node, 'List')?.items ?? []).map((item) => deparseNode(item));
  switch (operator) {
    case '=':
      return 'List' in node ? null : { from: day(value), to: day(value, ' + 1') };
    case '>=':
      return { from: day(value), to: null };
    case '>':
      return { from: day(value, ' + 1'), to: null };
    case '<':
      return { from: null, to: day(value) };
    case '<=':
      return { from: null, to: day(value, ' + 1') };
    case 'BETWEEN':
      return low == null || high == null ? null : { from: day(low), to: day(high, ' + 1') };
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
  return found === null ? null : { from: found.from, to: found.to, ...(found.isSure ? {} : { isWider: true }) };
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
  const isText = ['text', 'varchar'].includes(
    bodyOf(bodyOf(cut, 'TypeCast')?.typeName?.names?.at(-1), 'String')?.sval ?? '',
  );
  const [, format] = bodyOf(cut, 'FuncCall')?.args ?? [];
  const shown = isText ? 'YYYY-MM-DD' : nameOf(cut) === 'to_char' && format !== undefined ? constantOf(format) : null;
  const found = shown === null ? null : labelledMoment(shown, text, { isPrefix: true });
  return found === null ? null : { from: found.from, to: found.to, isWider: true };
}

const YEAR = /^\d{4}$/;

/** A year, or a quarter, a month or a day of the year that another condition names. */
function partOf(unit: string, { wrapped }: Parts): Span | null {
  const number = (constantOf(wrapped.value) ?? '').replace(/^(\d+)\.0+$/, '$1');
  const begin = (year: number) => `timestamp '${String(year).padStart(4, '0')}-01-01'`;
  const year = Number(number);
  if (unit === 'year' && 'List' in wrapped.value) return yearsOf(wrapped, begin);
  if (unit === 'year' && YEAR.test(number)) {
    if (wrapped.operator === '=')
      return siblingOf('month', wrapped) !== null || siblingOf('quarter', wrapped) !== null
        ? null
        : { from: begin(year), to: begin(year + 1) };
    const spans: Readonly<Record<string, Span>> = {
      ...{ '>=': { from: begin(year), to: null }, '>': { from: begin(year + 1), to: null } },
      ...{ '<': { from: null, to: begin(year) }, '<=': { from: null, to: begin(year + 1) } },
    };
    return spans[wrapped.operator] ?? null;
  }
  const of = siblingOf('year', wrapped);
  if (wrapped.operator !== '=' || of === null || !YEAR.test(of)) return null;
  if (unit === 'quarter' && /^[1-4]$/.test(number)) return monthsOf(of, 3 * Number(number) - 2, 3);
  if (unit === 'month') return siblingOf('day', wrapped) === null ? monthsOf(of, Number(number), 1) : null;
  const month = siblingOf('month', wrapped);
  const found =
    unit !== 'day' || month === null
      ? null
      : labelledMoment('YYYY-MM-DD', `${of}-${month.padStart(2, '0')}-${number.padStart(2, '0')}`);
  return found === null ? null : { from: found.from, to: found.to };
}

function yearsOf({ comparison, value }: WrappedColumn, begin: (year: number) => string): Span | null {
  const years = (bodyOf(value, 'List')?.items ?? []).map((item) => constantOf(item) ?? '');
  if (years.length === 0 || !years.every((year) => YEAR.test(year))) return null;
  const numbers = years.map(Number);
  const span = { from: begin(Math.min(...numbers)), to: begin(Math.max(...numbers) + 1) };
  return comparison.kind === 'AEXPR_BETWEEN' ? span : { ...span, isWider: true };
}

function monthsOf(year: string, month: number, count: number): Span | null {
  if (!Number.isInteger(month) || month < 1 || month > 12) return null;
  const from = `timestamp '${year}-${String(month).padStart(2, '0')}-01'`;
  return { from, to: `(${from} + interval '${count} month')` };
}

/** What another condition on the same column says that one of its parts equals. */
function siblingOf(unit: string, { level, column, expression }: WrappedColumn): string | null {
  const moment = deparseNode(innerOf(expression) ?? expression);
  for (const other of wrappedColumns(level)) {
    const [first] = bodyOf(other.expression, 'FuncCall')?.args ?? [];
    const isOf =
      ['extract', 'date_part'].includes(nameOf(other.expression)) && other.column.relation === column.relation;
    if (!isOf || first === undefined || constantOf(first)?.toLowerCase() !== unit || other.operator !== '=') continue;
    const inner = innerOf(other.expression);
    if (inner !== undefined && deparseNode(inner) === moment && other.comparison.kind === 'AEXPR_OP')
      return constantOf(other.value)?.replace(/^(\d+)\.0+$/, '$1') ?? null;
  }
  return null;
}

const UNITS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];

/** What begins a unit, as a date or in a named time zone. */
function truncated(unit: string, { value, wrapped }: Parts): Span | null {
  const isPlain = wrapped.comparison.kind === 'AEXPR_OP' && UNITS.includes(unit.toLowerCase());
  if (!isPlain || constantOf(wrapped.value) === null) return null;
  const time = `(${value})::timestamp`;
  const length = unit.toLowerCase() === 'quarter' ? '3 months' : `1 ${unit.toLowerCase()}`;
  const next = `(date_trunc('${unit}', ${time}) + interval '${length}')`;
  const spans: Readonly<Record<string, Span>> = {
    ...{ '=': { from: `(${time})`, to: next, isWider: true }, '>=': { from: `(${time})`, to: null, isWider: true } },
    ...{ '>': { from: `(${time})`, to: null, isWider: true } },
    ...{ '<': { from: null, to: next, isWider: true }, '<=': { from: null, to: next, isWider: true } },
  };
  return spans[wrapped.operator] ?? null;
}
