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
    `"A loop has public.lines inserted into 25 times, one row a call. That loop made 25 round trips, took 12.5 ms on the server; 1 batch would do. A batch is suggested that was not run: it writes, and nothing is written to the database that is advised on; with --scratch-url and a copy that has its rows, both are run there and rolled back. Estimated saving: 24 round trips and at most 12 ms on the server, as one statement takes the time of one call at least."`,
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

const COUNTING = `${INSERT} ON CONFLICT (order_id, product) DO UPDATE SET amount = lines.amount`;

it('names triggers and what is unique of the table, without a copy to run anything on', async () => {
  const { session } = await shop();
  await session.script(`
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE TRIGGER note_line BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION note();
    CREATE UNIQUE INDEX ON lines (order_id, lower(product::text))`);
  const [inserted] = await loopFindings(session, rowByRowDml, inSession(numbers(25).map((n) => [INSERT, n, '7', n])));
  expect(inserted?.fix?.sql[0]?.hazards).toMatchInlineSnapshot(`
    [
      "One statement fails or succeeds as a whole, and statement triggers fire once in place of once a row. One row that is refused refuses all.",
      "Triggers of the table run within the one statement: note_line.",
      "Unique in public.lines: lines_pkey (order_id, product), lines_order_id_lower_idx (order_id, lower((product)::text)). One row that is in conflict there refuses all of them.",
    ]
  `);
  const events = inSession(numbers(25).map((n) => [`${COUNTING} + excluded.amount`, n, '7', n]));
  const [upserted] = await loopFindings(session, rowByRowDml, events);
  expect(upserted?.fix?.sql[0]?.hazards.at(-1)).toBe(
    'Unique in public.lines: lines_order_id_lower_idx (order_id, lower((product)::text)). One row that is in conflict there refuses all of them.',
  );
});

it('adds up what comes twice for one key, and says why there is no batch where that is no sum', async () => {
  const { session } = await shop();
  const calls = (set: string) =>
    inSession(numbers(25).map((n) => [`${COUNTING} ${set}`, String(Number(n) % 5), '7', n]));
  const [added] = await loopFindings(session, rowByRowDml, calls('+ excluded.amount'));
  expect(added?.fix?.rewrittenQuery).toMatchInlineSnapshot(
    `"INSERT INTO lines (order_id, product, amount) SELECT wanted.key_1, $2, sum(wanted.key_3) FROM unnest($1::integer[], $3::integer[]) AS wanted (key_1, key_3) GROUP BY wanted.key_1 ON CONFLICT (order_id, product) DO UPDATE SET amount = lines.amount + excluded.amount"`,
  );
  const [multiplied] = await loopFindings(session, rowByRowDml, calls('* excluded.amount'));
  expect(multiplied?.fix).toBeNull();
  expect(multiplied?.message).toMatchInlineSnapshot(
    `"A loop has public.lines upserted into 25 times, one row a call. That loop made 25 round trips, took 12.5 ms on the server. No one statement is known to do the same: calls name one key several times, and what it sets amount to is neither a value of the call nor a sum of them. Estimated saving by one that does the same: 24 round trips and at most 12 ms on the server, as one statement takes the time of one call at least."`,
  );
});
