import type { Table, TableAge, TableKind } from '../model/catalog.js';
import type { RelationName } from '../model/relation-name.js';
import type { UnsupportedObject } from '../model/schema-object.js';
import type { Session } from './session.js';
import { utc } from './utc.js';

/** A table without what other catalogs say about it. */
export type BareTable = Omit<Table, 'columns' | 'constraints' | 'indexes' | 'rowSecurity'>;

/** `c` is pg_class: an extension's own relations are none of the user's. */
const OF_NO_EXTENSION = `
  NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
               WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')`;

/** The access method whose files a twin can make; a partitioned table may have none. */
const HEAP_OID = 2;

/** What Table describes; $1 holds the user schemas. */
const DESCRIBED = `
  c.relkind IN ('r', 'p', 'm') AND c.relam IN (0, ${HEAP_OID}) AND c.relpersistence <> 't'
  AND c.relnamespace = ANY ($1::oid[]) AND ${OF_NO_EXTENSION}`;

/** Gives the tables, partitioned tables and materialized views of the schemas, in the order of their OIDs. */
export async function readBareTables(session: Session, schemaOids: readonly number[]): Promise<readonly BareTable[]> {
  const { rows } = await session.query<TableRow>(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
            pg_catalog.obj_description(c.oid, 'pg_class') AS comment, coalesce(c.reloptions, '{}') AS options,
            coalesce(pg_catalog.pg_relation_size(c.oid), 0)::float8 AS size_bytes,
            c.relpages AS pages, c.reltuples AS tuples, c.relallvisible AS all_visible_pages,
            CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_key,
            pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound, p.parents,
            coalesce(s.seq_scan, 0)::float8 AS seq_scan, coalesce(s.seq_tup_read, 0)::float8 AS seq_tup_read,
            coalesce(s.idx_scan, 0)::float8 AS idx_scan, coalesce(s.n_tup_ins, 0)::float8 AS n_tup_ins,
            coalesce(s.n_tup_upd, 0)::float8 AS n_tup_upd, coalesce(s.n_tup_hot_upd, 0)::float8 AS n_tup_hot_upd,
            coalesce(s.n_tup_del, 0)::float8 AS n_tup_del, coalesce(s.n_dead_tup, 0)::float8 AS n_dead_tup,
            coalesce(s.n_mod_since_analyze, 0)::float8 AS n_mod_since_analyze,
            ${utc('greatest(s.last_analyze, s.last_autoanalyze)')} AS analyzed_at,
            ${utc('greatest(s.last_vacuum, s.last_autovacuum)')} AS vacuumed_at,
            CASE WHEN c.relkind <> 'p'
                 THEN greatest(pg_catalog.age(c.relfrozenxid), pg_catalog.age(nullif(tt.relfrozenxid, '0'))) END AS transaction_age,
            CASE WHEN c.relkind <> 'p'
                 THEN greatest(pg_catalog.mxid_age(c.relminmxid), pg_catalog.mxid_age(nullif(tt.relminmxid, '0'))) END AS multixact_age
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       -- A view of counters: a table that was never touched has no row.
       LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
       -- Only a table with wide columns has a TOAST table.
       LEFT JOIN pg_catalog.pg_class tt ON tt.oid = c.reltoastrelid
       -- Most tables have no parent, a partition has one, an inheritance child may have several.
       LEFT JOIN (
         SELECT h.inhrelid, pg_catalog.json_agg(pg_catalog.json_build_object('schema', pn.nspname, 'name', pc.relname)
                                                ORDER BY h.inhseqno) AS parents
           FROM pg_catalog.pg_inherits h
           JOIN pg_catalog.pg_class pc ON pc.oid = h.inhparent
           JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace
          GROUP BY h.inhrelid) AS p ON p.inhrelid = c.oid
      WHERE ${DESCRIBED}
      ORDER BY c.oid`,
    [schemaOids],
  );
  return rows.map(tableOf);
}

/** Gives foreign tables of the schemas, and children of the schemas' tables that are not described, with what they are. */
export async function readUnsupported(
  session: Session,
  schemaOids: readonly number[],
): Promise<readonly UnsupportedObject[]> {
  const { rows } = await session.query<UnsupportedObject>(
    `SELECT n.nspname AS schema, c.relname AS name,
            CASE WHEN c.relkind = 'f' THEN 'foreign table'
                 WHEN c.relam NOT IN (0, ${HEAP_OID}) THEN 'table of an access method other than heap'
                 ELSE 'table of an extension' END AS kind,
            CASE WHEN pc.oid IS NOT NULL
                 THEN pg_catalog.json_build_object('schema', pn.nspname, 'name', pc.relname) END AS "childOf"
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       -- A child beyond what is described makes what is planned of its parent wrong.
       LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid
       LEFT JOIN pg_catalog.pg_class pc ON pc.oid = h.inhparent AND pc.relnamespace = ANY ($1::oid[])
       LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace
      WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.relpersistence <> 't' AND NOT (${DESCRIBED})
        AND (pc.oid IS NOT NULL OR c.relnamespace = ANY ($1::oid[]) AND ${OF_NO_EXTENSION})
      ORDER BY n.nspname, c.relname, pn.nspname, pc.relname`,
    [schemaOids],
  );
  return rows;
}

interface TableRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly persistence: string;
  readonly partition_key: string | null;
  readonly bound: string | null;
  readonly parents: readonly RelationName[] | null;
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
  readonly n_mod_since_analyze: number;
  readonly analyzed_at: string | null;
  readonly vacuumed_at: string | null;
  readonly transaction_age: number | null;
  readonly multixact_age: number | null;
}

const KINDS: Readonly<Record<string, TableKind>> = { r: 'table', p: 'partitioned table', m: 'materialized view' };

function tableOf(row: TableRow): BareTable {
  const parents = row.parents ?? [];
  const [parent] = parents;
  return {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    kind: KINDS[row.kind] ?? 'table',
    partitionOf: row.bound === null || parent === undefined ? null : { table: parent, bound: row.bound },
    partitionKey: row.partition_key,
    inherits: row.bound === null ? parents : [],
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
      rowsModifiedSinceAnalyze: row.n_mod_since_analyze,
      vacuumedAt: row.vacuumed_at,
    },
    options: row.options,
    comment: row.comment,
    age: ageOf(row),
  };
}

function ageOf({ transaction_age: transactions, multixact_age: multixacts }: TableRow): TableAge | null {
  return transactions === null || multixacts === null ? null : { transactions, multixacts };
}

/** Gives a fork's length in blocks of 8,192 bytes. */
export function blocksOf(sizeBytes: number): number {
  return Math.ceil(sizeBytes / 8_192);
}
