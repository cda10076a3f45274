import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import type { Session } from '../../src/postgres/session.js';
import { type Ended, expectRefusal, place, runProgram, startProgram } from '../program.js';
import { BY_CUSTOMER, shopDatabase } from './shop.js';

// Programs are started here, each with a server of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const FOUND = 'missing-index:public.orders(customer_id)';

let url: string;
let session: Session;
let folder: string;

beforeAll(async () => {
  ({ url, session } = await shopDatabase());
  folder = place();
});

function workload(name: string, sql: string): string {
  const path = join(folder, `${name}.sql`);
  writeFileSync(path, sql);
  return `sql:${path}`;
}

function advise(spec: string, ...args: readonly string[]): Promise<Ended> {
  return runProgram(['advise', '--database-url', url, '--workload', spec, ...args]);
}

function reportOf({ status, stdout, stderr }: Ended): AdviceReport {
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as AdviceReport;
}

describe('advise', () => {
  it('leaves out what it cannot plan, says why, judges the rest, and exits by --fail-on', async () => {
    const sql = `${BY_CUSTOMER}SELECT FROM WHERE;\nSELECT * FROM nowhere WHERE a = 1;\nSELECT nothing FROM orders;\nBEGIN;\n`;
    const output = join(folder, 'report.json');
    const migrations = join(folder, 'new', 'migrations');
    const into = ['--format', 'json', '--output', output, '--write-migrations', migrations];
    const ended = await advise(workload('mixed', sql), '--fail-on', 'warn', ...into);
    expect(ended).toEqual({ status: 1, signal: null, stdout: '', stderr: '' });
    const report = JSON.parse(readFileSync(output, 'utf8')) as AdviceReport;
    expect(report.findings.map(({ key }) => key)).toEqual([FOUND]);
    expect(report.findings[0]?.fix?.files.map((file) => file.slice(migrations.length + 1))).toEqual(
      readdirSync(migrations).sort().reverse(),
    );
    expect(report.workload.skipped.map(({ reason, count }) => `${count} × ${reason}`).sort()).toEqual([
      '1 × column "nothing" does not exist',
      '1 × does not parse as SQL',
      '1 × not planned by the server: transaction control, DDL or utility',
      '1 × relation "nowhere" does not exist',
    ]);
  });

  it('forgets what is ignored', async () => {
    const ignored = await advise(workload('ignored', BY_CUSTOMER), '--fail-on', 'warn', '--ignore', FOUND, '--quiet');
    expect(ignored).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('No findings') });
    expect(ignored.stdout).not.toContain('\u001b');
  });

  it('reports a workload of which it can plan nothing', async () => {
    const args = ['--planner', 'target', '--format', 'json'];
    const { findings, workload: read } = reportOf(await advise(workload('unparsable', 'SELEC 1;'), ...args));
    expect({ findings, planned: read.statements, skipped: read.skipped.length }).toEqual({
      findings: [],
      planned: 0,
      skipped: 1,
    });
  });

  it('plans on the target where it is told to, and says that no index was tried', async () => {
    const report = reportOf(await advise(workload('target', BY_CUSTOMER), '--planner', 'target', '--format', 'json'));
    expect(report).toMatchObject({ findings: [], server: { plannedOn: expect.stringMatching(/^target 18/) } });
    expect(report.skippedRules).toEqual([
      { ruleId: 'missing-index', reason: expect.stringMatching(/no index can be tried: run with --planner twin/) },
    ]);
  });

  it('colours and tells its progress on a terminal alone, unless it is told not to', async (context) => {
    if (!existsSync('/usr/bin/script')) context.skip('there is no script(1) to give it a terminal');
    const args = ['advise', '--database-url', url, '--workload', workload('seen', BY_CUSTOMER), '--planner', 'target'];
    const on = (env: Readonly<Record<string, string>>, ...more: readonly string[]) =>
      runProgram([...args, ...more], { terminal: true, env: { TERM: 'xterm', ...env } });
    const [watched, plain] = await Promise.all([on({}), on({ NO_COLOR: '1' }, '--quiet')]);
    expect(watched).toMatchObject({ status: 0, stdout: expect.stringContaining('reading the schema') });
    expect(watched.stdout).toContain('\u001b[1m');
    expect(plain).toMatchObject({ status: 0, stdout: expect.not.stringContaining('\u001b') });
  });

  it('ends without a word when its reader goes away', async () => {
    const args = ['advise', '--database-url', url, '--workload', workload('piped', BY_CUSTOMER), '--planner', 'target'];
    const running = startProgram(args);
    running.child.stdout?.destroy();
    await once(running.child, 'exit');
    expect(await running.ended).toMatchObject({ status: 0, stderr: '' });
  });

  it('names the tables whose statistics its role may not read, and the GRANT that helps', async () => {
    const role = `clerk_${process.pid}`;
    await session.script(`CREATE ROLE ${role} LOGIN; GRANT pg_monitor TO ${role}`);
    try {
      const spec = workload('hidden', `${BY_CUSTOMER}SELECT * FROM "Order Notes" WHERE order_id = 5;`);
      const reader = url.replace('postgres@', `${role}@`);
      const ended = await runProgram(['advise', '--database-url', reader, '--workload', spec, '--format', 'json']);
      const { findings, skippedRules } = reportOf(ended);
      expect(findings).toEqual([]);
      expect(skippedRules.map(({ ruleId }) => ruleId)).toEqual(['missing-index']);
      expect(skippedRules[0]?.reason.replaceAll(role, 'ROLE')).toMatchInlineSnapshot(
        `"the role ROLE may not read the statistics of public.orders, public."Order Notes", so the twin planned no statement on them: GRANT SELECT ON public.orders, public."Order Notes" TO ROLE (GRANT pg_read_all_data TO ROLE for all tables and for extended statistics; ALTER ROLE ROLE BYPASSRLS where row-level security hides them)"`,
      );
    } finally {
      await session.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('measures its findings on a scratch database, and refuses the database itself as one', async () => {
    const { url: scratch } = await shopDatabase();
    const spec = workload('measured', BY_CUSTOMER);
    const execute = (scratchUrl: string) =>
      advise(spec, '--verify', 'execute', '--scratch-url', scratchUrl, '--format', 'json');
    const [measured, same] = await Promise.all([execute(scratch), execute(`${url}&application_name=other`)]);
    expect(reportOf(measured).findings.map(({ proof }) => proof.grade)).toEqual(['executed']);
    expect(expectRefusal(same, 2)).toContain('the scratch database is the database that is advised on');
  });
});
