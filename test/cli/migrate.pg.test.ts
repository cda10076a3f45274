import { describe, expect, it, vi } from 'vitest';
import { folderWith } from '../migrate/folder.js';
import { testDatabase } from '../postgres.js';
import { runProgram } from '../program.js';
import { expectValidAdviceReport } from '../report/report-schema.js';

vi.setConfig({ testTimeout: 120_000 });

const FILES = {
  '0001_t.up.sql': 'CREATE TABLE t (a int); CREATE INDEX t_by_a ON t (a)',
  '0001_t.down.sql': 'DROP INDEX t_by_a',
};

describe('the program', () => {
  it('ends drift with 1 once a difference is more than a note, and prints it', async () => {
    const { url, session } = await testDatabase();
    const dir = await folderWith(FILES);
    const drift = (...more: readonly string[]) =>
      runProgram(['migrate', 'drift', '--dir', dir, '--database-url', url, ...more]);
    expect((await runProgram(['migrate', 'up', '--dir', dir, '--database-url', url])).status).toBe(0);
    await session.query(`COMMENT ON TABLE t IS 'noted'`);
    expect(await drift()).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('note   table public.t: comment'),
    });
    await session.query('DROP INDEX t_by_a');
    const ended = await drift('--format', 'json');
    expect(ended.status).toBe(1);
    expect(JSON.parse(ended.stdout).differences).toMatchObject([{ attribute: 'comment' }, { object: 'public.t_by_a' }]);
    expect(await drift('--format', 'sarif')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is for findings'),
    });
  });

  it('verifies without a database, and ends with 1 where a way back does not bring back', async () => {
    const dir = await folderWith(FILES);
    const verify = ['migrate', 'verify', '--dir', dir, '--major', '15', '--format', 'json'];
    const ended = await runProgram(verify);
    expect(ended.status).toBe(1);
    expectValidAdviceReport(ended.stdout);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      server: { major: 15 },
      findings: [{}, { class: 'not-restored' }],
    });
  });
});
