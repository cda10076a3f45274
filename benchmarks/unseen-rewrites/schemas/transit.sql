-- Public transport: routes, stops, trips and their stop times, runs and delays, vehicles and where they are, cards and their taps.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 3571) & 9007199254740991) % $3)::integer';

CREATE TABLE routes (id integer PRIMARY KEY, short_name text NOT NULL, mode text NOT NULL, operator text);
INSERT INTO routes SELECT i, CASE WHEN i <= 12 THEN 'U' || i ELSE i::text END, CASE WHEN i <= 12 THEN 'metro' WHEN i <= 60 THEN 'tram' ELSE 'bus' END, CASE WHEN i % 7 > 0 THEN 'Operator ' || i % 7 END FROM generate_series(1, 320) i;

CREATE TABLE stops (id integer PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL, lat numeric(9, 6) NOT NULL, lon numeric(9, 6) NOT NULL, parent_id integer REFERENCES stops, is_accessible boolean);
INSERT INTO stops
SELECT i, 'S' || 100000 + i, (ARRAY['Market', 'Station', 'Harbour', 'Church', 'School', 'Mill', 'Forest', 'Bridge'])[1 + pick(i, 1, 8)] || ' ' || (ARRAY['street', 'square', 'lane', 'gate', 'park'])[1 + pick(i, 2, 5)] || ' ' || pick(i, 3, 9000), 47.5 + pick(i, 4, 7000000) / 1000000.0, 6.2 + pick(i, 5, 8000000) / 1000000.0,
       CASE WHEN i > 900 AND pick(i, 6, 3) = 0 THEN 1 + pick(i, 7, 900) END, CASE WHEN pick(i, 8, 5) > 0 THEN pick(i, 9, 3) > 0 END
FROM generate_series(1, 60000) i;
CREATE INDEX stops_place_idx ON stops (lat, lon);
CREATE INDEX stops_parent_idx ON stops (parent_id);

CREATE TABLE trips (id integer PRIMARY KEY, route_id integer NOT NULL REFERENCES routes, headsign text NOT NULL, direction smallint NOT NULL, block text);
INSERT INTO trips SELECT i, 1 + pick(i, 11, 20) * pick(i, 12, 16), 'To ' || pick(i, 13, 400), i % 2, CASE WHEN pick(i, 14, 9) > 0 THEN 'B' || pick(i, 15, 2000) END FROM generate_series(1, 22000) i;
CREATE INDEX trips_route_idx ON trips (route_id);

CREATE TABLE stop_times (trip_id integer NOT NULL REFERENCES trips, seq integer NOT NULL, stop_id integer NOT NULL REFERENCES stops, departure_s integer NOT NULL, platform text, PRIMARY KEY (trip_id, seq));
INSERT INTO stop_times
SELECT t.id, s, CASE WHEN pick(t.id * 40 + s, 21, 3) = 0 THEN 1 + pick(t.route_id * 40 + s, 22, 2500) ELSE 1 + pick(t.route_id * 40 + s, 23, 60000) END, 14400 + pick(t.id, 24, 68000) + s * 110, CASE WHEN pick(t.id, 25, 6) = 0 THEN 'P' || s % 9 END
FROM trips t CROSS JOIN generate_series(1, 14) s;
CREATE INDEX stop_times_stop_idx ON stop_times (stop_id, departure_s);

CREATE TABLE vehicles (id integer PRIMARY KEY, plate text NOT NULL UNIQUE, depot text NOT NULL, kind text NOT NULL, retired_on date);
INSERT INTO vehicles SELECT i, 'B-VG ' || 1000 + i, 'Depot ' || i % 8, (ARRAY['bus', 'bus', 'tram', 'train'])[1 + i % 4], CASE WHEN i % 20 = 0 THEN date '2024-01-01' END FROM generate_series(1, 900) i;

CREATE TABLE positions (id integer PRIMARY KEY, vehicle_id integer NOT NULL REFERENCES vehicles, trip_id integer REFERENCES trips, recorded_at timestamptz NOT NULL, speed real, UNIQUE (vehicle_id, recorded_at));
INSERT INTO positions
SELECT i, 1 + i % 900, CASE WHEN pick(i, 31, 9) > 0 THEN 1 + pick(i, 32, 22000) END, timestamptz '2024-05-01 00:00+00' + make_interval(secs => i / 900 * 90), CASE WHEN pick(i, 33, 20) > 0 THEN pick(i, 34, 700) / 10.0 END
FROM generate_series(1, 260000) i;
CREATE INDEX positions_recorded_idx ON positions (recorded_at);

CREATE TABLE runs (trip_id integer NOT NULL REFERENCES trips, service_date date NOT NULL, vehicle_id integer REFERENCES vehicles, status text NOT NULL, PRIMARY KEY (trip_id, service_date));
INSERT INTO runs
SELECT 1 + pick(i, 41, 22000), date '2024-01-01' + i / 700, CASE WHEN pick(i, 42, 14) > 0 THEN 1 + pick(i, 43, 900) END, CASE WHEN pick(i, 44, 40) = 0 THEN 'cancelled' ELSE 'done' END
FROM generate_series(1, 120000) i ON CONFLICT DO NOTHING;
CREATE INDEX runs_date_idx ON runs (service_date);

CREATE TABLE delays (id integer PRIMARY KEY, trip_id integer NOT NULL REFERENCES trips, service_date date NOT NULL, stop_id integer NOT NULL REFERENCES stops, delay_s integer NOT NULL, reason text);
INSERT INTO delays
SELECT i, r.trip_id, r.service_date, 1 + pick(i, 52, 300) * pick(i, 53, 200), 60 + pick(i, 54, 60) * pick(i, 55, 40), CASE WHEN pick(i, 56, 3) = 0 THEN (ARRAY['traffic', 'signal', 'staff', 'weather'])[1 + pick(i, 57, 4)] END
FROM (SELECT trip_id, service_date, row_number() OVER (ORDER BY service_date, trip_id) AS i FROM runs, generate_series(1, 2)) r;
CREATE INDEX delays_date_idx ON delays (service_date);
CREATE INDEX delays_trip_idx ON delays (trip_id);

CREATE TABLE cards (id integer PRIMARY KEY, number text NOT NULL UNIQUE, holder text, kind text NOT NULL, balance_cents integer NOT NULL, issued_on date NOT NULL);
INSERT INTO cards
SELECT i, '4' || lpad(i::text, 9, '0'), CASE WHEN pick(i, 61, 3) > 0 THEN 'Holder ' || pick(i, 62, 40000) END, (ARRAY['adult', 'adult', 'pupil', 'senior'])[1 + pick(i, 63, 4)], pick(i, 64, 6000), date '2020-01-01' + i / 45
FROM generate_series(1, 70000) i;

CREATE TABLE taps (id integer PRIMARY KEY, card_id integer NOT NULL REFERENCES cards, stop_id integer NOT NULL REFERENCES stops, kind text NOT NULL, tapped_at timestamptz NOT NULL, fare_cents integer);
INSERT INTO taps
SELECT i, 1 + pick(i, 71, 250) * pick(i, 72, 270), CASE WHEN pick(i, 73, 2) = 0 THEN 1 + pick(i, 74, 2500) ELSE 1 + pick(i, 75, 60000) END, (ARRAY['in', 'out'])[1 + i % 2], timestamptz '2024-01-01 00:00+00' + make_interval(secs => i * 45), CASE WHEN i % 2 = 1 THEN 120 + pick(i, 76, 8) * 40 END
FROM generate_series(1, 290000) i;
CREATE INDEX taps_card_idx ON taps (card_id);
CREATE INDEX taps_tapped_idx ON taps (tapped_at);
DROP FUNCTION pick;
