import { beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/postgres/session.js';
import { rewriteForPlanning } from '../../src/sql/plannable.js';
import { testDatabase } from '../postgres.js';

const SCHEMA = `
  CREATE EXTENSION pg_stat_statements;
  CREATE TABLE t (id int PRIMARY KEY, u uuid, s text, n numeric, b boolean, at timestamptz, d date, tags text[], j jsonb);
`;

/** Statements as programs write them; the server itself turns their constants into parameters. */
const STATEMENTS = [
  "SELECT * FROM t WHERE at > now() - interval '1 day'",
  "SELECT * FROM t WHERE at > now() - interval '1' day AND d = date '2026-01-01'",
  "SELECT * FROM t WHERE at > timestamp with time zone '2026-01-01' AND n > numeric '5'",
  'SELECT extract(epoch FROM at), extract(year FROM d) FROM t',
  "SELECT position('x' IN s), trim('x' FROM s), substring(s FROM 1 FOR 2), overlay(s PLACING 'x' FROM 1) FROM t",
  "SELECT at AT TIME ZONE 'UTC', normalize(s, NFC), s IS NFC NORMALIZED FROM t",
  'SELECT * FROM t WHERE id IN (1, 2, 3, 4, 5)',
  'SELECT * FROM t WHERE id NOT IN (1, 2)',
  'SELECT * FROM t WHERE id = ANY (ARRAY[1, 2, 3]) AND id <> ALL (ARRAY[7])',
  "SELECT * FROM t WHERE u = ANY (ARRAY['4a8ef1c0-0000-0000-0000-000000000000'::uuid])",
  "SELECT * FROM t WHERE u = ANY ('{4a8ef1c0-0000-0000-0000-000000000000}') AND id::text = ANY ('{1,2}')",
  "SELECT date_trunc('day', at), count(*) FROM t GROUP BY date_trunc('day', at) ORDER BY date_trunc('day', at)",
  "SELECT date_trunc('day', at) FROM t GROUP BY 1 ORDER BY 1 DESC LIMIT 10 OFFSET 20",
  'SELECT extract(year FROM at), extract(month FROM at), count(1) FROM t GROUP BY extract(year FROM at), extract(month FROM at)',
  'SELECT DISTINCT n + 1 FROM t ORDER BY n + 1',
  "SELECT b, sum(CASE WHEN s = 'x' THEN 1 ELSE 0 END), avg(CASE WHEN s = 'y' THEN 1 END) FROM t GROUP BY b HAVING count(*) > 1",
  "SELECT coalesce(n, 0) * 100 / 7, 60 * 60, -5, 'a' || s FROM t",
  'SELECT g FROM generate_series(1, 10) g',
  "SELECT jsonb_build_object('a', id, 'b', 1), j -> 'a' ->> 0, j @> '{}' FROM t",
  "SELECT concat(s, '-', id), format('%s', s), round(n, 2), left(s, 3) FROM t",
  "SELECT * FROM t WHERE s LIKE 'a%' ESCAPE '\\' AND s ~ 'x' AND s COLLATE \"C\" > 'a'",
  "SELECT * FROM t WHERE (id, s) > (1, 'x') AND id BETWEEN 1 AND 5 AND b IS NOT TRUE",
  "SELECT * FROM t WHERE 'x' = ANY (tags) AND tags @> ARRAY['x', 'y'] AND tags[1] = 'z'",
  "SELECT row_number() OVER (PARTITION BY s ORDER BY at ROWS 3 PRECEDING), lag(s, 1, 'x') OVER () FROM t",
  "SELECT *, (SELECT max(id) FROM t i WHERE i.s = 'x') FROM t TABLESAMPLE BERNOULLI (10) FETCH FIRST 5 ROWS ONLY",
  "WITH x AS (UPDATE t SET s = 'x', n = n + 1 WHERE id = 1 RETURNING *) SELECT count(*) FROM x",
  "INSERT INTO t (id, s, at) SELECT 1, 'x', now() WHERE false ON CONFLICT (id) DO UPDATE SET s = 'y'",
  "INSERT INTO t (id, s, b, j) VALUES (1, 'x', true, '{}'), (2, 'y', false, NULL) ON CONFLICT DO NOTHING",
  "DELETE FROM t WHERE at < now() - make_interval(days => 30) AND bit_length(s) > 5 AND s > E'\\n'",
  'WITH RECURSIVE r AS (SELECT id, 1 AS depth FROM t UNION ALL SELECT t.id, depth + 1 FROM t JOIN r USING (id) WHERE depth < 3) SELECT * FROM r',
  "SELECT to_char(at, 'YYYY'), age(at, '2026-01-01'), cast('5' AS int), '1 hour'::interval FROM t",
];

let session: Session;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(SCHEMA);
});

/** What pg_stat_statements printed for a statement that has just been run. */
async function printedText(statement: string): Promise<string> {
  // Of this database alone: other test files read theirs on the same server.
  await session.query('SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE datname = current_database()');
  await session.query(statement);
  const { rows } = await session.query<{ query: string }>(
    `SELECT query FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND query NOT LIKE '%pg_stat_statements%'`,
  );
  return rows[0]?.query ?? '';
}

describe('rewriteForPlanning', () => {
  it.each(STATEMENTS)('makes the server prepare what it printed for %s', async (statement) => {
    const printed = await printedText(statement);
    expect(printed).toMatch(/\$\d/);
    const { text } = rewriteForPlanning(printed);
    await session.query(`PREPARE rewritten AS ${text}`);
    await session.query('DEALLOCATE rewritten');
  });
});
