import { describe, expect, it, vi } from 'vitest';
import { openCacheEviction, requireEvictable } from '../../src/bench/cold-cache.js';
import { StewardError } from '../../src/errors.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { commandsDatabase } from './commands.js';

vi.setConfig({ testTimeout: 60_000 });

/** Pages of the table that a scan of it finds in the server's cache, and pages that it has to read. */
async function scanned(session: Session): Promise<{ readonly hit: number; readonly read: number }> {
  const [row] = await session.queryArrays('EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*) FROM commands');
  const [document] = (row?.[0] ?? []) as readonly { readonly Plan: Readonly<Record<string, number>> }[];
  return { hit: document?.Plan['Shared Hit Blocks'] ?? 0, read: document?.Plan['Shared Read Blocks'] ?? 0 };
}

describe('a cold cache', () => {
  it('is one side’s, whose next call reads every page again', async () => {
    const [beforeUrl, afterUrl] = [await commandsDatabase(), await commandsDatabase()];
    const names = { beforeName: 'before', afterName: 'after', migration: null, drop: async () => undefined };
    const eviction = await openCacheEviction({ beforeUrl, afterUrl, ...names });
    const [before, after] = [await openSession(beforeUrl), await openSession(afterUrl)];
    try {
      for (const session of [before, after]) {
        await scanned(session);
        expect(await scanned(session)).toMatchObject({ read: 0 });
      }
      await eviction.evict('before');
      expect(await scanned(before)).toMatchObject({ hit: 0 });
      expect(await scanned(after)).toMatchObject({ read: 0 });
    } finally {
      await Promise.all([eviction.close(), before.close(), after.close()]);
    }
  });

  it('is refused where a server has no way to it, and on databases that are given', () => {
    const source = { database: 'app', sizeBytes: 1, version: '15.18', major: 15 };
    expect(() => requireEvictable(source, false)).toThrow('PostgreSQL 15 cannot be told to forget its cache');
    expect(() => requireEvictable({ ...source, major: 18 }, true)).toThrow(StewardError);
    requireEvictable({ ...source, major: 17 }, false);
  });
});
