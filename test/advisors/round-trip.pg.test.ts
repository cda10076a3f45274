import { describe, expect, it } from 'vitest';
import { advisors } from '../../src/advisors/index.js';
import type { AdviceReport } from '../../src/model/advice.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { adviseOn, type WorkloadEntry } from './advise-on.js';

/** What a rule finds, made from nothing. */
interface RoundTrip {
  readonly ruleId: string;
  readonly schema: string;
  readonly workload: readonly WorkloadEntry[];
  /** The one finding's key. */
  readonly key: string;
  /** Where a fix cannot be undone: what brings the bad state back. */
  readonly spoil?: readonly string[];
  /** What VACUUM and ANALYZE would mend: it runs behind them. */
  readonly worsen?: readonly string[];
  /** Figures of the bad state that differ from time to time. */
  readonly varies?: true;
}

/** A table of 20,000 rows without a finding, and one that it may refer to. */
const ORDERS = `
  CREATE TABLE customers (id int PRIMARY KEY);
  INSERT INTO customers SELECT generate_series(1, 1000);
  CREATE TABLE orders (id int PRIMARY KEY, customer int, state text, placed_at timestamptz);
  INSERT INTO orders
  SELECT n, 1 + n * 7919 % 1000, CASE WHEN n % 50 = 0 THEN 'Open' ELSE 'Done' END, timestamptz '2026-01-01' + n * interval '1 min'
    FROM generate_series(1, 20000) AS n;`;
const READ_BY_KEY = [{ sql: 'SELECT state FROM orders WHERE id = $1' }];

const ROUND_TRIPS: readonly RoundTrip[] = [
  {
    ruleId: 'missing-index',
    schema: `
      CREATE TABLE orders (id int PRIMARY KEY, customer int, state text, placed_at timestamptz);
      INSERT INTO orders
      SELECT n, n * 7919 % 1000, CASE WHEN n % 50 = 0 THEN 'open' ELSE 'done' END, timestamptz '2026-01-01' + n * interval '1 min'
        FROM generate_series(1, 20000) AS n`,
    workload: [{ sql: 'SELECT id, state FROM orders WHERE customer = $1 ORDER BY placed_at DESC LIMIT 5' }],
    key: 'missing-index:public.orders(customer,placed_at DESC)',
  },
  {
    ruleId: 'missing-index',
    schema: `
      CREATE TABLE "Orders" ("Id" int PRIMARY KEY, "order" text, state text, placed_at timestamptz);
      INSERT INTO "Orders"
      SELECT n, 'order ' || n, CASE WHEN n % 50 = 0 THEN 'open' ELSE 'done' END, timestamptz '2026-01-01' + n * interval '1 min'
        FROM generate_series(1, 20000) AS n`,
    workload: [{ sql: `SELECT "Id" FROM "Orders" WHERE state = 'open' AND placed_at < '2026-01-05'` }],
    key: `missing-index:public."Orders"(placed_at) where state = 'open'`,
  },
  {
    ruleId: 'redundant-index',
    schema: `${ORDERS} CREATE INDEX "Short" ON orders (customer); CREATE INDEX long ON orders (customer, placed_at DESC)`,
    workload: [{ sql: 'SELECT id FROM orders WHERE customer = $1 ORDER BY placed_at DESC LIMIT 5' }],
    key: 'redundant-index:public."Short"',
  },
  {
    ruleId: 'unused-index',
    schema: `${ORDERS} CREATE INDEX by_state ON orders (state, lower(state)) WITH (fillfactor = 80)`,
    workload: READ_BY_KEY,
    key: 'unused-index:public.by_state',
  },
  {
    ruleId: 'invalid-index',
    schema: `${ORDERS} CREATE UNIQUE INDEX broken ON orders (customer, id); ${invalid('broken')}`,
    workload: READ_BY_KEY,
    key: 'invalid-index:public.broken',
    spoil: [invalid('broken')],
  },
  {
    ruleId: 'unindexed-foreign-key',
    schema: `${ORDERS} ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers ON DELETE CASCADE`,
    workload: READ_BY_KEY,
    key: 'unindexed-foreign-key:public.orders(customer)',
  },
  {
    ruleId: 'unreachable-partial-index',
    schema: `${ORDERS} CREATE INDEX open_ones ON orders (placed_at) WHERE state = 'open'`,
    workload: READ_BY_KEY,
    key: 'unreachable-partial-index:public.open_ones',
  },
  {
    ruleId: 'bloated-index',
    schema: `CREATE TABLE marks (id int PRIMARY KEY) WITH (autovacuum_enabled = off);
      INSERT INTO marks SELECT generate_series(1, 700000); DELETE FROM marks WHERE id % 20 <> 0`,
    workload: [{ sql: 'SELECT id FROM marks WHERE id = $1' }],
    key: 'bloated-index:public.marks_pkey',
    spoil: [
      'INSERT INTO marks SELECT n FROM generate_series(1, 700000) AS n WHERE n % 20 <> 0',
      'DELETE FROM marks WHERE id % 20 <> 0',
      'VACUUM (ANALYZE) marks',
    ],
    varies: true,
  },
  {
    ruleId: 'stale-statistics',
    schema: 'CREATE TABLE marks (id int PRIMARY KEY) WITH (autovacuum_enabled = off)',
    workload: [{ sql: 'SELECT id FROM marks WHERE id = $1' }],
    key: 'stale-statistics:public.marks',
    worsen: ['INSERT INTO marks SELECT generate_series(1, 2000)'],
    spoil: ['DELETE FROM marks WHERE id <= 2000', 'INSERT INTO marks SELECT generate_series(1, 2000)'],
    varies: true,
  },
  {
    ruleId: 'implicit-on-delete',
    schema: `${ORDERS} CREATE INDEX ON orders (customer); ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers`,
    workload: [...READ_BY_KEY, { sql: 'SELECT id FROM orders WHERE customer = $1' }],
    key: 'implicit-on-delete:public.customers',
  },
  {
    ruleId: 'mixed-uuid-generators',
    schema: `${ORDERS} CREATE EXTENSION "uuid-ossp"; ALTER TABLE orders ADD token uuid DEFAULT uuid_generate_v4();
      ALTER TABLE customers ADD token uuid DEFAULT gen_random_uuid()`,
    workload: READ_BY_KEY,
    key: 'mixed-uuid-generators:uuid',
  },
  {
    ruleId: 'check-literal-too-long',
    schema: `${ORDERS} ALTER TABLE orders ADD "Kind" varchar(4) CHECK ("Kind" IN ('post', 'hand', 'courier'))`,
    workload: READ_BY_KEY,
    key: 'check-literal-too-long:public.orders."Kind"',
  },
  {
    ruleId: 'default-outside-check',
    schema: `${ORDERS} ALTER TABLE orders ADD CHECK (state IN ('Open', 'Done')), ALTER state SET DEFAULT 'open'`,
    workload: READ_BY_KEY,
    key: 'default-outside-check:public.orders.state',
  },
  {
    ruleId: 'mixed-timestamp-types',
    schema: `${ORDERS} ALTER TABLE orders ADD sent_at timestamp(0)`,
    workload: READ_BY_KEY,
    key: 'mixed-timestamp-types:public.orders',
  },
  {
    ruleId: 'missing-primary-key',
    schema: `${ORDERS} ALTER TABLE orders DROP CONSTRAINT orders_pkey; CREATE UNIQUE INDEX "Orders by id" ON orders (id); ALTER TABLE orders ALTER id SET NOT NULL`,
    workload: READ_BY_KEY,
    key: 'missing-primary-key:public.orders',
  },
  {
    ruleId: 'exhausting-key',
    schema: `${ORDERS} CREATE TABLE notes (id serial PRIMARY KEY, body text); SELECT setval('notes_id_seq', 2000000000)`,
    workload: READ_BY_KEY,
    key: 'exhausting-key:public.notes.id',
  },
  {
    ruleId: 'exhausting-sequence',
    schema: `${ORDERS} CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY (MAXVALUE 1000) PRIMARY KEY); SELECT setval('notes_id_seq', 990)`,
    workload: READ_BY_KEY,
    key: 'exhausting-sequence:public.notes_id_seq',
  },
  {
    ruleId: 'lagging-autovacuum',
    schema: `${ORDERS} ALTER TABLE orders SET (autovacuum_enabled = off)`,
    workload: READ_BY_KEY,
    key: 'lagging-autovacuum:public.orders',
    worsen: ["UPDATE orders SET state = 'Done' WHERE id > 10000", 'ANALYZE orders'],
    spoil: [
      'ALTER TABLE orders SET (autovacuum_enabled = off)',
      "UPDATE orders SET state = 'Done' WHERE id > 10000",
      'ANALYZE orders',
    ],
    varies: true,
  },
  {
    ruleId: 'missed-hot-updates',
    schema: `${ORDERS} UPDATE orders SET state = 'Done' WHERE id > 5000`,
    workload: [...READ_BY_KEY, { sql: 'UPDATE orders SET state = $2 WHERE id = $1' }],
    key: 'missed-hot-updates:public.orders',
  },
];

describe.each(ROUND_TRIPS)('$key', ({ ruleId, schema, workload, key, spoil, worsen = [], varies }) => {
  it('is found, is gone with its fix, and is found again when that is undone', async () => {
    const { url, session } = await testDatabase();
    await session.script(schema);
    await runAll(session, ['SELECT pg_stat_force_next_flush()', 'VACUUM (ANALYZE)', ...worsen]);
    const first = await adviseOn(url, workload);
    expect(keysOf(first)).toEqual([key]);
    expect(first.findings[0]?.ruleId).toBe(ruleId);
    await runAll(
      session,
      first.findings.flatMap(({ fix }) => fix?.sql.map(({ sql }) => sql) ?? []),
    );
    expect(keysOf(await adviseOn(url, workload))).toEqual([]);
    await runAll(
      session,
      first.findings.flatMap(({ fix }) => (spoil === undefined ? (fix?.undo ?? []) : spoil)),
    );
    const again = await adviseOn(url, workload);
    expect(keysOf(again)).toEqual([key]);
    if (varies !== true) expect(withoutPlaces(again)).toEqual(withoutPlaces(first));
  }, 120_000);
});

/** Their fix is in the application, or in the configuration of the worker; no test makes rows old enough to wrap around. */
const WITHOUT = [
  ...['n-plus-one', 'row-by-row-dml', 'duplicate-query', 'unbounded-table', 'wraparound-age', 'correlated-subquery'],
  ...['non-sargable-predicate', 'self-shadowed-subquery', 'join-fan-out', 'implicit-cross-join', 'unused-join'],
  ...['distinct-over-fan-out', 'deep-offset', 'paging-count', 'random-order', 'spilling-sort', 'misestimated-rows'],
  ...['unasked-groups', 'repeated-scan', 'or-with-subquery', 'all-rows-for-extremes'],
  ...['join-before-grouping', 'sorted-distinct-aggregate', 'optimization-fence'],
  ...['or-in-join', 'needless-distinct', 'needless-order', 'late-limit', 'unshared-bound', 'counted-existence'],
];

it('every rule that has a fix in the database makes this round trip', () => {
  const ids = [...new Set(ROUND_TRIPS.map(({ ruleId }) => ruleId)), ...WITHOUT];
  expect(ids.sort()).toEqual(advisors.map(({ id }) => id).sort());
});

const keysOf = (report: AdviceReport) => report.findings.map((finding) => finding.key);

/** As a build that was broken off leaves it. */
function invalid(index: string): string {
  return `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${index}'::regclass`;
}

/** Each run has its workload in a folder of its own. */
function withoutPlaces({ findings }: AdviceReport) {
  return findings.map((finding) => ({ ...finding, location: null }));
}

async function runAll(session: Session, statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    await session.query(sql);
    await session.query('SELECT pg_stat_force_next_flush()');
  }
}
