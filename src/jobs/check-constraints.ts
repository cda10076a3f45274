import type { Session } from '../postgres/session.js';

/** A CHECK that PostgreSQL enforces on the rows of a table. */
export interface CheckConstraint {
  readonly name: string;
  /** SQL over the table's columns by their bare names; false where a row is refused. */
  readonly expression: string;
  readonly columns: readonly string[];
}

/** Gives the CHECK constraints of a table, in the order in which PostgreSQL asks them. */
export async function readChecks(session: Session, table: number): Promise<readonly CheckConstraint[]> {
  const read = await session.query<CheckConstraint>(
    `SELECT k.conname AS name, pg_catalog.pg_get_expr(k.conbin, k.conrelid) AS expression,
            ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
                  WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)) AS columns
     FROM pg_catalog.pg_constraint AS k
     -- 18 and later know constraints that are not enforced. One on the whole row cannot be asked about some of its columns.
     WHERE k.conrelid = $1 AND 0 <> ALL (coalesce(k.conkey, '{}')) AND k.contype = 'c' AND (pg_catalog.to_jsonb(k) ->> 'conenforced') IS DISTINCT FROM 'false'
     ORDER BY k.conname`,
    [table],
  );
  return read.rows;
}
