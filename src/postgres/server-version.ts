import type { Session } from './session.js';

/** Gives the version of a session's server without what its packager added: `18.4`. */
export async function serverVersion(session: Session): Promise<string> {
  const { rows } = await session.query<{ version: string }>(
    "SELECT pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) AS version",
  );
  return rows[0]?.version ?? '';
}
