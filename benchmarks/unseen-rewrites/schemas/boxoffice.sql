-- A box office: venues with halls, organisers, events and their ticket types, buyers, orders with tickets, scans at the gates, a waiting list.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE venues (id integer PRIMARY KEY, name text NOT NULL, city text NOT NULL, capacity integer);
INSERT INTO venues SELECT i, 'Venue ' || i, 'City ' || i % 40, CASE WHEN i % 9 > 0 THEN 200 + pick(i, 1, 80) * pick(i, 2, 80) END FROM generate_series(1, 130) i;

CREATE TABLE organisers (id integer PRIMARY KEY, name text NOT NULL, vat_no text, iban text);
INSERT INTO organisers SELECT i, 'Organiser ' || i, CASE WHEN i % 4 > 0 THEN 'VAT' || i * 31 END, CASE WHEN i % 3 > 0 THEN 'IB' || i * 977 END FROM generate_series(1, 300) i;

CREATE TABLE events (
  id integer PRIMARY KEY,
  title text NOT NULL,
  venue_id integer REFERENCES venues,
  organiser_id integer NOT NULL REFERENCES organisers,
  category text NOT NULL,
  status text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  description text NOT NULL
);
INSERT INTO events
SELECT i, (ARRAY['Night of ', 'Evening with ', 'Tour of '])[1 + i % 3] || 'act ' || pick(i, 3, 900), CASE WHEN i % 14 > 0 THEN 1 + pick(i, 4, 11) * pick(i, 5, 12) END, 1 + pick(i, 6, 17) * pick(i, 7, 17),
       (ARRAY['concert', 'concert', 'theatre', 'sport', 'fair'])[1 + pick(i, 8, 5)], (ARRAY['on sale', 'on sale', 'on sale', 'sold out', 'cancelled', 'draft'])[1 + pick(i, 9, 6)],
       timestamptz '2024-01-01 19:00+00' + make_interval(hours => i * 3), CASE WHEN i % 8 > 0 THEN timestamptz '2024-01-01 21:00+00' + make_interval(hours => i * 3 + pick(i, 10, 3)) END, repeat('an unforgettable night ', 10 + i % 50)
FROM generate_series(1, 3000) i;
CREATE INDEX events_organiser_idx ON events (organiser_id);
CREATE INDEX events_starts_idx ON events (starts_at);

CREATE TABLE ticket_types (id integer PRIMARY KEY, event_id integer NOT NULL REFERENCES events, name text NOT NULL, price_cents integer NOT NULL, quota integer);
INSERT INTO ticket_types SELECT i, 1 + (i - 1) / 3, (ARRAY['early', 'regular', 'gold'])[1 + i % 3], 1000 + pick(i, 11, 90) * 100, CASE WHEN i % 10 > 0 THEN 5 + pick(i, 12, 30) * pick(i, 13, 5) END FROM generate_series(1, 9000) i;
CREATE INDEX ticket_types_event_idx ON ticket_types (event_id);

CREATE TABLE buyers (id integer PRIMARY KEY, email text NOT NULL UNIQUE, full_name text, phone text, city text, created_at timestamptz NOT NULL);
INSERT INTO buyers SELECT i, 'buyer' || i || '@mail.example', CASE WHEN i % 21 > 0 THEN 'Given' || pick(i, 14, 800) || ' Family' || pick(i, 15, 4000) END, CASE WHEN i % 3 > 0 THEN '+49' || 1500000000 + i * 37::bigint END,
       CASE WHEN i % 5 > 0 THEN 'City ' || pick(i, 16, 30) * pick(i, 17, 30) END, timestamptz '2023-06-01 00:00+00' + make_interval(mins => i * 15) FROM generate_series(1, 35000) i;
CREATE INDEX buyers_city_idx ON buyers (city);

CREATE TABLE orders (
  id integer PRIMARY KEY,
  buyer_id integer NOT NULL REFERENCES buyers,
  event_id integer NOT NULL REFERENCES events,
  status text NOT NULL,
  placed_at timestamptz NOT NULL,
  total_cents integer,
  payload jsonb NOT NULL,
  note text
);
INSERT INTO orders
SELECT i, 1 + pick(i, 21, 180) * pick(i, 22, 190), 1 + pick(i, 23, 54) * pick(i, 24, 55), (ARRAY['paid', 'paid', 'paid', 'paid', 'expired', 'refunded'])[1 + pick(i, 25, 6)],
       timestamptz '2024-01-01 00:00+00' + make_interval(mins => i * 4 + pick(i, 26, 9)), CASE WHEN pick(i, 27, 30) > 0 THEN 1000 + pick(i, 28, 250) * 100 END,
       jsonb_build_object('utm', CASE WHEN pick(i, 29, 800) = 0 THEN 'newsletter' ELSE (ARRAY['search', 'social', 'direct'])[1 + pick(i, 30, 3)] END, 'agent', 'Mozilla/5.0 ' || md5(i::text), 'lang', (ARRAY['de', 'en'])[1 + i % 2]),
       CASE WHEN pick(i, 31, 12) = 0 THEN repeat('please keep at the counter ', 1 + i % 9) END
FROM generate_series(1, 110000) i;
CREATE INDEX orders_buyer_idx ON orders (buyer_id);
CREATE INDEX orders_event_idx ON orders (event_id);
CREATE INDEX orders_placed_idx ON orders (placed_at, id);

CREATE TABLE tickets (
  id integer PRIMARY KEY,
  order_id integer NOT NULL REFERENCES orders,
  ticket_type_id integer NOT NULL REFERENCES ticket_types,
  holder_name text,
  barcode text NOT NULL UNIQUE,
  state text NOT NULL
);
INSERT INTO tickets
SELECT i, 1 + i * 5 / 9, 1 + pick(1 + i * 5 / 9, 23, 54) * pick(1 + i * 5 / 9, 24, 55) * 3 + i % 3, CASE WHEN pick(i, 41, 3) > 0 THEN 'Holder ' || pick(i, 42, 9000) END, 'T' || md5(i::text),
       (ARRAY['valid', 'valid', 'valid', 'valid', 'valid', 'void', 'used', 'resold'])[1 + pick(i, 43, 8)]
FROM generate_series(1, 190000) i;
CREATE INDEX tickets_order_idx ON tickets (order_id);
CREATE INDEX tickets_type_idx ON tickets (ticket_type_id);

CREATE TABLE gate_scans (id integer PRIMARY KEY, ticket_id integer NOT NULL REFERENCES tickets, gate text, result text NOT NULL, scanned_at timestamptz NOT NULL);
INSERT INTO gate_scans SELECT i, 1 + pick(i, 51, 180000), CASE WHEN pick(i, 52, 25) > 0 THEN 'G' || pick(i, 53, 12) END, (ARRAY['ok', 'ok', 'ok', 'ok', 'twice', 'wrong day'])[1 + pick(i, 54, 6)],
       timestamptz '2024-01-01 18:00+00' + make_interval(secs => i * 220 + pick(i, 55, 40)) FROM generate_series(1, 130000) i;
CREATE INDEX gate_scans_scanned_idx ON gate_scans (scanned_at);

CREATE TABLE waitlist (id integer PRIMARY KEY, event_id integer NOT NULL REFERENCES events, buyer_id integer REFERENCES buyers, asked_at timestamptz NOT NULL, notified_at timestamptz);
INSERT INTO waitlist SELECT i, 1 + pick(i, 61, 54) * pick(i, 62, 55), CASE WHEN i % 12 > 0 THEN 1 + pick(i, 63, 34000) END, timestamptz '2024-02-01 00:00+00' + make_interval(mins => i * 9),
       CASE WHEN i < 39600 AND i % 400 > 0 THEN timestamptz '2024-02-02 00:00+00' + make_interval(mins => i * 9) END FROM generate_series(1, 40000) i;
CREATE INDEX waitlist_event_idx ON waitlist (event_id);
DROP FUNCTION pick;
