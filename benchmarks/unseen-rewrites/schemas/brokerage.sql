-- A brokerage: instruments with daily prices, customers, portfolios and mandates, orders, trades, positions, cash, alerts.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 9349) & 9007199254740991) % $3)::integer';

CREATE TABLE instruments (id integer PRIMARY KEY, symbol text NOT NULL UNIQUE, name text NOT NULL, exchange text NOT NULL, sector text, currency char(3) NOT NULL, delisted_on date);
INSERT INTO instruments
SELECT i, upper(substr(md5(i::text), 1, 3)) || i, 'Instrument ' || i, (ARRAY['XETR', 'XNAS', 'XNYS', 'XLON'])[1 + pick(i, 1, 4)], CASE WHEN pick(i, 2, 10) > 0 THEN (ARRAY['energy', 'health', 'banks', 'software', 'retail', 'mining'])[1 + pick(i, 3, 6)] END,
       (ARRAY['EUR', 'USD', 'USD', 'GBP'])[1 + pick(i, 1, 4)], CASE WHEN pick(i, 4, 25) = 0 THEN date '2023-01-01' + pick(i, 5, 500) END
FROM generate_series(1, 3000) i;

CREATE TABLE prices (instrument_id integer NOT NULL REFERENCES instruments, day date NOT NULL CHECK (day BETWEEN '1900-01-01' AND '2100-01-01'), high numeric(10, 2) NOT NULL, low numeric(10, 2) NOT NULL, close numeric(10, 2) NOT NULL, volume integer, PRIMARY KEY (instrument_id, day));
INSERT INTO prices
SELECT 1 + i / 80, date '2024-01-01' + i % 80 * 2 + pick(i, 11, 2), 12 + pick(i, 12, 9000) / 100.0, 8 + pick(i, 12, 9000) / 110.0, 10 + pick(i, 12, 9000) / 105.0, CASE WHEN pick(i, 13, 30) > 0 THEN pick(i, 14, 100000) END
FROM generate_series(0, 239999) i;

CREATE TABLE fx_rates (currency char(3) NOT NULL, day date NOT NULL, rate numeric(12, 6) NOT NULL, PRIMARY KEY (currency, day));
INSERT INTO fx_rates SELECT c, date '2023-06-01' + d, 0.8 + pick(d, 21, 4000) / 10000.0 FROM unnest(ARRAY['USD', 'GBP', 'EUR']) c, generate_series(0, 400) d WHERE extract(isodow FROM date '2023-06-01' + d) < 6;

CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, country char(2) NOT NULL, risk_class smallint, created_at timestamp NOT NULL);
INSERT INTO customers SELECT i, 'Customer ' || i, 'c' || i || '@broker.example', (ARRAY['DE', 'DE', 'AT', 'CH', 'NL'])[1 + pick(i, 31, 5)], CASE WHEN pick(i, 32, 8) > 0 THEN 1 + pick(i, 33, 5) END, timestamp '2018-01-01' + make_interval(mins => i * 70)
FROM generate_series(1, 40000) i;

CREATE TABLE portfolios (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers, name text NOT NULL, opened_on date NOT NULL, closed_on date);
INSERT INTO portfolios SELECT i, 1 + pick(i, 41, 40000), 'Portfolio ' || i, date '2018-01-01' + i / 30, CASE WHEN pick(i, 42, 12) = 0 THEN date '2023-01-01' + pick(i, 43, 500) END
FROM generate_series(1, 60000) i;
CREATE INDEX portfolios_customer_idx ON portfolios (customer_id);

CREATE TABLE mandates (agent_id integer NOT NULL REFERENCES customers, portfolio_id integer NOT NULL REFERENCES portfolios, granted_on date NOT NULL, PRIMARY KEY (agent_id, portfolio_id));
INSERT INTO mandates SELECT 1 + pick(i, 51, 40) * pick(i, 52, 900), 1 + pick(i, 53, 60000), date '2021-01-01' + pick(i, 54, 1000) FROM generate_series(1, 20000) i ON CONFLICT DO NOTHING;

CREATE TABLE orders (
  id integer PRIMARY KEY,
  portfolio_id integer NOT NULL REFERENCES portfolios,
  instrument_id integer NOT NULL REFERENCES instruments,
  side text NOT NULL,
  quantity integer NOT NULL,
  limit_price numeric(10, 2),
  status text NOT NULL,
  placed_at timestamp NOT NULL,
  cancelled_at timestamp
);
INSERT INTO orders
SELECT i, 1 + pick(i, 61, 60000), CASE WHEN pick(i, 62, 12) = 0 THEN 42 ELSE 1 + pick(i, 63, 60) * pick(i, 64, 50) END, (ARRAY['buy', 'buy', 'sell'])[1 + pick(i, 65, 3)], 1 + pick(i, 66, 500), CASE WHEN pick(i, 67, 3) > 0 THEN 10 + pick(i, 68, 9000) / 100.0 END,
       CASE WHEN i > 165000 AND pick(i, 69, 4) = 0 THEN 'open' WHEN pick(i, 69, 9) = 0 THEN 'cancelled' ELSE 'filled' END, timestamp '2023-06-01' + make_interval(mins => i * 3), CASE WHEN pick(i, 69, 9) = 0 AND (i <= 165000 OR pick(i, 69, 4) > 0) THEN timestamp '2023-06-01' + make_interval(mins => i * 3 + pick(i, 70, 20000)) END
FROM generate_series(1, 170000) i;
CREATE INDEX orders_portfolio_idx ON orders (portfolio_id);
CREATE INDEX orders_placed_idx ON orders (placed_at);
CREATE INDEX orders_cancelled_idx ON orders (cancelled_at);

CREATE TABLE trades (id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES orders, price numeric(10, 2) NOT NULL, quantity integer NOT NULL, fee numeric(8, 2), executed_at timestamp NOT NULL);
INSERT INTO trades
SELECT i, 1 + (i * 7 + pick(i, 71, 3)) % 170000, 10 + pick(i, 72, 9000) / 105.0, 1 + pick(i, 73, 300), CASE WHEN pick(i, 74, 10) > 0 THEN 1 + pick(i, 75, 2000) / 100.0 END, timestamp '2023-06-01' + make_interval(mins => (i * 7) % 170000 * 3 + pick(i, 76, 60))
FROM generate_series(1, 150000) i;

CREATE TABLE positions (portfolio_id integer NOT NULL REFERENCES portfolios, instrument_id integer NOT NULL REFERENCES instruments, quantity integer NOT NULL, cost_basis numeric(12, 2) NOT NULL, PRIMARY KEY (portfolio_id, instrument_id));
INSERT INTO positions SELECT 1 + i % 60000, 1 + pick(i, 81, 3000), pick(i, 82, 400), pick(i, 83, 900000) / 100.0 FROM generate_series(1, 150000) i ON CONFLICT DO NOTHING;

CREATE TABLE cash_movements (id integer PRIMARY KEY, portfolio_id integer NOT NULL REFERENCES portfolios, kind text NOT NULL, amount numeric(12, 2) NOT NULL, booked_at timestamp NOT NULL, reference text, memo text);
INSERT INTO cash_movements
SELECT i, 1 + pick(i, 91, 60000), (ARRAY['deposit', 'withdrawal', 'fee', 'fee', 'dividend'])[1 + pick(i, 92, 5)], pick(i, 93, 200000) / 100.0 - 700, timestamp '2023-06-01' + make_interval(mins => i * 4), CASE WHEN pick(i, 94, 6) > 0 THEN 'REF' || substr(md5(i::text), 1, 10) END, CASE WHEN pick(i, 95, 2) = 0 THEN repeat('memo ', 8) END
FROM generate_series(1, 130000) i;
CREATE INDEX cash_movements_booked_idx ON cash_movements (booked_at, id);

CREATE TABLE alerts (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers, instrument_id integer NOT NULL REFERENCES instruments, direction text NOT NULL, threshold numeric(10, 2) NOT NULL, fired_at timestamp);
INSERT INTO alerts SELECT i, 1 + pick(i, 101, 40000), 1 + pick(i, 102, 55) * pick(i, 103, 54), (ARRAY['above', 'below'])[1 + pick(i, 104, 2)], 10 + pick(i, 105, 9000) / 100.0, CASE WHEN pick(i, 106, 20) > 0 THEN timestamp '2023-06-01' + make_interval(mins => i * 5) END
FROM generate_series(1, 80000) i;
DROP FUNCTION pick;
