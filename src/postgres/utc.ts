/** Gives SQL that prints a timestamptz as ISO-8601 in UTC, to the millisecond. */
export function utc(time: string): string {
  return printed(time, 'MS');
}

/** Gives SQL that prints a timestamptz as ISO-8601 in UTC, to the microsecond: nothing of it is lost. */
export function utcExactly(time: string): string {
  return printed(time, 'US');
}

function printed(time: string, fraction: 'MS' | 'US'): string {
  return `pg_catalog.to_char((${time}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.${fraction}"Z"')`;
}
