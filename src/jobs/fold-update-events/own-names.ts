import { quoteIdentifier } from '../../sql/quote.js';

/** The fold's own tables, as SQL. */
export interface FoldTables {
  readonly progress: string;
  /** Relations with a column event_id. */
  readonly recent: string;
  readonly rejections: string;
}

/** Gives the fold's own tables in a schema. */
export function foldTables(ownSchema: string): FoldTables {
  const schema = quoteIdentifier(ownSchema);
  return {
    progress: `${schema}.fold_progress`,
    recent: `${schema}.fold_recent`,
    rejections: `${schema}.fold_rejections`,
  };
}

/** Stands for the own tables where a database has none yet. */
export const NO_FOLD_TABLES: FoldTables = {
  progress: '(SELECT NULL::text AS origin, NULL::bigint AS watermark WHERE false)',
  recent: '(SELECT NULL::uuid AS event_id WHERE false)',
  rejections: '(SELECT NULL::uuid AS event_id WHERE false)',
};

/** The full number of the transaction that inserted a row, from the 32 bits of its header and the statement's snapshot. */
export function insertingXid(row: string): string {
  const next = '(SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint)';
  return `(${next} - ((${next} - ${row}.xmin::text::bigint) & 4294967295))`;
}
