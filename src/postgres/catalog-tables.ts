import type { Table, UnsupportedObject } from '../model/catalog.js';
import type { Session } from './session.js';

/** A table without what other catalogs say about it. */
export type BareTable = Omit<Table, 'columns' | 'constraints' | 'indexes'>;

/** An ordinary table that stands alone: `c` is pg_class. Its extension's own tables are none of the user's. */
const STANDS_ALONE = `
  c.relkind = 'r' AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid OR h.inhparent = c.oid)`;

const OF_NO_EXTENSION = `
  NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
               WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')`;

/** Gives the ordinary, permanent or unlogged tables of the schemas, in the order of their OIDs. */
export async function readBareTables(session: Session, schemaOids: readonly number[]): Promise<readonly BareTable[]> {
  const { rows } = await session.query<TableRow>(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relpersistence AS persistence,
            pg_catalog.obj_description(c.oid, 'pg_class') AS comment, coalesce(c.reloptions, '{}') AS options,
            coalesce(pg_catalog.pg_relation_size(c.oid), 0)::float8 AS size_bytes,
            c.relpages AS pages, c.reltuples AS tuples, c.relallvisible AS all_visible_pages,
            coalesce(s.seq_scan, 0)::float8 AS seq_scan, coalesce(s.seq_tup_read, 0)::float8 AS seq_tup_read,
            coalesce(s.idx_scan, 0)::float8 AS idx_scan, coalesce(s.n_tup_ins, 0)::float8 AS n_tup_ins,
            coalesce(s.n_tup_upd, 0)::float8 AS n_tup_upd, coalesce(s.n_tup_hot_upd, 0)::float8 AS n_tup_hot_upd,
            coalesce(s.n_tup_del, 0)::float8 AS n_tup_del, coalesce(s.n_dead_tup, 0)::float8 AS n_dead_tup,
            pg_catalog.to_char(greatest(s.last_analyze, s.last_autoanalyze) AT TIME ZONE 'UTC',
                               'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS analyzed_at
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       -- A view of counters: a table that was never touched has no row.
       LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
      WHERE c.relnamespace = ANY ($1::oid[]) AND c.relpersistence <> 't' AND ${STANDS_ALONE} AND ${OF_NO_EXTENSION}
      ORDER BY c.oid`,
    [schemaOids],
  );
  return rows.map(tableOf);
}

/** Gives relations of the schemas that the catalog does not describe, with what they are. */
export async function readUnsupported(
  session: Session,
  schemaOids: readonly number[],
): Promise<readonly UnsupportedObject[]> {
  const { rows } = await session.query<UnsupportedObject>(
    `SELECT n.nspname AS schema, c.relname AS name,
            CASE WHEN c.relkind = 'p' THEN 'partitioned table'
                 WHEN c.relispartition THEN 'partition'
                 WHEN c.relkind = 'v' THEN 'view'
                 WHEN c.relkind = 'm' THEN 'materialized view'
                 WHEN c.relkind = 'f' THEN 'foreign table'
                 WHEN EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) THEN 'inheritance child'
                 ELSE 'inheritance parent' END AS kind
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relnamespace = ANY ($1::oid[]) AND c.relpersistence <> 't'
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT (${STANDS_ALONE}) AND ${OF_NO_EXTENSION}
      ORDER BY n.nspname, c.relname`,
    [schemaOids],
  );
  return rows;
}

interface TableRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly persistence: string;
  readonly comment: string | null;
  readonly options: readonly string[];
  readonly size_bytes: number;
  readonly pages: number;
  readonly tuples: number;
  readonly all_visible_pages: number;
  readonly seq_scan: number;
  readonly seq_tup_read: number;
  readonly idx_scan: number;
  readonly n_tup_ins: number;
  readonly n_tup_upd: number;
  readonly n_tup_hot_upd: number;
  readonly n_tup_del: number;
  readonly n_dead_tup: number;
  readonly analyzed_at: string | null;
}

function tableOf(row: TableRow): BareTable {
  return {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    persistence: row.persistence === 'u' ? 'unlogged' : 'permanent',
    storage: {
      blocks: blocksOf(row.size_bytes),
      pages: row.pages,
      tuples: row.tuples,
      allVisiblePages: row.all_visible_pages,
    },
    counters: {
      sequentialScans: row.seq_scan,
      sequentialRowsRead: row.seq_tup_read,
      indexScans: row.idx_scan,
      rowsInserted: row.n_tup_ins,
      rowsUpdated: row.n_tup_upd,
      rowsHotUpdated: row.n_tup_hot_upd,
      rowsDeleted: row.n_tup_del,
      rowsDead: row.n_dead_tup,
      analyzedAt: row.analyzed_at,
    },
    options: row.options,
    comment: row.comment,
  };
}

/** Gives a fork's length in blocks of 8,192 bytes. */
export function blocksOf(sizeBytes: number): number {
  return Math.ceil(sizeBytes / 8_192);
}
