import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { findDrift } from '../../src/migrate/drift.js';
import { readMigrations } from '../../src/migrate/files.js';
import { migrateUp } from '../../src/migrate/up.js';
import type { DriftReport } from '../../src/model/drift.js';
import type { MigrationFolder } from '../../src/model/migration.js';
import { testDatabase } from '../postgres.js';
import { migrationsWith } from './folder.js';
import { scratchServer } from './scratch-server.js';

vi.setConfig({ testTimeout: 60_000 });

const FLEET = fileURLToPath(new URL('../../migrations/fleet', import.meta.url));
const RENAMING = {
  '0001_t.up.sql': 'CREATE TABLE t (a int UNIQUE); CREATE TABLE u (id serial, a int REFERENCES t (a))',
  '0002_grant.up.sql': 'GRANT SELECT ON t TO pg_monitor',
};

async function driftOf(url: string, folder: MigrationFolder): Promise<DriftReport> {
  return findDrift(url, folder, { ownSchema: 'steward', allowed: [], server: await scratchServer() });
}

describe('drift', () => {
  it('finds none in the fleet as its migrations make it, also after VACUUM FULL, REINDEX and ANALYZE', async () => {
    const { url, session } = await testDatabase();
    const folder = await readMigrations([FLEET]);
    await migrateUp(url, folder);
    const database = new URL(url).pathname.slice(1);
    for (const sql of ['VACUUM FULL', `REINDEX DATABASE "${database}"`, 'ANALYZE']) await session.query(sql);
    expect(await driftOf(url, folder)).toMatchObject({ differences: [], pending: [], files: 14, warnings: [] });
  });

  it('names each change by hand with what was expected and what there is', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith(RENAMING);
    await migrateUp(url, folder);
    await session.script(`ALTER TABLE t ALTER a SET DEFAULT 7; CREATE INDEX by_hand ON u (a);
      CREATE TABLE schema_migrations (version bigint, dirty boolean)`);
    expect((await driftOf(url, folder)).differences).toMatchObject([
      { kind: 'unexpected', objectType: 'index', object: 'public.by_hand', attribute: 'existence', severity: 'error' },
      // Another runner's ledger is told and fails nothing.
      { kind: 'unexpected', objectType: 'table', object: 'public.schema_migrations', severity: 'info' },
      {
        ...{ kind: 'changed', objectType: 'column', object: 'public.t.a', attribute: 'default' },
        ...{ expected: null, actual: '7', severity: 'error' },
      },
    ]);
  });

  it('expects what is applied, names what is pending, and compares a database without a ledger with all files', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith(RENAMING);
    await migrateUp(url, folder, { to: '0001' });
    expect(await driftOf(url, folder)).toMatchObject({ differences: [], pending: ['0002_grant'], files: 1 });
    await session.query('DROP SCHEMA steward CASCADE');
    const report = await driftOf(url, folder);
    expect(report.differences).toMatchObject([{ object: 'public.t', attribute: 'privileges' }]);
    expect(report.warnings).toMatchObject([expect.stringContaining('no ledger')]);
  });

  it('says which applied file is not in the folder', async () => {
    const { url } = await testDatabase();
    await migrateUp(url, await migrationsWith(RENAMING));
    const { '0001_t.up.sql': first } = RENAMING;
    const drift = driftOf(url, await migrationsWith({ '0001_t.up.sql': first }));
    await expect(drift).rejects.toThrow('applied, but not in');
  });

  it('takes what another role made by migrating for its own, and a change of owner for drift', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith(RENAMING);
    await migrateUp(url, folder);
    const role = `migrator_${session.backendPid}`;
    await session.script(`CREATE ROLE ${role}; ALTER TABLE t OWNER TO ${role}; ALTER TABLE u OWNER TO ${role};
      ALTER TABLE steward.schema_migrations OWNER TO ${role}`);
    expect((await driftOf(url, folder)).differences).toEqual([]);
    await session.script('ALTER TABLE t OWNER TO postgres');
    expect((await driftOf(url, folder)).differences).toMatchObject([
      { object: 'public.t', attribute: 'owner', expected: role, actual: 'postgres' },
    ]);
    await session.script(`REASSIGN OWNED BY ${role} TO postgres; DROP ROLE ${role}`);
  });

  it('says which rights a role lacks, and that somebody holds a lock', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith(RENAMING);
    await migrateUp(url, folder);
    const role = `reader_${session.backendPid}`;
    await session.query(`CREATE ROLE ${role} LOGIN`);
    const asReader = new URL(url);
    asReader.username = role;
    await expect(driftOf(asReader.href, folder)).rejects.toMatchObject({
      message: expect.stringContaining('permission denied for schema steward'),
      hint: expect.stringContaining('GRANT USAGE ON SCHEMA steward'),
    });
    await session.script(`DROP ROLE ${role}; BEGIN; LOCK TABLE steward.schema_migrations`);
    await expect(driftOf(url, folder)).rejects.toMatchObject({ hint: expect.stringContaining('holds a lock') });
    await session.query('ROLLBACK');
  });
});
