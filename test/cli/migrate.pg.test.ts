import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folderWith } from '../migrate/folder.js';
import { testDatabase } from '../postgres.js';
import { expectRefusal, place, runProgram } from '../program.js';
import { expectValidAdviceReport } from '../report/report-schema.js';
import { shopDatabase } from './shop.js';

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
    const status = ['migrate', 'status', '--exit-code', '--dir', dir, '--database-url', url];
    expect((await runProgram(status)).status).toBe(0);
    expect(await runProgram([...status, '--drift'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('  index public.t_by_a should be there by the migrations, and is not'),
    });
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

  it('scales what it lints to the tables of a snapshot, and refuses a file that is none', async () => {
    const { url } = await shopDatabase();
    const file = join(place(), 'shop.snapshot');
    await runProgram(['snapshot', '--database-url', url, '--redact', '--workload', 'none', '--output', file]);
    const dir = await folderWith({
      '0001_shop.up.sql': `-- pgsteward: irreversible the shop begins here
        CREATE TABLE IF NOT EXISTS orders (id int PRIMARY KEY, customer_id int NOT NULL);
        CREATE TABLE IF NOT EXISTS "Order Notes" (id int PRIMARY KEY, order_id int NOT NULL);`,
      '0002_orders.up.sql': `-- pgsteward: irreversible it is a test
        CREATE INDEX IF NOT EXISTS orders_customer ON orders (customer_id);
        CREATE INDEX IF NOT EXISTS notes_order ON "Order Notes" (order_id);`,
    });
    const ended = await runProgram(['migrate', 'lint', '--dir', dir, '--snapshot', file, '--format', 'json']);
    expect(ended.status).toBe(1);
    expectValidAdviceReport(ended.stdout);
    const { findings } = JSON.parse(ended.stdout);
    expect(findings).toMatchObject([
      {
        ...{ ruleId: 'index-not-concurrent', severity: 'error' },
        message: expect.stringMatching(
          /In production public\.orders has 60,000 rows in .*: about .+ under the lock\.$/,
        ),
      },
      { ruleId: 'index-not-concurrent', severity: 'info', relations: ['public."Order Notes"'] },
    ]);
    const none = await runProgram(['migrate', 'lint', '--dir', dir, '--snapshot', join(dir, '0001_shop.up.sql')]);
    expect(expectRefusal(none, 2)).toContain('is no snapshot of pgsteward');
  });

  it('takes a database over from another runner, which up refuses to run beside', async () => {
    const { url, session } = await testDatabase();
    await session.script(`CREATE TABLE t (a int); CREATE TABLE schema_migrations (version bigint, dirty boolean);
      INSERT INTO schema_migrations VALUES (1, false)`);
    const dir = await folderWith({ ...FILES, '0002_u.up.sql': 'CREATE TABLE u (a int)' });
    const migrate = (...args: readonly string[]) =>
      runProgram(['migrate', ...args, '--dir', dir, '--database-url', url]);
    const refused = expectRefusal(await migrate('up'), 2);
    expect(refused).toContain('public.schema_migrations is the ledger of golang-migrate and says that these files');
    expect(refused).toContain('pgsteward migrate baseline --from-ledger schema_migrations');
    expect((await migrate('status')).stdout).toContain('pgsteward migrate baseline --from-ledger schema_migrations');
    expect(await migrate('baseline', '--from-ledger', 'auto')).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/public\.t_by_a[\s\S]+Nothing was written down/),
    });
    await session.query('CREATE INDEX t_by_a ON t (a)');
    expect(await migrate('baseline', '--from-ledger', 'golang-migrate')).toMatchObject({
      status: 0,
      stdout:
        '1 migration written down as applied, up to 0001; public.schema_migrations, which named them, is not needed any more\n',
    });
    expect((await migrate('up')).stdout).toMatch(/^applied 0002 u in \d+ ms\n$/);
    expect((await migrate('status', '--exit-code')).status).toBe(0);
    expect(expectRefusal(await migrate('baseline'), 2)).toContain('--from-ledger auto');
  });
});
