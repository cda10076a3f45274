import { messageOf, StewardError } from '../errors.js';
import { openSession, type Session } from '../postgres/session.js';
import { withDatabase } from './database-url.js';

/** The database that is cloned, and what its server says of itself. */
export interface Source {
  readonly database: string;
  readonly sizeBytes: number;
  readonly version: string;
  readonly major: number;
}

/** Reads what a clone needs to know and refuses, with exit status 2, a role that may not make one. */
export async function readSource(url: string): Promise<Source> {
  const row = await readSourceRow(url);
  requireRights(row);
  return sourceOf(row);
}

/** Reads the same of a database that is not to be cloned. */
export async function readGivenSource(url: string): Promise<Source> {
  return sourceOf(await readSourceRow(url));
}

function sourceOf(row: SourceRow): Source {
  return {
    database: row.database,
    sizeBytes: row.size,
    version: row.version.split(' ')[0] ?? row.version,
    major: Math.floor(row.number / 10_000),
  };
}

async function readSourceRow(url: string): Promise<SourceRow> {
  const session = await openSession(url, { applicationName: 'pgsteward bench', readOnly: true });
  try {
    const { rows } = await session.query<SourceRow>(
      `SELECT d.datname AS database, pg_catalog.pg_database_size(d.oid)::float8 AS size,
              pg_catalog.current_setting('server_version') AS version,
              pg_catalog.current_setting('server_version_num')::int AS number,
              r.rolname AS role, r.rolcreatedb OR r.rolsuper AS creates,
              d.datistemplate OR r.rolsuper OR pg_catalog.pg_has_role(d.datdba, 'USAGE') AS copies
         FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
        WHERE d.datname = pg_catalog.current_database() AND r.rolname = current_user`,
    );
    const [row] = rows;
    if (row === undefined) throw new StewardError('database', 'the server does not describe the connected database');
    return row;
  } finally {
    await session.close();
  }
}

interface SourceRow {
  readonly database: string;
  readonly size: number;
  readonly version: string;
  readonly number: number;
  readonly role: string;
  readonly creates: boolean;
  readonly copies: boolean;
}

function requireRights(row: SourceRow): void {
  if (!row.creates) {
    throw new StewardError('configuration', `role "${row.role}" may not create databases, and the bench needs two`, {
      hint: `run as a superuser: ALTER ROLE "${row.role}" CREATEDB; or give two databases, without and with the migrations: --before-url URL --after-url URL`,
    });
  }
  if (!row.copies) {
    throw new StewardError(
      'configuration',
      `role "${row.role}" may not copy database "${row.database}", which another role owns`,
      {
        hint: `connect as its owner or as a superuser, or make it a template: ALTER DATABASE "${row.database}" IS_TEMPLATE true`,
      },
    );
  }
}

/** Opens a session beside the source, since nobody may be connected to a database that is being cloned. */
export async function openAdminSession(url: string): Promise<Session> {
  let refusal: unknown;
  for (const database of ['postgres', 'template1']) {
    try {
      return await openSession(withDatabase(url, database), { applicationName: 'pgsteward bench' });
    } catch (error) {
      refusal = error;
    }
  }
  throw new StewardError('database', `neither "postgres" nor "template1" can be connected to: ${messageOf(refusal)}`, {
    hint: 'grant the role CONNECT on database "postgres": the bench creates its clones from there',
    cause: refusal,
  });
}

const SETTLE_MS = 1_500;
const POLL_MS = 50;

/** Waits until nobody is connected to the source; names who stays when a second and a half do not suffice. */
export async function requireNoSessions(admin: Session, database: string): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const connected = await readConnected(admin, database);
    if (connected.length === 0) return;
    if (Date.now() > deadline) throw occupied(database, connected);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Gives the error for a source that others are connected to. */
export function occupied(database: string, connected: readonly string[]): StewardError {
  const who = connected.length === 0 ? '' : `: ${connected.join('; ')}`;
  return new StewardError(
    'database',
    `database "${database}" cannot be cloned while others are connected to it${who}`,
    {
      hint: 'close these connections, or give the bench a restored copy of the database',
    },
  );
}

/** Names the sessions on a database; autovacuum is left out, since CREATE DATABASE sends it away itself. */
export async function readConnected(admin: Session, database: string): Promise<readonly string[]> {
  const { rows } = await admin.query<{
    pid: number;
    usename: string | null;
    application: string | null;
    since: number;
  }>(
    `SELECT pid, usename, application_name AS application,
            extract(epoch FROM pg_catalog.clock_timestamp() - backend_start)::float8 AS since
       FROM pg_catalog.pg_stat_activity
      WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid() AND backend_type <> 'autovacuum worker'
      ORDER BY pid LIMIT 10`,
    [database],
  );
  return rows.map(({ pid, usename, application, since }) => {
    const name = application === null || application === '' ? 'a session without a name' : `"${application}"`;
    return `${name} of role ${usename ?? 'unknown'} (pid ${pid}, connected for ${Math.round(since)} s)`;
  });
}
