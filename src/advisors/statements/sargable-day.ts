import { SET_BACK, ZONES_APART } from '../../sql/clock-margins.js';
import { constantOf } from '../../sql/conjuncts.js';
import { deparseNode } from '../../sql/deparse.js';
import { isLocalTime } from '../../sql/rewrite/local-time.js';
import { bodyOf } from '../../sql/walk.js';
import { isDay } from './sargable-arithmetic.js';
import { type Parts, type SargableForm, ZONED } from './sargable-form.js';
import type { WrappedColumn } from './wrapped-columns.js';

/** From which moment on rows are wanted, and from which on they are not, as SQL. */
interface Bounds {
  readonly from?: string;
  readonly to?: string;
}

/** The bounds in the place of a condition. */
function exactly({ column }: Parts, { from, to }: Bounds): string {
  return [
    ...(from === undefined ? [] : [`${column} >= ${from}`]),
    ...(to === undefined ? [] : [`${column} < ${to}`]),
  ].join(' AND ');
}

/**
 * Bounds past which no clock that is set leads, and the condition beside them. What is held against a moment is one, as an
 * hour before midnight may be one that no clock shows.
 */
function beside({ column, type, condition }: Parts, { from, to }: Bounds): string {
  const [cast, margin] = type === ZONED ? ['::timestamptz', SET_BACK] : ['', ZONES_APART];
  return [
    ...(from === undefined ? [] : [`${column} >= ${from}${cast} - ${margin}`]),
    ...(to === undefined ? [] : [`${column} < ${to}${cast} + ${margin}`]),
    `(${condition})`,
  ].join(' AND ');
}

/** What an endless value does; null where all that is compared is written out and ends, or has no end to lose. */
function endless({ operator, value }: WrappedColumn): string | null {
  const values = bodyOf(value, 'List')?.items ?? [value];
  const isEnding = operator === '<' || operator === '>=' || values.every((each) => /^\d/.test(constantOf(each) ?? ''));
  return isEnding ? null : 'infinity, which has no next day, is no longer found by =';
}

/** The day of a moment, compared with one. Moments that it is compared with have a time of the day besides. */
export function ofDay(parts: Parts): SargableForm | null {
  const { type, wrapped } = parts;
  if (!['AEXPR_OP', 'AEXPR_BETWEEN'].includes(wrapped.comparison.kind ?? '')) return null;
  const items = bodyOf(wrapped.value, 'List')?.items ?? [wrapped.value];
  const isOfDays = items.every(isDay);
  const [low = null, high = low] = items.map((item) => deparseNode(item));
  const [from, to, next] = [`(${low})::date`, `(${high})::date`, `((${high})::date + 1)`];
  const forms: Readonly<Record<string, Bounds>> = {
    '=': { from, to: next },
    BETWEEN: { from, to: next },
    '>=': { from },
    '>': { from: isOfDays ? next : from },
    '<': { to: isOfDays ? to : next },
    '<=': { to: next },
  };
  const bounds = forms[wrapped.operator];
  if (low === null || high === null || bounds === undefined) return null;
  const sql = isOfDays && type !== ZONED ? exactly(parts, bounds) : beside(parts, bounds);
  return { sql, caution: endless(wrapped) };
}

const SHORT_UNITS = ['minute', 'hour'];
const UNITS = [...SHORT_UNITS, 'day', 'week', 'month', 'year'];

/** The beginning of a unit: a value that is none equals none, and lies before the next one. */
export function ofTruncated(unit: string, parts: Parts): SargableForm | null {
  const { type, value, wrapped } = parts;
  if (wrapped.comparison.kind !== 'AEXPR_OP' || !UNITS.includes(unit)) return null;
  const time = `(${value})${type === ZONED ? '::timestamptz' : '::timestamp'}`;
  const later = `(${time} + interval '1 ${unit}')`;
  const isExact = type !== ZONED && isLocalTime(wrapped.value);
  const begin = `date_trunc('${unit}', ${time})`;
  const next = `(${begin} + interval '1 ${unit}')`;
  const first = `CASE WHEN ${begin} = ${time} THEN ${time} ELSE ${next} END`;
  const forms: Readonly<Record<string, Bounds>> = {
    '=': { from: time, to: later },
    '>=': { from: isExact ? first : time },
    '<': { to: isExact ? first : later },
    '>': { from: isExact ? next : time },
    '<=': { to: isExact ? next : later },
  };
  const bounds = forms[wrapped.operator];
  if (bounds === undefined) return null;
  const caution = endless(wrapped);
  if (isSteady(unit, type)) return { sql: `${exactly(parts, bounds)} AND (${parts.condition})`, caution };
  if (!isExact) return { sql: beside(parts, bounds), caution };
  const isBegin = wrapped.operator === '=' ? ` AND ${begin} = ${time}` : '';
  return { sql: `${exactly(parts, bounds)}${isBegin}`, caution };
}

/** Of moments, hours and less are of one length wherever clocks change. */
function isSteady(unit: string, type: string): boolean {
  return type === ZONED && SHORT_UNITS.includes(unit);
}

/** What a format keeps of a time, by the first day that has the same, and how long it lasts. */
const FORMATS: Readonly<Record<string, { readonly day: (text: string) => string; readonly unit: string }>> = {
  'YYYY-MM-DD': { day: (text) => `(${text})::date`, unit: 'day' },
  YYYYMMDD: { day: (text) => `(${text})::date`, unit: 'day' },
  'YYYY-MM': { day: (text) => `((${text}) || '-01')::date`, unit: 'month' },
  YYYY: { day: (text) => `((${text}) || '-01-01')::date`, unit: 'year' },
};

/** `to_char(created_at, 'YYYY-MM-DD') = '2026-01-31'`: the day itself. */
export function ofFormatted(format: string, parts: Parts): SargableForm | null {
  const { value, wrapped } = parts;
  const known = FORMATS[format];
  if (known === undefined || wrapped.operator !== '=' || wrapped.comparison.kind !== 'AEXPR_OP') return null;
  const day = known.day(`(${value})::text`);
  const bounds = { from: day, to: `(${day} + interval '1 ${known.unit}')` };
  return {
    sql: isLocal(parts) ? exactly(parts, bounds) : beside(parts, bounds),
    caution: `a text that is no day becomes an error${isLocal(parts) ? ', and one that is written otherwise is found' : ''}`,
  };
}

/** The year of a moment, equal to one that is written out. */
export function ofYear(parts: Parts): SargableForm | null {
  const { value, wrapped } = parts;
  if (wrapped.operator !== '=' || wrapped.comparison.kind !== 'AEXPR_OP' || !/^\d{1,4}$/.test(value)) return null;
  const span = { from: `make_date(${value}, 1, 1)`, to: `make_date(${Number(value) + 1}, 1, 1)` };
  return { sql: isLocal(parts) ? exactly(parts, span) : beside(parts, span), caution: null };
}

/** A clock’s time; of a date, too, the beginning is told as a moment, which may be another day’s where one is left out. */
function isLocal({ type }: Parts): boolean {
  return type === 'timestamp without time zone';
}
