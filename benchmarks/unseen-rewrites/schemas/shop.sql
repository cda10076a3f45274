-- A web shop: customers, orders of skewed size, products in a tree of categories, reviews, price history.
CREATE FUNCTION noise(bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT (pg_catalog.hashint8extended($1, $2) & 2147483647)::integer';

CREATE TABLE categories (
  id integer PRIMARY KEY,
  name text NOT NULL,
  parent_id integer REFERENCES categories
);
INSERT INTO categories SELECT i, 'category ' || i, CASE WHEN i > 8 THEN 1 + i % 8 END FROM generate_series(1, 60) i;

CREATE TABLE customers (
  id integer PRIMARY KEY,
  email text NOT NULL UNIQUE,
  full_name text NOT NULL,
  country text NOT NULL,
  referred_by integer REFERENCES customers,
  newsletter boolean,
  loyalty_points integer NOT NULL DEFAULT 0,
  last_order_at timestamptz,
  created_at timestamptz NOT NULL
);
INSERT INTO customers
SELECT i, 'user' || i || '@example.' || CASE i % 3 WHEN 0 THEN 'com' WHEN 1 THEN 'org' ELSE 'net' END,
       'Customer ' || noise(i, 1) % 5000,
       (ARRAY['DE', 'DE', 'DE', 'DE', 'US', 'US', 'FR', 'GB', 'NL', 'PT'])[1 + noise(i, 2) % 10],
       CASE WHEN noise(i, 3) % 5 = 0 AND i > 100 THEN 1 + noise(i, 4) % 100 END,
       CASE noise(i, 5) % 4 WHEN 0 THEN true WHEN 1 THEN false ELSE NULL END,
       noise(i, 6) % 500, NULL,
       timestamptz '2023-01-01' + make_interval(mins => noise(i, 7) % 1000000)
FROM generate_series(1, 20000) i;

CREATE TABLE products (
  id integer PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  name text NOT NULL,
  category_id integer NOT NULL REFERENCES categories,
  price numeric(10,2) NOT NULL,
  weight_g integer,
  discontinued boolean NOT NULL,
  rating_avg numeric(4,2),
  created_at timestamptz NOT NULL
);
INSERT INTO products
SELECT i, 'SKU-' || lpad(i::text, 6, '0'), 'Product ' || noise(i, 11) % 3000, 1 + (noise(i, 12) % 60 * (noise(i, 13) % 60)) / 60,
       (noise(i, 14) % 20000)::numeric / 100 + 1, CASE WHEN noise(i, 15) % 6 > 0 THEN noise(i, 16) % 9000 END,
       noise(i, 17) % 12 = 0, NULL, timestamptz '2022-01-01' + make_interval(hours => noise(i, 18) % 26000)
FROM generate_series(1, 5000) i;

CREATE TABLE orders (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers,
  status text NOT NULL,
  channel text NOT NULL,
  coupon text,
  total numeric(12,2),
  placed_at timestamptz NOT NULL,
  shipped_at timestamptz
);
INSERT INTO orders
SELECT i, 1 + ((noise(i, 21) % 17000)::bigint * (noise(i, 22) % 17000) / 17000)::integer,
       (ARRAY['delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'shipped', 'paid', 'cancelled', 'pending'])[1 + noise(i, 23) % 10],
       (ARRAY['web', 'web', 'app', 'phone'])[1 + noise(i, 24) % 4],
       CASE WHEN noise(i, 25) % 15 = 0 THEN 'C' || noise(i, 26) % 40 END, NULL,
       timestamptz '2024-01-01' + make_interval(mins => i * 9),
       CASE WHEN noise(i, 23) % 10 < 7 THEN timestamptz '2024-01-02' + make_interval(mins => i * 9 + noise(i, 27) % 6000) END
FROM generate_series(1, 100000) i;
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX orders_placed_at_idx ON orders (placed_at);

CREATE TABLE order_items (
  order_id integer NOT NULL REFERENCES orders ON DELETE CASCADE,
  line_no integer NOT NULL,
  product_id integer NOT NULL REFERENCES products,
  quantity integer NOT NULL,
  unit_price numeric(10,2) NOT NULL,
  discount numeric(10,2),
  PRIMARY KEY (order_id, line_no)
);
INSERT INTO order_items
SELECT o, l, 1 + ((noise(o * 10 + l, 31) % 4900)::bigint * (noise(o * 10 + l, 32) % 4900) / 4900)::integer, 1 + noise(o * 10 + l, 33) % 4,
       (noise(o * 10 + l, 34) % 9000)::numeric / 100 + 1, CASE WHEN noise(o * 10 + l, 35) % 5 = 0 THEN 1.50 END
FROM generate_series(1, 99000) o, generate_series(1, 5) l WHERE l <= 1 + noise(o, 36) % 5;
CREATE INDEX order_items_product_id_idx ON order_items (product_id);

CREATE TABLE reviews (
  id integer PRIMARY KEY,
  product_id integer NOT NULL REFERENCES products,
  customer_id integer NOT NULL REFERENCES customers,
  rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
  body text,
  helpful integer NOT NULL,
  created_at timestamptz NOT NULL
);
INSERT INTO reviews
SELECT i, 1 + noise(i, 41) % 4000, 1 + noise(i, 42) % 20000, 1 + noise(i, 43) % 5,
       CASE WHEN noise(i, 44) % 3 > 0 THEN repeat('words of praise or blame ', 1 + noise(i, 45) % 4) || i END,
       noise(i, 46) % 30, timestamptz '2024-01-01' + make_interval(hours => noise(i, 47) % 15000)
FROM generate_series(1, 40000) i;
CREATE INDEX reviews_customer_id_idx ON reviews (customer_id);

CREATE TABLE price_changes (
  product_id integer NOT NULL REFERENCES products,
  valid_from date NOT NULL,
  price numeric(10,2) NOT NULL,
  PRIMARY KEY (product_id, valid_from)
);
INSERT INTO price_changes
SELECT p, date '2022-01-01' + n * 60 + noise(p * 100 + n, 51) % 50, (noise(p * 100 + n, 52) % 20000)::numeric / 100 + 1
FROM generate_series(1, 4800) p, generate_series(1, 14) n WHERE noise(p * 100 + n, 53) % 4 > 0;

CREATE VIEW product_sales AS
SELECT product_id, sum(quantity) AS units, sum(quantity * unit_price) AS revenue, count(DISTINCT order_id) AS orders
FROM order_items GROUP BY product_id;

CREATE FUNCTION order_total(order_number integer) RETURNS numeric LANGUAGE sql STABLE AS
$$ SELECT sum(i.quantity * i.unit_price - coalesce(i.discount, 0)) FROM order_items i WHERE i.order_id = order_number $$;
DROP FUNCTION noise;
