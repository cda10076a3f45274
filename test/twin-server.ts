import { afterAll } from 'vitest';
import { type EmbeddedServer, startServer } from '../src/embedded/server.js';
import { TWIN_SERVER_SETTINGS } from '../src/planner/twin/twin-settings.js';

let server: Promise<EmbeddedServer> | null = null;

/** One server for all twins of a file: to make a cluster takes longer than to plan on it. */
export function twinServer(): Promise<EmbeddedServer> {
  server ??= startServer({ settings: TWIN_SERVER_SETTINGS });
  return server;
}

afterAll(async () => {
  await (await server)?.stop();
});
