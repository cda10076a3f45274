import { expect, it, vi } from 'vitest';
import { serverWithSmallDisk } from '../../embedded/small-disk.js';
import { count, purge } from './purge-call.js';

// A server is started here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const ROWS = 3000;
const TOKENS = { kind: 'purge', table: 'tokens', expiresAt: 'expires_at' };

it('a full disk ends a purge with its reason, half done nowhere, and the next run goes on from there', async (context) => {
  const { url, session, leave } = await serverWithSmallDisk(context);
  // Whoever is deleted leaves a new version of the row that refers to it, which takes room.
  await session.script(
    `CREATE TABLE tokens (id int PRIMARY KEY, expires_at timestamptz NOT NULL DEFAULT now() - interval '1 day',
       note text DEFAULT repeat('x', 300));
     INSERT INTO tokens (id) SELECT generate_series(1, ${ROWS});
     CREATE TABLE uses (token_id int REFERENCES tokens ON DELETE SET NULL, note text DEFAULT repeat('y', 100)) TABLESPACE small;
     INSERT INTO uses SELECT generate_series(1, ${ROWS}); CREATE INDEX ON uses (token_id) TABLESPACE pg_default`,
  );
  leave(256 * 1024);
  const full = await purge(url, TOKENS);
  expect(full).toMatchObject({ status: 'failed', error: expect.stringContaining('No space left on device') });
  const { deleted = 0 } = full.counts;
  expect(deleted).toBeGreaterThan(0);
  expect(await standing()).toEqual({ tokens: ROWS - deleted, freed: deleted });
  leave(64 * 1024 * 1024);
  expect(await purge(url, TOKENS)).toMatchObject({ status: 'succeeded', counts: { deleted: ROWS - deleted } });
  expect(await standing()).toEqual({ tokens: 0, freed: ROWS });

  async function standing() {
    return { tokens: await count(session, 'tokens'), freed: await count(session, 'uses WHERE token_id IS NULL') };
  }
});
