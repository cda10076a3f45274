import type { Session } from '../../postgres/session.js';
import { utcExactly } from '../../postgres/utc.js';

/** Which time-outs of the fleet's commands to list; what is not given filters nothing. */
export interface TimeoutFilter extends PageRequest {
  readonly agentId?: string;
  readonly commandId?: string;
  readonly commandType?: string;
  /** Those told of at this time or later, ISO-8601. */
  readonly since?: string;
  /** … and before this time. */
  readonly until?: string;
}

export interface CommandFilter extends PageRequest {
  readonly agentId?: string;
  readonly commandId?: string;
  /** Whether each command comes with its time-outs. */
  readonly includeTimeout: boolean;
}

export interface PageRequest {
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: PageKey;
}

/** The last item of a page, in the order of lists: newest first, then by id. */
export interface PageKey {
  /** ISO-8601 in UTC, to the microsecond. */
  readonly createdAt: string;
  readonly id: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly next: PageKey | null;
}

/** A time-out as the audit log has it. */
export interface TimeoutItem {
  readonly id: string;
  /** Null once the command itself is purged. */
  readonly commandId: string | null;
  readonly agentId: string;
  readonly commandType: string | null;
  readonly message: string | null;
  readonly createdAt: string;
  readonly fromStatus: string | null;
  readonly waitingSince: string | null;
  readonly thresholdSeconds: number | null;
  readonly waitedSeconds: number | null;
  readonly service: string | null;
  readonly version: string | null;
  readonly runId: string | null;
}

/** A command with what the log has on it. */
export interface CommandItem {
  readonly id: string;
  readonly agentId: string;
  readonly commandType: string;
  readonly status: string;
  readonly createdAt: string;
  readonly sentAt: string | null;
  readonly completedAt: string | null;
  readonly retriedFromId: string | null;
  readonly retryCount: number;
  /** Entries of the log other than time-outs, oldest first, at most 50. */
  readonly log: readonly {
    readonly id: string;
    readonly action: string;
    readonly result: string;
    readonly createdAt: string;
  }[];
  /** Oldest first; null where they are not asked for. */
  readonly timeouts: readonly Omit<TimeoutItem, 'commandId' | 'agentId' | 'commandType'>[] | null;
}

/** What a time-out is, from its row `log`. */
const TIMEOUT_FIELDS = `log.id::text AS id, log.message, ${utcExactly('log.created_at')} AS "createdAt",
  log.metadata ->> 'from_status' AS "fromStatus", log.metadata ->> 'waiting_since' AS "waitingSince",
  (log.metadata ->> 'threshold_seconds')::float8 AS "thresholdSeconds",
  (log.metadata ->> 'waited_seconds')::float8 AS "waitedSeconds", log.metadata ->> 'service' AS service,
  log.metadata ->> 'version' AS version, log.metadata ->> 'run_id' AS "runId"`;

/** Lists time-outs of the fleet's commands from the audit log, newest first. */
export async function listTimeouts(session: Session, filter: TimeoutFilter): Promise<Page<TimeoutItem>> {
  const type = `coalesce(log.metadata ->> 'type', command.command_type)`;
  const { agentId, commandId, commandType, since, until } = filter;
  const { where, values } = conditions('log', filter, [
    ['log.agent_id = $::uuid', agentId],
    ['log.command_id = $::uuid', commandId],
    [`${type} = $`, commandType],
    ['log.created_at >= $::timestamptz', since],
    ['log.created_at < $::timestamptz', until],
  ]);
  const read = await session.query<TimeoutItem>(
    `SELECT ${TIMEOUT_FIELDS}, log.command_id::text AS "commandId", log.agent_id::text AS "agentId",
            ${type} AS "commandType"
     FROM public.update_logs AS log LEFT JOIN public.agent_commands AS command ON command.id = log.command_id
     WHERE log.result = 'timed_out' AND ${where}
     ORDER BY log.created_at DESC, log.id DESC LIMIT $1`,
    values,
  );
  return pageOf(read.rows, filter.limit);
}

/** Lists commands of the fleet with their log, newest first. */
export async function commandHistory(session: Session, filter: CommandFilter): Promise<Page<CommandItem>> {
  const { where, values } = conditions('command', filter, [
    ['command.agent_id = $::uuid', filter.agentId],
    ['command.id = $::uuid', filter.commandId],
  ]);
  const read = await session.query<CommandItem>(
    `SELECT command.id::text AS id, command.agent_id::text AS "agentId", command.command_type AS "commandType",
            command.status, ${utcExactly('command.created_at')} AS "createdAt", ${utcExactly('command.sent_at')} AS "sentAt",
            ${utcExactly('command.completed_at')} AS "completedAt", command.retried_from_id::text AS "retriedFromId",
            command.retry_count AS "retryCount", ${logOf('<>', `log.id::text AS id, log.action, log.result, ${utcExactly('log.created_at')} AS "createdAt"`)} AS log,
            ${filter.includeTimeout ? logOf('=', TIMEOUT_FIELDS) : 'NULL'} AS timeouts
     FROM public.agent_commands AS command WHERE ${where}
     ORDER BY command.created_at DESC, command.id DESC LIMIT $1`,
    values,
  );
  return pageOf(read.rows, filter.limit);
}

/** SQL for the log of one command as a JSON list; `comparison` with timed_out tells which part of it. */
function logOf(comparison: '=' | '<>', fields: string): string {
  return `(SELECT coalesce(pg_catalog.json_agg(entry), '[]') FROM (
      SELECT ${fields} FROM public.update_logs AS log
      WHERE log.command_id = command.id AND log.result ${comparison} 'timed_out'
      ORDER BY log.created_at, log.id LIMIT 50) AS entry)`;
}

type Condition = readonly [sql: string, value: string | undefined];

/** One more row than asked for tells whether there is another page. */
function conditions(alias: string, { limit, after }: PageRequest, wanted: readonly Condition[]) {
  const values: unknown[] = [limit + 1];
  const given = wanted.flatMap(([sql, value]) => {
    if (value === undefined) return [];
    values.push(value);
    return [sql.replace('$', () => `$${values.length}`)];
  });
  if (after !== undefined) {
    values.push(after.createdAt, after.id);
    given.push(`(${alias}.created_at, ${alias}.id) < ($${values.length - 1}::timestamptz, $${values.length}::uuid)`);
  }
  return { where: ['true', ...given].join(' AND '), values };
}

function pageOf<Item extends PageKey>(rows: readonly Item[], limit: number): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items, next: hasMore ? { createdAt: last.createdAt, id: last.id } : null };
}
