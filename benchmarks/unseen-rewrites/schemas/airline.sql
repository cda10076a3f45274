-- An airline: airports, aircraft, flights, passengers, bookings, tickets with their segments, bags, frequent-flyer miles.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE airports (id integer PRIMARY KEY, iata char(3) NOT NULL UNIQUE, city text NOT NULL, country char(2) NOT NULL);
INSERT INTO airports SELECT i, chr(65 + i % 26) || chr(65 + i / 26 % 26) || chr(65 + (i * 7) % 26), 'City ' || i, (ARRAY['DE', 'FR', 'ES', 'IT', 'GR', 'PT', 'GB'])[1 + i % 7]
FROM generate_series(1, 320) i;

CREATE TABLE aircraft (id integer PRIMARY KEY, tail_no text NOT NULL UNIQUE, model text NOT NULL, seats smallint NOT NULL);
INSERT INTO aircraft SELECT i, 'D-A' || lpad(i::text, 3, '0'), (ARRAY['A320', 'A321', 'E190', 'B738'])[1 + i % 4], (ARRAY[180, 212, 100, 189])[1 + i % 4]
FROM generate_series(1, 170) i;

CREATE TABLE flights (
  id integer PRIMARY KEY,
  flight_no text NOT NULL,
  origin_id integer NOT NULL REFERENCES airports,
  destination_id integer NOT NULL REFERENCES airports,
  aircraft_id integer REFERENCES aircraft,
  departs_at timestamptz NOT NULL CHECK (departs_at BETWEEN '2000-01-01' AND '2100-01-01'),
  arrives_at timestamptz NOT NULL,
  actual_departure timestamptz,
  status text NOT NULL,
  gate text
);
INSERT INTO flights
SELECT i, 'XA' || 100 + pick(i, 1, 700), 1 + pick(i, 2, 18) * pick(i, 3, 18), 1 + pick(i, 4, 320), CASE WHEN pick(i, 5, 40) > 0 THEN 1 + pick(i, 6, 170) END,
       at, at + make_interval(mins => 55 + pick(i, 7, 220)), CASE WHEN i < 57000 AND pick(i, 8, 30) > 0 THEN at + make_interval(mins => pick(i, 9, 45) * pick(i, 10, 4)) END,
       CASE WHEN i >= 57000 THEN 'scheduled' WHEN pick(i, 8, 30) = 0 THEN 'cancelled' ELSE 'landed' END, CASE WHEN pick(i, 11, 6) > 0 THEN (ARRAY['A', 'B', 'C'])[1 + pick(i, 12, 3)] || pick(i, 13, 30) END
FROM (SELECT i, timestamptz '2023-01-01 00:00+00' + make_interval(mins => i * 16 + pick(i, 14, 12)) AS at FROM generate_series(1, 60000) i) s;
CREATE INDEX flights_departs_idx ON flights (departs_at);
CREATE INDEX flights_number_idx ON flights (flight_no, departs_at);

CREATE TABLE passengers (id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, email text, passport_no text, frequent_flyer_no text UNIQUE, born_on date, created_at timestamp NOT NULL);
INSERT INTO passengers
SELECT i, (ARRAY['Lena', 'Marco', 'Sofia', 'Jan', 'Chloe', 'Nikos'])[1 + pick(i, 21, 6)], (ARRAY['Weber', 'Rossi', 'Martin', 'Costa', 'Papadakis', 'Smith'])[1 + pick(i, 22, 6)] || pick(i, 23, 900),
       CASE WHEN pick(i, 24, 6) > 0 THEN 'Pax' || i || '@Mail.example' END, CASE WHEN pick(i, 25, 3) > 0 THEN 'P' || upper(substr(md5(i::text), 1, 8)) END, CASE WHEN pick(i, 26, 5) = 0 THEN 'FF' || 700000 + i END,
       CASE WHEN pick(i, 27, 9) > 0 THEN date '1940-01-01' + pick(i, 28, 28000) END, timestamp '2019-01-01' + make_interval(mins => i * 35)
FROM generate_series(1, 80000) i;

CREATE TABLE bookings (
  id integer PRIMARY KEY,
  locator char(6) NOT NULL UNIQUE,
  contact_email text,
  status text NOT NULL,
  channel text NOT NULL,
  total numeric(10, 2) NOT NULL,
  currency char(3) NOT NULL,
  booked_at timestamp NOT NULL,
  cancelled_at timestamp
);
INSERT INTO bookings
SELECT i, upper(lpad(to_hex(i * 97 + 1048576), 6, '0')), CASE WHEN pick(i, 31, 20) > 0 THEN 'Pax' || 1 + pick(i, 32, 50) * pick(i, 33, 1600) || '@Mail.example' END, (ARRAY['ticketed', 'ticketed', 'ticketed', 'ticketed', 'ticketed', 'cancelled', 'held'])[1 + pick(i, 34, 7)],
       (ARRAY['web', 'web', 'app', 'agency', 'phone'])[1 + pick(i, 35, 5)], 39 + pick(i, 36, 90000) / 100.0, (ARRAY['EUR', 'EUR', 'EUR', 'GBP', 'CHF'])[1 + pick(i, 37, 5)],
       timestamp '2022-11-01' + make_interval(mins => i * 8 / 3 * 3), CASE WHEN pick(i, 34, 7) = 5 THEN timestamp '2022-11-01' + make_interval(mins => i * 8 + pick(i, 38, 40000)) END
FROM generate_series(1, 110000) i;
CREATE INDEX bookings_booked_idx ON bookings (booked_at, id);

CREATE TABLE tickets (id integer PRIMARY KEY, booking_id integer NOT NULL REFERENCES bookings, passenger_id integer NOT NULL REFERENCES passengers, ticket_no text NOT NULL UNIQUE, fare numeric(10, 2) NOT NULL, issued_at timestamp NOT NULL, refunded_at timestamp);
INSERT INTO tickets
SELECT i, 1 + pick(i, 41, 110000), 1 + pick(i, 42, 280) * pick(i, 43, 285), '220-' || 2400000000 + i::bigint * 13, 29 + pick(i, 44, 60000) / 100.0, timestamp '2022-11-01' + make_interval(mins => i * 5), CASE WHEN pick(i, 45, 15) = 0 THEN timestamp '2022-11-05' + make_interval(mins => i * 5) END
FROM generate_series(1, 160000) i;
CREATE INDEX tickets_booking_idx ON tickets (booking_id);
CREATE INDEX tickets_passenger_idx ON tickets (passenger_id);

CREATE TABLE segments (ticket_id integer NOT NULL REFERENCES tickets, flight_id integer NOT NULL REFERENCES flights, cabin char(1) NOT NULL, seat text, boarded boolean NOT NULL, PRIMARY KEY (ticket_id, flight_id));
INSERT INTO segments
SELECT 1 + i / 3 * 2 + i % 3 / 2, 1 + pick(i, 51, 60000), (ARRAY['Y', 'Y', 'Y', 'Y', 'C'])[1 + pick(i, 52, 5)], CASE WHEN pick(i, 53, 4) > 0 THEN 1 + pick(i, 54, 30) || (ARRAY['A', 'B', 'C', 'D', 'E', 'F'])[1 + pick(i, 55, 6)] END, pick(i, 56, 12) > 0
FROM generate_series(0, 238000) i ON CONFLICT DO NOTHING;
CREATE INDEX segments_flight_idx ON segments (flight_id);

CREATE TABLE bags (id integer PRIMARY KEY, ticket_id integer NOT NULL REFERENCES tickets, flight_id integer NOT NULL REFERENCES flights, tag text NOT NULL UNIQUE, weight_kg numeric(4, 1), status text NOT NULL, last_scan_at timestamp);
INSERT INTO bags
SELECT i, 1 + pick(i, 61, 160000), 1 + pick(i, 62, 60000), '0220' || 100000 + i, CASE WHEN pick(i, 63, 14) > 0 THEN 5 + pick(i, 64, 270) / 10.0 END, CASE WHEN pick(i, 65, 250) = 0 THEN 'missing' WHEN pick(i, 65, 250) < 4 THEN 'rushed' ELSE 'delivered' END, CASE WHEN pick(i, 66, 30) > 0 THEN timestamp '2023-01-01' + make_interval(mins => i * 9) END
FROM generate_series(1, 100000) i;
CREATE INDEX bags_flight_idx ON bags (flight_id);

CREATE TABLE miles (id integer PRIMARY KEY, passenger_id integer NOT NULL REFERENCES passengers, flight_id integer REFERENCES flights, points integer NOT NULL, earned_at timestamp NOT NULL);
INSERT INTO miles
SELECT i, CASE WHEN pick(i, 71, 150) = 0 THEN 4242 ELSE 1 + pick(i, 72, 80000) END, CASE WHEN pick(i, 73, 8) > 0 THEN 1 + pick(i, 74, 57000) END, 100 + pick(i, 75, 2400) - CASE WHEN pick(i, 73, 8) = 0 THEN 2000 ELSE 0 END, timestamp '2023-01-01' + make_interval(mins => i * 8)
FROM generate_series(1, 120000) i;
CREATE INDEX miles_passenger_idx ON miles (passenger_id);
DROP FUNCTION pick;
