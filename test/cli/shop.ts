import type { Session } from '../../src/postgres/session.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

/** Gives a database of 60,000 orders without an index but their key, and a small table with an odd name. */
export function shopDatabase(): Promise<TestDatabase> {
  return testDatabase({ template: 'shop', prepare: fill });
}

async function fill(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL, at timestamptz NOT NULL);
    INSERT INTO orders
    SELECT i, i % 3000, CASE WHEN i % 100 = 0 THEN 'open' ELSE 'done' END, '2026-01-01Z'::timestamptz + i * interval '1 minute'
      FROM generate_series(1, 60000) AS i;
    CREATE TABLE "Order Notes" (id int PRIMARY KEY, order_id int NOT NULL, note text);
    INSERT INTO "Order Notes" SELECT i, i, 'note' FROM generate_series(1, 20000) AS i;
    ANALYZE`);
}

/** A workload that an index on customer_id serves. */
export const BY_CUSTOMER = '-- calls: 100\nSELECT * FROM orders WHERE customer_id = $1;\n';
