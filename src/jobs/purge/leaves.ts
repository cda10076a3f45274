import type { Session } from '../../postgres/session.js';
import { quoteRelation } from '../../sql/quote.js';

/** A table that holds rows itself: the purged one, or one of its partitions or inheriting tables. */
export interface Leaf {
  readonly oid: number;
  /** Its name as SQL, with its schema. */
  readonly sql: string;
  readonly kind: string;
  /** How its rows are stored: `heap`; null where they are elsewhere. */
  readonly accessMethod: string | null;
  readonly blocks: number;
  /** As the last ANALYZE or VACUUM left it; -1 where there was none. */
  readonly rowsEstimate: number;
  readonly mayPurge: boolean;
}

/** Gives the tables that hold the rows of a table, by OID: the order in which they are swept. */
export async function readLeaves(session: Session, table: number): Promise<readonly Leaf[]> {
  const read = await session.query<Omit<Leaf, 'sql'> & { schema: string; name: string }>(
    `WITH RECURSIVE family AS (
       SELECT $1::oid AS oid
       UNION
       SELECT i.inhrelid FROM family
       JOIN pg_catalog.pg_inherits AS i ON i.inhparent = family.oid AND NOT i.inhdetachpending
     ) SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, am.amname AS "accessMethod",
              CASE c.relkind WHEN 'f' THEN 0 ELSE ${BLOCKS} END AS blocks, c.reltuples::float8 AS "rowsEstimate",
              pg_catalog.has_table_privilege(c.oid, 'SELECT') AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')
                AND pg_catalog.has_table_privilege(c.oid, 'DELETE') AS "mayPurge"
     FROM family
     JOIN pg_catalog.pg_class AS c ON c.oid = family.oid
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_am AS am ON am.oid = c.relam
     WHERE c.relkind <> 'p'
     ORDER BY c.oid`,
    [table],
  );
  return read.rows.map(({ schema, name, ...leaf }) => ({ ...leaf, sql: quoteRelation({ schema, name }) }));
}

const BLOCKS = `(pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int)::float8`;

/** Gives the size of a table's heap now; 0 once it is gone. */
export async function readBlocks(session: Session, oid: number): Promise<number> {
  const read = await session.query<{ blocks: number | null }>(
    `SELECT coalesce(pg_catalog.max(${BLOCKS}), 0) AS blocks FROM pg_catalog.pg_class AS c WHERE c.oid = $1`,
    [oid],
  );
  return read.rows[0]?.blocks ?? 0;
}
