import type { TestProject } from 'vitest/node';
import { startServer } from '../src/embedded/server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the run's PostgreSQL, or null where no file of the run asks for one. */
    readonly testServerUrl: string | null;
  }
}

const NEEDS_SERVER = /\.(pg|browser)\.test\.ts$/;

const SETTINGS = {
  // The whole run's statements must find room: beyond the limit the server forgets those of some test that counts its own.
  'pg_stat_statements.max': '50000',
  // It would visit tables in the middle of a test, and their plans would depend on the minute.
  autovacuum_naptime: '1d',
};

/** Starts the run's one PostgreSQL 18, unless no test file needs it or `PGSTEWARD_TEST_URL` names another. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env['PGSTEWARD_TEST_URL'] ?? null;
  const needed = project.vitest.state.getPaths().some((path) => NEEDS_SERVER.test(path));
  if (url !== null || !needed) {
    project.provide('testServerUrl', url);
    return async () => undefined;
  }
  const server = await startServer({ major: 18, settings: SETTINGS });
  project.provide('testServerUrl', server.url('postgres'));
  return () => server.stop();
}
