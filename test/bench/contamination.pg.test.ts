import { describe, expect, it } from 'vitest';
import { openContaminationWatch } from '../../src/bench/contamination.js';
import { startServer } from '../../src/embedded/server.js';
import { openSession } from '../../src/postgres/session.js';

describe('a contamination watch', () => {
  it.each([15, 18] as const)(
    'sees checkpoints and sessions of others on PostgreSQL %i, and not those of a bench',
    async (major) => {
      const server = await startServer({ major });
      try {
        const url = server.url('postgres');
        const watch = await openContaminationWatch(url);
        const own = await openSession(url, { applicationName: 'pgsteward bench' });
        await watch.lap();
        await own.query('SELECT 1');
        expect((await watch.lap()).filter((cause) => cause !== 'steal')).toEqual([]);
        await own.query('CHECKPOINT');
        expect(await watch.lap()).toContain('checkpoint');
        const other = await openSession(url, { applicationName: 'shop' });
        await other.query('SELECT 1');
        expect(await watch.lap()).toContain('foreign session');
        expect(await watch.lap()).not.toContain('foreign session');
        await Promise.all([own, other, watch].map((session) => session.close()));
      } finally {
        await server.stop();
      }
    },
  );
});
