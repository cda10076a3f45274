import type { Session } from './session.js';

/** Extensions whose operator classes are worth proposing where they are not installed yet. */
const WORTH_INSTALLING = ['pg_trgm'];

/** Gives the names of extensions that CREATE EXTENSION would find on the server and that the database has not. */
export async function readInstallableExtensions(session: Session): Promise<readonly string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT a.name
       FROM pg_catalog.pg_available_extensions a
      WHERE a.name = ANY ($1::text[]) AND a.installed_version IS NULL
      ORDER BY a.name`,
    [WORTH_INSTALLING],
  );
  return rows.map(({ name }) => name);
}
