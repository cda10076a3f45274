import { inject } from 'vitest';
import { createDatabaseOn, dropDatabaseOn } from '../src/embedded/databases.js';
import { type EmbeddedServer, startServer } from '../src/embedded/server.js';
import { TWIN_SERVER_SETTINGS } from '../src/planner/twin/twin-settings.js';
import { oncePerFile } from './per-file.js';

/** What a test file has to know of the run's twin server. */
export interface TwinServerAddress extends Pick<EmbeddedServer, 'dataDirectory' | 'version' | 'major' | 'owner'> {
  /** URL of its database postgres. */
  readonly url: string;
}

/** Gives a server for twins, the run's one or one of the file's: to make a cluster takes longer than to plan on it. */
export async function twinServer(): Promise<EmbeddedServer> {
  const address = inject('testTwinServer');
  return address === null ? ownServer() : serverAt(address);
}

const ownServer = oncePerFile(
  () => startServer({ settings: TWIN_SERVER_SETTINGS }),
  (server) => server.stop(),
);

function serverAt({ url, ...known }: TwinServerAddress): EmbeddedServer {
  return {
    ...known,
    url(database) {
      const own = new URL(url);
      own.pathname = `/${database}`;
      return own.href;
    },
    createDatabase: (name, { template } = {}) => createDatabaseOn(url, { name, template }),
    dropDatabase: (name) => dropDatabaseOn(url, name),
    stop: () => Promise.reject(new Error('the twin server is there for the whole run')),
  };
}
