import type { Session } from '../../postgres/session.js';
import { applyIsolated } from '../events/isolate.js';
import { type Rejection, recordBatch } from '../events/record-batch.js';
import { foldPackages } from './fold-packages.js';
import type { PackageKey } from './key.js';
import type { FoldTables } from './own-names.js';
import type { PendingEvent } from './pending.js';
import type { FoldProgress } from './progress.js';

/** What became of a batch of pending events. */
export interface FoldedEvents {
  readonly folded: number;
  readonly rejected: number;
}

interface PendingBatch {
  /** Most events that one row of update_batches is about. */
  readonly size: number;
  readonly events: readonly PendingEvent[];
  readonly progress: FoldProgress;
  /** They were set aside before and are tried again. */
  readonly wereRejected?: boolean;
}

/** Folds pending events in one statement, sets aside what cannot be folded, and leaves a row about both. */
export async function foldEvents(session: Session, tables: FoldTables, batch: PendingBatch): Promise<FoldedEvents> {
  const { events, progress } = batch;
  if (events.length === 0) return { folded: 0, rejected: 0 };
  const foldedIds: string[] = [];
  const sound = events.filter(({ fault }) => fault === null).sort(byPackage);
  const refused = await applyIsolated(session, sound, async (items) => {
    const newIds = items.map(({ id }) => id);
    await foldPackages(session, tables, { keys: items, newIds, foldedIds, progress, mends: false });
    foldedIds.push(...newIds);
  });
  const reasons = new Map(refused.map(({ item, reason }) => [item.id, reason]));
  for (const { id, fault } of events) if (fault !== null) reasons.set(id, fault);
  if (batch.wereRejected === true)
    await session.query(`DELETE FROM ${tables.rejections} WHERE event_id = ANY ($1::uuid[])`, [foldedIds]);
  await rememberRecent(session, tables, { events: events.filter(({ id }) => !reasons.has(id)), progress });
  const rejected = await setAside(session, tables, reasons);
  for (let at = 0; at < events.length; at += batch.size)
    await recordPortion(session, events.slice(at, at + batch.size), rejected);
  return { folded: foldedIds.length, rejected: rejected.size };
}

function byPackage(left: PackageKey, right: PackageKey): number {
  const text = ({ agentId, packageType, packageName }: PackageKey) =>
    JSON.stringify([agentId, packageType, packageName]);
  return text(left) < text(right) ? -1 : 1;
}

async function recordPortion(
  session: Session,
  events: readonly PendingEvent[],
  rejected: ReadonlyMap<string, Rejection>,
): Promise<void> {
  const agents = new Set(events.map(({ agentId }) => agentId));
  const own = events.flatMap(({ id }) => rejected.get(id) ?? []);
  const agentId = agents.size === 1 ? (events[0]?.agentId ?? null) : null;
  await recordBatch(session, { agentId, processed: events.length - own.length, rejected: own });
}

/** Below the horizon the watermark will tell. */
async function rememberRecent(
  session: Session,
  tables: FoldTables,
  { events, progress }: { readonly events: readonly PendingEvent[]; readonly progress: FoldProgress },
): Promise<void> {
  const horizon = BigInt(progress.horizon ?? progress.watermark ?? 0);
  const recent = events.filter(({ xid }) => BigInt(xid) >= horizon);
  if (recent.length === 0) return;
  await session.query(
    `INSERT INTO ${tables.recent} (event_id, xid) SELECT * FROM unnest($1::uuid[], $2::bigint[]) ON CONFLICT DO NOTHING`,
    [recent.map(({ id }) => id), recent.map(({ xid }) => xid)],
  );
}

async function setAside(
  session: Session,
  tables: FoldTables,
  reasons: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Rejection>> {
  if (reasons.size === 0) return new Map();
  const written = await session.query<Rejection & { readonly id: string }>(
    `WITH given AS (SELECT * FROM unnest($1::uuid[], $2::text[]) AS given(event_id, reason)),
     written AS (
       INSERT INTO ${tables.rejections} (event_id, reason) SELECT event_id, reason FROM given
       ON CONFLICT (event_id) DO UPDATE SET reason = excluded.reason)
     SELECT event_id AS id, reason, to_jsonb(event) AS event
     FROM given JOIN public.update_events AS event ON event.id = event_id ORDER BY event_id`,
    [[...reasons.keys()], [...reasons.values()]],
  );
  return new Map(written.rows.map(({ id, reason, event }) => [id, { line: null, reason, event }]));
}
