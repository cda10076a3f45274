import type { Table } from '../../model/catalog.js';
import type { ColumnStatistics, Statistics } from '../../model/statistics.js';
import { parseArrayLiteral } from '../../sql/array-literal.js';
import { statisticsOf } from './column-statistics.js';

const DAY_MS = 86_400_000;

/** How the times of a column lie, as far as its statistics tell. */
export interface TimeProfile {
  /** Fraction of all rows whose time has passed, 0–1. */
  readonly pastShare: number;
  /** Days between the first and the last of the histogram. */
  readonly spanDays: number;
  /** Days since the first; below zero where that is to come. */
  readonly oldestDays: number;
}

/** Gives how a column's times lie beside a moment (ISO-8601); null where the statistics hold no values of it. */
export function timeProfile(
  statistics: Statistics,
  { table, column, at }: { readonly table: Table; readonly column: string; readonly at: string },
): TimeProfile | null {
  const found = statisticsOf(statistics, table, column);
  if (found === null || (found.histogramBounds === null && found.mostCommonValues === null)) return null;
  const now = Date.parse(at);
  const common = commonTimes(found);
  const bounds = parseArrayLiteral(found.histogramBounds ?? '{}').flatMap((text) => timeOf(text ?? ''));
  const times = [...bounds, ...common.flatMap(({ time }) => time ?? [])];
  const [first, last] = [Math.min(...times), Math.max(...times)];
  // The histogram is of the values that are neither NULL nor common, such as a day that stands for never.
  const rest = Math.max(0, 1 - found.nullFraction - common.reduce((sum, { share }) => sum + share, 0));
  const restPast = bounds.length === 0 ? 0 : bounds.filter((time) => time < now).length / bounds.length;
  const commonPast = common.reduce((sum, { time, share }) => sum + (time !== undefined && time < now ? share : 0), 0);
  return {
    pastShare: commonPast + rest * restPast,
    spanDays: times.length === 0 ? 0 : (last - first) / DAY_MS,
    oldestDays: (now - first) / DAY_MS,
  };
}

function commonTimes({ mostCommonValues, mostCommonFrequencies }: ColumnStatistics) {
  const values = mostCommonValues === null ? [] : parseArrayLiteral(mostCommonValues);
  return values.map((text, place) => ({ time: timeOf(text ?? '')[0], share: mostCommonFrequencies?.[place] ?? 0 }));
}

/** Reads a date or a time as PostgreSQL prints it in UTC; what has no place on the calendar is left out. */
function timeOf(text: string): readonly number[] {
  const iso = text.includes(' ') ? text.replace(' ', 'T').replace(/\+00$/, '') : `${text}T00:00:00`;
  const time = Date.parse(`${iso}Z`);
  return Number.isNaN(time) ? [] : [time];
}

/** Gives the rows that came each day since the counters began, or null where that is not known. */
export function rowsInsertedPerDay(
  { counters }: Table,
  { readAt, countersSince }: { readonly readAt: string; readonly countersSince?: string | null },
): number | null {
  if (countersSince == null || counters.rowsInserted === 0) return null;
  const days = daysBetween(countersSince, readAt);
  return days >= COUNTED_DAYS_MIN ? counters.rowsInserted / days : null;
}

/** A rate counted for less than a day is that of an hour. */
const COUNTED_DAYS_MIN = 1;

/** Gives the days from one moment to another, both ISO-8601. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}
