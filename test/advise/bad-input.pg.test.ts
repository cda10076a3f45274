import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PlannerKind } from '../../src/advise/open-planner.js';
import type { AdviceReport } from '../../src/model/advice.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { runAdvise } from './run-advise.js';

vi.setConfig({ testTimeout: 120_000 });

const SCHEMA = `
  CREATE EXTENSION pg_stat_statements;
  CREATE TABLE orders (id int PRIMARY KEY, customer_id int, status text, at timestamptz, doc jsonb);
  INSERT INTO orders SELECT g, g % 900, 'open', timestamptz '2026-01-01Z' + g * interval '1 minute', '{}'
    FROM generate_series(1, 30000) g;
  CREATE FOREIGN DATA WRAPPER far; CREATE SERVER away FOREIGN DATA WRAPPER far;
  CREATE FOREIGN TABLE abroad (id int, name text) SERVER away;
  ANALYZE orders;`;

/** What an index serves, so that each run shows that the rest went on. */
const GOOD = 'SELECT * FROM orders WHERE customer_id = $1';

let url: string;
let session: Session;
const folder = mkdtempSync(join(tmpdir(), 'pgsteward-bad-'));

beforeAll(async () => {
  ({ url, session } = await testDatabase());
  await session.script(SCHEMA);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

async function adviseOn(
  statements: readonly string[],
  options: { readonly planner?: PlannerKind; readonly workload?: string; readonly statementTimeoutMs?: number } = {},
): Promise<AdviceReport> {
  const path = mkdtempSync(join(folder, 'workload-'));
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'workload.sql'), `${[GOOD, ...statements].join(';\n')};\n`);
  return runAdvise({
    url,
    workload: [options.workload ?? `sql:${path}`],
    planner: options.planner ?? 'twin',
    statementTimeoutMs: options.statementTimeoutMs ?? 5000,
    rules: ['missing-index'],
  });
}

function skippedOf(report: AdviceReport): readonly string[] {
  return report.workload.skipped.map(({ reason, count, example }) => {
    expect(example.length).toBeLessThanOrEqual(200);
    expect(example).not.toBe('');
    return `${count} × ${reason}`;
  });
}

function expectGood(report: AdviceReport): void {
  expect(report.findings.map(({ key }) => key)).toContain('missing-index:public.orders(customer_id)');
}

describe('a statement that cannot be planned', () => {
  it('is counted with its reason and an example, and the others are advised on', async () => {
    const report = await adviseOn([
      'SELECT id FROM orders WHERE $1 IS NULL',
      'SELECT id FROM orders WHERE id = $1 OR nothing = $2',
      'SELECT * FROM dropped_table WHERE id = $1',
      'SELECT * FROM dropped_schema.dropped_table',
      'SELECT * FROM a_temporary_table',
      'SELECT * FROM other_database.public.orders',
      'SELECT * FROM orders WHERE id = no_such_function($1)',
      "SELECT * FROM orders WHERE id = 'not a number'",
      'SELECT * FROM orders WHERE (SELECT id FROM abroad WHERE name = $1) = id',
      'VACUUM orders',
      'CREATE INDEX ON orders (at)',
      "COPY orders TO '/tmp/nowhere'",
      'LOCK TABLE orders',
      'SELECT 1 FROM orders WHERE 1 / 0 = id',
    ]);
    expectGood(report);
    const skipped = skippedOf(report);
    expect(skipped.filter((reason) => !reason.includes('abroad')).sort()).toMatchInlineSnapshot(`
      [
        "1 × column "nothing" does not exist",
        "1 × could not determine data type of parameter $1",
        "1 × cross-database references are not implemented: "other_database.public.orders"",
        "1 × division by zero",
        "1 × function no_such_function(unknown) does not exist",
        "1 × invalid input syntax for type integer: "not a number"",
        "1 × relation "a_temporary_table" does not exist",
        "1 × relation "dropped_schema.dropped_table" does not exist",
        "1 × relation "dropped_table" does not exist",
        "4 × not planned by the server: transaction control, DDL or utility",
      ]
    `);
    expect(skipped.find((reason) => reason.includes('abroad'))).toMatch(/foreign table/);
  });

  it('makes a report of its own where there is no other', async () => {
    const path = join(folder, 'alone.sql');
    writeFileSync(path, 'SELECT * FROM dropped_table;\n');
    const report = await adviseOn([], { workload: `sql:${path}` });
    expect(report.findings).toEqual([]);
    expect(skippedOf(report)).toEqual(['1 × relation "dropped_table" does not exist']);
  });

  it('is counted on the database itself too', async () => {
    const report = await adviseOn(
      ['SELECT * FROM dropped_table', 'SELECT id FROM orders WHERE $1 IS NULL', 'SELECT * FROM abroad'],
      {
        planner: 'target',
      },
    );
    expect(skippedOf(report)).toContain('1 × relation "dropped_table" does not exist');
    expect(report.workload.statements).toBeGreaterThan(0);
  });
});

describe('a statement of an odd form', () => {
  it('is planned where its parameters stand for constants that the grammar wants', async () => {
    const report = await adviseOn([
      'SELECT * FROM orders WHERE at > now() - interval $1 AND customer_id = $2',
      'SELECT * FROM orders WHERE at > timestamptz $1 AND status = $2',
      'SELECT extract($1 FROM at) FROM orders WHERE customer_id = $2',
      'SELECT date_trunc($1, at), count(*) FROM orders WHERE customer_id = $3 GROUP BY date_trunc($2, at)',
      'SELECT * FROM orders WHERE customer_id IN ($1, $2, $3) LIMIT $4 OFFSET $5',
      'SELECT * FROM orders WHERE doc @> $1 AND customer_id = ANY ($2)',
      'SELECT count($1) FROM orders WHERE customer_id = $2',
    ]);
    expect(skippedOf(report)).toEqual([]);
    expect(report.workload.statements).toBe(8);
  });

  it('is planned with a list of a thousand parameters', async () => {
    const list = Array.from({ length: 1000 }, (_, place) => `$${place + 1}`).join(', ');
    const report = await adviseOn([
      `SELECT id FROM orders WHERE customer_id IN (${list})`,
      `SELECT * FROM orders WHERE customer_id NOT IN (${list}) AND at > $1001`,
    ]);
    expectGood(report);
    expect(skippedOf(report)).toEqual([]);
    expect(report.workload.statements).toBe(3);
  });

  it('of a megabyte is planned or counted, and its example is short', async () => {
    const values = Array.from({ length: 100_000 }, (_, place) => String(1_000_000 + place)).join(', ');
    const rows = Array.from(
      { length: 15_000 },
      (_, place) => `(${place}, 7, 'status ${place}', now(), '{"a": [1, 2, 3]}')`,
    ).join(', ');
    const startedAt = performance.now();
    const report = await adviseOn([
      `SELECT * FROM orders WHERE id IN (${values})`,
      `INSERT INTO orders VALUES ${rows}`,
      `SELECT * FROM orders WHERE status = '${'x'.repeat(1_000_000)}'`,
    ]);
    expectGood(report);
    skippedOf(report);
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  });

  it('that nests too deeply is counted', async () => {
    const report = await adviseOn([`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)} FROM orders`]);
    expectGood(report);
    expect(skippedOf(report).join()).toMatch(/1 × does not parse/);
  });
});

describe('planning that takes long', () => {
  it('ends at the statement timeout, and the others go on', async () => {
    // A function of the planner's time: a constant call is worked out while the statement is planned.
    await session.script(`CREATE OR REPLACE FUNCTION slow(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
      'DECLARE until timestamptz := clock_timestamp() + interval ''20 s''; BEGIN WHILE clock_timestamp() < until LOOP END LOOP; RETURN n; END'`);
    for (const planner of ['twin', 'target'] as const) {
      const startedAt = performance.now();
      const report = await adviseOn(['SELECT * FROM orders WHERE id = slow(1)'], { planner, statementTimeoutMs: 1000 });
      expect(report.workload.statements).toBe(1);
      expect(skippedOf(report).join()).toMatch(/1 × .*(statement timeout|does not exist)/);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
    }
    await session.query('DROP FUNCTION slow(int)');
  });
});

describe('pg_stat_statements', () => {
  it('gives statements of dropped and temporary tables and of other databases as skipped', async () => {
    const other = await testDatabase();
    await other.session.script('CREATE TABLE elsewhere (id int)');
    await other.session.query('SELECT * FROM elsewhere');
    await session.script('CREATE TEMPORARY TABLE passing (id int); CREATE TABLE gone (id int)');
    await session.query('SELECT * FROM passing WHERE id = 1');
    await session.query('SELECT * FROM gone WHERE id = 1');
    await session.script('DROP TABLE passing, gone');
    await session.query("SELECT * FROM orders WHERE at > now() - interval '1 day' AND customer_id = 5");
    const report = await adviseOn([], { workload: 'pgss' });
    const skipped = skippedOf(report).join('\n');
    expect(skipped).toContain('1 × relation "passing" does not exist');
    expect(skipped).toContain('1 × relation "gone" does not exist');
    expect(skipped).toMatch(/\d+ × a statement of another database/);
    expect(report.workload.statements).toBeGreaterThan(0);
  });
});
