const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** Zones that change do so within a year. */
const DAYS_AHEAD = 366;

/** Times of day that a zone passes over, as if they were UTC: from the first, up to the second and without it. */
export interface SkippedHour {
  readonly from: Date;
  readonly to: Date;
}

/** Gives the hour, or whatever else the clocks are put forward by, that a zone skips next; null where it never does. */
export function nextSkippedHour(timezone: string, now: Date): SkippedHour | null {
  const wallClock = wallClockOf(timezone);
  const offset = (time: number) => wallClock(time) - time;
  const start = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  for (let day = start; day < start + DAYS_AHEAD * DAY_MS; day += DAY_MS) {
    if (offset(day + DAY_MS) <= offset(day)) continue;
    let [before, after] = [day, day + DAY_MS];
    while (after - before > MINUTE_MS) {
      const middle = before + Math.floor((after - before) / MINUTE_MS / 2) * MINUTE_MS;
      if (offset(middle) > offset(before)) after = middle;
      else before = middle;
    }
    if (after > now.getTime()) return { from: new Date(after + offset(before)), to: new Date(after + offset(after)) };
  }
  return null;
}

/** Gives what the clocks of a zone show at a time, as if that were UTC. */
function wallClockOf(timezone: string): (time: number) => number {
  // Swedes write a time as ISO 8601 has it.
  const format = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  return (time) => Date.parse(`${format.format(time).replace(' ', 'T')}Z`);
}
