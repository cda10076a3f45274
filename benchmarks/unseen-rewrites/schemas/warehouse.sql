-- Warehouses: sites with bins, suppliers, articles and their dated costs, stock by bin, movements, pick orders, purchase orders, stock counts.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE sites (id integer PRIMARY KEY, code text NOT NULL UNIQUE, country text);
INSERT INTO sites SELECT i, 'W' || i, CASE WHEN i % 5 > 0 THEN (ARRAY['DE', 'PL', 'NL'])[1 + i % 3] END FROM generate_series(1, 14) i;

CREATE TABLE suppliers (id integer PRIMARY KEY, name text NOT NULL, country text, lead_days integer);
INSERT INTO suppliers SELECT i, 'Supplier ' || i, (ARRAY['DE', 'CN', 'IT'])[1 + i % 3], CASE WHEN i % 6 > 0 THEN 2 + pick(i, 1, 40) END FROM generate_series(1, 260) i;

CREATE TABLE articles (
  id integer PRIMARY KEY,
  sku varchar(24) NOT NULL UNIQUE,
  name text NOT NULL,
  supplier_id integer REFERENCES suppliers,
  unit text NOT NULL,
  reorder_point integer,
  attributes jsonb NOT NULL,
  labels text[] NOT NULL,
  discontinued_on date
);
INSERT INTO articles
SELECT i, (ARRAY['AX', 'BK', 'CR', 'DQ'])[1 + i % 4] || lpad((i::bigint * 7919 % 1000000)::text, 6, '0') || '-' || i % 10, (ARRAY['hex bolt ', 'washer ', 'bearing ', 'gasket ', 'pump '])[1 + pick(i, 2, 5)] || 'M' || pick(i, 3, 300),
       CASE WHEN i % 13 > 0 THEN 1 + pick(i, 4, 16) * pick(i, 5, 16) END, (ARRAY['pcs', 'pcs', 'kg', 'box'])[1 + pick(i, 6, 4)], CASE WHEN i % 5 > 0 THEN pick(i, 7, 90) END,
       jsonb_build_object('colour', (ARRAY['red', 'grey', 'black'])[1 + pick(i, 8, 3)], 'hazard', pick(i, 9, 150) = 0, 'weight_g', pick(i, 10, 9000)),
       ARRAY['l' || pick(i, 11, 30) * pick(i, 12, 30), 'g' || pick(i, 13, 12)], CASE WHEN pick(i, 14, 12) = 0 THEN date '2023-01-01' + pick(i, 15, 600) END
FROM generate_series(1, 30000) i;
CREATE INDEX articles_supplier_idx ON articles (supplier_id);

CREATE TABLE article_costs (article_id integer NOT NULL REFERENCES articles, valid_from date NOT NULL, cost numeric(10, 2) NOT NULL, PRIMARY KEY (article_id, valid_from));
INSERT INTO article_costs SELECT 1 + i % 29000, date '2022-01-01' + (i / 29000) * 200 + pick(i, 16, 190), (100 + pick(i, 17, 90000)) / 100.0 FROM generate_series(1, 116000) i;

CREATE TABLE bins (id integer PRIMARY KEY, site_id integer NOT NULL REFERENCES sites, aisle text NOT NULL, shelf integer NOT NULL, blocked boolean NOT NULL);
INSERT INTO bins SELECT i, 1 + pick(i, 21, 4) * pick(i, 22, 5), 'A' || i % 60, i % 9, i % 70 = 0 FROM generate_series(1, 9000) i;

CREATE TABLE stock (bin_id integer NOT NULL REFERENCES bins, article_id integer NOT NULL REFERENCES articles, quantity integer NOT NULL, reserved integer, updated_at timestamp NOT NULL, PRIMARY KEY (bin_id, article_id));
INSERT INTO stock SELECT 1 + i % 9000, 1 + (i * 7) % 30000, pick(i, 23, 50) * pick(i, 24, 8), CASE WHEN pick(i, 25, 4) = 0 THEN pick(i, 26, 6) END, timestamp '2024-01-01' + make_interval(mins => i * 3)
FROM generate_series(1, 70000) i ON CONFLICT DO NOTHING;

CREATE TABLE movements (
  id integer PRIMARY KEY,
  article_id integer NOT NULL REFERENCES articles,
  from_bin_id integer REFERENCES bins,
  to_bin_id integer REFERENCES bins,
  quantity integer NOT NULL,
  reason text NOT NULL,
  reference varchar(16),
  moved_at timestamp NOT NULL,
  CHECK (quantity > 0)
);
INSERT INTO movements
SELECT i, 1 + pick(i, 31, 170) * pick(i, 32, 175), CASE WHEN pick(i, 33, 4) > 0 THEN 1 + pick(i, 34, 9000) END, CASE WHEN pick(i, 35, 5) > 0 THEN 1 + pick(i, 36, 9000) END, 1 + pick(i, 37, 60),
       (ARRAY['pick', 'pick', 'pick', 'put away', 'put away', 'transfer', 'loss'])[1 + pick(i, 38, 7)], CASE WHEN pick(i, 39, 3) > 0 THEN 'R' || pick(i, 40, 90000) END,
       timestamp '2024-01-01' + make_interval(mins => i * 2 + pick(i, 41, 30))
FROM generate_series(1, 180000) i;
CREATE INDEX movements_article_idx ON movements (article_id);
CREATE INDEX movements_moved_idx ON movements (moved_at);

CREATE TABLE pick_orders (id integer PRIMARY KEY, site_id integer NOT NULL REFERENCES sites, state text NOT NULL, priority integer NOT NULL, created_at timestamp NOT NULL, shipped_at timestamp, line_count integer);
INSERT INTO pick_orders SELECT i, 1 + pick(i, 51, 4) * pick(i, 52, 5), CASE WHEN i > 39500 THEN 'open' ELSE (ARRAY['shipped', 'shipped', 'shipped', 'cancelled'])[1 + pick(i, 53, 4)] END, pick(i, 54, 5),
       timestamp '2024-01-01' + make_interval(mins => i * 9), CASE WHEN i <= 39500 AND pick(i, 53, 4) < 3 THEN timestamp '2024-01-01' + make_interval(mins => i * 9 + 60 + pick(i, 55, 3000)) END, NULL FROM generate_series(1, 40000) i;

CREATE TABLE pick_lines (id integer PRIMARY KEY, pick_order_id integer NOT NULL REFERENCES pick_orders, article_id integer NOT NULL REFERENCES articles, ordered integer NOT NULL, picked integer);
INSERT INTO pick_lines SELECT i, 1 + i * 2 / 9, 1 + pick(i, 61, 170) * pick(i, 62, 175), 1 + pick(i, 63, 20), CASE WHEN pick(i, 64, 9) > 0 THEN pick(i, 65, 21) END FROM generate_series(1, 170000) i;
CREATE INDEX pick_lines_order_idx ON pick_lines (pick_order_id);

CREATE TABLE purchase_orders (id integer PRIMARY KEY, supplier_id integer NOT NULL REFERENCES suppliers, state text NOT NULL, ordered_on date NOT NULL, due_on date);
INSERT INTO purchase_orders SELECT i, 1 + pick(i, 71, 16) * pick(i, 72, 16), (ARRAY['received', 'received', 'received', 'sent', 'draft'])[1 + pick(i, 73, 5)], date '2023-01-01' + i / 14, CASE WHEN i % 6 > 0 THEN date '2023-01-10' + i / 14 + pick(i, 74, 40) END FROM generate_series(1, 9000) i;

CREATE TABLE purchase_lines (purchase_order_id integer NOT NULL REFERENCES purchase_orders, line_no integer NOT NULL, article_id integer NOT NULL REFERENCES articles, quantity integer NOT NULL, received integer NOT NULL, PRIMARY KEY (purchase_order_id, line_no));
INSERT INTO purchase_lines SELECT 1 + i / 7, 1 + i % 7, 1 + pick(i, 81, 170) * pick(i, 82, 175), 10 + pick(i, 83, 90), pick(i, 84, 100) FROM generate_series(1, 62000) i;

CREATE TABLE counts (id integer PRIMARY KEY, bin_id integer NOT NULL REFERENCES bins, article_id integer NOT NULL REFERENCES articles, counted integer NOT NULL, counted_at timestamp NOT NULL);
INSERT INTO counts SELECT i, 1 + pick(i, 91, 8800), 1 + pick(i, 92, 29000), pick(i, 93, 300), timestamp '2023-06-01' + make_interval(mins => i * 6) FROM generate_series(1, 100000) i;
CREATE INDEX counts_bin_idx ON counts (bin_id, counted_at);

CREATE VIEW article_demand AS
SELECT article_id, sum(ordered) AS ordered, sum(coalesce(picked, 0)) AS picked, count(*) AS lines FROM pick_lines GROUP BY article_id;
DROP FUNCTION pick;
