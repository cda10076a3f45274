import type { Table } from '../../model/catalog.js';
import type { Statistics } from '../../model/statistics.js';
import { parseArrayLiteral } from '../../sql/array-literal.js';

const DAY_MS = 86_400_000;

/** How the times of a column lie, as far as its statistics tell. */
export interface TimeProfile {
  /** Fraction of the rows whose time has passed, 0–1. */
  readonly pastShare: number;
  /** Days between the first and the last of the histogram. */
  readonly spanDays: number;
}

/** Gives how a column's times lie beside a moment (ISO-8601); null where the statistics hold no histogram of times. */
export function timeProfile(
  statistics: Statistics,
  { table, column, at }: { readonly table: Table; readonly column: string; readonly at: string },
): TimeProfile | null {
  const found = statistics.columns.find(
    (each) => each.schema === table.schema && each.table === table.name && each.column === column,
  );
  if (found?.histogramBounds == null) return null;
  const times = parseArrayLiteral(found.histogramBounds).flatMap((text) => timeOf(text ?? ''));
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined || times.length < 2) return null;
  const past = times.filter((time) => time < Date.parse(at)).length;
  return { pastShare: past / times.length, spanDays: (last - first) / DAY_MS };
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
  const days = (Date.parse(readAt) - Date.parse(countersSince)) / DAY_MS;
  return days >= COUNTED_DAYS_MIN ? counters.rowsInserted / days : null;
}

/** A rate counted for less than a day is that of an hour. */
const COUNTED_DAYS_MIN = 1;
