import { describe, expect, it } from 'vitest';
import { migrateDown } from '../../src/migrate/down.js';
import { migrateUp } from '../../src/migrate/up.js';
import { testDatabase } from '../postgres.js';
import { failedRun, refusal } from './failed-run.js';
import { migrationsWith } from './folder.js';

const FILES = {
  '1_a.up.sql': 'CREATE TABLE a ()',
  '1_a.down.sql': 'DROP TABLE a',
  '2_b.up.sql': 'CREATE TABLE b ()',
  '2_b.down.sql': 'DROP TABLE b',
};

async function migrated(files: Readonly<Record<string, string>>) {
  const { url, session } = await testDatabase();
  const folder = await migrationsWith(files);
  await migrateUp(url, folder);
  const left = async () =>
    (await session.query<{ version: string }>('SELECT version FROM steward.schema_migrations ORDER BY 1')).rows.map(
      ({ version }) => version,
    );
  return { url, session, folder, left };
}

describe('migrateDown', () => {
  it('needs to be told how far, and never takes everything back by itself', async () => {
    const { url, folder, left } = await migrated(FILES);
    for (const target of [{}, { to: '1', steps: 1 }, { steps: 0 }, { steps: 3 }, { to: '9' }]) {
      expect((await refusal(migrateDown(url, folder, target))).code).toBe('usage');
    }
    expect(await left()).toEqual(['1', '2']);
  });

  it('takes nothing back where the version is the last one', async () => {
    const { url, folder, left } = await migrated(FILES);
    expect((await migrateDown(url, folder, { to: '2' })).done).toEqual([]);
    expect(await left()).toEqual(['1', '2']);
  });

  it('takes nothing back where one of the files cannot be: no down file, or irreversible, or edited', async () => {
    const { '1_a.down.sql': _down, ...without } = FILES;
    const one = await migrated(without);
    const missing = await refusal(migrateDown(one.url, one.folder, { steps: 2 }));
    expect(missing.message).toMatch(/1_a\.up\.sql cannot be taken back: it has no down file/);
    expect(await one.left()).toEqual(['1', '2']);

    const two = await migrated({
      ...FILES,
      '1_a.up.sql': '-- pgsteward: irreversible rows are gone\nCREATE TABLE a ()',
    });
    const irreversible = await refusal(migrateDown(two.url, two.folder, { steps: 2 }));
    expect(irreversible.message).toMatch(/1_a\.up\.sql cannot be taken back: rows are gone/);

    const edited = await migrationsWith({ ...FILES, '2_b.down.sql': 'SELECT 1' });
    expect((await refusal(migrateDown(one.url, edited, { steps: 1 }))).message).toMatch(/edited after it was applied/);
    expect(await one.left()).toEqual(['1', '2']);
  });

  it('keeps the ledger row of a file whose down fails, and the attempt', async () => {
    const { url, session, folder, left } = await migrated({
      ...FILES,
      '1_a.down.sql': 'DROP TABLE a;\nDROP TABLE gone',
    });
    const error = await failedRun(migrateDown(url, folder, { steps: 2 }));
    expect(error.message).toMatch(/1_a\.down\.sql:2: table "gone" does not exist .*1 before it is taken back/);
    expect(await left()).toEqual(['1']);
    expect((await session.query(`SELECT to_regclass('a') IS NOT NULL AS a`)).rows).toEqual([{ a: true }]);
    const { rows } = await session.query(
      `SELECT version, direction, event FROM steward.schema_migration_attempts ORDER BY attempt_id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ version: '1', direction: 'down', event: 'failed' }]);
  });

  it('takes one step back once, when two runners were asked for the same one', async () => {
    const { url, folder, left } = await migrated(FILES);
    const results = await Promise.all([1, 2].map(() => migrateDown(url, folder, { to: '1' })));
    expect(results.flatMap(({ done }) => done)).toHaveLength(1);
    expect(await left()).toEqual(['1']);
  });
});
