import type { TestProject } from 'vitest/node';
import { type EmbeddedServer, startServer } from '../src/embedded/server.js';
import { TWIN_SERVER_SETTINGS } from '../src/planner/twin/twin-settings.js';
import type { TwinServerAddress } from './twin-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the run's PostgreSQL, or null where no file of the run asks for one. */
    readonly testServerUrl: string | null;
    /** The run's server for twins, or null where a file that wants one starts its own. */
    readonly testTwinServer: TwinServerAddress | null;
  }
}

const NEEDS_SERVER = /\.(pg|browser)\.test\.ts$/;

const SETTINGS = {
  // The whole run's statements must find room: beyond the limit the server forgets those of some test that counts its own.
  'pg_stat_statements.max': '50000',
  // It would visit tables in the middle of a test, and their plans would depend on the minute.
  autovacuum_naptime: '1d',
};

/**
 * Starts the run's one PostgreSQL 18, unless no test file needs it or `PGSTEWARD_TEST_URL` names another, and beside it
 * the one for twins, unless a file runs alone.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env['PGSTEWARD_TEST_URL'] ?? null;
  const files = project.vitest.state.getPaths().filter((path) => NEEDS_SERVER.test(path));
  const [server, twins] = await Promise.all([
    url === null && files.length > 0 ? startServer({ major: 18, settings: SETTINGS }) : null,
    files.length > 1 ? startServer({ settings: TWIN_SERVER_SETTINGS }) : null,
  ]);
  project.provide('testServerUrl', url ?? server?.url('postgres') ?? null);
  project.provide('testTwinServer', twins === null ? null : addressOf(twins));
  return async () => {
    await Promise.all([server?.stop(), twins?.stop()]);
  };
}

function addressOf(server: EmbeddedServer): TwinServerAddress {
  const { dataDirectory, version, major, owner } = server;
  return { url: server.url('postgres'), dataDirectory, version, major, owner };
}
