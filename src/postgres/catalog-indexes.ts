import type { Index, IndexKey } from '../model/catalog.js';
import { blocksOf } from './catalog-tables.js';
import type { Session } from './session.js';

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
            (SELECT k.conname FROM pg_catalog.pg_constraint k
              WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')) AS constraint_name,
            coalesce(pg_catalog.pg_relation_size(c.oid), 0)::float8 AS size_bytes,
            c.relpages AS pages, c.reltuples AS tuples, coalesce(s.idx_scan, 0)::float8 AS scans,
            ${KEYS} AS keys
       FROM pg_catalog.pg_index x
       JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_am am ON am.oid = c.relam
       -- A view of counters: an index that was never touched has no row.
       LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = x.indexrelid
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

/** JSON of every attribute of the index `x` by position, INCLUDE columns too; indclass and indcollation count from 0. */
const KEYS = `
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
            'column', col.attname,
            'sql', pg_catalog.pg_get_indexdef(x.indexrelid, a.attnum, false),
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
  readonly size_bytes: number;
  readonly pages: number;
  readonly tuples: number;
  readonly scans: number;
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
    storage: { blocks: blocksOf(row.size_bytes), pages: row.pages, tuples: row.tuples, allVisiblePages: 0 },
    scans: row.scans,
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
