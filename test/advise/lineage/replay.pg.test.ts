import { expect, it } from 'vitest';
import { Replayer } from '../../../src/advise/lineage/replay.js';
import type { RecordedCall } from '../../../src/model/linkage.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';

const call = (text: string, ...values: string[]): RecordedCall => ({
  ...{ shape: text, text, values, isInline: values.length === 0, startMs: 0, endMs: 0, durationMs: 0, database: null },
  ...{ session: 's', place: 1, trace: null, transaction: null },
});

it('runs a query with its values, and never one that writes, locks, is volatile, or takes long', async () => {
  const { session } = await testDatabase();
  await session.script(`
    CREATE TABLE t (id bigint, day date); INSERT INTO t VALUES (1, '2026-01-01'), (2, NULL);
    CREATE SEQUENCE s; CREATE TABLE ran (n int);
    CREATE FUNCTION noisy() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE VIEW loud AS SELECT id, noisy() FROM t;
    CREATE VIEW louder AS SELECT * FROM loud;
    CREATE TABLE secured (id bigint); ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
    CREATE POLICY heard ON secured USING (noisy() = 1);
    CREATE FUNCTION add_up(int, int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT $1 + $2';
    CREATE AGGREGATE total (int) (sfunc = add_up, stype = int, initcond = '0')`);
  const { catalog } = await readSnapshot(session);
  const replayer = await Replayer.open(session, catalog);
  const rows = await replayer.rowsOf(call('SELECT id, day, id + 1 AS next FROM t WHERE id <= $1 ORDER BY id', '2'));
  expect(rows?.rows).toEqual([
    ['1', '2026-01-01', '2'],
    ['2', null, '3'],
  ]);
  expect(rows?.columns.map(({ name, position }) => [name, position])).toEqual([
    ['id', 1],
    ['day', 2],
    ['next', 0],
  ]);
  for (const text of [
    ...['SELECT noisy()', 'SELECT * FROM loud', 'SELECT * FROM louder', `SELECT nextval('s')`, 'SELECT pg_sleep(0)'],
    ...['SELECT id FROM secured', 'SELECT total(id::int) FROM t'],
    ...['SELECT * FROM t FOR UPDATE', 'WITH w AS (DELETE FROM t RETURNING id) SELECT * FROM w', 'SELECT FROM nowhere'],
    ...[
      'SELECT sum(a * b) FROM generate_series(1, 100000) a, generate_series(1, 100000) b',
      'DELETE FROM t',
      'SELECT $1',
    ],
  ])
    expect([text, await replayer.rowsOf(call(text))]).toEqual([text, null]);
  expect((await replayer.rowsOf(call('SELECT id FROM t')))?.rows).toHaveLength(2);
  await session.query('ROLLBACK');
});
