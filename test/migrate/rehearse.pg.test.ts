import { describe, expect, it, vi } from 'vitest';
import { migrateDown } from '../../src/migrate/down.js';
import { rehearse } from '../../src/migrate/rehearse.js';
import { migrateUp } from '../../src/migrate/up.js';
import type { MigrateResult, MigrationFolder } from '../../src/model/migration.js';
import { silentProgress } from '../../src/model/progress.js';
import { renderRunText } from '../../src/report/migrate/text.js';
import { testDatabase } from '../postgres.js';
import { migrationsWith } from './folder.js';
import { scratchServer } from './scratch-server.js';

vi.setConfig({ testTimeout: 60_000 });

const FILES = {
  '1_t.up.sql': 'CREATE TABLE t (id bigint PRIMARY KEY, a text, amount int)',
  '1_t.down.sql': 'DROP TABLE t',
  '2_change.up.sql':
    'ALTER TABLE t ALTER amount TYPE bigint;\nCREATE UNIQUE INDEX t_a ON t (a);\nCREATE TABLE u (id int);\nSELECT gone;',
  '3_index.up.sql': 'CREATE INDEX CONCURRENTLY t_amount ON t (amount)',
};

async function tried(url: string, folder: MigrationFolder, result: MigrateResult): Promise<string> {
  const running = { signal: new AbortController().signal, server: await scratchServer() };
  const options = { ownSchema: 'steward', progress: silentProgress, ...running };
  return renderRunText({ ...result, rehearsal: await rehearse(url, { ...result, folder }, options) });
}

describe('a dry run', () => {
  it('tries the plan on a private server, on what is applied so far, and changes nothing', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith(FILES);
    await migrateUp(url, folder, { to: '1' });
    const text = await tried(url, folder, await migrateUp(url, folder, { dryRun: true }));
    expect(text.replace(/18\.\d+/, '18')).toMatchInlineSnapshot(`
      "up 2 change (one transaction)
        line 1: ALTER TABLE t ALTER amount TYPE bigint
          locks public.t in ACCESS EXCLUSIVE mode, writes public.t anew, reads all of public.t
        line 2: CREATE UNIQUE INDEX t_a ON t (a)
          builds public.t_a, reads all of public.t, fails on rows that are allowed now: could not create unique index "t_a"
        line 3: CREATE TABLE u (id int)
        line 4: SELECT gone
          fails: column "gone" does not exist
      up 3 index (statement by statement)
        line 1: CREATE INDEX CONCURRENTLY t_amount ON t (amount)
          builds public.t_amount
      2 migrations would run, as tried on a private PostgreSQL 18 with made-up rows; nothing was changed
      "
    `);
    expect((await session.query(`SELECT to_regclass('u') AS u`)).rows).toEqual([{ u: null }]);
    const down = await migrateDown(url, folder, { dryRun: true, steps: 1 });
    expect(await tried(url, folder, down)).toContain('    drops public.t\n');
  });

  it('says so where what is applied cannot be made again', async () => {
    const { url, session } = await testDatabase();
    await session.query('CREATE TABLE by_hand ()');
    const folder = await migrationsWith({ '1_a.up.sql': 'ALTER TABLE by_hand ADD a int', '2_b.up.sql': 'SELECT 1' });
    await migrateUp(url, folder, { to: '1' });
    const text = await tried(url, folder, await migrateUp(url, folder, { dryRun: true }));
    expect(text).toMatch(/nothing was changed, and they were not tried: .*1_a\.up\.sql:1: relation "by_hand" does not/);
  });
});
