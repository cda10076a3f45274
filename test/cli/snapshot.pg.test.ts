import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import type { Session } from '../../src/postgres/session.js';
import { expectRefusal, place, runProgram } from '../program.js';
import { BY_CUSTOMER, shopDatabase } from './shop.js';

// Programs are started here, each with a server of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

let url: string;
let session: Session;
let folder: string;
let workload: string;

beforeAll(async () => {
  ({ url, session } = await shopDatabase());
  folder = place();
  workload = join(folder, 'workload.sql');
  writeFileSync(workload, BY_CUSTOMER);
});

async function snapshot(name: string, ...args: readonly string[]): Promise<string> {
  const file = join(folder, name);
  const ended = await runProgram(['snapshot', '--database-url', url, '--output', file, ...args]);
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  expect(ended.stdout).toContain(file);
  return file;
}

async function advise(...args: readonly string[]): Promise<AdviceReport> {
  const { status, stdout, stderr } = await runProgram(['advise', '--format', 'json', ...args]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as AdviceReport;
}

describe('snapshot', () => {
  it('writes one file for its owner alone, from which advise finds without a database what it finds with it', async () => {
    const file = await snapshot('whole.snapshot', '--workload', 'none');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    const spec = ['--workload', `sql:${workload}`];
    const live = await advise('--database-url', url, ...spec);
    const planned = await advise('--snapshot', file, ...spec);
    expect(planned.findings.length).toBeGreaterThan(0);
    expect({ ...planned, startedAt: '', durationMs: 0 }).toEqual({ ...live, startedAt: '', durationMs: 0 });
  });

  it('keeps the statements that pg_stat_statements counted, which advise then takes from the file', async () => {
    await session.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    for (let customer = 0; customer < 5; customer += 1)
      await session.query('SELECT * FROM orders WHERE customer_id = $1', [customer]);
    const report = await advise('--snapshot', await snapshot('counted.snapshot'));
    expect(report.workload.source).toEqual(['pgss']);
    expect(report.findings.map(({ key }) => key)).toContain('missing-index:public.orders(customer_id)');
  });

  it('says in the file why it holds no statements, so that advise can say it', async () => {
    await session.query('DROP EXTENSION IF EXISTS pg_stat_statements');
    const file = await snapshot('without.snapshot');
    const refusal = expectRefusal(await runProgram(['advise', '--snapshot', file]), 2);
    expect(refusal).toMatch(/holds no statements: pg_stat_statements is not installed/);
    expect(refusal).toContain('--workload sql:PATH');
  });

  it('with --redact holds no value of a row, is marked as redacted, and is advised on alike', async () => {
    const file = await snapshot('redacted.snapshot', '--redact', '--workload', 'none');
    const content = gunzipSync(readFileSync(file)).toString();
    expect(content.split('\n')[0]).toContain('"redacted":true');
    expect(content).toContain('"mostCommonFrequencies":[0.9');
    expect(content).not.toMatch(/\{done,open\}|"done"|2026-01-01 00:01:00|\{note\}/);
    const report = await advise('--snapshot', file, '--workload', `sql:${workload}`);
    expect(report.findings.map(({ key }) => key)).toEqual(['missing-index:public.orders(customer_id)']);
  });

  it('wants a database and a file that can be written', async () => {
    expect(expectRefusal(await runProgram(['snapshot', '--database-url', url]), 2)).toContain('--output FILE');
    expect(expectRefusal(await runProgram(['snapshot', '--output', join(folder, 'x')]), 2)).toContain('--database-url');
    const nowhere = ['snapshot', '--database-url', url, '--output', join(folder, 'no', 'such', 'place')];
    expect(expectRefusal(await runProgram(nowhere), 2)).toContain('cannot be written');
  });
});

describe('advise --snapshot', () => {
  it('refuses a second source and planners that need a database', async () => {
    const file = await snapshot('refused.snapshot', '--workload', 'none');
    const refuse = async (...args: readonly string[]) =>
      expectRefusal(await runProgram(['advise', '--snapshot', file, '--workload', `sql:${workload}`, ...args]), 2);
    expect(await refuse('--database-url', url)).toContain('--snapshot and --database-url');
    expect(await refuse('--planner', 'hypopg')).toContain('--planner hypopg');
    expect(await refuse('--planner', 'target')).toContain('--planner target');
    expect(await refuse('--verify', 'execute')).toContain('--scratch-url');
    expect(await refuse('--replica-url', url)).toContain('--replica-url');
  });

  it('takes no notice of a database that the environment names', async () => {
    const file = await snapshot('environment.snapshot', '--workload', 'none');
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere' };
    const args = ['advise', '--snapshot', file, '--workload', `sql:${workload}`, '--format', 'json'];
    expect((await runProgram(args, { env })).status).toBe(0);
  });

  it('refuses a file that is none', async () => {
    const args = ['advise', '--workload', `sql:${workload}`, '--snapshot'];
    expect(expectRefusal(await runProgram([...args, workload]), 2)).toContain('is no snapshot of pgsteward');
    expect(expectRefusal(await runProgram([...args, join(folder, 'absent')]), 2)).toContain('there is no such file');
  });
});
