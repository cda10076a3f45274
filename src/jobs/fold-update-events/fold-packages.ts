import type { Session } from '../../postgres/session.js';
import { foldSql } from './fold-sql.js';
import { keyColumns, type PackageKey } from './key.js';
import type { FoldTables } from './own-names.js';
import type { FoldProgress } from './progress.js';

/** Which events of some packages are folded. */
export interface FoldScope {
  readonly keys: readonly PackageKey[];
  /** Events that are new: everything else of the packages is known by the progress to be folded, or does not count yet. */
  readonly newIds: readonly string[];
  /** Events that were folded in this very transaction. */
  readonly foldedIds: readonly string[];
  readonly progress: Pick<FoldProgress, 'watermark' | 'horizon' | 'sweptTo'>;
  /** Mends rows from their events, and keeps of what people have set the approvals alone. */
  readonly mends: boolean;
}

/** Gives the values of foldSql's parameters. */
export function foldValues(scope: FoldScope, everything = false): readonly unknown[] {
  const { watermark, horizon, sweptTo } = scope.progress;
  return [
    ...keyColumns(scope.keys),
    ...[scope.newIds, scope.foldedIds, watermark, horizon, sweptTo, scope.mends, everything],
  ];
}

/** Brings the rows of some packages, and the history of what was installed, to what their events say: one statement. */
export async function foldPackages(session: Session, tables: FoldTables, scope: FoldScope): Promise<void> {
  await session.query(
    `${foldSql(tables, { locks: true })}, history AS (${historySql()})
     INSERT INTO public.current_package_state AS standing
       (agent_id, package_type, package_name, current_version, available_version, severity, status,
        last_discovered_at, last_updated_at)
     SELECT agent_id, package_type, package_name, current_version, available_version, severity, status,
            last_discovered_at, last_updated_at
     FROM folded ORDER BY agent_id, package_type, package_name
     ON CONFLICT (agent_id, package_type, package_name) DO UPDATE
     SET current_version = excluded.current_version, available_version = excluded.available_version,
         severity = excluded.severity, status = excluded.status,
         last_discovered_at = greatest(standing.last_discovered_at, excluded.last_discovered_at),
         last_updated_at = excluded.last_updated_at,
         approved_by = CASE WHEN excluded.status <> 'pending' THEN standing.approved_by END,
         approved_at = CASE WHEN excluded.status <> 'pending' THEN standing.approved_at END
     WHERE (standing.current_version, standing.available_version, standing.severity, standing.status,
            standing.last_discovered_at, standing.last_updated_at)
       IS DISTINCT FROM (excluded.current_version, excluded.available_version, excluded.severity, excluded.status,
            greatest(standing.last_discovered_at, excluded.last_discovered_at), excluded.last_updated_at)`,
    foldValues(scope),
  );
}

/** A row bears its event's id, so that no event leaves two. */
function historySql(): string {
  return `
    INSERT INTO public.update_version_history
      (id, agent_id, command_id, package_type, package_name, version_from, version_to, status, message, created_at)
    ${untoldSql()}
    ON CONFLICT (id) DO NOTHING`;
}

/**
 * What was installed, or was tried to be, and the history does not tell yet: looked up one by one in its index, since
 * a join might read the whole of it. Where the application has told it itself,
 * under an id of its own, that stands. An event may say of itself that it went back (`rollback`), why it failed
 * (`message`) and which command asked for it (`command_id`).
 */
export function untoldSql(): string {
  return `
    SELECT event.id, key.agent_id, (
             SELECT command.id FROM public.agent_commands AS command
             WHERE command.agent_id = key.agent_id AND command.id = CASE
               WHEN event.metadata ->> 'command_id' ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
               THEN (event.metadata ->> 'command_id')::uuid END) AS command_id,
           key.package_type, key.package_name, event.version_from, event.version_to,
           CASE WHEN event.event_type = 'failed' THEN 'failed'
                WHEN event.metadata ->> 'rollback' = 'true' THEN 'rollback' ELSE 'success' END AS status,
           event.metadata ->> 'message' AS message, event.created_at
    FROM event JOIN key USING (k)
    WHERE (event.is_new OR $9::boolean) AND event.event_type IN ('updated', 'failed') AND (
      SELECT true FROM public.update_version_history AS told
      WHERE told.agent_id = key.agent_id AND told.package_type = key.package_type
        AND told.package_name = key.package_name AND told.created_at = event.created_at
        AND told.version_to = event.version_to AND (told.status = 'failed') = (event.event_type = 'failed')
        AND (told.id = event.id
          OR NOT EXISTS (SELECT FROM public.update_events AS other WHERE other.id = told.id))
      LIMIT 1) IS NULL`;
}
