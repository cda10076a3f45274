import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PlannerKind } from '../../src/advise/open-planner.js';
import type { AdviceReport } from '../../src/model/advice.js';
import { silentProgress } from '../../src/model/progress.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { runAdvise } from './run-advise.js';

vi.setConfig({ testTimeout: 120_000 });

const SCHEMA = `
  CREATE EXTENSION pg_stat_statements;
  CREATE SCHEMA app;
  CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int, region text, city text);
  CREATE TABLE app.notes (id int PRIMARY KEY, order_id int, body text);
  CREATE TABLE app.tenants (id int PRIMARY KEY, tenant int, owner_id int);
  INSERT INTO app.orders SELECT g, g % 900, 'r' || g % 5, 'c' || g % 25 FROM generate_series(1, 30000) g;
  INSERT INTO app.notes SELECT g, g % 9000, 'note' FROM generate_series(1, 30000) g;
  INSERT INTO app.tenants SELECT g, g % 9, g % 900 FROM generate_series(1, 30000) g;
  CREATE STATISTICS app.places (mcv) ON region, city FROM app.orders;
  ALTER TABLE app.tenants ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON app.tenants USING (tenant = 3);
  ANALYZE`;

const STATEMENTS = ['SELECT * FROM app.orders WHERE customer_id = $1', 'SELECT * FROM app.notes WHERE order_id = $1'];
const TENANTS = 'SELECT * FROM app.tenants WHERE owner_id = $1';
const ORDERS = 'missing-index:app.orders(customer_id)';
const NOTES = 'missing-index:app.notes(order_id)';

let url: string;
let session: Session;
const folder = mkdtempSync(join(tmpdir(), 'pgsteward-rights-'));
const roles: string[] = [];

beforeAll(async () => {
  ({ url, session } = await testDatabase());
  await session.script(SCHEMA);
  for (let call = 0; call < 60; call += 1) for (const statement of STATEMENTS) await session.query(statement, [5]);
  await session.query(TENANTS, [5]);
  writeFileSync(join(folder, 'workload.sql'), `${[...STATEMENTS, TENANTS].join(';\n')};\n`);
}, 60_000);

afterAll(async () => {
  for (const role of roles) await session.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  rmSync(folder, { recursive: true });
});

/** Makes a role that may connect and gives it more by the SQL of `grants`. */
async function urlOf(grants: (role: string) => string): Promise<string> {
  const role = `rights_${process.pid}_${roles.length}`;
  await session.script(`CREATE ROLE ${role} LOGIN; ${grants(role)}`);
  roles.push(role);
  const target = new URL(url);
  target.username = role;
  return target.href;
}

async function adviseAs(
  role: string,
  workload = `sql:${folder}`,
  planner: PlannerKind = 'twin',
): Promise<AdviceReport> {
  return runAdvise({ url: role, workload: [workload], planner, rules: ['missing-index'] });
}

function summaryOf(report: AdviceReport) {
  return {
    planned: report.workload.statements,
    found: report.findings.map(({ key }) => key).sort(),
    skipped: report.workload.skipped
      .map(({ reason }) => reason)
      .filter((reason) => reason.includes('statistics'))
      .sort(),
  };
}

/** Of a workload that is nobody's: what the program itself asked is not among it. */
const NONE = { statements: [], unavailable: null };

const hidden = (table: string) => `the statistics of app.${table} are not visible to the role that read them`;

describe('a role that may only', () => {
  it('connect sees no statistics: each table is named, with what to grant, and nothing is planned in silence', async () => {
    const report = await adviseAs(await urlOf(() => ''));
    expect(summaryOf(report)).toEqual({ planned: 0, found: [], skipped: ['notes', 'orders', 'tenants'].map(hidden) });
    const [told] = report.skippedRules;
    expect(told?.reason).toMatch(
      /may not read the statistics of app\.\w+, app\.\w+, app\.\w+, so the twin planned no statement/,
    );
    expect(told?.reason).toMatch(/GRANT SELECT ON .* TO rights_/);
  });

  it('connect is refused the texts of pg_stat_statements, with the grant that helps', async () => {
    const role = await urlOf(() => '');
    const error = await adviseAs(role, 'pgss').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: expect.stringMatching(/may not read the text of \d+ statements/),
      hint: expect.stringContaining('GRANT pg_read_all_stats'),
    });
  });

  it('monitor sees the workload and no statistics', async () => {
    const report = await adviseAs(await urlOf((role) => `GRANT pg_monitor TO ${role}`), 'pgss');
    const { planned, skipped } = summaryOf(report);
    expect({ planned, skipped }).toEqual({ planned: 0, skipped: ['notes', 'orders', 'tenants'].map(hidden) });
  });

  it('read some tables is advised on those', async () => {
    const some = await urlOf((role) => `GRANT USAGE ON SCHEMA app TO ${role}; GRANT SELECT ON app.notes TO ${role}`);
    expect(summaryOf(await adviseAs(some))).toEqual({
      planned: 1,
      found: [NOTES],
      skipped: ['orders', 'tenants'].map(hidden),
    });
  });

  it('read a table is not advised on it where its extended statistics are hidden, which make its plans', async () => {
    const some = await urlOf((role) => `GRANT USAGE ON SCHEMA app TO ${role}; GRANT SELECT ON app.orders TO ${role}`);
    const report = await adviseAs(some);
    expect(summaryOf(report)).toEqual({ planned: 0, found: [], skipped: ['notes', 'orders', 'tenants'].map(hidden) });
  });

  it('read one column of a table is not advised on it', async () => {
    const one = await urlOf(
      (role) => `GRANT USAGE ON SCHEMA app TO ${role}; GRANT SELECT (order_id) ON app.notes TO ${role}`,
    );
    expect(summaryOf(await adviseAs(one)).skipped).toContain(hidden('notes'));
  });

  it('read everything is advised on everything but what row-level security hides', async () => {
    const all = await urlOf((role) => `GRANT pg_read_all_data TO ${role}`);
    const report = await adviseAs(all);
    expect(summaryOf(report).found).toEqual([NOTES, ORDERS]);
    expect(summaryOf(report).skipped).toEqual([hidden('tenants')]);
    const beyond = await urlOf(
      (role) => `GRANT pg_read_all_data, pg_read_all_stats TO ${role}; ALTER ROLE ${role} BYPASSRLS`,
    );
    const whole = summaryOf(await adviseAs(beyond, 'pgss'));
    expect(whole.skipped).toEqual([]);
    expect(whole.planned).toBeGreaterThanOrEqual(3);
  });

  it('read through a snapshot loses the same', async () => {
    const some = await urlOf((role) => `GRANT USAGE ON SCHEMA app TO ${role}; GRANT SELECT ON app.notes TO ${role}`);
    const { takeSnapshot } = await import('../../src/snapshot/take-snapshot.js');
    const options = { statementTimeoutMs: 10_000, progress: silentProgress, signal: new AbortController().signal };
    for (const redact of [false, true]) {
      const { document } = await takeSnapshot({ url: some, withWorkload: true, redact, ...options });
      expect(document.workload).toMatchObject(NONE);
      expect(document.snapshot.statistics.unreadable.map(({ name }) => name).sort()).toEqual(['orders', 'tenants']);
      expect([...new Set(document.snapshot.statistics.columns.map(({ table }) => table))]).toEqual(['notes']);
    }
  });
});
