import type { Session } from '../../../src/postgres/session.js';
import { vacuumAll } from '../vacuum-all.js';

/** Customers, their orders and what is in them, filled always alike, with the indexes that such tables have. */
export async function fillBazaar(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE customers (
      id int PRIMARY KEY, token uuid NOT NULL UNIQUE, email text NOT NULL, country text, created_at timestamp NOT NULL);
    CREATE TABLE orders (
      id bigint PRIMARY KEY, customer_id int NOT NULL REFERENCES customers ON DELETE CASCADE, parent_id bigint,
      state text NOT NULL, placed_at timestamptz NOT NULL, shipped_at timestamptz, cents int NOT NULL);
    CREATE TABLE order_lines (
      order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE, line_no int NOT NULL, product text NOT NULL, amount int NOT NULL,
      PRIMARY KEY (order_id, line_no));
    CREATE TABLE line_notes (id int PRIMARY KEY, order_id bigint NOT NULL, line_no int NOT NULL, note text);
    CREATE TABLE rates (country text NOT NULL, valid_on date NOT NULL, rate numeric NOT NULL, PRIMARY KEY (country, valid_on));
    CREATE TABLE shops (id int PRIMARY KEY, town text NOT NULL);
    CREATE TABLE visits (
      id int PRIMARY KEY, shop_id int NOT NULL REFERENCES shops, at timestamptz NOT NULL, guide text, buyers int NOT NULL);
    CREATE TABLE parcels (id int PRIMARY KEY, city text NOT NULL, region text NOT NULL, zone text NOT NULL, weight int NOT NULL);
    CREATE TABLE shop_guides (shop_id int NOT NULL REFERENCES shops, guide_no int NOT NULL, PRIMARY KEY (shop_id, guide_no));
    CREATE TABLE shop_permits (id int PRIMARY KEY, shop_id int REFERENCES shops, guide_no int);
    INSERT INTO customers
    SELECT n, md5(n::text)::uuid, 'User' || n || '@Example.org', CASE WHEN n % 7 > 0 THEN 'c' || n % 20 END,
           timestamp '2026-01-01' + n * interval '1 hour'
      FROM generate_series(1, 10000) AS n;
    INSERT INTO orders
    SELECT n, 1 + n * 7919 % 10000, CASE WHEN n % 5 = 0 THEN n - 1 END, CASE WHEN n % 100 = 0 THEN 'open' ELSE 'done' END,
           timestamptz '2026-01-01Z' + n * interval '10 min', CASE WHEN n % 3 > 0 THEN timestamptz '2026-01-02Z' + n * interval '10 min' END, n % 5000
      FROM generate_series(1, 40000) AS n;
    INSERT INTO order_lines SELECT 1 + n / 3, 1 + n % 3, 'p' || n % 500, n % 10 FROM generate_series(0, 59999) AS n;
    INSERT INTO line_notes SELECT n, 1 + n % 20000, 1 + n % 3, 'note' FROM generate_series(1, 20000) AS n;
    INSERT INTO rates SELECT 'c' || n % 20, date '2026-01-01' + n / 20, 1 FROM generate_series(0, 5999) AS n;
    INSERT INTO parcels SELECT n, 'c' || n % 20, 'r' || n % 20, 'z' || n % 20, floor(sqrt(n * 7919 % 40000)) FROM generate_series(1, 40000) AS n;
    INSERT INTO shops SELECT n, 'town ' || n % 9 FROM generate_series(1, 60) AS n;
    INSERT INTO shop_guides SELECT n % 60 + 1, n / 60 FROM generate_series(0, 1799) AS n;
    INSERT INTO shop_permits SELECT n, n % 60 + 1, n % 30 FROM generate_series(1, 6000) AS n;
    INSERT INTO visits SELECT n, 1 + n * 7 % 50, timestamptz '2026-01-01Z' + n * 7919 % 30000 * interval '1 min', 'g' || n % 3, n % 12 FROM generate_series(1, 30000) AS n;
    CREATE INDEX ON visits (shop_id, at); CREATE INDEX ON customers (created_at); CREATE INDEX ON customers (country);
    CREATE INDEX ON orders (customer_id); CREATE INDEX ON orders (placed_at); CREATE INDEX ON orders (cents);
    CREATE INDEX ON line_notes (order_id); CREATE INDEX ON line_notes (line_no)`);
  await vacuumAll(session);
}
