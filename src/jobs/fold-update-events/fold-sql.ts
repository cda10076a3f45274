import { IS_NEW, isOldSql, standingSql } from './known-sql.js';
import type { FoldTables } from './own-names.js';
import { statusSql, turnSql } from './status-sql.js';

/**
 * The fold of packages from their events as a chain of WITH queries, the last of which is `folded`: one row per
 * package, with what current_package_state ought to say. `event` has the events it is made from, `key` the packages;
 * within the chain `k` numbers them, since numbers sort faster than names.
 *
 * Parameters: $1 to $3 the packages (uuid[], text[], text[]) · $4 ids of the events that are new · $5 ids of events
 * that were folded in this very transaction · $6 watermark and $7 horizon (bigint) · $8 place before which the sweep
 * has folded (tid) · $9 whether all that is there was folded before: then a row is only left as it is where a person
 * approved it · $10 whether events that were never folded count too.
 */
export function foldSql(tables: FoldTables, options: { readonly locks: boolean }): string {
  return `WITH key AS MATERIALIZED (
    SELECT row_number() OVER () AS k, given.* FROM (
      SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS given(agent_id, package_type, package_name)
    ) AS given
  ), standing AS MATERIALIZED (${standingSql(options)}
  ), span AS MATERIALIZED (${spansSql(tables)}
  ), event AS MATERIALIZED (${eventsSql(tables)}
  ), step AS (${stepsSql()}
  ), placed AS (${placesSql()}
  ), turn AS (${turnsSql()}
  ), folded AS (
    SELECT key.agent_id, key.package_type, key.package_name,
           CASE WHEN is_short OR old_status IS DISTINCT FROM standing_status AND standing_status IS NOT NULL
                  AND (standing_status = 'approved' OR NOT $9::boolean)
                THEN ${statusSql('later', 'standing_status')} ELSE ${statusSql('every')} END AS status,
           turn.available_version, turn.severity, coalesce(turn.current_version, standing_current) AS current_version,
           turn.last_discovered_at, turn.last_updated_at
    FROM (SELECT turn.*, ${statusSql('old')} AS old_status FROM turn) AS turn JOIN key USING (k)
  )`;
}

/**
 * From when on a package's events are read. Where all new ones come after the old ones, the row says what those came
 * to, and the last of them is enough: a package that is rediscovered four times a day has thousands.
 */
function spansSql(tables: FoldTables): string {
  return `
    SELECT key.k, old.created_at IS NOT NULL AS is_short, coalesce(old.created_at, '-infinity') AS since
    FROM key
    LEFT JOIN (
      SELECT key.k, min(e.created_at) AS since FROM unnest($4::uuid[]) AS new(id) CROSS JOIN LATERAL (
        SELECT * FROM public.update_events AS e WHERE e.id = new.id OFFSET 0) AS e
      JOIN key USING (agent_id, package_type, package_name) GROUP BY key.k) AS fresh USING (k)
    LEFT JOIN standing USING (k)
    LEFT JOIN LATERAL (
      SELECT e.created_at FROM public.update_events AS e
      WHERE e.agent_id = key.agent_id AND e.package_type = key.package_type AND e.package_name = key.package_name
        AND standing.k IS NOT NULL AND NOT $9::boolean AND ${isOldSql(tables, '$10::boolean')}
      ORDER BY e.created_at DESC LIMIT 1) AS old ON old.created_at < fresh.since`;
}

/** OFFSET 0 keeps the planner at one look into the index per package, even where it has no statistics yet. */
function eventsSql(tables: FoldTables): string {
  return `
    SELECT key.k, span.is_short, e.* FROM key JOIN span USING (k) CROSS JOIN LATERAL (
      SELECT e.id, e.version_from, e.version_to, e.severity, e.event_type, e.metadata, e.created_at, ${IS_NEW} AS is_new
      FROM public.update_events AS e
      WHERE e.agent_id = key.agent_id AND e.package_type = key.package_type AND e.package_name = key.package_name
        AND e.created_at >= span.since AND (${IS_NEW} OR ${isOldSql(tables, '$10::boolean')})
      OFFSET 0) AS e`;
}

/** Events in their order, with the version just before: of any event, and for an old one of any old one. */
function stepsSql(): string {
  return `
    SELECT event.*, standing.status AS standing_status, standing.available_version AS standing_version,
           standing.current_version AS standing_current,
           CASE event_type WHEN 'updated' THEN version_to ELSE version_from END AS installed,
           row_number() OVER in_order AS rank, count(*) OVER (PARTITION BY k) AS last_rank,
           lag(version_to) OVER in_order AS version_before, lag(version_to) OVER among_like AS like_before
    FROM event LEFT JOIN standing USING (k)
    WINDOW in_order AS (PARTITION BY k ORDER BY created_at, id),
           among_like AS (PARTITION BY k, is_new ORDER BY created_at, id)`;
}

/**
 * What a person has set in a row (an approval) stands between the events that were folded then and those that are new.
 * Where none was folded it comes first, but an approval after the discovery of the version that it approves.
 */
function placesSql(): string {
  return `
    SELECT step.*, coalesce(
             max(rank) FILTER (WHERE NOT is_new) OVER (PARTITION BY k),
             max(rank) FILTER (WHERE standing_status = 'approved' AND event_type = 'discovered'
               AND version_to IS NOT DISTINCT FROM standing_version) OVER (PARTITION BY k),
             0) AS place
    FROM step`;
}

/** One row per package: how things turned among the old events, among all, and after what a person has set. */
function turnsSql(): string {
  return `
    SELECT k, bool_and(is_short) AS is_short, min(standing_status) AS standing_status, min(standing_current) AS standing_current,
           ${turnSql('old', { where: 'NOT is_new', before: 'like_before' })},
           ${turnSql('every', { where: 'true', before: 'version_before' })},
           ${turnSql('later', {
             where: 'rank > place',
             before: 'CASE WHEN rank = place + 1 THEN standing_version ELSE version_before END',
           })},
           min(version_to) FILTER (WHERE rank = last_rank) AS available_version,
           min(severity) FILTER (WHERE rank = last_rank) AS severity,
           (array_agg(installed ORDER BY rank DESC) FILTER (WHERE installed IS NOT NULL))[1] AS current_version,
           max(created_at) FILTER (WHERE event_type = 'discovered') AS last_discovered_at,
           max(created_at) AS last_updated_at
    FROM placed GROUP BY k`;
}
