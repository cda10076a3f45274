-- A hotel group: hotels, room types, rooms, guests, bookings and what is charged to them, reviews, day rates.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE hotels (id integer PRIMARY KEY, name text NOT NULL, city text NOT NULL, country char(2) NOT NULL, stars smallint, opened_on date);
INSERT INTO hotels SELECT i, 'Hotel ' || i, 'City ' || i % 83, (ARRAY['DE', 'FR', 'IT', 'ES', 'PT'])[1 + i % 5], CASE WHEN i % 8 > 0 THEN (1 + i % 5)::smallint END, date '1990-01-01' + i * 20
FROM generate_series(1, 300) i;

CREATE TABLE rooms (id integer PRIMARY KEY, hotel_id integer NOT NULL REFERENCES hotels, number text NOT NULL, kind text NOT NULL, floor smallint, last_booked_until date);
INSERT INTO rooms SELECT i, 1 + i % 300, (i / 300)::text, (ARRAY['single', 'double', 'double', 'twin', 'suite'])[1 + pick(i, 1, 5)], CASE WHEN pick(i, 2, 9) > 0 THEN (i / 300 % 7)::smallint END, NULL
FROM generate_series(1, 12000) i;
CREATE INDEX rooms_hotel_idx ON rooms (hotel_id);

CREATE TABLE guests (id integer PRIMARY KEY, last_name text NOT NULL, first_name text, email text, country char(2), loyalty_no text, joined_at timestamp NOT NULL);
INSERT INTO guests
SELECT i, (ARRAY['Kovacs', 'Schmidt', 'Moreau', 'Garcia', 'Bianchi', 'Andersen', 'Nowak'])[1 + pick(i, 3, 7)] || pick(i, 4, 400), CASE WHEN pick(i, 5, 10) > 0 THEN (ARRAY['Ada', 'Bo', 'Chris', 'Dana', 'Eli'])[1 + pick(i, 6, 5)] END,
       CASE WHEN pick(i, 7, 5) > 0 THEN 'guest' || i || '@mail.example' END, CASE WHEN pick(i, 8, 6) > 0 THEN (ARRAY['DE', 'FR', 'IT', 'ES', 'US', 'GB'])[1 + pick(i, 9, 6)] END,
       CASE WHEN pick(i, 10, 4) = 0 THEN 'L' || i END, timestamp '2015-01-01' + make_interval(hours => i * 3)
FROM generate_series(1, 25000) i;

CREATE TABLE bookings (
  id integer PRIMARY KEY,
  confirmation text NOT NULL UNIQUE,
  hotel_id integer NOT NULL REFERENCES hotels,
  room_id integer REFERENCES rooms,
  guest_id integer NOT NULL REFERENCES guests,
  status text NOT NULL,
  channel text NOT NULL,
  arrival date NOT NULL,
  departure date NOT NULL,
  total numeric(10, 2),
  created_at timestamptz NOT NULL,
  cancelled_at timestamptz
);
INSERT INTO bookings
SELECT i, 'BK' || upper(substr(md5(i::text), 1, 10)), h, CASE WHEN pick(i, 12, 10) > 0 THEN (CASE WHEN h = 300 THEN 0 ELSE h END) + 300 * (1 + pick(i, 13, 38)) - 1 END, 1 + pick(i, 14, 150) * pick(i, 15, 160),
       CASE WHEN i > 116000 THEN (ARRAY['confirmed', 'confirmed', 'tentative'])[1 + pick(i, 16, 3)] ELSE (ARRAY['stayed', 'stayed', 'stayed', 'stayed', 'stayed', 'stayed', 'cancelled', 'no_show'])[1 + pick(i, 16, 8)] END,
       (ARRAY['web', 'web', 'web', 'agency', 'phone'])[1 + pick(i, 17, 5)], a, a + 1 + pick(i, 19, 6), CASE WHEN pick(i, 20, 12) > 0 THEN 60 + pick(i, 21, 90000) / 100.0 END,
       timestamptz '2022-01-01 00:00+00' + make_interval(mins => i * 13), CASE WHEN i <= 116000 AND pick(i, 16, 8) = 6 THEN timestamptz '2022-01-01 00:00+00' + make_interval(mins => i * 13 + pick(i, 22, 9000)) END
FROM (SELECT i, CASE WHEN pick(i, 23, 18) = 0 THEN 12 ELSE 1 + pick(i, 11, 300) END AS h, date '2022-01-04' + i * 13 / 1440 + pick(i, 18, 60) AS a FROM generate_series(1, 120000) i) s;
CREATE INDEX bookings_guest_idx ON bookings (guest_id);
CREATE INDEX bookings_hotel_idx ON bookings (hotel_id);

CREATE TABLE charges (id integer PRIMARY KEY, booking_id integer NOT NULL REFERENCES bookings, kind text NOT NULL, amount numeric(8, 2) NOT NULL, charged_at timestamp NOT NULL);
INSERT INTO charges
SELECT i, 1 + pick(i, 31, 114000), (ARRAY['room', 'room', 'bar', 'parking', 'spa', 'minibar'])[1 + pick(i, 32, 6)], 4 + pick(i, 33, 30000) / 100.0, timestamp '2022-01-05' + make_interval(mins => i * 7 + pick(i, 34, 900))
FROM generate_series(1, 220000) i;
CREATE INDEX charges_booking_idx ON charges (booking_id);
CREATE INDEX charges_charged_idx ON charges (charged_at);

CREATE TABLE reviews (id integer PRIMARY KEY, booking_id integer NOT NULL REFERENCES bookings, hotel_id integer NOT NULL REFERENCES hotels, rating smallint, body text, created_at timestamp NOT NULL);
INSERT INTO reviews
SELECT i, b.id, b.hotel_id, CASE WHEN pick(i, 42, 15) > 0 THEN (1 + pick(i, 43, 5))::smallint END, CASE WHEN pick(i, 44, 3) > 0 THEN repeat('It was fine. ', 1 + pick(i, 45, 12)) END, timestamp '2022-02-01' + make_interval(mins => i * 32)
FROM (SELECT i, 1 + pick(i, 41, 110000) AS booking FROM generate_series(1, 45000) i) s JOIN bookings b ON b.id = s.booking;
CREATE INDEX reviews_hotel_idx ON reviews (hotel_id);
CREATE INDEX reviews_created_idx ON reviews (created_at);
DROP FUNCTION pick;
