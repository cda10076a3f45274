import type { JobPlan } from '../../model/job.js';
import type { Session } from '../../postgres/session.js';
import { type FoldTables, foldTables, NO_FOLD_TABLES } from './own-names.js';
import { isPendingSql } from './pending.js';
import { progressSql } from './progress.js';

/** Measured at 280 without images of whole pages; twice that allows for them. */
const WAL_BYTES_PER_EVENT = 560;
/** Measured at 5,000 on two busy cores at full duty; half of that at the default duty cycle. */
const EVENTS_PER_SECOND = 2500;

/** Tells how many events wait to be folded. */
export async function planFold(session: Session, ownSchema: string, batchSize: number): Promise<JobPlan> {
  const tables = await existingTables(session, ownSchema);
  const progress = await session.query<{ watermark: string | null }>(progressSql(tables));
  const watermark = progress.rows[0]?.watermark ?? null;
  const counted = await session.query<{ events: number; packages: number }>(
    `SELECT coalesce(sum(events), 0)::float8 AS events, count(*)::float8 AS packages FROM (
       SELECT count(*) AS events FROM public.update_events AS e WHERE ${isPendingSql(tables, '$1')}
       GROUP BY agent_id, package_type, package_name) AS package`,
    [watermark],
  );
  const { events = 0, packages = 0 } = counted.rows[0] ?? {};
  return {
    ...{ kept: {}, batches: Math.ceil(events / batchSize) },
    strategy: watermark === null ? 'by-package' : 'by-place',
    why:
      watermark === null
        ? 'no event was ever folded: each package is folded once, with all of its events'
        : `looks through the table for events of transactions from ${watermark} on`,
    rows: { total: events, packages },
    walBytes: events * WAL_BYTES_PER_EVENT,
    seconds: events / EVENTS_PER_SECOND,
  };
}

/** Gives the own tables, or empty ones where the database has none yet. */
export async function existingTables(session: Session, ownSchema: string): Promise<FoldTables> {
  const tables = foldTables(ownSchema);
  const found = await session.query<{ found: boolean }>('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS found', [
    tables.rejections,
  ]);
  return found.rows[0]?.found === true ? tables : NO_FOLD_TABLES;
}
