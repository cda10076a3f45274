import { sqlStateOf } from '../../src/errors.js';
import type { Session } from '../../src/postgres/session.js';

/** What is compared, and on which rows. */
interface Trial {
  readonly sql: string;
  /** The order of the rows counts too. */
  readonly isOrdered: boolean;
  /** Changes the rows before it runs. */
  readonly variation: string | null;
}

/**
 * Gives what a statement comes to, as one line: number and digest of its rows, or of the rows of the table that it
 * writes, or the SQLSTATE that it ends with. All of it is rolled back.
 */
export async function outcomeOf(session: Session, { sql, isOrdered, variation }: Trial): Promise<string> {
  await session.query('BEGIN');
  try {
    if (variation !== null) await session.script(variation);
    const written = writtenTable(sql);
    if (written === null) return await digestOf(session, isOrdered ? numbered(sql) : sql);
    const { rowCount } = await session.query(sql);
    return `${rowCount} written, ${await digestOf(session, `SELECT * FROM ${written}`)}`;
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === null) throw error;
    return `error ${state}`;
  } finally {
    await session.query('ROLLBACK');
  }
}

/** Gives the table that an UPDATE or DELETE writes, or null for a SELECT. */
export function writtenTable(sql: string): string | null {
  return /\b(?:UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?([\w."]+)/i.exec(sql)?.[1] ?? null;
}

/** A change that leaves a table, and those that refer to it, without rows. */
export interface Emptied {
  readonly table: string;
  readonly sql: string;
}

/** Gives for each table of a schema what empties it: every statement must stand that. */
export async function emptiedTables(session: Session): Promise<readonly Emptied[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT oid::pg_catalog.regclass::text AS name FROM pg_catalog.pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::pg_catalog.regnamespace ORDER BY 1`,
  );
  return rows.map(({ name }) => ({ table: name, sql: `TRUNCATE ${name} CASCADE` }));
}

function numbered(sql: string): string {
  return `SELECT row_number() OVER () AS place, q.* FROM (${sql}\n) q`;
}

async function digestOf(session: Session, sql: string): Promise<string> {
  const { rows } = await session.query<{ digest: string }>(
    `SELECT count(*) || ' rows ' || coalesce(sum(hashtextextended(q::text, 0)), 0) AS digest FROM (${sql}\n) q`,
  );
  return rows[0]?.digest ?? '';
}
