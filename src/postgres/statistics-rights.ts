import type { Table } from '../model/catalog.js';
import type { Session } from './session.js';

/**
 * Gives the OIDs of analyzed tables of which pg_stats hides a column from the role: it has no SELECT on it, or
 * row-level security applies to it.
 */
export async function readUnreadableTables(session: Session, tables: readonly Table[]): Promise<readonly number[]> {
  // A partitioned table has rows and no pages.
  const wasAnalyzed = ({ kind, storage }: Table) =>
    kind === 'partitioned table' ? storage.tuples > 0 : storage.tuples >= 0 && storage.pages > 0;
  const analyzed = tables.filter(wasAnalyzed).map(({ oid }) => oid);
  const { rows } = await session.query<{ oid: number }>(
    `SELECT c.oid
       FROM pg_catalog.pg_class c
      WHERE c.oid = ANY ($1::oid[])
        AND (c.relrowsecurity AND pg_catalog.row_security_active(c.oid)
             OR EXISTS (SELECT FROM pg_catalog.pg_attribute a
                         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                           AND NOT pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')))
      ORDER BY c.oid`,
    [analyzed],
  );
  return rows.map(({ oid }) => oid);
}
