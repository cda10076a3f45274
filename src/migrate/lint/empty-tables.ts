import type { Session } from '../../postgres/session.js';
import { quoteRelation } from '../../sql/quote.js';
import type { Standing } from './effects.js';
import type { LintStatement } from './lint-file.js';
import type { StatementError } from './observation.js';

/** A statement with what it failed with. */
export interface FailedStatement {
  readonly statement: LintStatement;
  readonly error: StatementError;
}

/**
 * Takes the rows out of the tables of a statement that failed on them, so that it can show whether they alone stood in
 * its way. Gives false where none of its tables was there before the file.
 */
export async function emptyFor(
  main: Session,
  { statement, error }: FailedStatement,
  { relations }: Standing,
): Promise<boolean> {
  const text = statement.text.toLowerCase();
  // A statement on a domain names none of the tables that have it, but the error does.
  const isMeant = (name: string) => text.includes(name.toLowerCase()) || name === error.table;
  const tables = [...relations.values()].filter(
    ({ kind, name, sizeBytes }) => kind === 'r' && sizeBytes > 0 && isMeant(name),
  );
  if (tables.length === 0) return false;
  // Neither foreign keys nor triggers are to have a say; no DELETE of the replica role queues an event.
  const role = await main.query<{ value: string }>(
    `SELECT pg_catalog.current_setting('session_replication_role') AS value`,
  );
  await main.query('SET LOCAL session_replication_role = replica');
  for (const table of tables) await main.query(`DELETE FROM ONLY ${quoteRelation(table)}`);
  await main.query(`SET LOCAL session_replication_role = ${role.rows[0]?.value ?? 'origin'}`);
  return true;
}
