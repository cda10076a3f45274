import type { Session } from '../../postgres/session.js';

/** Names of the roles of a server. */
export async function readRoles(session: Session): Promise<ReadonlySet<string>> {
  const { rows } = await session.query<{ name: string }>('SELECT rolname AS name FROM pg_catalog.pg_roles');
  return new Set(rows.map(({ name }) => name));
}
