import type { Session } from '../../postgres/session.js';
import { type FoldScope, foldValues, IS_TOLD } from './fold-packages.js';
import { foldSql } from './fold-sql.js';
import type { PackageKey } from './key.js';
import type { FoldTables } from './own-names.js';
import { untoldSql } from './write-sql.js';

/** A package whose row, or whose history, is not what its events say. */
export interface Difference extends PackageKey {
  /** Null where there is no row. */
  readonly stored: PackageFigures | null;
  readonly folded: PackageFigures;
  /** Events of an installation that the history does not tell of. */
  readonly missingFromHistory: number;
  /** Why it could not be mended; null where it was, absent where nothing was tried. */
  readonly refusal?: string | null;
}

interface PackageFigures {
  readonly status: string;
  readonly severity: string;
  readonly currentVersion: string | null;
  readonly availableVersion: string | null;
}

export type Comparison = readonly Difference[];

/** Compares packages with a fold of their events and changes nothing. */
export async function comparePackages(
  session: Session,
  tables: FoldTables,
  { scope, everything }: { readonly scope: FoldScope; readonly everything: boolean },
): Promise<Comparison> {
  const compared = await session.query<Difference>(
    `${foldSql(tables, { locks: false })}, untold AS (${untoldSql(IS_TOLD)}), missing AS (
       SELECT agent_id, package_type, package_name, count(*)::int AS events FROM untold
       GROUP BY agent_id, package_type, package_name)
     SELECT folded.agent_id AS "agentId", folded.package_type AS "packageType", folded.package_name AS "packageName",
            CASE WHEN stored.id IS NOT NULL THEN ${figures('stored')} END AS stored, ${figures('folded')} AS folded,
            coalesce(missing.events, 0) AS "missingFromHistory"
     FROM folded
     LEFT JOIN LATERAL (
       SELECT * FROM public.current_package_state AS s
       WHERE s.agent_id = folded.agent_id AND s.package_type = folded.package_type AND s.package_name = folded.package_name
       OFFSET 0) AS stored ON true
     LEFT JOIN missing
       ON (missing.agent_id, missing.package_type, missing.package_name)
         = (folded.agent_id, folded.package_type, folded.package_name)
     WHERE missing.events > 0
       OR (stored.status, stored.severity, stored.current_version, stored.available_version)
         IS DISTINCT FROM (folded.status, folded.severity, folded.current_version, folded.available_version)
     ORDER BY folded.agent_id, folded.package_type, folded.package_name`,
    foldValues(scope, everything),
  );
  return compared.rows;
}

const figures = (row: string) =>
  `json_build_object('status', ${row}.status, 'severity', ${row}.severity, 'currentVersion', ${row}.current_version,
     'availableVersion', ${row}.available_version)`;

/** Counts rows of packages that no event tells of: somebody has made them, or their events are gone. */
export async function countWithoutEvents(session: Session): Promise<number> {
  const counted = await session.query<{ rows: number }>(
    `SELECT count(*)::float8 AS rows FROM public.current_package_state AS s WHERE NOT EXISTS (
       SELECT FROM public.update_events AS e
       WHERE e.agent_id = s.agent_id AND e.package_type = s.package_type AND e.package_name = s.package_name)`,
  );
  return counted.rows[0]?.rows ?? 0;
}
