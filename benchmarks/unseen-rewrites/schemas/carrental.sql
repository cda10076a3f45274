-- A car rental company: branches, classes, vehicles, customers, companies, rentals, what is charged for them, damages, inspections.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE branches (id integer PRIMARY KEY, city text NOT NULL, country char(2) NOT NULL, opened_on date NOT NULL);
INSERT INTO branches SELECT i, 'City ' || 1 + i % 70, (ARRAY['DE', 'AT', 'FR', 'IT'])[1 + i % 4], date '2001-01-01' + i * 40 FROM generate_series(1, 120) i;

CREATE TABLE classes (id integer PRIMARY KEY, code text NOT NULL UNIQUE, daily_rate numeric(8, 2) NOT NULL);
INSERT INTO classes SELECT i, chr(64 + i) || 'MAR', 29 + i * 8 FROM generate_series(1, 12) i;

CREATE TABLE companies (id integer PRIMARY KEY, name text NOT NULL, discount numeric(4, 2) NOT NULL);
INSERT INTO companies SELECT i, 'Company ' || i, i % 20 FROM generate_series(1, 400) i;

CREATE TABLE vehicles (id integer PRIMARY KEY, plate text NOT NULL UNIQUE, class_id integer NOT NULL REFERENCES classes, home_branch_id integer NOT NULL REFERENCES branches, status text NOT NULL, acquired_on date NOT NULL, retired_on date);
INSERT INTO vehicles SELECT i, 'W-' || 10000 + i || 'R', 1 + pick(i, 1, 12), 1 + pick(i, 2, 12) * pick(i, 3, 11), (ARRAY['available', 'available', 'rented', 'workshop'])[1 + pick(i, 4, 4)], date '2018-01-01' + i / 5, CASE WHEN i < 2000 THEN date '2022-01-01' + pick(i, 5, 700) END
FROM generate_series(1, 8000) i;

CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL UNIQUE, full_name text NOT NULL, phone text, country char(2) NOT NULL, company_id integer REFERENCES companies, licence_until date, created_at timestamp NOT NULL);
INSERT INTO customers SELECT i, 'Customer' || i || '@mail.example', (ARRAY['Anna', 'Jan', 'Lea', 'Ugo', 'Eva'])[1 + pick(i, 11, 5)] || ' ' || initcap(substr(md5(i::text), 1, 8)), CASE WHEN pick(i, 12, 5) > 0 THEN '+43' || 10000000 + i END, (ARRAY['DE', 'DE', 'AT', 'FR', 'IT'])[1 + pick(i, 13, 5)],
       CASE WHEN pick(i, 14, 4) = 0 THEN 1 + pick(i, 15, 20) * pick(i, 16, 20) END, CASE WHEN pick(i, 17, 9) > 0 THEN date '2024-01-01' + pick(i, 18, 3000) END, timestamp '2015-01-01' + make_interval(mins => i * 80)
FROM generate_series(1, 60000) i;
CREATE INDEX customers_company_idx ON customers (company_id);

CREATE TABLE rentals (
  id integer PRIMARY KEY,
  reference text NOT NULL UNIQUE,
  customer_id integer NOT NULL REFERENCES customers,
  class_id integer NOT NULL REFERENCES classes,
  vehicle_id integer REFERENCES vehicles,
  pickup_branch_id integer NOT NULL REFERENCES branches,
  return_branch_id integer NOT NULL REFERENCES branches,
  starts_at timestamp NOT NULL,
  ends_at timestamp NOT NULL,
  returned_at timestamp,
  status text NOT NULL,
  total numeric(10, 2) NOT NULL,
  notes text
);
INSERT INTO rentals
SELECT i, 'R-' || 1000000 + i, 1 + pick(i, 21, 250) * pick(i, 22, 240), 1 + pick(i, 23, 12), CASE WHEN i < 147000 OR pick(i, 24, 3) = 0 THEN 1 + pick(i, 25, 8000) END, 1 + pick(i, 26, 12) * pick(i, 27, 11), 1 + pick(i, 28, 120),
       at, at + make_interval(days => 1 + pick(i, 29, 13)), CASE WHEN i < 145500 AND pick(i, 31, 9) > 0 THEN at + make_interval(days => 1 + pick(i, 29, 13), mins => pick(i, 30, 300)) END,
       CASE WHEN i > 147000 THEN 'booked' WHEN pick(i, 31, 9) = 0 THEN 'cancelled' WHEN i > 145500 THEN 'open' ELSE 'closed' END, 40 + pick(i, 32, 90000) / 100.0, CASE WHEN pick(i, 33, 6) = 0 THEN repeat('late arrival ', 1 + pick(i, 34, 6)) END
FROM (SELECT i, timestamp '2021-01-01' + make_interval(mins => i * 12) AS at FROM generate_series(1, 150000) i) s;
CREATE INDEX rentals_customer_idx ON rentals (customer_id);
CREATE INDEX rentals_vehicle_idx ON rentals (vehicle_id);
CREATE INDEX rentals_starts_idx ON rentals (starts_at);
CREATE INDEX rentals_return_branch_idx ON rentals (return_branch_id);

CREATE TABLE charges (id integer PRIMARY KEY, rental_id integer NOT NULL REFERENCES rentals, kind text NOT NULL, amount numeric(10, 2) NOT NULL, created_at timestamp NOT NULL);
INSERT INTO charges SELECT i, 1 + pick(i, 41, 150000), CASE WHEN pick(i, 42, 90) = 0 THEN 'fine' ELSE (ARRAY['base', 'insurance', 'fuel', 'cleaning', 'extra driver'])[1 + pick(i, 43, 5)] END, 5 + pick(i, 44, 40000) / 100.0, timestamp '2021-01-02' + make_interval(mins => i * 7) FROM generate_series(1, 250000) i;
CREATE INDEX charges_rental_idx ON charges (rental_id);
CREATE VIEW rental_totals AS
  SELECT rental_id, count(*) AS charges, sum(amount) AS charged, max(created_at) AS last_charge_at FROM charges GROUP BY rental_id;

CREATE TABLE damages (id integer PRIMARY KEY, vehicle_id integer NOT NULL REFERENCES vehicles, rental_id integer REFERENCES rentals, severity text NOT NULL, reported_on date NOT NULL, repaired_on date, cost numeric(10, 2));
INSERT INTO damages SELECT i, 1 + pick(i, 51, 8000), CASE WHEN pick(i, 52, 4) > 0 THEN 1 + pick(i, 53, 150000) END, (ARRAY['scratch', 'scratch', 'dent', 'glass', 'engine'])[1 + pick(i, 54, 5)], date '2021-01-01' + i / 32, CASE WHEN pick(i, 55, 20) > 0 THEN date '2021-01-05' + i / 32 END, CASE WHEN pick(i, 56, 8) > 0 THEN 50 + pick(i, 57, 200000) / 100.0 END FROM generate_series(1, 40000) i;
CREATE INDEX damages_vehicle_idx ON damages (vehicle_id);

CREATE TABLE inspections (id integer PRIMARY KEY, vehicle_id integer NOT NULL REFERENCES vehicles, inspected_at timestamp NOT NULL, odometer integer NOT NULL, fuel_level smallint, inspector text);
INSERT INTO inspections SELECT i, 1 + pick(i, 61, 8000), timestamp '2021-01-01' + make_interval(mins => i * 15), i + pick(i, 62, 9000), CASE WHEN pick(i, 63, 6) > 0 THEN pick(i, 64, 9) END, 'Inspector ' || pick(i, 65, 90) FROM generate_series(1, 120000) i;
CREATE UNIQUE INDEX inspections_vehicle_idx ON inspections (vehicle_id, inspected_at);
DROP FUNCTION pick;
