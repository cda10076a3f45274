import { StewardError } from '../errors.js';
import { openSession } from '../postgres/session.js';

/** Sessions of others that worked within the last seconds; from so many on a server looks like production. */
const BUSY_ON_DATABASE = 3;
const BUSY_ON_SERVER = 10;
const LOOK_BACK_SECONDS = 5;

/** Refuses to put load on a server that others are working on. */
export async function refuseBusyServer(url: string): Promise<void> {
  const session = await openSession(url, { applicationName: 'pgsteward bench', readOnly: true });
  try {
    const { rows } = await session.query<{ database: string; here: number; everywhere: number; who: string | null }>(
      `SELECT pg_catalog.current_database() AS database,
              (pg_catalog.count(*) FILTER (WHERE datname = pg_catalog.current_database()))::int AS here,
              pg_catalog.count(*)::int AS everywhere,
              pg_catalog.string_agg(DISTINCT nullif(application_name, ''), ', ') AS who
         FROM pg_catalog.pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()
          AND application_name NOT LIKE 'pgsteward%'
          AND (state = 'active' OR state_change > pg_catalog.clock_timestamp() - $1 * interval '1 second')`,
      [LOOK_BACK_SECONDS],
    );
    const [row] = rows;
    if (row === undefined || (row.here < BUSY_ON_DATABASE && row.everywhere < BUSY_ON_SERVER)) return;
    const who = row.who === null ? '' : ` (${row.who})`;
    throw new StewardError(
      'configuration',
      `the server looks like production: ${row.everywhere} sessions of others${who} worked on it in the last ${LOOK_BACK_SECONDS} s, ${row.here} of them on "${row.database}"`,
      { hint: 'bench a restored copy on another server, or pass --i-know where a slower server is nobody’s harm' },
    );
  } finally {
    await session.close();
  }
}
