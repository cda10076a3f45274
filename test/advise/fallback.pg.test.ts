import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AdviseRequest } from '../../src/advise/run.js';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import type { AdviceReport } from '../../src/model/advice.js';
import { TWIN_SERVER_SETTINGS } from '../../src/planner/twin/twin-settings.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { runAdvise } from './run-advise.js';

vi.setConfig({ testTimeout: 120_000 });

/** The function reads a row while statements that call it are planned, which a twin has not. */
const SCHEMA = `
  CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, batch int NOT NULL, note text);
  INSERT INTO orders SELECT g, g % 900, g / 20, repeat('n', 50) FROM generate_series(1, 30000) g;
  CREATE TABLE positions (name text PRIMARY KEY, batch int NOT NULL);
  INSERT INTO positions VALUES ('reader', 700);
  CREATE FUNCTION current_batch() RETURNS int STABLE LANGUAGE plpgsql AS
    'BEGIN RETURN (SELECT p.batch FROM positions p WHERE p.name = ''reader''); END';
  CREATE TABLE secrets (id int PRIMARY KEY, tenant int NOT NULL, note text);
  INSERT INTO secrets SELECT g, g % 50, repeat('s', 50) FROM generate_series(1, 20000) g;
  ALTER TABLE secrets ENABLE ROW LEVEL SECURITY; ALTER TABLE secrets FORCE ROW LEVEL SECURITY;
  CREATE POLICY own ON secrets USING (tenant = length(current_setting('app.nobody_knows', true)));
  CREATE EXTENSION file_fdw; CREATE SERVER away FOREIGN DATA WRAPPER file_fdw;
  CREATE FOREIGN TABLE abroad (name text) SERVER away OPTIONS (filename '/nowhere');
  ANALYZE orders, positions, secrets`;

const BY_CUSTOMER = 'SELECT id FROM orders WHERE customer_id = 5';
const BY_BATCH = 'SELECT id FROM orders WHERE batch = 7 AND length(note) > current_batch() - 1000';
const ABROAD = 'SELECT id FROM orders JOIN abroad ON name = note WHERE batch = 7';
const SECRET = 'SELECT id FROM secrets WHERE note = $1';
const BATCH_INDEX = 'missing-index:public.orders(batch)';

const folder = mkdtempSync(join(tmpdir(), 'pgsteward-fallback-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function adviseOn(
  url: string,
  changes: Partial<AdviseRequest> = {},
  statements: readonly string[] = [BY_CUSTOMER, BY_BATCH, SECRET],
): Promise<AdviceReport> {
  const path = join(mkdtempSync(join(folder, 'workload-')), 'workload.sql');
  writeFileSync(path, `${statements.join(';\n')};\n`);
  return runAdvise({
    ...{ url, workload: [`sql:${path}`], statementTimeoutMs: 5000, rules: ['missing-index'] },
    ...changes,
  });
}

function methodsOf({ findings }: AdviceReport): unknown {
  return Object.fromEntries(findings.map(({ key, proof }) => [key.replace(/^.*public\./, ''), proof.method]));
}

function plannersOf({ statements }: AdviceReport): unknown {
  return Object.fromEntries(statements.map(({ text, plannedOn }) => [text, plannedOn]));
}

const shop = () => testDatabase({ template: 'shop', prepare: (session) => session.script(SCHEMA) });

describe('a statement that the twin cannot judge', () => {
  it('is left out with the reason and the ways to have it planned, where there is no other planner', async () => {
    const report = await adviseOn((await shop()).url);
    expect(report.findings.map(({ key }) => key)).toEqual(['missing-index:public.orders(customer_id)']);
    expect(report.workload.skipped.map(({ reason }) => reason).join('\n')).toMatch(
      /the function public\.current_batch reads tables while the statement is planned/,
    );
    expect(report.skippedRules.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(
        /^what twin 18\.\d+ cannot judge was not planned elsewhere: the extension hypopg is not installed in the database; no --scratch-url names a copy of the database$/,
      ),
    ]);
  });

  it('is planned with real indexes on the scratch database, and the report says so', async () => {
    const scratch = await shop();
    const report = await adviseOn((await shop()).url, { plannerScratchUrl: scratch.url });
    const [twin, copy] = [expect.stringMatching(/^twin 18/), expect.stringMatching(/^scratch 18/)];
    expect(methodsOf(report)).toEqual({ 'orders(customer_id)': twin, 'orders(batch)': copy });
    expect(plannersOf(report)).toEqual({ [BY_CUSTOMER]: twin, [BY_BATCH]: copy });
    expect(report.server.plannedOn).toEqual(twin);
    expect(report.skippedRules.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/^1 statement was planned on scratch 18\.\d+, since twin 18\.\d+ cannot judge it$/),
    );
    expect(report.workload.skipped).toMatchObject([
      { reason: expect.stringMatching(/secrets has row-level security, and no value .*; scratch 18.*secrets/) },
    ]);
    const { rows } = await scratch.session.query("SELECT FROM pg_indexes WHERE tablename = 'orders'");
    expect(rows).toHaveLength(1);
  });

  it('is planned and then measured on one scratch database', async () => {
    const scratch = await shop();
    const report = await adviseOn((await shop()).url, { scratchUrl: scratch.url });
    expect(report.findings.map(({ key, proof }) => [key, proof.grade])).toContainEqual([BATCH_INDEX, 'executed']);
  });

  it('is not planned on a scratch database that has other rows', async () => {
    const scratch = await shop();
    await scratch.session.query('TRUNCATE orders');
    const report = await adviseOn((await shop()).url, { plannerScratchUrl: scratch.url }, [BY_BATCH]);
    expect(report.workload.skipped).toMatchObject([
      {
        reason: expect.stringMatching(
          /scratch 18\.\d+: public\.orders has 0 blocks on the scratch database and \d+ on/,
        ),
      },
    ]);
  });
});

describe('a database that has HypoPG', () => {
  let server: EmbeddedServer;
  let session: Session;
  let installable = false;

  beforeAll(async () => {
    // A system's PostgreSQL may have the extension; the one from npm never has.
    server = await startServer({ major: 15, prefer: 'system', settings: TWIN_SERVER_SETTINGS });
    await server.createDatabase('shop');
    session = await openSession(server.url('shop'));
    const { rows } = await session.query("SELECT FROM pg_available_extensions WHERE name = 'hypopg'");
    installable = rows.length > 0;
    if (installable) await session.script(`${SCHEMA}; CREATE EXTENSION hypopg`);
  });

  afterAll(async () => {
    await session?.close();
    await server?.stop();
  });

  it('plans with it what the twin cannot judge', async ({ skip }) => {
    if (!installable) skip('no PostgreSQL 15 with the extension hypopg here: apt-get install postgresql-15-hypopg');
    const report = await adviseOn(server.url('shop'), { twinServer: server }, [BY_CUSTOMER, ABROAD, BY_BATCH, SECRET]);
    const [twin, hypopg] = [expect.stringMatching(/^twin 15/), expect.stringMatching(/^hypopg 1\.\S+ on 15/)];
    expect(methodsOf(report)).toEqual({ 'orders(customer_id)': twin, 'orders(batch)': hypopg });
    expect(plannersOf(report)).toEqual({ [BY_CUSTOMER]: twin, [ABROAD]: hypopg });
    expect(report.findings.find(({ key }) => key === BATCH_INDEX)?.message).toMatch(/as planned on hypopg 1\./);
    expect(report.skippedRules.map(({ reason }) => reason).join()).toMatch(/1 statement was planned on hypopg 1/);
    const skipped = report.workload.skipped.map(({ reason }) => reason);
    expect(skipped).toContainEqual(
      expect.stringMatching(/no value is known .*; hypopg 1.*secrets has row-level security/),
    );
    expect(skipped).toContainEqual(expect.stringMatching(/current_batch reads tables .*; HypoPG forgets its indexes/));
  });

  it('plans all with it where there is no twin of its major', async ({ skip }) => {
    if (!installable) skip('no PostgreSQL 15 with the extension hypopg here: apt-get install postgresql-15-hypopg');
    const report = await adviseOn(server.url('shop'), {}, [BY_CUSTOMER, ABROAD]);
    const hypopg = expect.stringMatching(/^hypopg 1\.\S+ on 15/);
    expect(methodsOf(report)).toEqual({ 'orders(customer_id)': hypopg, 'orders(batch)': hypopg });
    expect(report.server).toMatchObject({ major: 15, plannedOn: hypopg });
    expect(report.skippedRules[0]?.reason).toMatch(/^the statements were planned on hypopg .*no twin of PostgreSQL 15/);
    expect(report.workload.skipped).toEqual([]);
  });

  it('plans nothing where there is neither a twin of its major nor the extension', async () => {
    await server.createDatabase('bare');
    const bare = await openSession(server.url('bare'));
    await bare.script(SCHEMA);
    await bare.close();
    const report = await adviseOn(server.url('bare'), {}, [BY_CUSTOMER]);
    expect(report).toMatchObject({ findings: [], statements: [] });
    expect(report.workload.skipped).toMatchObject([
      {
        reason: 'there are no server programs of PostgreSQL 15 for the twin, and those of PostgreSQL 18 plan otherwise',
      },
    ]);
  });
});
