import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findDrift } from '../../src/migrate/drift.js';
import { readMigrations } from '../../src/migrate/files.js';
import { migrateUp } from '../../src/migrate/up.js';
import type { AllowedDrift, DriftReport } from '../../src/model/drift.js';
import type { MigrationFolder } from '../../src/model/migration.js';
import { testDatabase } from '../postgres.js';
import { migrationsWith } from './folder.js';

const FLEET = fileURLToPath(new URL('../../migrations/fleet', import.meta.url));
const RENAMING = {
  '0001_t.up.sql': 'CREATE TABLE t (a int UNIQUE); CREATE TABLE u (id serial, a int REFERENCES t (a))',
  '0002_grant.up.sql': 'GRANT SELECT ON t TO pg_monitor',
};

async function driftOf(
  url: string,
  folder: MigrationFolder,
  allowed: readonly AllowedDrift[] = [],
): Promise<DriftReport> {
  return findDrift(url, folder, { ownSchema: 'steward', allowed });
}

describe('drift', () => {
  it('finds none in the fleet as its migrations make it, and names each change by hand', async () => {
    const { url, session } = await testDatabase();
    const folder = await readMigrations([FLEET]);
    await migrateUp(url, folder);
    expect(await driftOf(url, folder)).toMatchObject({ differences: [], pending: [], files: 14, warnings: [] });
    await session.script('ALTER TABLE agents ALTER status DROP DEFAULT; CREATE INDEX by_hand ON agents (last_seen)');
    expect((await driftOf(url, folder)).differences).toEqual([
      {
        ...{ kind: 'changed', objectType: 'column', object: 'public.agents.status', attribute: 'default' },
        ...{ expected: expect.any(String), actual: null, severity: 'error' },
      },
      {
        ...{ kind: 'unexpected', objectType: 'index', object: 'public.by_hand', attribute: 'existence' },
        ...{ expected: null, actual: 'CREATE INDEX ON public.agents USING btree (last_seen)', severity: 'error' },
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

  it('lets an allowed difference be until its day is over', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith(RENAMING);
    await migrateUp(url, folder);
    await session.script('CREATE TABLE t_2026 (); CREATE TABLE t_2027 ()');
    const entry = { object: 'public.t_*', until: '2999-12-31', reason: 'partitions to be' };
    const allowed = await driftOf(url, folder, [entry]);
    expect(allowed).toMatchObject({ differences: [], allowed: [{ object: 'public.t_2026', until: '2999-12-31' }, {}] });
    const over = await driftOf(url, folder, [{ ...entry, until: '2020-01-01' }]);
    expect(over).toMatchObject({
      differences: [{}, {}],
      allowed: [],
      warnings: [expect.stringContaining('2020-01-01')],
    });
  });
});
