import { describe, expect, it, vi } from 'vitest';
import type { Advisor } from '../../src/advisors/advisor.js';
import { countedExistence } from '../../src/advisors/counted-existence.js';
import { deepOffset } from '../../src/advisors/deep-offset.js';
import { distinctOverFanOut } from '../../src/advisors/distinct-over-fan-out.js';
import { joinBeforeGrouping } from '../../src/advisors/join-before-grouping.js';
import { joinFanOut } from '../../src/advisors/join-fan-out.js';
import { lateLimit } from '../../src/advisors/late-limit.js';
import { needlessDistinct } from '../../src/advisors/needless-distinct.js';
import { needlessOrder } from '../../src/advisors/needless-order.js';
import { nonSargablePredicate } from '../../src/advisors/non-sargable-predicate.js';
import { optimizationFence } from '../../src/advisors/optimization-fence.js';
import { orInJoin } from '../../src/advisors/or-in-join.js';
import { selfShadowedSubquery } from '../../src/advisors/self-shadowed-subquery.js';
import { sortedDistinctAggregate } from '../../src/advisors/sorted-distinct-aggregate.js';
import { spillingSort } from '../../src/advisors/spilling-sort.js';
import { unsharedBound } from '../../src/advisors/unshared-bound.js';
import { unusedJoin } from '../../src/advisors/unused-join.js';
import type { Session } from '../../src/postgres/session.js';
import { runAdvise } from '../advise/run-advise.js';
import { testDatabase } from '../postgres.js';
import { adviseOn } from './advise-on.js';
import { fillBazaar } from './statements/bazaar.js';
import { findingsIn } from './statements/check-statement-cases.js';

vi.setConfig({ testTimeout: 180_000 });

const BAZAAR = { template: 'bazaar', prepare: fillBazaar };
const WIDE =
  'SELECT o.id, o.state, l.product, l.amount FROM order_lines l JOIN orders o ON o.id = l.order_id ORDER BY l.product, o.cents';

const REWRITTEN: readonly (readonly [Advisor, string])[] = [
  [nonSargablePredicate, "SELECT email FROM customers WHERE created_at::date = '2026-03-01'"],
  [
    nonSargablePredicate,
    'SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = 3 OR c.id = 7',
  ],
  [selfShadowedSubquery, 'SELECT id FROM customers WHERE NOT EXISTS (SELECT * FROM orders o WHERE o.customer_id = id)'],
  [
    joinFanOut,
    'SELECT l.product, n.note FROM order_lines l JOIN line_notes n ON n.line_no = l.line_no WHERE l.order_id = $1',
  ],
  [unusedJoin, "SELECT o.id, o.cents FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.state = 'open'"],
  [distinctOverFanOut, 'SELECT DISTINCT r.country FROM rates r JOIN customers c ON c.country = r.country'],
  [deepOffset, 'SELECT id, state FROM orders ORDER BY placed_at DESC, id DESC LIMIT 50 OFFSET 5000'],
  [
    orInJoin,
    'SELECT c.country, count(*) FROM customers c, orders o WHERE (o.customer_id = c.id OR o.parent_id = c.id) GROUP BY c.country',
  ],
  [needlessDistinct, 'SELECT DISTINCT id, state, cents, placed_at, shipped_at FROM orders'],
  [needlessOrder, 'SELECT count(*) FROM (SELECT * FROM parcels ORDER BY weight, city, zone) x'],
  [
    lateLimit,
    'SELECT o.id, c.email, o.state FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id LIMIT 20 OFFSET 30000',
  ],
  [
    unsharedBound,
    'SELECT o.id, sum(l.amount) FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.id < 300 AND o.cents > 1 GROUP BY o.id',
  ],
  [countedExistence, "SELECT count(*) > 0 AS any FROM orders WHERE state = 'done'"],
  [
    joinBeforeGrouping,
    'SELECT s.id, s.town FROM shops s LEFT JOIN visits v ON v.shop_id = s.id GROUP BY s.id, s.town HAVING count(v.id) = 0',
  ],
  [sortedDistinctAggregate, 'SELECT count(DISTINCT weight) FROM parcels'],
  [
    optimizationFence,
    'WITH all_of AS MATERIALIZED (SELECT id, customer_id, cents FROM orders) SELECT cents FROM all_of WHERE id = 7',
  ],
];

describe('a statement that is written as a rule shows it', () => {
  it.each(REWRITTEN.map(([advisor, sql]) => ({ advisor, sql, id: advisor.id })))(
    'has no finding of $id any more: $sql',
    async ({ advisor, sql }) => {
      const [first] = await findingsIn(advisor, { sql });
      const rewritten = first?.fix?.rewrittenQuery ?? first?.alternatives?.[0]?.sql ?? '';
      expect(rewritten).not.toBe('');
      expect(await findingsIn(advisor, { sql: rewritten })).toEqual([]);
    },
  );
});

it('an index on the expression ends a condition that hides its column, until it is dropped', async () => {
  const { url, session } = await testDatabase(BAZAAR);
  const workload = [{ sql: 'SELECT id FROM customers WHERE lower(email) = $1' }];
  const found = async () => (await adviseOn(url, workload, [nonSargablePredicate.id])).findings;
  const [first, ...others] = await found();
  expect([first?.ruleId, ...others]).toEqual([nonSargablePredicate.id]);
  await runAll(session, first?.fix?.sql.map(({ sql }) => sql) ?? []);
  expect(await found()).toEqual([]);
  await runAll(session, first?.fix?.undo ?? []);
  expect((await found()).map(({ key }) => key)).toEqual([first?.key]);
});

it('statistics over columns end a misestimate, until they are dropped', async () => {
  const { url, session } = await testDatabase(BAZAAR);
  await session.query('CREATE EXTENSION pg_stat_statements');
  for (let call = 0; call < 10; call += 1)
    await session.query("SELECT id FROM parcels WHERE city = 'c7' AND region = 'r7' AND zone = 'z7'");
  const found = () => misestimatesOn(url);
  const [first, ...others] = await found();
  expect([first?.title, ...others]).toEqual([expect.stringMatching(/gives 2,000 rows where \d are expected$/)]);
  await runAll(session, first?.fix?.sql.map(({ sql }) => sql) ?? []);
  expect(await found()).toEqual([]);
  await runAll(session, first?.fix?.undo ?? []);
  expect((await found()).map(({ key }) => key)).toEqual([first?.key]);
});

it('a greater statistics target ends a misestimate, until it is set back', async () => {
  const { url, session } = await testDatabase();
  // The sample is the whole table, of which ANALYZE keeps ten common values; the eleventh has 1,000 rows.
  await session.script(`CREATE TABLE visits (id int PRIMARY KEY, page int NOT NULL);
    INSERT INTO visits SELECT n, CASE WHEN n <= 15000 THEN n % 10 WHEN n <= 16000 THEN 10 ELSE n END FROM generate_series(1, 28000) AS n;
    ALTER TABLE visits ALTER page SET STATISTICS 10; CREATE VIEW front_page AS SELECT id FROM visits WHERE page = 10;
    CREATE EXTENSION pg_stat_statements`);
  await session.query('VACUUM ANALYZE visits');
  for (let call = 0; call < 10; call += 1) await session.query('SELECT id FROM front_page');
  const found = () => misestimatesOn(url);
  const [first, ...others] = await found();
  expect([first?.title, ...others]).toEqual([expect.stringMatching(/gives 1,000 rows where \d are expected$/)]);
  expect(first?.fix?.undo).toEqual([
    'ALTER TABLE public.visits ALTER COLUMN page SET STATISTICS 10',
    'ANALYZE public.visits',
  ]);
  await runAll(session, first?.fix?.sql.map(({ sql }) => sql) ?? []);
  expect(await found()).toEqual([]);
  await runAll(session, first?.fix?.undo ?? []);
  expect((await found()).map(({ key }) => key)).toEqual([first?.key]);
});

it('the memory that is proposed keeps a real sort off the disk, until it is set back', async () => {
  const { session } = await testDatabase(BAZAAR);
  const [found] = await findingsIn(spillingSort, { sql: WIDE });
  await session.query('BEGIN');
  expect(await sortsOn(session)).toContain('Disk');
  await runAll(session, found?.fix?.sql.map(({ sql }) => sql) ?? []);
  expect(await sortsOn(session)).not.toContain('Disk');
  await runAll(session, found?.fix?.undo ?? []);
  expect(await sortsOn(session)).toContain('Disk');
  await session.query('ROLLBACK');
});

/** `Memory` or `Disk`, of each sort of the statement. */
async function sortsOn(session: Session): Promise<readonly string[]> {
  const { rows } = await session.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${WIDE}`);
  return [...JSON.stringify(rows).matchAll(/"Sort Space Type":"(\w+)"/g)].map(([, type]) => type ?? '');
}

async function misestimatesOn(url: string) {
  return (await runAdvise({ url, workload: ['pgss'], rules: ['misestimated-rows'] })).findings;
}

async function runAll(session: Session, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await session.query(sql);
}
