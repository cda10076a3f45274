import type { Session } from '../../postgres/session.js';
import { keyColumns, type PackageKey } from './key.js';
import { type FoldTables, insertingXid } from './own-names.js';
import type { FoldProgress } from './progress.js';

/** An event that waits to be folded. */
export interface PendingEvent extends PackageKey {
  readonly id: string;
  /** Its row's place. */
  readonly place: string;
  /** The transaction that inserted it; int8 as text. */
  readonly xid: string;
  /** Why it cannot be folded, whatever the other events are; null where nothing is known against it. */
  readonly fault: string | null;
}

/** Gives pending events of a stretch of the table in the order of their places, at most `most`. */
export async function pendingInStretch(
  session: Session,
  tables: FoldTables,
  stretch: { readonly progress: FoldProgress; readonly toBlock: number; readonly most: number },
): Promise<readonly PendingEvent[]> {
  const { progress, toBlock, most } = stretch;
  const found = await session.queryPlanned<PendingEvent>(
    `SELECT ${COLUMNS} FROM public.update_events AS e
     WHERE e.ctid >= $1::tid AND e.ctid < $2::tid AND ${isPendingSql(tables, '$3')}
     ORDER BY e.ctid LIMIT $4`,
    [progress.sweptTo, `(${toBlock},0)`, progress.watermark, most],
  );
  return found.rows;
}

/** Gives all pending events of some packages where no event was ever folded. */
export async function pendingOfPackages(
  session: Session,
  tables: FoldTables,
  keys: readonly PackageKey[],
): Promise<readonly PendingEvent[]> {
  const found = await session.queryPlanned<PendingEvent>(
    `SELECT e.* FROM unnest($1::uuid[], $2::text[], $3::text[]) AS key(agent_id, package_type, package_name)
     CROSS JOIN LATERAL (
       SELECT ${COLUMNS} FROM public.update_events AS e
       WHERE e.agent_id = key.agent_id AND e.package_type = key.package_type AND e.package_name = key.package_name
         AND ${isPendingSql(tables, 'NULL')}
       OFFSET 0) AS e`,
    [...keyColumns(keys)],
  );
  return found.rows;
}

/** Gives the events of some packages that were set aside. */
export async function rejectedOfPackages(
  session: Session,
  tables: FoldTables,
  keys: readonly PackageKey[],
): Promise<readonly PendingEvent[]> {
  const found = await session.queryPlanned<PendingEvent>(
    `SELECT e.id, place, xid, "agentId", "packageType", "packageName", fault FROM ${tables.rejections} AS rejected
     CROSS JOIN LATERAL (
       SELECT ${COLUMNS}, e.created_at FROM public.update_events AS e WHERE e.id = rejected.event_id OFFSET 0) AS e
     JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS key("agentId", "packageType", "packageName")
       USING ("agentId", "packageType", "packageName")
     ORDER BY e.created_at, e.id`,
    [...keyColumns(keys)],
  );
  return found.rows;
}

/** Gives the packages after a key, in the order of keys: those of about `most` events, and at least one where there is one. */
export async function packagesAfter(
  session: Session,
  page: { readonly after: PackageKey | null; readonly most: number },
): Promise<readonly PackageKey[]> {
  const { after, most } = page;
  // The first comparison is for an index on agent_id alone.
  const where =
    'WHERE agent_id >= $2::uuid AND (agent_id, package_type, package_name) > ($2::uuid, $3::text, $4::text)';
  const found = await session.queryPlanned<PackageKey>(
    `SELECT agent_id AS "agentId", package_type AS "packageType", package_name AS "packageName" FROM (
       SELECT agent_id, package_type, package_name FROM public.update_events ${after === null ? '' : where}
       ORDER BY agent_id, package_type, package_name LIMIT $1) AS page
     GROUP BY agent_id, package_type, package_name ORDER BY agent_id, package_type, package_name`,
    after === null ? [most] : [most, after.agentId, after.packageType, after.packageName],
  );
  return found.rows;
}

/** SQL that is true for an event that was neither folded nor set aside. */
export function isPendingSql(tables: FoldTables, watermark: string): string {
  return `(${watermark}::bigint IS NULL OR ${insertingXid('e')} >= ${watermark}::bigint)
    AND ${isNotIn(tables.recent)} AND ${isNotIn(tables.rejections)}`;
}

/** Nearly always the list is empty, which is found out once and not for each event. */
function isNotIn(list: string): string {
  return `(NOT EXISTS (SELECT FROM ${list}) OR NOT EXISTS (SELECT FROM ${list} AS listed WHERE listed.event_id = e.id))`;
}

/** What the rules of the fold have no answer to. */
const FAULT = `CASE
  WHEN e.event_type NOT IN ('discovered', 'updated', 'failed', 'ignored')
    THEN 'event_type is ' || to_json(e.event_type) || '; allowed: discovered, updated, failed, ignored'
  WHEN e.severity NOT IN ('critical', 'important', 'moderate', 'low')
    THEN 'severity is ' || to_json(e.severity) || '; allowed: critical, important, moderate, low'
  WHEN e.version_to IS NULL AND e.event_type IN ('updated', 'failed')
    THEN 'an event of type ' || e.event_type || ' has to say in version_to which version it is about' END`;

const COLUMNS = `e.id, e.ctid::text AS place, ${insertingXid('e')}::text AS xid, e.agent_id AS "agentId",
  e.package_type AS "packageType", e.package_name AS "packageName", ${FAULT} AS fault`;
