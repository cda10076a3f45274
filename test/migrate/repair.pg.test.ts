import { describe, expect, it } from 'vitest';
import { migrateDown } from '../../src/migrate/down.js';
import { repairMigration } from '../../src/migrate/repair.js';
import { migrationStatus } from '../../src/migrate/status.js';
import { migrateUp } from '../../src/migrate/up.js';
import type { MigrationFolder } from '../../src/model/migration.js';
import { renderRepairText, renderStatusText } from '../../src/report/migrate/text.js';
import { testDatabase } from '../postgres.js';
import { failedRun, refusal } from './failed-run.js';
import { migrationsWith } from './folder.js';

const TWO = {
  '1_a.up.sql': 'CREATE TABLE a ()',
  '1_a.down.sql': 'DROP TABLE a',
  '2_b.up.sql': 'CREATE TABLE b ()',
  '2_b.down.sql': 'DROP TABLE b',
};

const repair = (url: string, folder: MigrationFolder, version: string) =>
  repairMigration(url, folder, { version, reason: 'it was so', ownSchema: 'steward' });

async function stateOf(url: string, folder: MigrationFolder): Promise<string> {
  const { files, gate } = await migrationStatus(url, folder);
  return `${files.map(({ status }) => status).join(' ')}, gate ${gate.open ? 'open' : 'closed'}`;
}

describe('a repair', () => {
  it('takes an edited file as it is now, runs nothing, and keeps the reason in the history', async () => {
    const { url, session } = await testDatabase();
    await migrateUp(url, await migrationsWith(TWO));
    const edited = await migrationsWith({ ...TWO, '2_b.up.sql': 'CREATE TABLE other ()' });
    expect((await migrationStatus(url, edited)).files[1]?.wayOut).toContain('pgsteward migrate repair 2 --reason TEXT');
    const result = await repair(url, edited, '2');
    expect(renderRepairText(result)).toBe('2_b was edited and is taken as the file has it now (it was so)\n');
    expect(await stateOf(url, edited)).toBe('applied applied, gate open');
    expect((await migrateUp(url, edited)).planned).toEqual([]);
    const { rows } = await session.query(
      `SELECT version, event, reason, to_regclass('other') AS other FROM steward.schema_migration_attempts
       ORDER BY attempt_id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ version: '2', event: 'repaired', reason: 'it was so', other: null }]);
  });

  it('strikes off what is applied and has no file', async () => {
    const { url } = await testDatabase();
    await migrateUp(url, await migrationsWith(TWO));
    const { '1_a.up.sql': up, '1_a.down.sql': down } = TWO;
    const left = await migrationsWith({ '1_a.up.sql': up, '1_a.down.sql': down });
    expect(await stateOf(url, left)).toBe('applied missing, gate closed');
    expect((await repair(url, left, '2')).did).toBe('is struck off the ledger');
    expect(await stateOf(url, left)).toBe('applied, gate open');
    expect(await stateOf(url, await migrationsWith(TWO))).toBe('applied pending, gate closed');
  });

  it('makes a failed file pending', async () => {
    const { url } = await testDatabase();
    const folder = await migrationsWith({ ...TWO, '2_b.up.sql': 'SELECT gone' });
    await failedRun(migrateUp(url, folder));
    expect(await stateOf(url, folder)).toBe('applied failed, gate closed');
    await repair(url, folder, '2');
    expect(await stateOf(url, folder)).toBe('applied pending, gate closed');
  });

  it('forgets how far a file without a transaction has come, on its way up and on its way down', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith({
      '1_a.up.sql': '-- pgsteward: no-transaction\nCREATE TABLE a ();\nSELECT 1 FROM later;',
      '1_a.down.sql': '-- pgsteward: no-transaction\nDROP TABLE a;\nSELECT 1 FROM gone;',
    });
    await failedRun(migrateUp(url, folder));
    await session.script('DROP TABLE a; CREATE TABLE later ()');
    expect((await repair(url, folder, '1')).did).toMatch(/^is pending again: that 1 of its statements are done/);
    expect((await migrateUp(url, folder)).done[0]?.statements).toBe(2);
    await failedRun(migrateDown(url, folder, { steps: 1 }));
    expect((await refusal(migrateUp(url, folder))).message).toContain('half taken back');
    await session.query('CREATE TABLE a ()');
    expect((await repair(url, folder, '1')).did).toMatch(/^is applied again/);
    expect(await stateOf(url, folder)).toBe('applied, gate open');
  });

  it('is refused where there is nothing to be put right, and names what needs it', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith({ ...TWO, '2_b.up.sql': 'SELECT gone' });
    expect((await refusal(repair(url, folder, '1'))).message).toBe('1_a needs no repair: it is pending');
    expect((await session.query(`SELECT FROM pg_namespace WHERE nspname = 'steward'`)).rowCount).toBe(0);
    await failedRun(migrateUp(url, folder));
    const error = await refusal(repair(url, folder, '3'));
    expect([error.code, error.hint]).toEqual(['usage', 'those that need a repair are 2']);
  });
});

describe('status', () => {
  it('says what to do next, once for all that it holds for', async () => {
    const { url, session } = await testDatabase();
    await migrateUp(url, await migrationsWith(TWO));
    const late = await migrationsWith({
      ...TWO,
      '1a_late.up.sql': 'SELECT 1',
      '3_c.up.sql': 'SELECT 3',
      '4_d.up.sql': '',
    });
    const text = renderStatusText(await migrationStatus(url, late));
    expect(text.slice(text.indexOf('gate'))).toMatchInlineSnapshot(`
      "gate closed
        1a_late is not applied, though the later version 2 is
        3_c is not applied
        4_d is not applied
        next: give it a version behind all others, or apply it late: pgsteward migrate up --allow-out-of-order
        next: pgsteward migrate up
      "
    `);
    await migrateUp(url, late, { to: '3', allowOutOfOrder: true });
    const { rows } = await session.query(
      'SELECT version, out_of_order AS late FROM steward.schema_migrations ORDER BY version',
    );
    expect(rows.map(({ version, late }) => [version, late])).toEqual([
      ['1', false],
      ['1a', true],
      ['2', false],
      ['3', false],
    ]);
  });
});
