import type { Session } from '../../postgres/session.js';

/** An event that was not taken, as update_batches.error_details has it. */
export interface Rejection {
  /** Of the file, from 1; null where the event stands in update_events. */
  readonly line: number | null;
  readonly reason: string;
  /** As it was given: an object, or a text where it is none. */
  readonly event: unknown;
}

export interface EventBatch {
  /** Null where the events are of several agents. */
  readonly agentId: string | null;
  readonly processed: number;
  readonly rejected: readonly Rejection[];
}

/** An event that is longer stands in the details with its beginning alone. */
const EVENT_LENGTH_MAX = 4000;

/** Leaves a row of public.update_batches about each batch of events that is through. */
export async function recordBatches(session: Session, batches: readonly EventBatch[]): Promise<void> {
  await session.queryPlanned(
    `INSERT INTO public.update_batches
       (agent_id, batch_size, processed_count, failed_count, status, error_details, completed_at)
     SELECT agent_id, processed + failed, processed, failed,
            CASE WHEN failed > 0 AND processed = 0 THEN 'failed' ELSE 'completed' END, details, pg_catalog.clock_timestamp()
     FROM ROWS FROM (pg_catalog.unnest($1::uuid[]), pg_catalog.unnest($2::int[]), pg_catalog.unnest($3::int[]),
       pg_catalog.unnest($4::jsonb[])) WITH ORDINALITY AS batch (agent_id, processed, failed, details, place)
     ORDER BY place`,
    [
      batches.map(({ agentId }) => agentId),
      batches.map(({ processed }) => processed),
      batches.map(({ rejected }) => rejected.length),
      batches.map(({ rejected }) => storableJson(JSON.stringify(rejected.map(shorten)))),
    ],
  );
}

/** True where a value holds a text that jsonb refuses: the character NUL, or half of a surrogate pair. */
export function holdsUnstorableText(value: unknown): boolean {
  return new RegExp(UNSTORABLE, 'i').test(JSON.stringify(value));
}

/** JSON.stringify writes whole pairs as they are: an escape of a surrogate is of half a pair. Its backslash is bare. */
const UNSTORABLE = String.raw`(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})`;

function storableJson(json: string): string {
  return json.replaceAll(new RegExp(UNSTORABLE, 'gi'), '$1\\ufffd');
}

function shorten(rejection: Rejection): Rejection {
  const text = typeof rejection.event === 'string' ? rejection.event : JSON.stringify(rejection.event);
  return text.length > EVENT_LENGTH_MAX ? { ...rejection, event: `${text.slice(0, EVENT_LENGTH_MAX)}…` } : rejection;
}
