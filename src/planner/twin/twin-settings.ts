import { sqlStateOf } from '../../errors.js';
import type { Setting } from '../../model/server.js';
import type { Session } from '../../postgres/session.js';

/** Settings of a server that holds twins and nothing else. */
export const TWIN_SERVER_SETTINGS: Readonly<Record<string, string>> = {
  // Autovacuum would read the holes and write down that they are empty.
  autovacuum: 'off',
  // With `minimal` each commit pulls the pages of new indexes into shared buffers, where a patched file is not seen.
  wal_level: 'replica',
  max_wal_size: '256MB',
  checkpoint_timeout: '1h',
  shared_buffers: '64MB',
  max_parallel_maintenance_workers: '0',
};

/** Settings that describe the source server and cannot be set on another. */
const NOT_SETTABLE: ReadonlySet<string> = new Set(['block_size']);

/**
 * Makes a session plan as one of the source would, no batch of statements longer than `statementTimeoutMs`: a
 * statement that takes longer alone is not planned.
 */
export async function applySettings(
  session: Session,
  settings: readonly Setting[],
  statementTimeoutMs: number,
): Promise<void> {
  await setAll(
    session,
    settings.filter(({ name }) => !NOT_SETTABLE.has(name)),
  );
  // Statements with $n are planned without values: before 16 that takes a prepared statement and this setting.
  await session.script(
    `SET plan_cache_mode = force_generic_plan; SET statement_timeout = ${Math.ceil(statementTimeoutMs)}`,
  );
}

/** A setting whose value cannot be here, such as a text search configuration that could not be made, is left alone. */
async function setAll(session: Session, settings: readonly Setting[]): Promise<void> {
  try {
    // Another major has other settings: those that this server does not know are left out.
    await session.query(
      `SELECT pg_catalog.set_config(s.name, s.value, false)
         FROM unnest($1::text[], $2::text[]) AS s (name, value)
         JOIN pg_catalog.pg_settings p ON p.name = s.name AND p.context IN ('user', 'superuser')`,
      [settings.map(({ name }) => name), settings.map(({ value }) => value)],
    );
  } catch (error) {
    if (sqlStateOf(error) === null) throw error;
    if (settings.length > 1) for (const setting of settings) await setAll(session, [setting]);
  }
}

/** Makes a session print and read values as the snapshot reader did. */
export async function applyValueFormat(session: Session): Promise<void> {
  await session.script(`
    SET search_path = pg_catalog; SET datestyle = 'ISO, MDY'; SET intervalstyle = 'postgres'; SET timezone = 'UTC';
    SET extra_float_digits = 1; SET client_min_messages = warning; SET check_function_bodies = off;
    SET allow_system_table_mods = on`);
}
