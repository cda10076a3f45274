import { openSession } from '../../postgres/session.js';
import { explainDatabaseError } from '../database-error.js';
import { readLedger } from '../ledger.js';
import { ownTables } from '../own-tables.js';
import type { KnownDatabase } from './observation.js';
import { readRoles } from './roles.js';

/** Reads what rules ask of a database: what it has applied, and which roles its server has. It changes nothing. */
export async function readApplied(url: string, schema: string): Promise<KnownDatabase> {
  const tables = ownTables(schema);
  const session = await openSession(url, { applicationName: 'pgsteward migrate lint', statementTimeoutMs: 10_000 });
  try {
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { applied } = await readLedger(session, tables);
    return { applied, roles: await readRoles(session) };
  } catch (error) {
    throw explainDatabaseError(error, tables);
  } finally {
    await session.close();
  }
}
