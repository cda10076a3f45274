import type { Catalog, Table } from '../../model/catalog.js';
import type { Severity } from '../../model/finding.js';
import { rowsInsertedPerDay } from './time-profile.js';

/** Largest value of the whole-number types. */
export const LARGEST: Readonly<Record<string, number>> = {
  smallint: 32_767,
  integer: 2_147_483_647,
  bigint: Number.MAX_SAFE_INTEGER * 1024,
};

/** Share of the values from which it is a person's work this quarter, and from which it is this week's. */
const SHARE_WARN = 0.75;
const SHARE_ERROR = 0.9;
/** From half on, a date within this time is reason enough. */
const SHARE_DATED = 0.5;
const DAYS_DATED = 730;
const DAYS_ERROR = 60;
const DAY_MS = 86_400_000;

/** How far numbers have been used up. */
export interface Exhaustion {
  /** 0–1. */
  readonly usedShare: number;
  readonly left: number;
  /** ISO-8601 day on which none is left at the pace so far; null where the pace is not known. */
  readonly endsOn: string | null;
  readonly severity: Severity;
}

/** Gives how far numbers are used up where that is worth a person's while, else null. */
export function exhaustionOf(
  { last, limit, step = 1 }: { readonly last: number; readonly limit: number; readonly step?: number },
  { table, catalog }: { readonly table: Table | null; readonly catalog: Catalog },
): Exhaustion | null {
  const usedShare = last / limit;
  const left = Math.max(0, Math.abs(limit - last));
  const perDay = table === null ? null : rowsInsertedPerDay(table, catalog);
  const daysLeft = perDay === null ? null : left / (perDay * Math.abs(step));
  const severity = severityOf(usedShare, daysLeft);
  if (severity === null) return null;
  const endsOn = daysLeft === null ? null : dayAfter(catalog.readAt, daysLeft);
  return { usedShare, left, endsOn, severity };
}

function severityOf(usedShare: number, daysLeft: number | null): Severity | null {
  if (usedShare >= SHARE_ERROR || (usedShare >= SHARE_DATED && daysLeft !== null && daysLeft <= DAYS_ERROR))
    return 'error';
  if (usedShare >= SHARE_WARN) return 'warn';
  return usedShare >= SHARE_DATED && daysLeft !== null && daysLeft <= DAYS_DATED ? 'warn' : null;
}

/** Null for what lies so far off that a date says nothing. */
function dayAfter(readAt: string, days: number): string | null {
  const time = new Date(Date.parse(readAt) + days * DAY_MS);
  return days > 36_500 || Number.isNaN(time.getTime()) ? null : time.toISOString().slice(0, 10);
}

/** `87 %`, never rounded up to the whole. */
export function shareText(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}

/** Says when it ends, and by what pace. */
export function endText({ endsOn }: Exhaustion): string {
  return endsOn === null ? '' : ` At the pace since the counters began, none is left on ${endsOn}.`;
}
