import type { FoldTests } from './fold-tests.js';
import { isOldSql, standingSql } from './known-sql.js';
import type { FoldTables } from './own-names.js';
import { statusSql, turnSql } from './status-sql.js';
import { historySql, statesSql, untoldSql } from './write-sql.js';

/**
 * One statement that goes on with packages whose new events all come after what is folded of them, which is how nearly
 * all come: their rows say what the old events came to, so that none of these is read. Gives the numbers of the packages
 * that it has left alone, with what a CHECK has against one, or NULL where it has an event that comes late.
 *
 * Parameters: $1 to $3 the packages (uuid[], text[], text[]), numbered from 1 by their places · $4 ids of the new events,
 * $9 the numbers of their packages (bigint[]), $10 their rows' places (tid[]) · $5 to $8 as `isOldSql` has them.
 */
export function forwardSql(tables: FoldTables, tests: FoldTests): string {
  return `WITH key AS MATERIALIZED (
    SELECT k, agent_id, package_type, package_name
    FROM ROWS FROM (unnest($1::uuid[]), unnest($2::text[]), unnest($3::text[])) WITH ORDINALITY
      AS key(agent_id, package_type, package_name, k)
  ), standing AS MATERIALIZED (${standingSql({ locks: true })}
  ), given AS MATERIALIZED (${givenSql()}
  ), latest AS MATERIALIZED (${latestSql(tables)}
  ), event AS MATERIALIZED (
    SELECT * FROM given WHERE k NOT IN (SELECT k FROM latest WHERE is_late)
  ), step AS (${stepsSql()}
  ), placed AS (
    SELECT step.*, max(approved_at_rank) OVER (PARTITION BY k) AS place FROM step
  ), turn AS (${turnsSql()}
  ), folded AS MATERIALIZED (
    SELECT k, key.agent_id, key.package_type, key.package_name, ${statusSql('later', 'standing.status')} AS status,
           turn.available_version, severity, coalesce(turn.current_version, standing.current_version) AS current_version,
           last_discovered_at, last_updated_at
    FROM turn JOIN key USING (k) LEFT JOIN standing USING (k)
  ), untold AS MATERIALIZED (${untoldSql('true')}
  ), refused AS MATERIALIZED (${refusedSql(tests)}
  ), history AS (${historySql('untold WHERE k NOT IN (SELECT k FROM refused)')}
  ), state AS (${statesSql('folded WHERE k NOT IN (SELECT k FROM refused)')}
  )
  SELECT k::int, reason FROM refused UNION ALL SELECT k::int, NULL FROM latest WHERE is_late ORDER BY k`;
}

/** The new events, by the places of their rows: faster than by their ids, and the id tells whether it is still the row. */
function givenSql(): string {
  return `
    SELECT given.k, e.id, e.version_from, e.version_to, e.severity, e.event_type, e.metadata, e.created_at
    FROM ROWS FROM (unnest($9::bigint[]), unnest($4::uuid[]), unnest($10::tid[])) AS given(k, id, place)
    CROSS JOIN LATERAL (
      SELECT * FROM public.update_events AS e WHERE e.ctid = given.place AND e.id = given.id OFFSET 0) AS e`;
}

/**
 * Packages whose folded events matter, and whether a new one comes before the last of those, or the row is gone that
 * tells of them. Which is the last matters only where there is no row, or a person has set what it says; else it is
 * enough to look for folded ones after the new ones.
 */
function latestSql(tables: FoldTables): string {
  return `
    SELECT fresh.k, standing.k IS NULL OR old.created_at >= fresh.since AS is_late
    FROM (SELECT k, min(created_at) AS since FROM given GROUP BY k) AS fresh
    JOIN key USING (k)
    LEFT JOIN standing USING (k)
    CROSS JOIN LATERAL (
      SELECT e.created_at FROM public.update_events AS e
      WHERE e.agent_id = key.agent_id AND e.package_type = key.package_type AND e.package_name = key.package_name
        AND e.created_at >= CASE WHEN standing.k IS NULL OR standing.status = 'approved' THEN '-infinity' ELSE fresh.since END
        -- In the first sweep of all most packages are new, and nothing of them can have been folded.
        AND ($6::bigint IS NOT NULL OR standing.k IS NOT NULL OR cardinality($5::uuid[]) > 0
          OR EXISTS (SELECT FROM ${tables.recent}))
        AND ${isOldSql(tables, 'false')}
      ORDER BY e.created_at DESC LIMIT 1) AS old`;
}

/** Events in their order, with the version just before; the row tells that of the first. */
function stepsSql(): string {
  return `
    SELECT event.*,
           CASE event_type WHEN 'updated' THEN version_to ELSE version_from END AS installed,
           row_number() OVER in_order AS rank, lead(id) OVER in_order IS NULL AS is_last,
           lag(version_to, 1, standing.available_version) OVER in_order AS version_before,
           -- An approval in a row of which nothing was folded comes after the discovery of the version that it approves.
           CASE WHEN latest.k IS NULL AND standing.status = 'approved' AND event_type = 'discovered'
                  AND version_to IS NOT DISTINCT FROM standing.available_version
                THEN row_number() OVER in_order ELSE 0 END AS approved_at_rank
    FROM event LEFT JOIN standing USING (k) LEFT JOIN latest USING (k)
    WINDOW in_order AS (PARTITION BY k ORDER BY created_at, id)`;
}

function turnsSql(): string {
  return `
    SELECT k,
           ${turnSql('later', { where: 'rank > place', before: 'version_before' })},
           min(version_to) FILTER (WHERE is_last) AS available_version, min(severity) FILTER (WHERE is_last) AS severity,
           (array_agg(installed ORDER BY rank DESC) FILTER (WHERE installed IS NOT NULL))[1] AS current_version,
           max(created_at) FILTER (WHERE event_type = 'discovered') AS last_discovered_at,
           max(created_at) AS last_updated_at
    FROM placed GROUP BY k`;
}

/** Packages with a row that would be refused: asked beforehand, since an error undoes what all the others came to. */
function refusedSql(tests: FoldTests): string {
  return `
    SELECT DISTINCT ON (k) k, reason FROM (
      SELECT k, ${tests.state} AS reason FROM (SELECT k, ${tests.stateColumns} FROM folded) AS folded
      UNION ALL
      SELECT k, ${tests.history} FROM (SELECT k, ${tests.historyColumns} FROM untold) AS untold
    ) AS test WHERE reason IS NOT NULL ORDER BY k`;
}
