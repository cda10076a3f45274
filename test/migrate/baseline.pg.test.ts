import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseline } from '../../src/migrate/baseline.js';
import { readMigrations } from '../../src/migrate/files.js';
import { migrationStatus } from '../../src/migrate/status.js';
import { migrateUp } from '../../src/migrate/up.js';
import { testDatabase } from '../postgres.js';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'baseline-'));
  const files = {
    '001_things': 'CREATE TABLE things (id int PRIMARY KEY);',
    '002_names': 'ALTER TABLE things ADD name text;',
    '003_more': 'CREATE TABLE more ();',
  };
  for (const [stem, sql] of Object.entries(files)) {
    await writeFile(join(dir, `${stem}.up.sql`), sql);
    await writeFile(join(dir, `${stem}.down.sql`), '');
  }
});
afterAll(() => rm(dir, { recursive: true }));

const terms = { ownSchema: 'steward', allowed: [] };

describe('a baseline', () => {
  it('writes down what the database has, so that only the rest is pending', async () => {
    const { url, session } = await testDatabase();
    await session.script('CREATE TABLE things (id int PRIMARY KEY); ALTER TABLE things ADD name text');
    const folder = await readMigrations([dir]);
    const { recorded } = await baseline(url, folder, { ...terms, to: '002' });
    expect(recorded).toEqual(['001', '002']);
    const { files } = await migrationStatus(url, folder);
    expect(files.map(({ status }) => status)).toEqual(['applied', 'applied', 'pending']);
    expect((await migrateUp(url, folder)).done.map(({ version }) => version)).toEqual(['003']);
    await expect(baseline(url, folder, { ...terms, to: '003' })).rejects.toThrow('has 3 migrations already');
  });

  it('writes nothing down where the database is not what the files make', async () => {
    const { url, session } = await testDatabase();
    await session.script('CREATE TABLE things (id int PRIMARY KEY, name varchar(9))');
    const { recorded, drift } = await baseline(url, await readMigrations([dir]), { ...terms, to: '002' });
    expect(recorded).toEqual([]);
    expect(drift.differences).toMatchObject([{ kind: 'changed', objectType: 'column', expected: 'text' }]);
    expect((await session.query(`SELECT FROM pg_namespace WHERE nspname = 'steward'`)).rowCount).toBe(0);
  });

  it('wants a version that there is', async () => {
    const { url } = await testDatabase();
    await expect(baseline(url, await readMigrations([dir]), { ...terms, to: '9' })).rejects.toThrow(
      'no migration of version 9',
    );
  });
});
