import type { ObservedObject, ObservedSchema } from '../../model/drift.js';
import type { Session } from '../../postgres/session.js';
import { quoteLiteral } from '../../sql/quote.js';
import { defaultPrivileges, schemas } from './access.js';
import { columns } from './columns.js';
import { constraints } from './constraints.js';
import type { ObjectQuery } from './fragments.js';
import { indexes, statisticsObjects } from './indexes.js';
import { extensions, publications, rarities, servers } from './others.js';
import { routines } from './routines.js';
import { sequences, tables, views } from './tables.js';
import { eventTriggers, policies, rules, triggers } from './triggers.js';
import { types } from './user-types.js';

const QUERIES: readonly ObjectQuery[] = [
  ...[schemas, extensions, types, tables, columns, constraints, indexes, sequences, views, routines],
  ...[triggers, rules, policies, statisticsObjects, defaultPrivileges, publications, eventTriggers, servers, rarities],
];

/**
 * Reads a database's schema as the catalogs print it, pgsteward's own schema and what belongs to extensions left out. It
 * is to be called inside a transaction, whose settings it changes, so that the server prints alike whatever a role's
 * own settings are.
 */
export async function observeInTransaction(session: Session, ownSchema: string): Promise<ObservedSchema> {
  await session.query(`SET LOCAL search_path = pg_catalog; SET LOCAL quote_all_identifiers = off;
    SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC';
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'`);
  const { rows } = await session.query<{ version: number; now: Date }>(
    `SELECT pg_catalog.current_setting('server_version_num')::int AS version, pg_catalog.now() AS now`,
  );
  const versionNumber = rows[0]?.version ?? 0;
  // One round trip, where the protocol that has it knows no parameters.
  const own = quoteLiteral(ownSchema);
  const queries = QUERIES.map((query) => `${query(versionNumber).replaceAll('$1', () => own)} ORDER BY type, name`);
  const objects = (await session.script(queries.join(';\n'))).flatMap(
    (read) => read.rows as unknown as ObservedObject[],
  );
  return { readAt: (rows[0]?.now ?? new Date(0)).toISOString(), objects };
}

/** Does reads of one moment; they wait for locks and run for seconds at most. */
export async function asOfOneMoment<T>(session: Session, read: () => Promise<T>): Promise<T> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    await session.query(`SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '60s'`);
    return await read();
  } finally {
    await session.query('ROLLBACK').catch(() => undefined);
  }
}
