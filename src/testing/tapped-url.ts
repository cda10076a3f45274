import { StewardError } from '../errors.js';
import { parseTarget } from '../postgres/connect-error.js';

/** A database's URL taken apart, so that a tap can be put before the server. */
export interface TappableUrl {
  /** Where the server is: `127.0.0.1:5432`, or the path of its Unix socket. */
  readonly upstream: string;
  /** Gives the same database at another address, unencrypted, since a tap sees nothing of what is encrypted. */
  at(address: string): string;
}

/** Reads the URL of a database as clients do; a StewardError of code `configuration` where it is none. */
export function tappableUrl(databaseUrl: string): TappableUrl {
  const url = parseTarget(databaseUrl);
  if (url === null || url.protocol === 'socket:') {
    throw new StewardError('configuration', 'the database URL of the test is none that a tap can stand before', {
      hint: 'write it as postgres://user:password@host:5432/database',
    });
  }
  const host = url.searchParams.get('host') ?? (decodeURIComponent(url.hostname) || 'localhost');
  const port = url.searchParams.get('port') ?? (url.port || '5432');
  return {
    upstream: host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`,
    at: (address) => {
      const moved = new URL(url);
      moved.host = address;
      for (const name of ['host', 'port']) moved.searchParams.delete(name);
      moved.searchParams.set('sslmode', 'disable');
      return moved.href;
    },
  };
}
