/** Which of a package's ranked events count, and what version one of them came after, as SQL. */
export interface Turn {
  readonly where: string;
  readonly before: string;
}

/** SQL for the ranks of the last update, failure and ignoring, of the last discovery, and of the last one of another version. */
export function turnSql(name: string, { where, before }: Turn): string {
  const last = (test: string) => `coalesce(max(rank) FILTER (WHERE ${where} AND ${test}), 0)`;
  return [
    `${last("event_type = 'updated'")} AS ${name}_updated`,
    `${last("event_type = 'failed'")} AS ${name}_failed`,
    `${last("event_type = 'ignored'")} AS ${name}_ignored`,
    `${last("event_type = 'discovered'")} AS ${name}_discovered`,
    `${last(`event_type = 'discovered' AND version_to IS DISTINCT FROM ${before}`)} AS ${name}_reopened`,
    `count(*) FILTER (WHERE ${where}) AS ${name}_count`,
  ].join(', ');
}

/**
 * SQL of the rules. The last event that decides (anything but a discovery) gives the status, unless a discovery after it opens
 * the package again: any does after a failure, one of another version than just before after an update or an approval,
 * none where the package is ignored. `start` is what held before the first event; null where there is none.
 */
export function statusSql(name: string, start = 'NULL'): string {
  const [updated, failed, ignored] = ['updated', 'failed', 'ignored'].map((type) => `${name}_${type}`);
  return `CASE
    WHEN greatest(${updated}, ${failed}, ${ignored}) = 0 THEN CASE
      WHEN ${start} = 'failed' AND ${name}_discovered > 0 THEN 'pending'
      WHEN ${start} IN ('updated', 'approved') AND ${name}_reopened > 0 THEN 'pending'
      ELSE coalesce(${start}, CASE WHEN ${name}_count > 0 THEN 'pending' END) END
    WHEN ${ignored} > greatest(${updated}, ${failed}) THEN 'ignored'
    WHEN ${failed} > ${updated} THEN CASE WHEN ${name}_discovered > ${failed} THEN 'pending' ELSE 'failed' END
    ELSE CASE WHEN ${name}_reopened > ${updated} THEN 'pending' ELSE 'updated' END END`;
}
