import { expect, it } from 'vitest';
import { rowByRowDml } from '../../src/advisors/row-by-row-dml.js';
import { testDatabase } from '../postgres.js';
import { inSession, loopFindings, numbers } from './loops/find-loops.js';

const shop = () =>
  testDatabase({
    template: 'shop',
    prepare: (session) =>
      session.script(`
        CREATE TABLE orders (id int PRIMARY KEY, state text, total int);
        INSERT INTO orders SELECT n, 'open', 0 FROM generate_series(1, 1000) AS n;
        CREATE TABLE lines (order_id int REFERENCES orders, product int, amount int, PRIMARY KEY (order_id, product));
        ANALYZE`),
  });

const INSERT = 'INSERT INTO lines (order_id, product, amount) VALUES ($1, $2, $3)';
const UPDATE = 'UPDATE orders SET state = $1 WHERE id = $2';

it('reports an insert, an update, a delete and an upsert that run row by row', async () => {
  const { session } = await shop();
  const events = [
    ...inSession(numbers(25).map((n) => [INSERT, n, '7', n])),
    ...inSession(
      numbers(12).map((n) => [UPDATE, 'done', n]),
      { transaction: '5/1' },
    ),
    ...inSession(
      numbers(12).map((n) => ['DELETE FROM lines WHERE order_id = $1 AND product = $2', n, '7']),
      { transaction: '5/2' },
    ),
    ...inSession(
      numbers(30).map((n) => [
        `${INSERT} ON CONFLICT (order_id, product) DO UPDATE SET amount = excluded.amount`,
        n,
        '8',
        '1',
      ]),
    ),
  ];
  const findings = await loopFindings(session, rowByRowDml, events);
  expect(findings.map((finding) => [finding.class, finding.proof.grade, finding.relations[0]])).toEqual([
    ['insert', 'counted', 'public.lines'],
    ['update', 'counted', 'public.orders'],
    ['delete', 'counted', 'public.lines'],
    ['upsert', 'counted', 'public.lines'],
  ]);
  expect(findings[0]?.title).toBe('public.lines is inserted into row by row');
  expect(findings[0]?.message).toMatchInlineSnapshot(
    `"A loop has public.lines inserted into 25 times, one row a call. That loop made 25 round trips, took 12.5 ms on the server; 1 batch would do. A batch is suggested that was not run: it writes, and nothing is written to the database that is advised on; with --scratch-url and a copy that has its rows, both are run there and rolled back."`,
  );
});

it('says nothing of writes that come one by one with pauses, nor of those between other statements', async () => {
  const { session } = await shop();
  const slow = inSession(
    numbers(40).map((n) => [UPDATE, 'done', n]),
    { apartMs: 40 },
  );
  const mixed = inSession(
    numbers(40).flatMap((n) => [[UPDATE, 'done', n] as const, ['SELECT state FROM orders WHERE id = $1', n] as const]),
  );
  expect(await loopFindings(session, rowByRowDml, slow)).toEqual([]);
  expect(await loopFindings(session, rowByRowDml, mixed)).toEqual([]);
});

it('takes ten writes in a transaction for a loop, and nine for none', async () => {
  const { session } = await shop();
  const writes = (count: number) =>
    inSession(
      numbers(count).map((n) => [UPDATE, 'done', n]),
      { transaction: '3/9' },
    );
  expect(await loopFindings(session, rowByRowDml, writes(9))).toEqual([]);
  expect(await loopFindings(session, rowByRowDml, writes(10))).toHaveLength(1);
});

it('names COPY where hundreds of rows are inserted', async () => {
  const { session } = await shop();
  const inserts = (count: number) => inSession(numbers(count).map((n) => [INSERT, n, '7', n]));
  const [few] = await loopFindings(session, rowByRowDml, inserts(199));
  const [many] = await loopFindings(session, rowByRowDml, inserts(200));
  expect([few?.message.includes('COPY'), many?.message.includes('go in quickest by COPY')]).toEqual([false, true]);
});
