-- Food delivery: cities, restaurants with their dishes, customers, couriers and where they were, orders with lines and events, ratings, favourites, vouchers.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 6271) & 9007199254740991) % $3)::integer';

CREATE TABLE cities (id integer PRIMARY KEY, name text NOT NULL UNIQUE, country text NOT NULL);
INSERT INTO cities SELECT i, 'City ' || i, (ARRAY['FR', 'ES', 'PT', 'IT'])[1 + i % 4] FROM generate_series(1, 40) i;

CREATE TABLE restaurants (
  id integer PRIMARY KEY,
  city_id integer NOT NULL REFERENCES cities,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  cuisine text,
  delivery_fee_cents integer,
  is_open boolean NOT NULL,
  joined_on date NOT NULL
);
INSERT INTO restaurants
SELECT i, 1 + pick(i, 1, 7) * pick(i, 2, 7), 'restaurant-' || i, (ARRAY['Chez ', 'La ', 'O ', 'Casa '])[1 + pick(i, 3, 4)] || 'R' || i, (ARRAY['pizza', 'sushi', 'burger', 'tapas', 'thai', NULL])[1 + pick(i, 4, 6)],
       CASE WHEN i % 5 > 0 THEN 100 * pick(i, 5, 5) END, i % 9 > 0, date '2021-01-01' + i / 5
FROM generate_series(1, 6000) i;
CREATE INDEX restaurants_city_idx ON restaurants (city_id);

CREATE TABLE dishes (id integer PRIMARY KEY, restaurant_id integer NOT NULL REFERENCES restaurants, name text NOT NULL, category text NOT NULL, price_cents integer NOT NULL, is_available boolean NOT NULL);
INSERT INTO dishes SELECT i, 1 + (i::bigint * 31 % 6000), 'Dish ' || pick(i, 11, 9000), (ARRAY['main', 'main', 'side', 'dessert', 'drink'])[1 + pick(i, 12, 5)], 200 + 10 * pick(i, 13, 200), pick(i, 14, 12) > 0
FROM generate_series(1, 60000) i;
CREATE INDEX dishes_restaurant_idx ON dishes (restaurant_id);

CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL UNIQUE, phone varchar(20), name text NOT NULL, referred_by_id integer REFERENCES customers, created_at timestamp NOT NULL, wants_mail boolean);
INSERT INTO customers
SELECT i, 'eater' || i || '@box' || i % 60 || '.example', CASE WHEN i % 8 > 0 THEN '+33' || lpad((i::bigint * 7919 % 100000000)::text, 8, '0') END, 'Eater ' || pick(i, 21, 20000),
       CASE WHEN i > 100 AND pick(i, 22, 4) = 0 THEN 1 + pick(i, 23, 90) * pick(i, 24, 100) % (i - 1) END, timestamp '2022-01-01' + make_interval(mins => i * 30), (ARRAY[true, false, NULL])[1 + pick(i, 25, 3)]
FROM generate_series(1, 40000) i;

CREATE TABLE couriers (id integer PRIMARY KEY, city_id integer NOT NULL REFERENCES cities, name text NOT NULL, vehicle text, status text NOT NULL);
INSERT INTO couriers SELECT i, 1 + pick(i, 31, 7) * pick(i, 32, 7), 'Courier ' || i, (ARRAY['bike', 'scooter', 'car', NULL])[1 + pick(i, 33, 4)], (ARRAY['active', 'active', 'active', 'left'])[1 + pick(i, 34, 4)] FROM generate_series(1, 2500) i;

CREATE TABLE courier_positions (courier_id integer NOT NULL REFERENCES couriers, recorded_at timestamp NOT NULL, latitude numeric(9, 6) NOT NULL, longitude numeric(9, 6) NOT NULL, battery integer, PRIMARY KEY (courier_id, recorded_at));
INSERT INTO courier_positions
SELECT 1 + pick(i, 41, 48) * pick(i, 42, 50), timestamp '2024-05-01' + make_interval(secs => i * 10 + pick(i, 43, 10)), 48 + pick(i, 44, 900000) / 1e6, 2 + pick(i, 45, 900000) / 1e6, CASE WHEN pick(i, 46, 4) > 0 THEN pick(i, 47, 100) END
FROM generate_series(1, 200000) i;

CREATE TABLE vouchers (code text PRIMARY KEY, percent integer NOT NULL, valid_until date);
INSERT INTO vouchers SELECT 'V' || i, 5 + 5 * pick(i, 51, 6), CASE WHEN i % 3 > 0 THEN date '2024-01-01' + i END FROM generate_series(1, 400) i;

CREATE TABLE orders (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers,
  restaurant_id integer NOT NULL REFERENCES restaurants,
  courier_id integer REFERENCES couriers,
  status text NOT NULL CHECK (status IN ('placed', 'cooking', 'on the way', 'delivered', 'cancelled')),
  total_cents integer NOT NULL,
  tip_cents integer,
  voucher_code text REFERENCES vouchers,
  placed_at timestamp NOT NULL,
  delivered_at timestamp
);
INSERT INTO orders
SELECT i, 1 + pick(i, 61, 180) * pick(i, 62, 200), 1 + pick(i, 63, 75) * pick(i, 64, 78), CASE WHEN pick(i, 65, 12) > 0 THEN 1 + pick(i, 66, 48) * pick(i, 67, 50) END,
       CASE WHEN i > 149500 THEN (ARRAY['placed', 'cooking', 'on the way'])[1 + i % 3] WHEN pick(i, 68, 14) = 0 THEN 'cancelled' ELSE 'delivered' END,
       800 + 10 * pick(i, 69, 600), CASE WHEN pick(i, 70, 3) = 0 THEN 50 * pick(i, 71, 12) END, CASE WHEN pick(i, 72, 9) = 0 THEN 'V' || 1 + pick(i, 73, 20) * pick(i, 74, 20) END,
       timestamp '2023-06-01' + make_interval(mins => i * 3 + pick(i, 75, 40)), CASE WHEN i <= 149500 AND pick(i, 68, 14) > 0 THEN timestamp '2023-06-01' + make_interval(mins => i * 3 + 55 + pick(i, 76, 60)) END
FROM generate_series(1, 150000) i;
CREATE INDEX orders_customer_idx ON orders (customer_id);
CREATE INDEX orders_restaurant_idx ON orders (restaurant_id);
CREATE INDEX orders_placed_idx ON orders (placed_at, id);
CREATE INDEX orders_status_idx ON orders (status);
CREATE INDEX orders_voucher_idx ON orders (voucher_code);

CREATE TABLE order_lines (order_id integer NOT NULL REFERENCES orders, line_no integer NOT NULL, dish_id integer NOT NULL REFERENCES dishes, quantity integer NOT NULL, price_cents integer NOT NULL, PRIMARY KEY (order_id, line_no));
INSERT INTO order_lines SELECT 1 + i / 2, 1 + i % 2, 1 + pick(i, 81, 240) * pick(i, 82, 250), 1 + pick(i, 83, 3), 200 + 10 * pick(i, 84, 200) FROM generate_series(0, 279999) i;

CREATE TABLE order_events (id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES orders, kind text NOT NULL, note text, occurred_at timestamp NOT NULL);
INSERT INTO order_events
SELECT i, 1 + i * 3 / 5, (ARRAY['accepted', 'picked up', 'late', 'call', 'refund'])[1 + least(pick(i, 91, 5), pick(i, 92, 5))], CASE WHEN pick(i, 93, 6) = 0 THEN 'note ' || i END, timestamp '2023-06-01' + make_interval(mins => i * 9 / 5 + pick(i, 94, 60))
FROM generate_series(1, 240000) i;
CREATE INDEX order_events_order_idx ON order_events (order_id);

CREATE TABLE ratings (id integer PRIMARY KEY, order_id integer NOT NULL UNIQUE REFERENCES orders, restaurant_id integer NOT NULL REFERENCES restaurants, customer_id integer NOT NULL REFERENCES customers, stars integer NOT NULL, comment text, created_at timestamp NOT NULL);
INSERT INTO ratings
SELECT row_number() OVER (ORDER BY id), id, restaurant_id, customer_id, 1 + pick(id, 101, 5), CASE WHEN pick(id, 102, 3) = 0 THEN 'comment ' || id END, delivered_at + make_interval(mins => pick(id, 103, 4000))
FROM orders WHERE delivered_at IS NOT NULL AND pick(id, 104, 5) < 2;
CREATE INDEX ratings_restaurant_idx ON ratings (restaurant_id);
CREATE INDEX ratings_created_idx ON ratings (created_at);

CREATE TABLE favourites (customer_id integer NOT NULL REFERENCES customers, restaurant_id integer NOT NULL REFERENCES restaurants, added_on date NOT NULL, PRIMARY KEY (customer_id, restaurant_id));
INSERT INTO favourites SELECT 1 + pick(i, 111, 200) * pick(i, 112, 195), 1 + pick(i, 113, 75) * pick(i, 114, 78), date '2023-01-01' + i / 120 FROM generate_series(1, 60000) i ON CONFLICT DO NOTHING;
DROP FUNCTION pick;
