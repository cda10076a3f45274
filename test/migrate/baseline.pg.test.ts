import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BaselineOptions, baseline } from '../../src/migrate/baseline.js';
import { readMigrations } from '../../src/migrate/files.js';
import { migrationStatus } from '../../src/migrate/status.js';
import { migrateUp } from '../../src/migrate/up.js';
import type { MigrationFolder } from '../../src/model/migration.js';
import { testDatabase } from '../postgres.js';
import { scratchServer } from './scratch-server.js';

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

const take = async (url: string, folder: MigrationFolder, has: BaselineOptions['has']) =>
  baseline(url, folder, { has, ownSchema: 'steward', allowed: [], server: await scratchServer() });

describe('a baseline', () => {
  it('writes down what the database has, so that only the rest is pending', async () => {
    const { url, session } = await testDatabase();
    await session.script('CREATE TABLE things (id int PRIMARY KEY); ALTER TABLE things ADD name text');
    const folder = await readMigrations([dir]);
    const { recorded } = await take(url, folder, { to: '002' });
    expect(recorded).toEqual(['001', '002']);
    const { files } = await migrationStatus(url, folder);
    expect(files.map(({ status }) => status)).toEqual(['applied', 'applied', 'pending']);
    expect((await migrateUp(url, folder)).done.map(({ version }) => version)).toEqual(['003']);
    await expect(take(url, folder, { to: '003' })).rejects.toThrow('has 3 migrations already');
  });

  it('writes nothing down where the database is not what the files make', async () => {
    const { url, session } = await testDatabase();
    await session.script('CREATE TABLE things (id int PRIMARY KEY, name varchar(9))');
    const { recorded, drift } = await take(url, await readMigrations([dir]), { to: '002' });
    expect(recorded).toEqual([]);
    expect(drift.differences).toMatchObject([{ kind: 'changed', objectType: 'column', expected: 'text' }]);
    expect((await session.query(`SELECT FROM pg_namespace WHERE nspname = 'steward'`)).rowCount).toBe(0);
  });

  it.each([
    [
      'golang-migrate',
      'CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); INSERT INTO schema_migrations VALUES (2, false)',
      'auto',
    ],
    [
      'Flyway',
      `CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar, description varchar, type varchar, script varchar, success boolean);
       INSERT INTO flyway_schema_history VALUES (1, '1', 'things', 'SQL', 'V1__things.sql', true), (2, '1.1', 'names', 'SQL', 'V1.1__names.sql', true), (3, '3', 'more', 'SQL', 'V3__more.sql', true), (4, '3', 'more', 'UNDO_SQL', 'U3__more.sql', true), (5, NULL, 'views', 'SQL', 'R__views.sql', true)`,
      'flyway',
    ],
    [
      'a list of file names',
      `CREATE TABLE done (id serial PRIMARY KEY, filename text); INSERT INTO done (filename) VALUES ('001_things.sql'), ('002_names.up.sql')`,
      'public.done',
    ],
    [
      'a list of versions',
      `CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('001'), ('002')`,
      'auto',
    ],
  ])(
    'takes over the ledger of %s, once the database is seen to be what those files make',
    async (_, sql, fromLedger) => {
      const { url, session } = await testDatabase();
      await session.script(`CREATE TABLE things (id int PRIMARY KEY); ${sql}`);
      const folder = await readMigrations([dir]);
      expect((await migrationStatus(url, folder)).warnings.join()).toContain(
        fromLedger === 'public.done' ? '' : 'pgsteward migrate baseline --from-ledger',
      );
      const missing = await take(url, folder, { fromLedger });
      expect(missing.recorded).toEqual([]);
      expect(missing.drift.differences.filter(({ severity }) => severity === 'error')).toMatchObject([
        { object: 'public.things.name' },
      ]);
      await session.query('ALTER TABLE things ADD name text');
      expect((await take(url, folder, { fromLedger })).recorded).toEqual(['001', '002']);
      expect((await migrationStatus(url, folder)).warnings).toEqual([]);
    },
  );

  it('refuses a ledger that is broken off, names what has no file, or is not there', async () => {
    const { url, session } = await testDatabase();
    const folder = await readMigrations([dir]);
    const takeFrom = (fromLedger: string) => take(url, folder, { fromLedger });
    await expect(takeFrom('auto')).rejects.toThrow('the database has no ledger of another runner that can be read');
    await session.script(
      `CREATE TABLE schema_migrations (version bigint, dirty boolean); CREATE TABLE done (name text)`,
    );
    await expect(takeFrom('auto')).rejects.toThrow('public.schema_migrations says that nothing is applied');
    await session.script(
      `INSERT INTO schema_migrations VALUES (2, true); INSERT INTO done VALUES ('001_things'), ('007_gone')`,
    );
    await expect(takeFrom('golang-migrate')).rejects.toThrow(
      'public.schema_migrations says that version 2 was broken off',
    );
    await session.query('UPDATE schema_migrations SET version = 9, dirty = false');
    await expect(takeFrom('auto')).rejects.toThrow('public.schema_migrations names what has no file: 9');
    await expect(takeFrom('done')).rejects.toThrow('public.done names what has no file: 007_gone');
    await expect(takeFrom('flyway')).rejects.toThrow('the database has no ledger flyway that can be read');
  });

  it('wants a version that there is', async () => {
    const { url } = await testDatabase();
    await expect(take(url, await readMigrations([dir]), { to: '9' })).rejects.toThrow('no migration of version 9');
  });
});
