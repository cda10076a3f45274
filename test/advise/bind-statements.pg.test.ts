import { beforeAll, describe, expect, it } from 'vitest';
import { type BindingContext, bindStatements } from '../../src/advise/bind-statements.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { WorkloadStatement } from '../../src/model/workload.js';
import { parsePlan } from '../../src/postgres/explain.js';
import type { Session } from '../../src/postgres/session.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';
import { fingerprint } from '../../src/sql/fingerprint.js';
import { testDatabase } from '../postgres.js';

const SCHEMA = `
  CREATE TYPE mood AS ENUM ('sad', 'fine');
  CREATE TYPE pair AS (a int, b int);
  CREATE TABLE t (id int PRIMARY KEY, status text, amount numeric, at timestamptz, mood mood, email text, done boolean, p pair);
  INSERT INTO t SELECT g, CASE WHEN g % 100 < 90 THEN 'completed' WHEN g % 100 < 98 THEN 'sent' ELSE 'pending' END,
    g / 10.0, timestamptz '2026-01-01 00:00+00' + g * interval '1 minute', 'fine', 'user' || g || '@example.org', g % 2 = 0
    FROM generate_series(1, 10000) g;
  CREATE INDEX t_lower ON t (lower(email));
  ANALYZE t;
`;

let session: Session;
let snapshot: Snapshot;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`SET timezone = 'UTC'; SET default_statistics_target = 100; ${SCHEMA}`);
  const { catalog, statistics } = await readSnapshot(session);
  snapshot = { catalog: { ...catalog, readAt: '2026-06-01T00:00:00.000Z' }, statistics };
});

/** Plans on the server itself, as a planner without hypothetical indexes. */
const planner: BindingContext['planner'] = {
  describeStatement: async (statement) => {
    await session.query(`PREPARE described AS ${statement}`);
    const { rows } = await session.query<{ types: string[] }>(
      "SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'described'",
    );
    await session.query('DEALLOCATE described');
    return { parameterTypes: rows[0]?.types ?? [] };
  },
  costs: async (statements) => {
    const costs = [];
    for (const statement of statements) {
      const option = /\$\d/.test(statement) ? '(GENERIC_PLAN)' : '';
      costs.push(
        await session.script(`EXPLAIN ${option} ${statement}`).then(
          () => ({ totalCost: 1, scatterCost: 0, hypotheticalUsed: [], existingUsed: [] }),
          (error: Error) => error,
        ),
      );
    }
    return costs;
  },
  explain: async (statement) => {
    const { rows } = await session.query(`EXPLAIN (FORMAT JSON) ${statement}`);
    return parsePlan(rows[0]?.['QUERY PLAN']);
  },
};

function workloadStatement(text: string, parameterSamples: WorkloadStatement['parameterSamples'] = []) {
  const unmeasured = { name: null, totalTimeMs: null, rows: null, sharedBuffers: null, location: null };
  return { fingerprint: fingerprint(text), text, calls: 7, parameterSamples, ...unmeasured };
}

async function bind(text: string, samples: WorkloadStatement['parameterSamples'] = []) {
  const bound = await bindStatements([workloadStatement(text, samples)], { planner, ...snapshot });
  expect(bound.skipped).toEqual([]);
  return (bound.statements[0]?.plannable.bindings ?? []).map(({ sql, share }) => `${share.toFixed(2)} ${sql}`);
}

/** Rows that each binding keeps. */
async function counts(condition: string): Promise<readonly number[]> {
  const bound = await bindStatements([workloadStatement(`SELECT * FROM t WHERE ${condition}`)], {
    planner,
    ...snapshot,
  });
  const rows: number[] = [];
  for (const { sql } of bound.statements[0]?.plannable.bindings ?? []) rows.push((await session.query(sql)).rowCount);
  return rows;
}

describe('bindStatements', () => {
  it('leaves a statement without parameters as it is', async () => {
    expect(await bind("SELECT * FROM t WHERE status = 'sent'")).toEqual(["1.00 SELECT * FROM t WHERE status = 'sent'"]);
  });

  it('binds given samples by the numbers of the source and joins those that are equal', async () => {
    expect(
      await bind('SELECT * FROM t WHERE id = $3 AND status = $1', [
        ['a', 0, 1],
        ['a', 9, 1],
        ['b', 0, null],
      ]),
    ).toEqual([
      "0.67 SELECT * FROM t WHERE id = '1'::integer AND status = 'a'::text",
      "0.33 SELECT * FROM t WHERE id = NULL::integer AND status = 'b'::text",
    ]);
  });

  it('takes common and rare values for an equality', async () => {
    expect(await bind('SELECT * FROM t WHERE status = $1')).toEqual([
      "0.33 SELECT * FROM t WHERE status = 'completed'::text",
      "0.33 SELECT * FROM t WHERE status = 'sent'::text",
      "0.33 SELECT * FROM t WHERE status = 'pending'::text",
    ]);
  });

  it('keeps 30, 10 and 1 percent of the rows with the bounds of a range', async () => {
    const conditions = ['at > $1', 'at <= $1', 'at BETWEEN $1 AND $2', 'amount >= $1 AND amount < $2', '$1 < at'];
    for (const condition of conditions) {
      const [wide = 0, middle = 0, narrow = 0] = await counts(condition);
      expect(wide / 10_000).toBeCloseTo(0.3, 1);
      expect(middle / 10_000).toBeCloseTo(0.1, 1);
      expect(narrow / 10_000).toBeCloseTo(0.01, 2);
    }
  });

  it('takes different values for a list of parameters and for an array', async () => {
    expect(await counts('id IN ($1, $2, $3)')).toEqual([3, 3, 3]);
    expect(await counts('id = ANY ($1)')).toEqual([5, 5, 5]);
    expect(await counts('id = ANY (ARRAY[$1, $2])')).toEqual([2, 2, 2]);
  });

  it('reads pages of 50 rows, one of them far behind', async () => {
    expect(await bind('SELECT * FROM t ORDER BY at LIMIT $1 OFFSET $2')).toEqual([
      "0.67 SELECT * FROM t ORDER BY at LIMIT '50'::bigint OFFSET '0'::bigint",
      "0.33 SELECT * FROM t ORDER BY at LIMIT '50'::bigint OFFSET '1000'::bigint",
    ]);
  });

  it('keeps the values that give about the rows that were measured', async () => {
    const text = 'SELECT * FROM t WHERE status = $1 AND at < $2';
    const rowsKept = async (rowsPerCall: number) => {
      const measured = { ...workloadStatement(text), calls: 5, rows: 5 * rowsPerCall };
      const { statements } = await bindStatements([measured], { planner, ...snapshot });
      const { bindings } = statements[0]?.plannable ?? { bindings: [] };
      expect(bindings.length).toBeLessThanOrEqual(3);
      expect(bindings.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
      expect(bindings.map(({ share }) => share)).toEqual(bindings.map(({ share }) => share).toSorted((a, b) => b - a));
      return (await session.query(bindings[0]?.sql ?? '')).rowCount;
    };
    // 200 rows are pending, 800 sent and 9,000 completed; a range keeps 30, 10, 1 or 0.1 percent of them.
    expect(await rowsKept(20)).toBeLessThan(40);
    expect(await rowsKept(250)).toBeGreaterThan(150);
    expect(await rowsKept(2700)).toBeGreaterThan(2000);
  });

  it('takes the page that fits the measured rows, and one row for a scalar or lateral subquery', async () => {
    const text = `SELECT a.id, (SELECT at FROM t WHERE id = a.id LIMIT $1), l.id FROM t a
      CROSS JOIN LATERAL (SELECT id FROM t LIMIT $2) l LIMIT $3`;
    const { statements } = await bindStatements([{ ...workloadStatement(text), calls: 10, rows: 187 }], {
      planner,
      ...snapshot,
    });
    expect(statements[0]?.plannable.bindings.map(({ sql }) => sql.match(/LIMIT '\d+'/g))).toEqual([
      ["LIMIT '1'", "LIMIT '1'", "LIMIT '50'"],
    ]);
  });

  it('makes prefix patterns of values and of expressions of a column', async () => {
    expect(await bind('SELECT * FROM t WHERE email LIKE $1')).toEqual([
      expect.stringMatching(/^0.33 SELECT \* FROM t WHERE email LIKE 'user\d[\d@]%'::text$/),
      expect.stringMatching(/LIKE 'user[\d@e]{4}%'::text$/),
      expect.stringMatching(/LIKE 'user[\d@exa]{7}%'::text$/),
    ]);
    expect(await counts('lower(email) = $1')).toEqual([1, 1, 1]);
    expect(await counts('upper(email) = $1')).toEqual([1, 1, 1]);
    expect(await counts('id::text = ANY ($1)')).toEqual([5, 5, 5]);
  });

  it('finds neutral values where a parameter is compared with nothing known, words of functions included', async () => {
    const text = `SELECT date_trunc($1, now()), extract($2 from now()), to_char(at, $3) FROM t
      WHERE at > now() - interval $4 AND done = $5 AND mood = $6 AND at < $7::date + $8::int`;
    const [first] = await bind(text);
    expect(first).toMatchInlineSnapshot(`
      "0.33 SELECT date_trunc('day'::text, now()), pg_catalog."extract"('epoch'::text::text , now()), to_char(at, 'YYYY-MM-DD'::text) FROM t
            WHERE at > now() - '30 days'::interval::interval AND done = 'f'::boolean AND mood = 'fine'::mood AND at < '2026-06-01T00:00:00.000Z'::date::date + '1'::integer::int"
    `);
  });

  it('falls back on a generic plan where no value of a type is known', async () => {
    expect(await bind('SELECT * FROM t WHERE p = $1')).toEqual(['1.00 SELECT * FROM t WHERE p = $1']);
  });

  it('falls back on a generic plan where no chosen value can be planned', async () => {
    expect(await bind('SELECT * FROM t WHERE id = 1 / ($1 - 1)')).toEqual([
      '1.00 SELECT * FROM t WHERE id = 1 / ($1 - 1)',
    ]);
  });

  it('gives the same bindings again', async () => {
    const text = 'SELECT * FROM t WHERE status = $1 AND at > $2 AND id = ANY ($3) LIMIT $4';
    expect(await bind(text)).toEqual(await bind(text));
  });

  it('passes by what the server does not know, with the reason of the server', async () => {
    const texts = ['SELECT * FROM missing WHERE id = $1', 'SELECT nothing FROM t', 'SELECT * FROM t WHERE id = $1'];
    const { statements, skipped } = await bindStatements(
      texts.map((text) => workloadStatement(text)),
      { planner, ...snapshot },
    );
    expect(statements.map(({ statement }) => statement.text)).toEqual(texts.slice(2));
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'relation "missing" does not exist',
      'column "nothing" does not exist',
    ]);
    expect(statements[0]?.analysis.scans).toHaveLength(1);
  });
});
