import { minute, mix, type OwnCase } from './own-case.js';

/** Statements that change rows find them first; queues and partial indexes. */
export const WRITES: readonly OwnCase[] = [
  {
    name: 'an UPDATE by a column',
    tables: { profiles: "'u' || n AS login" },
    workload: [{ sql: "UPDATE profiles SET filler = 'y' WHERE login = $1", parameters: ['u77'] }],
    expected: ['profiles (login)'],
  },
  {
    name: 'a DELETE of what is old',
    tables: { caches: `${minute(mix(20_000))} AS expires_at` },
    workload: [{ sql: 'DELETE FROM caches WHERE expires_at < $1', parameters: ['2026-01-01 01:00'] }],
    expected: ['caches (expires_at)'],
  },
  {
    name: 'an INSERT of what a query finds',
    tables: { orders_archive: 'n AS customer', orders_live: `${mix(4000)} AS customer` },
    workload: [
      {
        sql: 'INSERT INTO orders_archive SELECT id + 100000, customer, filler FROM orders_live WHERE customer = $1',
        parameters: [77],
      },
    ],
    expected: ['orders_live (customer)'],
  },
  {
    name: 'a MERGE by a column that is no key',
    tables: { stocks: "'s' || n AS sku, n AS amount" },
    workload: [
      {
        sql: `MERGE INTO stocks t USING (VALUES ('s77', 5), ('s99', 6)) AS s (sku, amount) ON t.sku = s.sku
              WHEN MATCHED THEN UPDATE SET amount = s.amount`,
      },
    ],
    expected: ['stocks (sku)'],
  },
  {
    name: 'an UPDATE by rows of another table',
    tables: { prices: `'p' || n AS code`, price_changes: `${mix(20_000)} AS price, ${mix(4000, 2)} AS batch` },
    workload: [
      {
        sql: "UPDATE prices SET filler = 'y' FROM price_changes c WHERE prices.id = c.price AND c.batch = $1",
        parameters: [17],
      },
    ],
    expected: ['price_changes (batch)'],
  },
  {
    name: 'an UPDATE of a view',
    tables: { wares: `'w' || n AS code, n % 2 AS kind` },
    prepare: 'CREATE VIEW wares_sold AS SELECT id, code, filler FROM wares WHERE kind = 1',
    workload: [{ sql: "UPDATE wares_sold SET filler = 'y' WHERE code = $1", parameters: ['w77'] }],
    expected: ['wares (code) WHERE kind = 1'],
  },
  {
    name: 'a DELETE by rows of another table',
    tables: { tokens: `${mix(20_000)} AS holder`, holders: "'h' || n AS name" },
    workload: [
      { sql: 'DELETE FROM tokens USING holders h WHERE tokens.holder = h.id AND h.name = $1', parameters: ['h77'] },
    ],
    expected: ['holders (name)', 'tokens (holder)'],
  },
  {
    name: 'a queue whose rows are claimed by SKIP LOCKED',
    tables: {
      tasks: `CASE WHEN n % 200 <> 0 THEN ${minute('n')} END AS claimed_at, ${minute(mix(20_000, 2))} AS run_at`,
    },
    workload: [{ sql: 'SELECT id FROM tasks WHERE claimed_at IS NULL ORDER BY run_at LIMIT 5 FOR UPDATE SKIP LOCKED' }],
    expected: ['tasks (run_at) WHERE claimed_at IS NULL'],
  },
  {
    name: 'a queue whose row an UPDATE claims',
    tables: {
      mails: `(ARRAY['waiting', 'sent', 'sent', 'sent'])[1 + least(n % 200, 1)] AS state, ${minute(mix(20_000, 2))} AS due`,
    },
    workload: [
      {
        sql: `UPDATE mails SET state = 'sending' WHERE id = (SELECT id FROM mails WHERE state = 'waiting' ORDER BY due
                LIMIT 1 FOR UPDATE SKIP LOCKED)`,
      },
    ],
    expected: ["mails (due) WHERE state = 'waiting'"],
  },
  {
    name: 'a flag that few rows have',
    tables: { pictures: `n % 300 = 0 AS reported` },
    workload: [{ sql: 'SELECT id, filler FROM pictures WHERE reported ORDER BY id LIMIT 50' }],
    expected: ['pictures (id) WHERE reported'],
  },
  {
    name: 'a state of an enumeration that few rows have',
    before: "CREATE TYPE shipment_state AS ENUM ('sent', 'done', 'lost')",
    tables: {
      shipments: `(ARRAY['lost', 'done', 'sent'])[1 + least(n % 250, 1 + n % 2)]::shipment_state AS state, ${minute(mix(20_000, 2))} AS at`,
    },
    workload: [{ sql: "SELECT filler FROM shipments WHERE state = 'lost' AND at < $1", parameters: ['2026-01-06'] }],
    expected: ["shipments (at) WHERE state = 'lost'"],
  },
  {
    name: 'a column that is over another one',
    tables: {
      budgets: `1000 + ${mix(900)} AS granted, CASE WHEN n % 250 = 0 THEN 2000 ELSE 0 END + ${mix(900, 2)} AS spent`,
    },
    workload: [{ sql: 'SELECT id, filler FROM budgets WHERE spent > granted ORDER BY id LIMIT 100' }],
    expected: ['budgets (id) WHERE granted < spent'],
  },
  {
    name: 'what has a value where most have none',
    tables: { people: `CASE WHEN n % 250 = 0 THEN ${minute(mix(20_000))} END AS left_at` },
    workload: [{ sql: 'SELECT id, filler FROM people WHERE left_at IS NOT NULL ORDER BY left_at' }],
    expected: ['people (left_at) WHERE left_at IS NOT NULL'],
  },
  {
    name: 'a DELETE in batches',
    tables: { outbox: `${minute(mix(20_000))} AS sent_at` },
    workload: [
      {
        sql: 'DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE sent_at < $1 ORDER BY sent_at LIMIT 20)',
        parameters: ['2026-01-02'],
      },
    ],
    expected: ['outbox (sent_at)'],
  },
];
