import { expect, it } from 'vitest';
import { attributeKey } from '../../../src/planner/twin/attributes.js';
import { IndexSizer } from '../../../src/planner/twin/index-sizer.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';
import { indexOn } from '../shop.js';

const ROWS = 60_000;

const TABLE = `
  CREATE SCHEMA shop;
  CREATE TABLE shop.orders (id bigint PRIMARY KEY, agent uuid, hash text, kind text, amount numeric(12, 2), note text,
                            at timestamptz, flag boolean, small smallint, step text);
  SELECT setseed(0.7);
  INSERT INTO shop.orders
  SELECT i, md5((power(random(), 2) * 400)::int::text)::uuid, md5(i::text) || md5((i * 7)::text),
         (ARRAY['scan', 'update', 'restart-the-agent', 'report'])[1 + floor(random() * random() * 4)::int],
         round((exp(random() * 9))::numeric, 2), CASE WHEN random() < 0.2 THEN repeat('x', (random() * 60)::int) END,
         timestamptz '2025-01-01' + (i / 3) * interval '1 minute', random() < 0.03, (random() * 500)::int,
         (ARRAY['asked', 'sent', 'tested', 'installed'])[1 + floor(random() * 5)::int]
    FROM generate_series(1, ${ROWS}) AS i;
  CREATE STATISTICS shop.orders_kinds (ndistinct) ON agent, kind FROM shop.orders`;

const KEYS = [
  ...[['agent'], ['hash'], ['kind'], ['amount'], ['note'], ['at'], ['flag'], ['small']],
  ...[
    ['agent', 'kind'],
    ['agent', 'at'],
    ['kind', 'small'],
    ['flag', 'at'],
    ['small', 'note'],
    ['kind', 'amount'],
  ],
  ...[
    ['agent', 'id'],
    ['hash', 'agent'],
    ['flag', 'kind', 'small'],
    ['at', 'kind', 'agent'],
    ['note', 'at'],
  ],
];

it('comes within 6 % of what CREATE INDEX makes, for at least nine of ten', async () => {
  const { session } = await testDatabase();
  await session.script(TABLE);
  const sizes = await sizesOf(
    session,
    KEYS.flatMap((keys) => [[], ['flag']].map((include) => ({ keys, include }))),
  );
  const wrong = sizes.filter(({ blocks, real }) => Math.abs(blocks / real - 1) > 0.06);
  expect(wrong.length, JSON.stringify(wrong)).toBeLessThanOrEqual(sizes.length * 0.1);
});

it('comes within a block where the statistics list all values of the keys', async () => {
  const { session } = await testDatabase();
  await session.script(TABLE);
  const sizes = await sizesOf(
    session,
    [['kind'], ['flag'], ['step'], ['kind', 'flag'], ['flag', 'kind'], ['step', 'kind', 'flag']].map((keys) => ({
      keys,
      include: [],
    })),
  );
  expect(sizes.filter(({ blocks, real }) => Math.abs(blocks - real) > 1)).toEqual([]);
});

interface Listed {
  readonly keys: readonly string[];
  readonly include: readonly string[];
}

/** Gives the estimated and the real blocks of indexes on the table. */
async function sizesOf(
  session: Session,
  indexes: readonly Listed[],
): Promise<readonly (Listed & { blocks: number; real: number })[]> {
  await session.query('ANALYZE shop.orders');
  const snapshot = await readSnapshot(session);
  const columns = snapshot.statistics.columns.map(
    (entry) => [attributeKey('shop', 'orders', entry.column), entry] as const,
  );
  const sizer = new IndexSizer(snapshot, new Map(columns));
  const sizes: (Listed & { blocks: number; real: number })[] = [];
  for (const { keys, include } of indexes) {
    const spec = indexOn('orders', keys, { include });
    const listed = include.length > 0 ? ` INCLUDE (${include.join(', ')})` : '';
    await session.query(`CREATE INDEX built ON shop.orders (${keys.join(', ')})${listed}`);
    const { rows } = await session.query<{ blocks: number }>(
      "SELECT (pg_relation_size('shop.built') / 8192)::float8 AS blocks",
    );
    await session.query('DROP INDEX shop.built');
    const equalImage = !keys.includes('amount');
    const expressionEstimate = () => ({ widthBytes: 8, distinct: 1 });
    const { blocks } = sizer.size({ ...spec, rows: ROWS, equalImage, expressionEstimate });
    sizes.push({ keys, include, blocks, real: rows[0]?.blocks ?? 1 });
  }
  return sizes;
}
