import type { Session } from '../../postgres/session.js';
import { applyIsolated } from './isolate.js';
import { EVENT_KEYS, type GivenEvent, parseEvent } from './parse-event.js';
import type { EventLine } from './read-lines.js';
import { type Rejection, recordBatches } from './record-batch.js';

/** What became of a batch of lines. */
export interface AppendedEvents {
  readonly accepted: number;
  /** Events whose id was there already. */
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
}

interface Candidate {
  readonly line: number;
  readonly text: string;
  readonly event: GivenEvent;
}

/** Appends the events of some lines by one statement, sets aside those that cannot be, and leaves a row about both. */
export async function appendEvents(session: Session, lines: readonly EventLine[]): Promise<AppendedEvents> {
  const candidates: Candidate[] = [];
  const rejected: Rejection[] = [];
  for (const { line, text, fault } of lines) {
    const parsed = fault === null ? parseEvent(text) : { event: null, fault, shown: text };
    if (parsed.event === null) rejected.push({ line, reason: parsed.fault, event: parsed.shown });
    else candidates.push({ line, text, event: parsed.event });
  }
  const [accepted, unknown]: [Candidate[], Candidate[]] = [[], []];
  const refused = await applyIsolated(session, candidates, async (items) => {
    const written = await insertEvents(session, items);
    accepted.push(...items.filter((_, index) => written[index] === 'accepted'));
    unknown.push(...items.filter((_, index) => written[index] === 'unknown agent'));
  });
  for (const { line, text, event } of unknown)
    rejected.push({
      line,
      reason: `agent_id is ${event.agentId}, and there is no such agent`,
      event: JSON.parse(text),
    });
  for (const { item, reason } of refused) rejected.push({ line: item.line, reason, event: JSON.parse(item.text) });
  rejected.sort((left, right) => (left.line ?? 0) - (right.line ?? 0));
  const duplicates = lines.length - accepted.length - rejected.length;
  const agents = new Set(accepted.map(({ event }) => event.agentId));
  const agentId = agents.size === 1 ? (accepted[0]?.event.agentId ?? null) : null;
  await recordBatches(session, [{ agentId, processed: accepted.length + duplicates, rejected }]);
  return { accepted: accepted.length, duplicates, rejected };
}

type Written = 'accepted' | 'duplicate' | 'unknown agent';

async function insertEvents(session: Session, items: readonly Candidate[]): Promise<readonly Written[]> {
  const column = (read: (event: GivenEvent) => string | null) => items.map(({ event }) => read(event));
  const written = await session.query<{ written: Written }>(
    `WITH given AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::timestamptz[], $10::text[])
         WITH ORDINALITY AS given(id, agent_id, package_type, package_name, version_from, version_to, severity,
                event_type, created_at, line, place)
     ), known AS (
       SELECT given.*, agent.id IS NOT NULL AS has_agent,
              row_number() OVER (PARTITION BY given.id, agent.id IS NULL ORDER BY place) AS nth
       FROM given LEFT JOIN public.agents AS agent ON agent.id = given.agent_id
     ), written AS (
       INSERT INTO public.update_events
         (id, agent_id, package_type, package_name, version_from, version_to, severity, event_type, created_at, metadata)
       SELECT id, agent_id, package_type, package_name, version_from, version_to, severity, event_type, created_at,
              line::jsonb - $11::text[]
       FROM known WHERE has_agent AND nth = 1 ORDER BY place
       ON CONFLICT (id) DO NOTHING RETURNING id
     )
     SELECT CASE WHEN NOT has_agent THEN 'unknown agent' WHEN nth = 1 AND written.id IS NOT NULL THEN 'accepted'
                 ELSE 'duplicate' END AS written
     FROM known LEFT JOIN written USING (id) ORDER BY place`,
    [
      column(({ id }) => id),
      column(({ agentId }) => agentId),
      column(({ packageType }) => packageType),
      column(({ packageName }) => packageName),
      column(({ versionFrom }) => versionFrom),
      column(({ versionTo }) => versionTo),
      column(({ severity }) => severity),
      column(({ eventType }) => eventType),
      column(({ createdAt }) => createdAt),
      items.map(({ text }) => text),
      EVENT_KEYS,
    ],
  );
  return written.rows.map((row) => row.written);
}
