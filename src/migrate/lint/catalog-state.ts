import type { Session } from '../../postgres/session.js';
import type { LintColumn, LintRelation, LockMode } from './observation.js';

/** Relations below this object id are the server's own. */
const FIRST_USER_OID = 16_384;

const COLUMNS = `(SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      attribute.attnum, attribute.attname, pg_catalog.format_type(attribute.atttypid, attribute.atttypmod))
      ORDER BY attribute.attnum)
    FROM pg_catalog.pg_attribute AS attribute
    WHERE attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped)`;

const RELATION = `namespace.nspname AS schema, class.relname AS name, class.relkind AS kind,
  class.relfilenode::bigint::float8 AS filenode, class.relpersistence = 't' AS temporary,
  index.indrelid::bigint::float8 AS "tableOid",
  coalesce(pg_catalog.pg_relation_size(class.oid), 0)::float8 AS "sizeBytes"`;

const JOINS = `LEFT JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
  LEFT JOIN pg_catalog.pg_index AS index ON index.indexrelid = class.oid`;

interface RelationRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly filenode: number;
  readonly temporary: boolean;
  readonly tableOid: number | null;
  readonly sizeBytes: number;
  readonly columns: readonly (readonly [number, string, string])[] | null;
}

/** Reads every relation that is not the server's own, by object id. */
export async function readRelations(session: Session): Promise<ReadonlyMap<number, LintRelation>> {
  const { rows } = await session.query<RelationRow>(
    `SELECT class.oid::bigint::float8 AS oid, ${RELATION}, CASE WHEN class.relkind IN ('r', 'p', 'm', 'v', 'f') THEN ${COLUMNS} END AS columns
     FROM pg_catalog.pg_class AS class ${JOINS}
     WHERE class.oid >= ${FIRST_USER_OID} AND class.relkind IN ('r', 'p', 'm', 'v', 'f', 'i', 'I')
       AND namespace.nspname !~ '^pg_toast'
     ORDER BY class.oid`,
  );
  return new Map(rows.map((row) => [row.oid, relationOf(row)]));
}

/**
 * Reads how many rows sequential scans have read, as far as the server has not yet added it to its statistics: what is
 * left of earlier transactions is in it, so it is to be read at the beginning of each.
 */
export async function readRowsScanned(session: Session): Promise<ReadonlyMap<number, number>> {
  const { rows } = await session.query<{ oid: number; rows: number }>(
    `SELECT oid::bigint::float8 AS oid, pg_catalog.pg_stat_get_xact_tuples_returned(oid)::float8 AS rows
     FROM pg_catalog.pg_class WHERE oid >= ${FIRST_USER_OID} AND relkind IN ('r', 'p', 'm')`,
  );
  return new Map(rows.map(({ oid, rows }) => [oid, rows]));
}

/** A relation that the session's transaction has locked, as it is now. */
export interface LockedRelation {
  readonly oid: number;
  readonly modes: readonly LockMode[];
  /** Null where it is dropped. */
  readonly relation: LintRelation | null;
  /** Rows that sequential scans of this transaction read. */
  readonly rowsScanned: number;
  /** Of an index: its definition. */
  readonly definition: string | null;
}

/**
 * Gives a query for what the session's own transaction has locked, and what has become of it, as text that joins a script.
 * What is newer than `newestOid` is left out, indexes of older tables aside: a file may make thousands of tables.
 */
export function lockedSql(newestOid: number): string {
  return `SELECT held.oid, held.modes, ${RELATION},
    coalesce(pg_catalog.pg_stat_get_xact_tuples_returned(class.oid), 0)::float8 AS "rowsScanned",
    CASE WHEN class.relkind IN ('i', 'I') THEN pg_catalog.pg_get_indexdef(class.oid) END AS definition,
    CASE WHEN 'AccessExclusiveLock' = ANY (held.modes) AND class.relkind NOT IN ('i', 'I') THEN ${COLUMNS} END AS columns
  FROM (
    SELECT lock.relation::bigint::float8 AS oid, pg_catalog.array_agg(DISTINCT lock.mode) AS modes
    FROM pg_catalog.pg_locks AS lock
    WHERE lock.pid = pg_catalog.pg_backend_pid() AND lock.locktype = 'relation' AND lock.granted
      AND lock.relation >= ${FIRST_USER_OID}
      -- One pass over the indexes: a file that makes thousands of tables holds tens of thousands of locks.
      AND (lock.relation <= ${newestOid} OR lock.relation IN (
        SELECT built.indexrelid FROM pg_catalog.pg_index AS built
        WHERE built.indrelid <= ${newestOid} AND built.indexrelid > ${newestOid}))
    GROUP BY lock.relation
  ) AS held
  LEFT JOIN pg_catalog.pg_class AS class ON class.oid = held.oid::bigint::oid ${JOINS}
  ORDER BY held.oid`;
}

/** Reads the rows of such a query. */
export function lockedOf(rows: readonly unknown[]): readonly LockedRelation[] {
  return (rows as readonly (LockedRow & RelationRow)[]).map((row) => ({
    oid: row.oid,
    modes: row.modes,
    relation: row.name === null ? null : relationOf(row),
    rowsScanned: row.rowsScanned,
    definition: row.definition,
  }));
}

interface LockedRow {
  readonly modes: readonly LockMode[];
  readonly rowsScanned: number;
  readonly definition: string | null;
}

function relationOf(row: RelationRow): LintRelation {
  const { oid, schema, name, kind, filenode, temporary, tableOid, sizeBytes, columns } = row;
  const byNumber = (columns ?? []).map(([number, column, type]): [number, LintColumn] => [
    number,
    { name: column, type },
  ]);
  return { oid, schema, name, kind, filenode, temporary, tableOid, sizeBytes, columns: new Map(byNumber) };
}
