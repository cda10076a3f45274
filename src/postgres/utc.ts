/** Gives SQL that prints a timestamptz as ISO-8601 in UTC, to the millisecond. */
export function utc(time: string): string {
  return `pg_catalog.to_char((${time}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
