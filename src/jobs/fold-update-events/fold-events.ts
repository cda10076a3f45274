import type { Session } from '../../postgres/session.js';
import { applyIsolated } from '../events/isolate.js';
import { type EventBatch, type Rejection, recordBatches } from '../events/record-batch.js';
import { eventsByPackage, foldForward } from './fold-forward.js';
import { foldPackages } from './fold-packages.js';
import type { FoldTests } from './fold-tests.js';
import type { FoldTables } from './own-names.js';
import type { PendingEvent } from './pending.js';
import type { FoldProgress } from './progress.js';

/**
 * What a transaction that folds begins with. The planner knows little of lists that are given, and would compare each row
 * of one with each of another, or read a whole table for a batch. So lists are joined by hashing, and rows of tables are
 * looked up by their index or place, which LATERAL with OFFSET 0 leaves no way around. As that fits lists of any length,
 * a plan is made once: making it takes as long as folding fifty events.
 */
export const FOLD_SETTINGS = ['enable_nestloop', 'enable_mergejoin', 'enable_seqscan']
  .map((name) => `SET LOCAL ${name} = off; `)
  .concat('SET LOCAL plan_cache_mode = force_generic_plan; SET CONSTRAINTS ALL IMMEDIATE')
  .join('');

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
  readonly tests: FoldTests;
  /** They were set aside before and are tried again. */
  readonly wereRejected?: boolean;
}

/** Folds pending events, sets aside what cannot be folded, and leaves a row about both. */
export async function foldEvents(session: Session, tables: FoldTables, batch: PendingBatch): Promise<FoldedEvents> {
  const { events, progress } = batch;
  if (events.length === 0) return { folded: 0, rejected: 0 };
  const { foldedIds, reasons } = await foldSound(session, tables, batch);
  for (const { id, fault } of events) if (fault !== null) reasons.set(id, fault);
  if (batch.wereRejected === true)
    await session.query(`DELETE FROM ${tables.rejections} WHERE event_id = ANY ($1::uuid[])`, [foldedIds]);
  await rememberRecent(session, tables, { events: events.filter(({ id }) => !reasons.has(id)), progress });
  const rejected = await setAside(session, tables, reasons);
  const portions = Array.from({ length: Math.ceil(events.length / batch.size) }, (_, index) =>
    portionOf(events.slice(index * batch.size, (index + 1) * batch.size), rejected),
  );
  await recordBatches(session, portions);
  return { folded: foldedIds.length, rejected: rejected.size };
}

/**
 * Folds the events that have no fault of their own. Nearly all go on with their packages in one statement; those that
 * come late, or of whose package a row is refused, are folded after them from all the events of their packages.
 */
async function foldSound(session: Session, tables: FoldTables, { events, progress, tests }: PendingBatch) {
  const foldedIds: string[] = [];
  const reasons = new Map<string, string>();
  const late: PendingEvent[] = [];
  const sound = eventsByPackage(events.filter(({ fault }) => fault === null)).flat();
  const refused = await applyIsolated(session, sound, async (items) => {
    const left = await foldForward(session, tables, { events: items, foldedIds, progress, tests });
    const leftIds = new Set(left.flatMap((own) => own.events.map(({ id }) => id)));
    for (const { id } of items) if (!leftIds.has(id)) foldedIds.push(id);
    for (const own of left) {
      const [only, second] = own.events;
      if (own.reason !== null && only !== undefined && second === undefined) reasons.set(only.id, own.reason);
      else late.push(...own.events);
    }
  });
  const refusedLate = await applyIsolated(session, late, async (items) => {
    const newIds = items.map(({ id }) => id);
    await foldPackages(session, tables, { keys: items, newIds, foldedIds, progress, mends: false });
    foldedIds.push(...newIds);
  });
  for (const { item, reason } of [...refused, ...refusedLate]) reasons.set(item.id, reason);
  return { foldedIds, reasons };
}

function portionOf(events: readonly PendingEvent[], rejected: ReadonlyMap<string, Rejection>): EventBatch {
  const agents = new Set(events.map(({ agentId }) => agentId));
  const own = events.flatMap(({ id }) => rejected.get(id) ?? []);
  const agentId = agents.size === 1 ? (events[0]?.agentId ?? null) : null;
  return { agentId, processed: events.length - own.length, rejected: own };
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
  await session.queryPlanned(
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
     FROM given CROSS JOIN LATERAL (SELECT * FROM public.update_events AS e WHERE e.id = event_id OFFSET 0) AS event
     ORDER BY event_id`,
    [[...reasons.keys()], [...reasons.values()]],
  );
  return new Map(written.rows.map(({ id, reason, event }) => [id, { line: null, reason, event }]));
}
