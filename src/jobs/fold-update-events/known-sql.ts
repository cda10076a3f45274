import { type FoldTables, insertingXid } from './own-names.js';

/** SQL for the rows of the packages of `key`, locked so that what a person sets comes before the fold or after it. */
export function standingSql({ locks }: { readonly locks: boolean }): string {
  return `
    SELECT key.k, s.status, s.available_version, s.current_version FROM key CROSS JOIN LATERAL (
      SELECT * FROM public.current_package_state AS s
      WHERE s.agent_id = key.agent_id AND s.package_type = key.package_type AND s.package_name = key.package_name
      OFFSET 0 ${locks ? 'FOR NO KEY UPDATE' : ''}) AS s`;
}

/** True of an event that is new; $4 has their ids. */
export const IS_NEW = 'e.id IN (SELECT unnest($4::uuid[]))';

/**
 * SQL that is true of an event that is folded already: $5 ids of events that were folded in this very transaction, $6
 * watermark and $7 horizon (bigint), $8 place before which the sweep has folded (tid). `everything` is true where events
 * that were never folded count too.
 */
export function isOldSql(tables: FoldTables, everything: string): string {
  const xid = insertingXid('e');
  return `NOT ${IS_NEW} AND (e.id IN (SELECT unnest($5::uuid[]))
    OR (${everything} OR ${xid} < $6::bigint OR (${xid} < $7::bigint AND e.ctid < $8::tid)
        OR EXISTS (SELECT FROM ${tables.recent} AS recent WHERE recent.event_id = e.id))
      AND NOT EXISTS (SELECT FROM ${tables.rejections} AS rejected WHERE rejected.event_id = e.id))`;
}
