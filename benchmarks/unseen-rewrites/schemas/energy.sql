-- A supplier of electricity and gas: customers, premises with their meters and readings, tariffs and their dated prices, contracts, bills and payments, calls.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 8231) & 9007199254740991) % $3)::integer';

CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, email text, kind text NOT NULL, phone text, created_on date NOT NULL);
INSERT INTO customers
SELECT i, 'Customer ' || i, CASE WHEN pick(i, 1, 6) > 0 THEN 'c' || i || '@home.example' END, CASE WHEN pick(i, 2, 20) = 0 THEN 'business' ELSE 'household' END, CASE WHEN pick(i, 3, 4) > 0 THEN '0' || 170000000 + pick(i, 4, 9999999) END, date '2012-01-01' + pick(i, 5, 4400)
FROM generate_series(1, 45000) i;

CREATE TABLE premises (id integer PRIMARY KEY, customer_id integer REFERENCES customers, street text NOT NULL, postcode text NOT NULL, grid_area text NOT NULL);
INSERT INTO premises
SELECT i, CASE WHEN pick(i, 11, 30) > 0 THEN CASE WHEN pick(i, 12, 20) = 0 THEN 1 + pick(i, 13, 8) ELSE 1 + pick(i, 14, 45000) END END, 'Street ' || pick(i, 15, 4000) || ' ' || 1 + pick(i, 16, 90), lpad((10000 + pick(i, 17, 60) * pick(i, 18, 60) * 20)::text, 5, '0'), 'G' || 1 + pick(i, 19, 24)
FROM generate_series(1, 55000) i;
CREATE INDEX premises_customer_idx ON premises (customer_id);
CREATE INDEX premises_postcode_idx ON premises (postcode);

CREATE TABLE meters (id integer PRIMARY KEY, premise_id integer NOT NULL REFERENCES premises, serial text NOT NULL UNIQUE, kind text NOT NULL, installed_on date NOT NULL, removed_on date CHECK (removed_on >= installed_on));
INSERT INTO meters
SELECT i, 1 + pick(i, 21, 55000), (ARRAY['EM', 'EM', 'EM', 'GZ'])[1 + i % 4] || 10 + i / 900 || lpad(pick(i, 22, 999999)::text, 6, '0') || '-' || i, (ARRAY['electricity', 'electricity', 'electricity', 'gas'])[1 + i % 4], date '2010-01-01' + i / 12, CASE WHEN pick(i, 23, 9) = 0 THEN date '2010-01-01' + i / 12 + 60 + pick(i, 24, 1500) END
FROM generate_series(1, 62000) i;
CREATE INDEX meters_premise_idx ON meters (premise_id);
CREATE INDEX meters_serial_prefix_idx ON meters (serial text_pattern_ops);

CREATE TABLE readings (id integer PRIMARY KEY, meter_id integer NOT NULL REFERENCES meters, read_on date NOT NULL, kwh numeric(10, 1) NOT NULL, source text NOT NULL, is_estimated boolean NOT NULL, UNIQUE (meter_id, read_on));
INSERT INTO readings
SELECT row_number() OVER (ORDER BY day, m), m, day, 1000 + n * 400 + pick(m * 100 + n, 25, 420), (ARRAY['app', 'app', 'remote', 'remote', 'visit'])[1 + pick(m * 100 + n, 26, 5)], pick(m * 100 + n, 27, 400) = 0
FROM (SELECT m, n, date '2021-01-05' + n * 61 + pick(m * 100 + n, 28, 55) AS day FROM generate_series(1, 62000) m, generate_series(0, 17) n WHERE pick(m, 29, 25) > 0 AND pick(m * 100 + n, 30, 4) = 0) s;

CREATE TABLE tariffs (id integer PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL, kind text NOT NULL, standing_charge numeric(8, 2) NOT NULL);
INSERT INTO tariffs SELECT i, 'T' || i, 'Tariff ' || i, (ARRAY['electricity', 'gas'])[1 + i % 2], 6 + i % 9 FROM generate_series(1, 70) i;

CREATE TABLE tariff_prices (tariff_id integer NOT NULL REFERENCES tariffs, valid_from date NOT NULL, unit_price numeric(8, 5) NOT NULL, PRIMARY KEY (tariff_id, valid_from));
INSERT INTO tariff_prices SELECT 1 + i % 70, date '2018-01-01' + i / 70 * 45, 0.11 + pick(i, 31, 30) / 100.0 FROM generate_series(0, 3499) i;

CREATE TABLE contracts (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers, meter_id integer NOT NULL REFERENCES meters, tariff_id integer NOT NULL REFERENCES tariffs, status text NOT NULL, starts_on date NOT NULL CHECK (starts_on BETWEEN '2000-01-01' AND '2100-01-01'), ends_on date CHECK (ends_on BETWEEN starts_on AND '2200-01-01'));
INSERT INTO contracts
SELECT i, CASE WHEN pick(i, 41, 25) = 0 THEN 1 + pick(i, 42, 8) ELSE 1 + pick(i, 43, 45000) END, 1 + pick(i, 44, 62000), 1 + pick(i, 45, 7) * pick(i, 46, 10), CASE WHEN ended THEN 'ended' WHEN pick(i, 47, 30) = 0 THEN 'paused' ELSE 'active' END, date '2017-01-01' + i / 30, CASE WHEN ended THEN date '2017-01-01' + i / 30 + 30 + pick(i, 48, 900) END
FROM (SELECT i, pick(i, 49, 5) < 2 AS ended FROM generate_series(1, 80000) i) s;
CREATE INDEX contracts_customer_idx ON contracts (customer_id);
CREATE INDEX contracts_meter_idx ON contracts (meter_id);

CREATE TABLE bills (id integer PRIMARY KEY, contract_id integer NOT NULL REFERENCES contracts, period_year smallint NOT NULL, period_month smallint NOT NULL CHECK (period_month BETWEEN 1 AND 12), issued_on date NOT NULL, due_on date NOT NULL CHECK (due_on BETWEEN '2000-01-01' AND '2100-01-01'), total numeric(10, 2), status text NOT NULL);
INSERT INTO bills
SELECT i, CASE WHEN pick(i, 50, 5) = 0 THEN 1 + pick(i, 51, 400) * pick(i, 52, 200) ELSE 1 + pick(i, 58, 80000) END, 2020 + i / 50000, 1 + i % 50000 / 4170, d, d + 14 + pick(i, 53, 3) * 7, CASE WHEN pick(i, 54, 90) > 0 THEN 20 + pick(i, 55, 300) * pick(i, 56, 300) / 100.0 END, CASE WHEN pick(i, 57, 100) < 94 THEN 'paid' WHEN pick(i, 57, 100) < 99 THEN 'open' ELSE 'written off' END
FROM (SELECT i, make_date(2020 + i / 50000, 1 + i % 50000 / 4170, 5) AS d FROM generate_series(1, 220000) i) s;
CREATE INDEX bills_contract_idx ON bills (contract_id);
CREATE INDEX bills_period_idx ON bills (period_year, period_month);
CREATE INDEX bills_due_idx ON bills (due_on);

CREATE TABLE payments (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers, bill_id integer REFERENCES bills, paid_at timestamp NOT NULL, amount numeric(10, 2) NOT NULL, method text NOT NULL, reference text);
INSERT INTO payments
SELECT i, CASE WHEN pick(i, 61, 20) = 0 THEN 1 + pick(i, 62, 8) ELSE 1 + pick(i, 63, 45000) END, CASE WHEN pick(i, 64, 12) > 0 THEN 1 + pick(i, 65, 220000) END, timestamp '2020-02-01' + make_interval(mins => i * 12), 10 + pick(i, 66, 30000) / 100.0, (ARRAY['debit', 'debit', 'debit', 'transfer', 'card'])[1 + pick(i, 67, 5)], CASE WHEN pick(i, 68, 5) = 0 THEN 'RF' || 100000 + pick(i, 69, 899999) END
FROM generate_series(1, 190000) i;
CREATE INDEX payments_customer_idx ON payments (customer_id);
CREATE INDEX payments_bill_idx ON payments (bill_id);

CREATE TABLE calls (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers, topic text NOT NULL, agent text, opened_at timestamp NOT NULL, closed_at timestamp);
INSERT INTO calls
SELECT i, 1 + pick(i, 71, 300) * pick(i, 72, 149), (ARRAY['bill', 'bill', 'move', 'meter', 'price', 'complaint'])[1 + pick(i, 73, 6)], CASE WHEN pick(i, 74, 15) > 0 THEN 'agent ' || 1 + pick(i, 75, 60) END, timestamp '2021-01-01' + make_interval(mins => i * 24), CASE WHEN i < 70000 AND pick(i, 76, 70) > 0 THEN timestamp '2021-01-01' + make_interval(mins => i * 24 + pick(i, 77, 30000)) END
FROM generate_series(1, 74000) i;
CREATE INDEX calls_customer_idx ON calls (customer_id);
DROP FUNCTION pick;
