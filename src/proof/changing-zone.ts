import type { TinySchema } from './tiny-schema.js';

const DAY = /^(\d{4})-(\d{2})-(\d{2})/;
/** Where a statement names no day: that of most values of the generated rows. */
const USUAL_DAY = 1;
const DAYS_OF_YEAR = 365;
const ZONED = 'timestamp with time zone';

/**
 * Gives a time zone, as SET takes it, in which the clock is set back to midnight on the first day that statements name, so
 * that midnight is twice, and forward over midnight on the second one; null where the zone says nothing of what they read.
 * Before the change it is an hour ahead of UTC, and after it as UTC.
 */
export function changingZone(texts: readonly string[], { tables, constants, readsClock }: TinySchema): string | null {
  const columns = tables.flatMap((table) => table.columns.filter(({ varies }) => varies));
  const types = columns.map(({ column }) => column.baseType);
  const isZoned = types.includes(ZONED) || texts.some((text) => /timestamptz|with time zone/i.test(text));
  const isOfClock = readsClock && types.some((type) => /^(date|timestamp)/.test(type));
  if (!isZoned && !isOfClock) return null;
  const days = [...new Set(constants.flatMap((constant) => dayOfYear(constant) ?? []))];
  const [back = USUAL_DAY, forward = ((back + 181) % DAYS_OF_YEAR) + 1] = days;
  return `XST0XDT-1,J${forward}/0,J${back}/1`;
}

/** From 1 on, as if no year had a 29th of February. */
function dayOfYear(constant: string): number | null {
  const [, , month, day] = DAY.exec(constant) ?? [];
  if (month === undefined || day === undefined) return null;
  const place = (Date.UTC(2023, Number(month) - 1, Number(day)) - Date.UTC(2023, 0, 1)) / 86_400_000 + 1;
  return place >= 1 && place <= DAYS_OF_YEAR ? place : null;
}
