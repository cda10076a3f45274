import { StewardError } from '../errors.js';
import { openSession, type Session } from '../postgres/session.js';
import type { BenchDatabases } from './clone.js';
import type { Side } from './driver.js';
import type { Source } from './source.js';

/** Empties the server's cache of one side's database, so that the next call reads all of its pages anew. */
export interface CacheEviction {
  evict(side: Side): Promise<void>;
  close(): Promise<void>;
}

/** pg_buffercache_evict came with 17. */
const MAJOR_LEAST = 17;

/** Refuses a cold cache where the server cannot be asked for one, before anything is cloned. */
export function requireEvictable({ major }: Source, isGiven: boolean): void {
  if (isGiven) {
    throw new StewardError(
      'usage',
      '--cache cold is for clones: it would empty the cache of a database that is given',
      {
        hint: 'leave out --before-url and --after-url, or bench a warm cache',
      },
    );
  }
  if (major < MAJOR_LEAST) {
    throw new StewardError('configuration', `PostgreSQL ${major} cannot be told to forget its cache`, {
      hint: `--cache cold needs PostgreSQL ${MAJOR_LEAST} or later; bench a copy there`,
    });
  }
}

/**
 * Opens what empties the cache of either clone by the extension pg_buffercache, which it creates on them. The pages
 * stay in the operating system's cache: a cold call here reads from memory, not from the disk.
 */
export async function openCacheEviction({ beforeUrl, afterUrl }: BenchDatabases): Promise<CacheEviction> {
  const before = await openEvictor(beforeUrl);
  const after = await openEvictor(afterUrl);
  return {
    async evict(side) {
      await (side === 'after' ? after : before).query(
        `SELECT pg_catalog.count(pg_buffercache_evict(bufferid)) FROM pg_buffercache
          WHERE reldatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())`,
      );
    },
    async close() {
      await Promise.all([before.close(), after.close()]);
    },
  };
}

async function openEvictor(url: string): Promise<Session> {
  const session = await openSession(url, { applicationName: 'pgsteward bench' });
  try {
    await session.query('CREATE EXTENSION IF NOT EXISTS pg_buffercache');
    return session;
  } catch (error) {
    await session.close();
    throw new StewardError('configuration', 'the extension pg_buffercache cannot be created on the clones', {
      hint: '--cache cold needs a superuser and the contrib modules; or bench a warm cache',
      cause: error,
    });
  }
}
