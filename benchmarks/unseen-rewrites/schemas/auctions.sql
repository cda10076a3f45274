-- An auction house on the web: members, categories in a tree, lots with bids, watchers and questions, sales, feedback.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 5879) & 9007199254740991) % $3)::integer';

CREATE TABLE members (id integer PRIMARY KEY, handle text NOT NULL UNIQUE, email text NOT NULL UNIQUE, country char(2) NOT NULL, rating numeric(4, 2), joined_at timestamp NOT NULL, is_suspended boolean NOT NULL);
INSERT INTO members
SELECT i, 'bidder' || i, 'm' || i || '@bids.example', (ARRAY['DE', 'DE', 'FR', 'GB', 'US', 'IT', 'ES', 'AT', 'CH'])[1 + pick(i, 1, 9)], CASE WHEN pick(i, 2, 6) > 0 THEN 50 + pick(i, 3, 4999) / 100.0 END, timestamp '2015-01-01' + make_interval(mins => i * 120), pick(i, 4, 80) = 0
FROM generate_series(1, 34000) i;

CREATE TABLE categories (id integer PRIMARY KEY, name text NOT NULL, parent_id integer REFERENCES categories);
INSERT INTO categories SELECT i, 'Category ' || i, CASE WHEN i > 12 THEN 1 + pick(i, 5, (i - 1) / 4) END FROM generate_series(1, 420) i;

CREATE TABLE lots (
  id integer PRIMARY KEY,
  seller_id integer NOT NULL REFERENCES members,
  category_id integer NOT NULL REFERENCES categories,
  title text NOT NULL,
  description text,
  starts_at timestamp NOT NULL,
  ends_at timestamp NOT NULL,
  start_cents integer NOT NULL CHECK (start_cents >= 0),
  reserve_cents integer,
  status text NOT NULL,
  tags text[] NOT NULL
);
INSERT INTO lots
SELECT i, 1 + pick(i, 11, 180) * pick(i, 12, 180), 1 + pick(i, 13, 20) * pick(i, 14, 21), (ARRAY['Silver', 'Oak', 'Signed', 'Antique', 'Modern', 'Rare'])[1 + pick(i, 15, 6)] || ' ' || (ARRAY['watch', 'chair', 'print', 'coin', 'stamp', 'lamp', 'book'])[1 + pick(i, 16, 7)] || ' no. ' || pick(i, 17, 30000),
       CASE WHEN pick(i, 18, 10) > 0 THEN repeat('In good order, from a private collection. ', 1 + pick(i, 19, 6)) END, timestamp '2022-01-01' + make_interval(mins => i * 17), timestamp '2022-01-08' + make_interval(mins => i * 17 + pick(i, 20, 4) * 1440), pick(i, 21, 300) * pick(i, 22, 300) * 10, CASE WHEN pick(i, 23, 4) = 0 THEN pick(i, 24, 900000) END,
       CASE WHEN i > 69000 THEN 'open' WHEN pick(i, 25, 3) = 0 THEN 'unsold' ELSE 'sold' END, ARRAY['y' || 1800 + pick(i, 26, 200), 'maker ' || pick(i, 27, 900)] || CASE WHEN pick(i, 28, 500) = 0 THEN ARRAY['museum'] ELSE '{}' END
FROM generate_series(1, 74000) i;
CREATE INDEX lots_seller_idx ON lots (seller_id);
CREATE INDEX lots_category_idx ON lots (category_id, ends_at);
CREATE INDEX lots_ends_idx ON lots (ends_at);
CREATE INDEX lots_start_idx ON lots (start_cents);
CREATE INDEX lots_tags_idx ON lots USING gin (tags);

CREATE TABLE bids (id integer PRIMARY KEY, lot_id integer NOT NULL REFERENCES lots, bidder_id integer NOT NULL REFERENCES members, amount_cents integer NOT NULL, placed_at timestamp NOT NULL, is_automatic boolean NOT NULL, retracted_at timestamp);
INSERT INTO bids
SELECT i, lot, 1 + pick(i, 31, 180) * pick(i, 32, 188), 500 + pick(i, 33, 400) * pick(i, 34, 300), timestamp '2022-01-02' + make_interval(mins => i * 4), pick(i, 35, 3) = 0, CASE WHEN pick(i, 36, 150) = 0 THEN timestamp '2022-01-03' + make_interval(mins => i * 4) END
FROM (SELECT i, CASE WHEN pick(i, 37, 6) = 0 THEN 1 + pick(i, 38, 40) * 1850 ELSE 1 + pick(i, 39, 270) * pick(i, 40, 274) END AS lot FROM generate_series(1, 280000) i) s;
CREATE INDEX bids_lot_idx ON bids (lot_id, amount_cents);
CREATE INDEX bids_bidder_idx ON bids (bidder_id);
CREATE INDEX bids_placed_idx ON bids (placed_at);

CREATE TABLE watches (member_id integer NOT NULL REFERENCES members, lot_id integer NOT NULL REFERENCES lots, created_at timestamp NOT NULL, PRIMARY KEY (member_id, lot_id));
INSERT INTO watches SELECT 1 + pick(i, 41, 34000), 1 + pick(i, 42, 270) * pick(i, 43, 274), timestamp '2022-01-02' + make_interval(mins => i * 6) FROM generate_series(1, 190000) i ON CONFLICT DO NOTHING;
CREATE INDEX watches_lot_idx ON watches (lot_id);

CREATE TABLE sales (id integer PRIMARY KEY, lot_id integer NOT NULL UNIQUE REFERENCES lots, buyer_id integer NOT NULL REFERENCES members, price_cents integer NOT NULL, sold_at timestamp NOT NULL, paid_at timestamp, shipped_at timestamp);
INSERT INTO sales
SELECT l.id, l.id, 1 + pick(l.id, 51, 180) * pick(l.id, 52, 188), 900 + pick(l.id, 53, 300) * pick(l.id, 54, 500), l.ends_at, CASE WHEN pick(l.id, 55, 60) > 0 THEN l.ends_at + make_interval(mins => pick(l.id, 56, 9000)) END, CASE WHEN pick(l.id, 55, 60) > 1 THEN l.ends_at + make_interval(mins => 9000 + pick(l.id, 57, 9000)) END
FROM lots l WHERE l.status = 'sold';
CREATE INDEX sales_buyer_idx ON sales (buyer_id);

CREATE TABLE feedback (id integer PRIMARY KEY, sale_id integer NOT NULL REFERENCES sales, author_id integer NOT NULL REFERENCES members, subject_id integer NOT NULL REFERENCES members, score smallint NOT NULL CHECK (score BETWEEN -1 AND 1), comment text, left_at timestamp NOT NULL);
INSERT INTO feedback
SELECT row_number() OVER (ORDER BY s.id, way), s.id, CASE way WHEN 0 THEN s.buyer_id ELSE l.seller_id END, CASE way WHEN 0 THEN l.seller_id ELSE s.buyer_id END, CASE WHEN pick(s.id * 2 + way, 61, 20) = 0 THEN -1 WHEN pick(s.id * 2 + way, 61, 20) < 3 THEN 0 ELSE 1 END, CASE WHEN pick(s.id * 2 + way, 62, 3) > 0 THEN 'As described, thanks.' END, s.sold_at + interval '10 days'
FROM sales s JOIN lots l ON l.id = s.lot_id CROSS JOIN generate_series(0, 1) way WHERE pick(s.id * 2 + way, 63, 5) > 0;
CREATE INDEX feedback_sale_idx ON feedback (sale_id);
CREATE INDEX feedback_subject_idx ON feedback (subject_id);

CREATE TABLE questions (id integer PRIMARY KEY, lot_id integer NOT NULL REFERENCES lots, asker_id integer NOT NULL REFERENCES members, body text NOT NULL, answer text, asked_at timestamp NOT NULL);
INSERT INTO questions
SELECT i, 1 + pick(i, 71, 270) * pick(i, 72, 274), 1 + pick(i, 73, 34000), 'Is it complete? ' || pick(i, 74, 9), CASE WHEN pick(i, 75, 3) > 0 THEN 'Yes, it is.' END, timestamp '2022-01-03' + make_interval(mins => i * 19)
FROM generate_series(1, 60000) i;
CREATE INDEX questions_lot_idx ON questions (lot_id);
DROP FUNCTION pick;
