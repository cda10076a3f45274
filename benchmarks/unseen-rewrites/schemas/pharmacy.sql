-- A group of pharmacies: products with prices over time, suppliers, lots, stock moves, patients, doctors, prescriptions, their items.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE pharmacies (id integer PRIMARY KEY, name text NOT NULL, city text NOT NULL, closed_on date);
INSERT INTO pharmacies SELECT i, 'Pharmacy ' || i, 'City ' || 1 + i % 40, CASE WHEN i % 25 = 0 THEN date '2023-06-30' END FROM generate_series(1, 150) i;

CREATE TABLE suppliers (id integer PRIMARY KEY, name text NOT NULL, country char(2) NOT NULL);
INSERT INTO suppliers SELECT i, 'Supplier ' || i, (ARRAY['DE', 'AT', 'CH'])[1 + i % 3] FROM generate_series(1, 60) i;

CREATE TABLE products (id integer PRIMARY KEY, pzn text NOT NULL UNIQUE, name text NOT NULL, atc text NOT NULL, supplier_id integer NOT NULL REFERENCES suppliers, needs_prescription boolean NOT NULL, minimum integer);
INSERT INTO products SELECT i, lpad((i * 37)::text, 8, '0'), (ARRAY['Ibu', 'Para', 'Amoxi', 'Metfo', 'Rami'])[1 + pick(i, 1, 5)] || substr(md5(i::text), 1, 6) || ' ' || (1 + pick(i, 2, 10)) * 50 || ' mg', (ARRAY['N02', 'M01', 'J01', 'A10', 'C09'])[1 + pick(i, 1, 5)] || chr(65 + pick(i, 3, 8)) || lpad(pick(i, 4, 40)::text, 2, '0'), 1 + pick(i, 5, 8) * pick(i, 6, 8), pick(i, 7, 3) > 0, CASE WHEN pick(i, 8, 4) > 0 THEN pick(i, 9, 30) END
FROM generate_series(1, 15000) i;
CREATE INDEX products_atc_idx ON products (atc);

CREATE TABLE prices (product_id integer NOT NULL REFERENCES products, valid_from date NOT NULL, price numeric(8, 2) NOT NULL, changed_by text, PRIMARY KEY (product_id, valid_from));
INSERT INTO prices SELECT 1 + pick(i, 11, 15000), date '2019-01-01' + i / 48, 3 + pick(i, 12, 9000) / 100.0, CASE WHEN pick(i, 13, 5) > 0 THEN 'user ' || pick(i, 14, 40) END FROM generate_series(1, 90000) i ON CONFLICT DO NOTHING;

CREATE TABLE lots (id integer PRIMARY KEY, product_id integer NOT NULL REFERENCES products, lot_no text NOT NULL, expires_on date NOT NULL CHECK (expires_on BETWEEN '2000-01-01' AND '2100-01-01'), blocked_at timestamp);
INSERT INTO lots SELECT i, 1 + pick(i, 21, 14000), 'CH' || 100000 + i, date '2020-06-01' + i / 40 + pick(i, 22, 500), CASE WHEN pick(i, 23, 400) = 0 THEN timestamp '2020-06-01' + make_interval(days => i / 40) END FROM generate_series(1, 80000) i;
CREATE INDEX lots_product_idx ON lots (product_id);
CREATE INDEX lots_expires_idx ON lots (expires_on);

CREATE TABLE stock_moves (id integer PRIMARY KEY, pharmacy_id integer NOT NULL REFERENCES pharmacies, product_id integer NOT NULL REFERENCES products, lot_id integer REFERENCES lots, kind text NOT NULL, quantity integer NOT NULL, moved_at timestamp NOT NULL, note text);
INSERT INTO stock_moves SELECT i, 1 + pick(i, 31, 12) * pick(i, 32, 13), 1 + pick(i, 33, 116) * pick(i, 34, 116), CASE WHEN pick(i, 35, 9) > 0 THEN 1 + pick(i, 36, 80000) END, kind, CASE WHEN kind = 'delivery' THEN 10 + pick(i, 38, 40) ELSE -1 - pick(i, 39, 4) END, timestamp '2020-01-01' + make_interval(mins => i * 9), CASE WHEN pick(i, 40, 30) = 0 THEN 'counted by hand' END
FROM (SELECT i, CASE WHEN pick(i, 37, 8) = 0 THEN 'delivery' WHEN pick(i, 37, 160) = 1 THEN 'loss' ELSE 'sale' END AS kind FROM generate_series(1, 260000) i) s;
CREATE INDEX stock_moves_pharmacy_idx ON stock_moves (pharmacy_id, moved_at);
CREATE INDEX stock_moves_product_idx ON stock_moves (product_id);
CREATE VIEW stock AS
  SELECT product_id, pharmacy_id, sum(quantity) AS on_hand, max(moved_at) AS last_moved_at FROM stock_moves GROUP BY product_id, pharmacy_id;

CREATE TABLE patients (id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, born_on date, insurance_no text UNIQUE, pharmacy_id integer NOT NULL REFERENCES pharmacies);
INSERT INTO patients SELECT i, (ARRAY['Eva', 'Paul', 'Mia', 'Jonas', 'Rosa', 'Karl'])[1 + pick(i, 41, 6)], (ARRAY['Huber', 'Wagner', 'Pichler', 'Steiner', 'Moser', 'Mayer', 'Hofer'])[1 + pick(i, 42, 7)] || CASE WHEN pick(i, 43, 3) > 0 THEN '-' || initcap(substr(md5(pick(i, 44, 900)::text), 1, 5)) ELSE '' END, CASE WHEN pick(i, 45, 20) > 0 THEN date '1930-01-01' + pick(i, 46, 33000) END, CASE WHEN pick(i, 47, 8) > 0 THEN 'V' || 1000000 + i END, 1 + pick(i, 48, 150)
FROM generate_series(1, 90000) i;

CREATE TABLE prescriptions (id integer PRIMARY KEY, number text NOT NULL UNIQUE, patient_id integer NOT NULL REFERENCES patients, doctor text NOT NULL, issued_on date NOT NULL, status text NOT NULL, redeemed_at timestamp);
INSERT INTO prescriptions SELECT i, 'RX' || 5000000 + i, 1 + pick(i, 51, 90000), 'Doctor ' || 1 + pick(i, 52, 700), date '2020-01-01' + i / 80, CASE WHEN i < 128000 AND pick(i, 53, 20) > 0 THEN 'redeemed' WHEN i < 128000 THEN 'expired' ELSE 'open' END, CASE WHEN i < 128000 AND pick(i, 53, 20) > 0 THEN timestamp '2020-01-02 09:00' + make_interval(mins => i * 18) END FROM generate_series(1, 130000) i;
CREATE INDEX prescriptions_patient_idx ON prescriptions (patient_id);
CREATE INDEX prescriptions_redeemed_idx ON prescriptions (redeemed_at);
CREATE INDEX prescriptions_issued_idx ON prescriptions (issued_on, id);

CREATE TABLE prescription_items (id integer PRIMARY KEY, prescription_id integer NOT NULL REFERENCES prescriptions, product_id integer NOT NULL REFERENCES products, quantity smallint NOT NULL, substituted_by integer REFERENCES products);
INSERT INTO prescription_items SELECT i, 1 + pick(i, 61, 130000), 1 + pick(i, 62, 120) * pick(i, 63, 125), 1 + pick(i, 64, 3), CASE WHEN pick(i, 65, 15) = 0 THEN 1 + pick(i, 66, 15000) END FROM generate_series(1, 210000) i;
CREATE INDEX prescription_items_prescription_idx ON prescription_items (prescription_id);
DROP FUNCTION pick;
