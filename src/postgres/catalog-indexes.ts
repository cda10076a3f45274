import type { Index, IndexKey } from '../model/catalog.js';
import type { RelationName } from '../model/relation-name.js';
import { blocksOf } from './catalog-tables.js';
import type { Session } from './session.js';
import { utc } from './utc.js';

/** Gives the indexes of each table in the order of their OIDs, heights left null. */
export async function readIndexes(
  session: Session,
  tableOids: readonly number[],
  versionNumber: number,
): Promise<ReadonlyMap<number, readonly Index[]>> {
  const { rows } = await session.query<IndexRow>(
    `SELECT x.indrelid AS table_oid, x.indexrelid AS oid, n.nspname AS schema, c.relname AS name,
            pg_catalog.pg_get_indexdef(x.indexrelid) AS definition, am.amname AS method,
            x.indnkeyatts AS key_count, x.indisunique AS is_unique, x.indisprimary AS is_primary,
            x.indisvalid AND x.indisready AND x.indislive AS is_valid, x.indisreplident AS replica_identity,
            ${versionNumber >= 150_000 ? 'x.indnullsnotdistinct' : 'false'} AS nulls_not_distinct,
            pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate, x.indoption::int2[] AS options,
            k.name AS constraint_name, coalesce(k.referenced, false) AS referenced, x.indisclustered AS clustered,
            x.indisready AS ready, ts.spcname AS tablespace,
            CASE WHEN x.indisvalid THEN false ELSE ${BUILDING} END AS building,
            ${versionNumber >= 160_000 ? LAST_SCAN : 'NULL'} AS last_scanned_at,
            coalesce(pg_catalog.pg_relation_size(c.oid), 0)::float8 AS size_bytes,
            c.relpages AS pages, c.reltuples AS tuples, coalesce(s.idx_scan, 0)::float8 AS scans,
            CASE WHEN pc.oid IS NOT NULL
                 THEN pg_catalog.json_build_object('schema', pn.nspname, 'name', pc.relname) END AS partition_of,
            ${KEYS} AS keys
       FROM pg_catalog.pg_index x
       JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_am am ON am.oid = c.relam
       -- A view of counters: an index that was never touched has no row.
       LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = x.indexrelid
       -- An index in the database's own tablespace has 0 for one.
       LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
       -- A foreign key names the index that it refers to, beside the constraint that the index enforces.
       LEFT JOIN (SELECT o.conindid, pg_catalog.max(o.conname::text) FILTER (WHERE o.contype IN ('p', 'u', 'x')) AS name,
                         pg_catalog.bool_or(o.contype = 'f') AS referenced
                    FROM pg_catalog.pg_constraint o WHERE o.conindid <> 0 GROUP BY o.conindid) k
              ON k.conindid = x.indexrelid
       -- Only the index of a partition has a parent.
       LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = x.indexrelid
       LEFT JOIN pg_catalog.pg_class pc ON pc.oid = h.inhparent
       LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace
      WHERE x.indrelid = ANY ($1::oid[])
      ORDER BY x.indrelid, x.indexrelid`,
    [tableOids],
  );
  const indexes = new Map<number, Index[]>();
  for (const row of rows) {
    const ofTable = indexes.get(row.table_oid) ?? [];
    ofTable.push(indexOf(row));
    indexes.set(row.table_oid, ofTable);
  }
  return indexes;
}

const LAST_SCAN = utc('s.last_idx_scan');

/**
 * True while a session builds the index `x`. Which index a build is about is hidden from roles without
 * pg_read_all_stats, its process and the table that this has locked are not.
 */
const BUILDING = `
  EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
            JOIN pg_catalog.pg_locks l ON l.pid = p.pid AND l.locktype = 'relation' AND l.relation = x.indrelid
            JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
           WHERE p.command IS DISTINCT FROM 'CREATE INDEX CONCURRENTLY' OR p.index_relid IN (0, x.indexrelid))`;

/** JSON of every attribute of the index `x` by position, INCLUDE columns too; indclass and indcollation count from 0. */
const KEYS = `
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
            'column', col.attname,
            'sql', CASE WHEN col.attname IS NOT NULL THEN pg_catalog.quote_ident(col.attname)
                        ELSE pg_catalog.pg_get_indexdef(x.indexrelid, a.attnum, false) END,
            'opclass', CASE WHEN NOT o.opcdefault
                            THEN pg_catalog.quote_ident(opn.nspname) || '.' || pg_catalog.quote_ident(o.opcname) END,
            'collation', CASE WHEN x.indcollation[a.attnum - 1] <> coalesce(col.attcollation, t.typcollation)
                              THEN pg_catalog.quote_ident(con.nspname) || '.' || pg_catalog.quote_ident(co.collname) END
          ) ORDER BY a.attnum)
     FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     -- An expression has no column: its indkey is 0.
     LEFT JOIN pg_catalog.pg_attribute col ON col.attrelid = x.indrelid AND col.attnum = x.indkey[a.attnum - 1]
                                          AND col.attnum <> 0
     -- INCLUDE columns have no operator class and no collation.
     LEFT JOIN pg_catalog.pg_opclass o ON a.attnum <= x.indnkeyatts AND o.oid = x.indclass[a.attnum - 1]
     LEFT JOIN pg_catalog.pg_namespace opn ON opn.oid = o.opcnamespace
     LEFT JOIN pg_catalog.pg_collation co ON a.attnum <= x.indnkeyatts AND co.oid = x.indcollation[a.attnum - 1]
     LEFT JOIN pg_catalog.pg_namespace con ON con.oid = co.collnamespace
    WHERE a.attrelid = x.indexrelid)`;

interface KeyRow {
  readonly column: string | null;
  readonly sql: string;
  readonly opclass: string | null;
  readonly collation: string | null;
}

interface IndexRow {
  readonly table_oid: number;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly method: string;
  readonly key_count: number;
  readonly is_unique: boolean;
  readonly is_primary: boolean;
  readonly is_valid: boolean;
  readonly replica_identity: boolean;
  readonly nulls_not_distinct: boolean;
  readonly predicate: string | null;
  readonly options: readonly number[];
  readonly constraint_name: string | null;
  readonly referenced: boolean;
  readonly clustered: boolean;
  readonly ready: boolean;
  readonly tablespace: string | null;
  readonly building: boolean;
  readonly last_scanned_at: string | null;
  readonly size_bytes: number;
  readonly pages: number;
  readonly tuples: number;
  readonly scans: number;
  readonly partition_of: RelationName | null;
  readonly keys: readonly KeyRow[];
}

/** Bits of `pg_index.indoption`. */
const DESCENDING = 1;
const NULLS_FIRST = 2;

function indexOf(row: IndexRow): Index {
  return {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    definition: row.definition,
    method: row.method,
    keys: row.keys.slice(0, row.key_count).map((key, place) => keyOf(key, row.options[place] ?? 0)),
    include: row.keys.slice(row.key_count).flatMap(({ column }) => (column === null ? [] : [column])),
    predicate: row.predicate,
    unique: row.is_unique,
    nullsNotDistinct: row.nulls_not_distinct,
    primary: row.is_primary,
    valid: row.is_valid,
    constraint: row.constraint_name,
    replicaIdentity: row.replica_identity,
    partitionOf: row.partition_of,
    storage: { blocks: blocksOf(row.size_bytes), pages: row.pages, tuples: row.tuples, allVisiblePages: 0 },
    scans: row.scans,
    lastScannedAt: row.last_scanned_at,
    clustered: row.clustered,
    referenced: row.referenced,
    tablespace: row.tablespace,
    ready: row.ready,
    building: row.building,
    height: null,
  };
}

function keyOf(key: KeyRow, option: number): IndexKey {
  return {
    column: key.column,
    sql: key.sql,
    descending: (option & DESCENDING) !== 0,
    nullsFirst: (option & NULLS_FIRST) !== 0,
    opclass: key.opclass,
    collation: key.collation,
  };
}
