-- A parcel carrier: depots, couriers, senders, parcels and the scans that track them, delivery attempts, surcharges, claims.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE depots (id integer PRIMARY KEY, code text NOT NULL UNIQUE, city text NOT NULL, region text NOT NULL, opened_on date);
INSERT INTO depots SELECT i, 'D' || lpad(i::text, 3, '0'), 'City ' || i % 47, (ARRAY['north', 'south', 'east', 'west'])[1 + i % 4],
       CASE WHEN i % 6 > 0 THEN date '2010-01-01' + i * 50 END FROM generate_series(1, 60) i;

CREATE TABLE couriers (id integer PRIMARY KEY, name text NOT NULL, depot_id integer REFERENCES depots, hired_on date NOT NULL, licence_until date);
INSERT INTO couriers SELECT i, 'Courier ' || i, CASE WHEN i % 13 > 0 THEN 1 + pick(i, 1, 58) END, date '2015-01-01' + pick(i, 2, 3000),
       CASE WHEN i % 5 > 0 THEN date '2024-01-01' + pick(i, 3, 900) END FROM generate_series(1, 400) i;

CREATE TABLE senders (id integer PRIMARY KEY, company text NOT NULL, email text, tariff text NOT NULL, contract_no varchar(20), parcel_count integer);
INSERT INTO senders SELECT i, 'Company ' || i % 2900, CASE WHEN i % 10 > 0 THEN 'Shipping' || i || '@Company' || i % 700 || '.example' END,
       CASE WHEN i % 20 = 0 THEN 'key' WHEN i % 3 = 0 THEN 'bulk' ELSE 'standard' END,
       CASE WHEN i % 4 > 0 THEN 'K-' || pick(i, 4, 90000) END, 0 FROM generate_series(1, 3000) i;

CREATE TABLE parcels (
  id bigint PRIMARY KEY,
  barcode text NOT NULL UNIQUE,
  sender_id integer NOT NULL REFERENCES senders,
  dest_depot_id integer NOT NULL REFERENCES depots,
  courier_id integer REFERENCES couriers,
  status text NOT NULL,
  weight_g integer NOT NULL,
  declared_value numeric(10, 2),
  postcode varchar(8) NOT NULL,
  created_at timestamptz NOT NULL,
  delivered_at timestamptz
);
INSERT INTO parcels
SELECT i, 'PX' || lpad((i::bigint * 7919 % 10000000)::text, 9, '0'), 1 + pick(i, 11, 55) * pick(i, 12, 55), 1 + pick(i, 13, 8) * pick(i, 14, 8),
       CASE WHEN pick(i, 15, 7) > 0 THEN 1 + pick(i, 16, 390) END,
       CASE WHEN i > 115000 THEN (ARRAY['created', 'in_transit', 'in_transit'])[1 + pick(i, 17, 3)]
            WHEN pick(i, 17, 100) < 92 THEN 'delivered' WHEN pick(i, 17, 100) < 98 THEN 'returned' ELSE 'lost' END,
       50 + pick(i, 18, 170) * pick(i, 19, 170), CASE WHEN pick(i, 20, 3) = 0 THEN pick(i, 21, 90000) / 100.0 END,
       lpad((10000 + pick(i, 22, 300) * pick(i, 23, 300))::text, 5, '0'), timestamptz '2024-01-01 00:00:00+00' + make_interval(mins => i * 4),
       CASE WHEN i <= 115000 AND pick(i, 17, 100) < 92 THEN timestamptz '2024-01-01 00:00:00+00' + make_interval(mins => i * 4 + 600 + pick(i, 24, 6000)) END
FROM generate_series(1, 120000) i;
CREATE INDEX parcels_sender_idx ON parcels (sender_id);
CREATE INDEX parcels_created_idx ON parcels (created_at);
CREATE INDEX parcels_status_idx ON parcels (status);

CREATE TABLE scans (
  id bigint PRIMARY KEY,
  parcel_id bigint NOT NULL REFERENCES parcels,
  depot_id integer NOT NULL REFERENCES depots,
  courier_id integer REFERENCES couriers,
  kind text NOT NULL,
  scanned_at timestamptz NOT NULL,
  note text
);
INSERT INTO scans
SELECT i, greatest(1, i * 2 / 5 - pick(i, 31, 400)), 1 + pick(i, 32, 8) * pick(i, 33, 8), CASE WHEN pick(i, 34, 3) > 0 THEN 1 + pick(i, 35, 380) END,
       (ARRAY['arrived', 'departed', 'arrived', 'departed', 'loaded', 'delivered', 'sorted', 'sorted'])[1 + pick(i, 36, 8)],
       timestamptz '2024-01-01 00:00:00+00' + make_interval(mins => i * 8 / 5 + pick(i, 37, 300)), CASE WHEN pick(i, 38, 40) = 0 THEN 'damaged corner' END
FROM generate_series(1, 300000) i;
CREATE INDEX scans_parcel_idx ON scans (parcel_id);

CREATE TABLE attempts (
  id integer PRIMARY KEY,
  parcel_id bigint NOT NULL REFERENCES parcels,
  courier_id integer REFERENCES couriers,
  attempted_on date NOT NULL,
  outcome text NOT NULL,
  reason text
);
INSERT INTO attempts
SELECT i, 1 + pick(i, 41, 20000), CASE WHEN pick(i, 42, 9) > 0 THEN 1 + pick(i, 43, 380) END, date '2024-01-01' + i / 130,
       (ARRAY['handed over', 'nobody home', 'refused', 'neighbour'])[1 + pick(i, 44, 4)], CASE WHEN pick(i, 45, 3) = 0 THEN 'reason ' || pick(i, 46, 40) END
FROM generate_series(1, 40000) i;
CREATE INDEX attempts_parcel_idx ON attempts (parcel_id);

CREATE TABLE surcharges (id integer PRIMARY KEY, parcel_id bigint NOT NULL REFERENCES parcels, code text NOT NULL, amount_cents integer NOT NULL);
INSERT INTO surcharges SELECT i, 1 + pick(i, 51, 119000), (ARRAY['FUEL', 'SIZE', 'ISLAND', 'NIGHT'])[1 + pick(i, 52, 4)], 50 + pick(i, 53, 2000)
FROM generate_series(1, 40000) i;

CREATE TABLE claims (id integer PRIMARY KEY, parcel_id bigint REFERENCES parcels, state text NOT NULL, amount_cents integer, opened_at timestamptz NOT NULL);
INSERT INTO claims SELECT i, CASE WHEN i % 9 > 0 THEN 1 + pick(i, 61, 119000) END, (ARRAY['open', 'paid', 'paid', 'refused'])[1 + pick(i, 62, 4)],
       CASE WHEN i % 3 > 0 THEN 100 + pick(i, 63, 50000) END, timestamptz '2024-01-05 00:00:00+00' + make_interval(mins => i * 115) FROM generate_series(1, 4000) i;
CREATE INDEX claims_parcel_idx ON claims (parcel_id);

CREATE VIEW parcel_last_scan AS
SELECT DISTINCT ON (parcel_id) parcel_id, id AS scan_id, depot_id, kind, scanned_at FROM scans ORDER BY parcel_id, scanned_at DESC, id DESC;
DROP FUNCTION pick;
