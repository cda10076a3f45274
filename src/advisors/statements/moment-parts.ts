import { constantOf } from '../../sql/conjuncts.js';
import { deparseNode } from '../../sql/deparse.js';
import { bodyOf } from '../../sql/walk.js';
import { labelledMoment } from './labelled-moment.js';
import { innerOf, nameOf } from './moment-expression.js';
import type { Parts } from './sargable-form.js';
import { type WrappedColumn, wrappedColumns } from './wrapped-columns.js';

/** A time, as SQL of a timestamp without time zone, from which on rows are wanted, and one from which on they are not. */
export interface Span {
  readonly from: string | null;
  readonly to: string | null;
  /** The condition has to stand beside it. */
  readonly isWider?: boolean;
  /** What it is told by may be a moment of another time zone than the one whose clock the column is read by. */
  readonly isFar?: boolean;
}

const YEAR = /^\d{4}$/;

/** Gives the span of a year, or of a quarter, a month or a day of the year that another condition names. */
export function partOf(unit: string, { wrapped }: Parts): Span | null {
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
