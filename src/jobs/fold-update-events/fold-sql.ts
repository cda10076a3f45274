import { type FoldTables, insertingXid } from './own-names.js';

/**
 * The fold of packages from their events as a chain of WITH queries, the last of which is `folded`: one row per
 * package, with what current_package_state ought to say. `event` has the events it is made from.
 *
 * Parameters: $1 to $3 the packages (uuid[], text[], text[]) · $4 ids of the events that are new · $5 ids of events
 * that were folded in this very transaction · $6 watermark and $7 horizon (bigint) · $8 place before which the sweep
 * has folded (tid) · $9 whether all that is there was folded before: then a row is only left as it is where a person
 * approved it · $10 whether events that were never folded count too.
 *
 * What a person has set in a row (an approval) stands between the events that were folded then and those that are new:
 * it becomes an item of the package's history at that point.
 */
export function foldSql(tables: FoldTables, options: { readonly locks: boolean }): string {
  return `WITH key AS MATERIALIZED (
    SELECT DISTINCT agent_id, package_type, package_name
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS given(agent_id, package_type, package_name)
  ), standing AS MATERIALIZED (
    SELECT agent_id, package_type, package_name, s.status, s.available_version, s.current_version
    FROM key JOIN public.current_package_state AS s USING (agent_id, package_type, package_name)
    ${options.locks ? 'ORDER BY s.id FOR NO KEY UPDATE OF s' : ''}
  ), event AS MATERIALIZED (${eventsSql(tables)}
  ), old_item AS (
    SELECT ${ITEM} FROM event WHERE NOT is_new
  ), ${replaySql('old', 'old_item')}
  ), item AS (
    SELECT ${ITEM} FROM event
    UNION ALL
    ${setByHandSql()}
  ), ${replaySql('replayed', 'item')}
  ), figure AS (${figuresSql()}
  ), folded AS (
    SELECT ${KEY}, replayed.status, figure.available_version, figure.severity,
           coalesce(figure.current_version, standing.current_version) AS current_version,
           figure.last_discovered_at, replayed.last_created_at AS last_updated_at
    FROM replayed JOIN figure USING (${KEY}) LEFT JOIN standing USING (${KEY})
  )`;
}

const KEY = 'agent_id, package_type, package_name';
const latest = (column: string, where = 'true') =>
  `(array_agg(${column} ORDER BY created_at DESC, id DESC) FILTER (WHERE ${where}))[1]`;
const ITEM = `${KEY}, created_at, id, 0 AS turn, event_type AS kind, version_to`;

/** OFFSET 0 keeps the planner at one look into the index per package, even where it has no statistics yet. */
function eventsSql(tables: FoldTables): string {
  const xid = insertingXid('e');
  return `
    SELECT key.*, e.* FROM key CROSS JOIN LATERAL (
      SELECT e.id, e.version_from, e.version_to, e.severity, e.event_type, e.metadata, e.created_at,
             e.id = ANY ($4::uuid[]) AS is_new
      FROM public.update_events AS e
      WHERE e.agent_id = key.agent_id AND e.package_type = key.package_type AND e.package_name = key.package_name
        AND ($10::boolean OR e.id = ANY ($4::uuid[]) OR e.id = ANY ($5::uuid[]) OR ${xid} < $6::bigint
          OR (${xid} < $7::bigint AND e.ctid < $8::tid)
          OR EXISTS (SELECT FROM ${tables.recent} AS recent WHERE recent.event_id = e.id))
        AND (e.id = ANY ($4::uuid[]) OR e.id = ANY ($5::uuid[])
          OR NOT EXISTS (SELECT FROM ${tables.rejections} AS rejected WHERE rejected.event_id = e.id))
      OFFSET 0) AS e`;
}

/** What follows every event, whatever the status. */
function figuresSql(): string {
  return `
    SELECT ${KEY}, ${latest('version_to')} AS available_version, ${latest('severity')} AS severity,
           ${latest('installed', 'installed IS NOT NULL')} AS current_version,
           max(created_at) FILTER (WHERE event_type = 'discovered') AS last_discovered_at
    FROM (SELECT event.*, CASE event_type WHEN 'updated' THEN version_to ELSE version_from END AS installed
          FROM event) AS event
    GROUP BY ${KEY}`;
}

/**
 * The rules. The last item that decides (anything but a discovery) gives the status, unless a discovery after it opens
 * the package again: any does after a failure, one of another version than just before after an update or an approval,
 * none where the package is ignored.
 */
function replaySql(name: string, items: string): string {
  return `${name}_step AS (
    SELECT ${KEY}, created_at, id, turn, kind, row_number() OVER in_order AS rank,
           kind = 'discovered' AND version_to IS DISTINCT FROM lag(version_to) OVER in_order AS is_other
    FROM ${items} WINDOW in_order AS (PARTITION BY ${KEY} ORDER BY created_at, id, turn)
  ), ${name}_turn AS (
    SELECT ${KEY}, coalesce(max(rank) FILTER (WHERE kind = 'discovered'), 0) AS discovered,
           coalesce(max(rank) FILTER (WHERE is_other), 0) AS reopened,
           coalesce(max(rank) FILTER (WHERE kind <> 'discovered'), 0) AS decided,
           (array_agg(kind ORDER BY rank DESC) FILTER (WHERE kind <> 'discovered'))[1] AS decision,
           (array_agg(created_at ORDER BY rank DESC) FILTER (WHERE turn = 0))[1] AS last_created_at,
           (array_agg(id ORDER BY rank DESC) FILTER (WHERE turn = 0))[1] AS last_id
    FROM ${name}_step GROUP BY ${KEY}
  ), ${name} AS (
    SELECT ${KEY}, last_created_at, last_id,
           CASE WHEN decision IS NULL THEN 'pending'
                WHEN decision = 'failed' AND discovered > decided THEN 'pending'
                WHEN decision IN ('updated', 'approved') AND reopened > decided THEN 'pending'
                ELSE decision END AS status
    FROM ${name}_turn`;
}

/**
 * Rows that say something else than the events folded so far: somebody has set them since. Where no event was folded
 * yet, the row comes first, but an approval after the discovery of the version that it approves.
 */
function setByHandSql(): string {
  return `SELECT ${['agent_id', 'package_type', 'package_name'].map((name) => `s.${name}`).join(', ')},
           coalesce(old.last_created_at, approved.created_at, '-infinity'),
           coalesce(old.last_id, approved.id, '00000000-0000-0000-0000-000000000000'), 1, s.status, s.available_version
    FROM standing AS s
    LEFT JOIN old USING (${KEY})
    LEFT JOIN LATERAL (
      SELECT event.created_at, event.id FROM event
      WHERE event.agent_id = s.agent_id AND event.package_type = s.package_type AND event.package_name = s.package_name
        AND s.status = 'approved' AND event.event_type = 'discovered'
        AND event.version_to IS NOT DISTINCT FROM s.available_version
      ORDER BY event.created_at DESC, event.id DESC LIMIT 1) AS approved ON true
    WHERE old.status IS DISTINCT FROM s.status AND (s.status = 'approved' OR NOT $9::boolean)`;
}
