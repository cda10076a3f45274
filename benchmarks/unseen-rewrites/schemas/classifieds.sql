-- Classified advertisements: accounts, categories, listings with photos, favourites, offers, chats, ratings, flags.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 9311) & 9007199254740991) % $3)::integer';

CREATE TABLE accounts (id integer PRIMARY KEY, email text NOT NULL UNIQUE, nickname text NOT NULL, city text, about text, is_banned boolean NOT NULL, joined_at timestamp NOT NULL);
INSERT INTO accounts
SELECT i, 'member' || i || '@' || (ARRAY['mail.example', 'post.example', 'web.example'])[1 + pick(i, 1, 3)], (ARRAY['Maria', 'Jonas', 'Lena', 'Tarik', 'Sofia', 'Emil', 'Nora', 'Pavel'])[1 + pick(i, 2, 8)] || pick(i, 3, 9000),
       CASE WHEN pick(i, 4, 9) > 0 THEN 'City ' || pick(i, 5, 12) * pick(i, 6, 14) END, CASE WHEN pick(i, 7, 3) = 0 THEN repeat('collects old things and sells them ', 1 + pick(i, 8, 6)) END, pick(i, 9, 40) = 0,
       timestamp '2021-01-01' + make_interval(mins => i * 100) FROM generate_series(1, 22000) i;

CREATE TABLE categories (id integer PRIMARY KEY, parent_id integer REFERENCES categories, slug text NOT NULL UNIQUE, name text NOT NULL);
INSERT INTO categories SELECT i, CASE WHEN i > 14 THEN 1 + pick(i, 11, least(i - 1, 70)) END, 'category-' || i, 'Category ' || i FROM generate_series(1, 320) i;

CREATE TABLE listings (
  id integer PRIMARY KEY,
  account_id integer NOT NULL REFERENCES accounts,
  category_id integer NOT NULL REFERENCES categories,
  title text NOT NULL,
  body text NOT NULL,
  price_cents integer,
  state text NOT NULL,
  attributes jsonb NOT NULL,
  published_at timestamp,
  expires_at timestamp
);
INSERT INTO listings
SELECT i, 1 + pick(i, 21, 146) * pick(i, 22, 150), 1 + pick(i, 23, 17) * pick(i, 24, 19),
       (ARRAY['Old bicycle', 'Oak table', 'Phone', 'Camera', 'Winter coat', 'Sofa', 'Drill', 'Guitar'])[1 + pick(i, 25, 8)] || ' ' || pick(i, 26, 7000), 'For sale: ' || repeat(md5(i::text) || ' as good as new ', 1 + pick(i, 27, 5)),
       CASE WHEN pick(i, 28, 8) > 0 THEN 100 * (1 + pick(i, 29, 40) * pick(i, 30, 60)) END,
       CASE WHEN pick(i, 31, 100) < 35 THEN 'active' WHEN pick(i, 31, 100) < 75 THEN 'sold' WHEN pick(i, 31, 100) < 92 THEN 'expired' WHEN pick(i, 31, 100) < 97 THEN 'draft' ELSE 'removed' END,
       jsonb_build_object('condition', (ARRAY['new', 'used', 'broken'])[1 + pick(i, 32, 3)], 'brand', 'brand ' || pick(i, 33, 30) * pick(i, 34, 40), 'shipping', pick(i, 35, 2) = 0),
       CASE WHEN pick(i, 31, 100) NOT BETWEEN 92 AND 96 THEN timestamp '2023-01-01' + make_interval(mins => i * 12 + pick(i, 36, 12)) END,
       CASE WHEN pick(i, 37, 10) > 0 THEN timestamp '2023-03-01' + make_interval(mins => i * 12) END
FROM generate_series(1, 90000) i;
CREATE INDEX listings_account_idx ON listings (account_id);
CREATE INDEX listings_category_idx ON listings (category_id);
CREATE INDEX listings_published_idx ON listings (published_at, id);

CREATE TABLE photos (listing_id integer NOT NULL REFERENCES listings, position integer NOT NULL, url text NOT NULL, width integer, PRIMARY KEY (listing_id, position));
INSERT INTO photos SELECT l, p, '/photos/' || l || '/' || p || '.jpg', CASE WHEN p > 1 THEN 640 * p END FROM generate_series(1, 90000) l, generate_series(1, pick(l, 41, 5)) p;

CREATE TABLE favourites (account_id integer NOT NULL REFERENCES accounts, listing_id integer NOT NULL REFERENCES listings, created_at timestamp NOT NULL, PRIMARY KEY (account_id, listing_id));
INSERT INTO favourites SELECT 1 + pick(i, 51, 146) * pick(i, 52, 150), 1 + pick(i, 53, 298) * pick(i, 54, 301), timestamp '2023-01-03' + make_interval(mins => i * 8) FROM generate_series(1, 140000) i ON CONFLICT DO NOTHING;

CREATE TABLE offers (id integer PRIMARY KEY, listing_id integer NOT NULL REFERENCES listings, buyer_id integer NOT NULL REFERENCES accounts, amount_cents integer NOT NULL, state text NOT NULL, made_at timestamp NOT NULL);
INSERT INTO offers SELECT i, 1 + pick(i, 61, 298) * pick(i, 62, 301), 1 + pick(i, 63, 146) * pick(i, 64, 150), 100 * (1 + pick(i, 65, 900)), (ARRAY['open', 'declined', 'declined', 'withdrawn', 'accepted'])[1 + pick(i, 66, 5)], timestamp '2023-01-02' + make_interval(mins => i * 10) FROM generate_series(1, 110000) i;
CREATE INDEX offers_listing_idx ON offers (listing_id);
CREATE INDEX offers_made_idx ON offers (made_at);

CREATE TABLE chats (id integer PRIMARY KEY, listing_id integer NOT NULL REFERENCES listings, buyer_id integer NOT NULL REFERENCES accounts, seller_id integer NOT NULL REFERENCES accounts, opened_at timestamp NOT NULL, archived_at timestamp);
INSERT INTO chats SELECT i, l.id, 1 + pick(i, 71, 146) * pick(i, 72, 150), l.account_id, timestamp '2023-01-02' + make_interval(mins => i * 20), CASE WHEN pick(i, 73, 3) = 0 THEN timestamp '2023-02-02' + make_interval(mins => i * 20) END
FROM generate_series(1, 55000) i JOIN listings l ON l.id = 1 + pick(i, 74, 298) * pick(i, 75, 301);
CREATE INDEX chats_listing_idx ON chats (listing_id);
CREATE INDEX chats_buyer_idx ON chats (buyer_id);
CREATE INDEX chats_seller_idx ON chats (seller_id);
CREATE INDEX chats_opened_idx ON chats (opened_at);

CREATE TABLE chat_messages (id integer PRIMARY KEY, chat_id integer NOT NULL REFERENCES chats, sender_id integer NOT NULL REFERENCES accounts, body text NOT NULL, sent_at timestamp NOT NULL, read_at timestamp);
INSERT INTO chat_messages
SELECT i, c.id, CASE WHEN pick(i, 81, 2) = 0 THEN c.buyer_id ELSE c.seller_id END, 'Is it still there? ' || repeat('please tell ', pick(i, 82, 6)), timestamp '2023-01-02' + make_interval(mins => i * 4), CASE WHEN pick(i, 83, 12) > 0 THEN timestamp '2023-01-03' + make_interval(mins => i * 4) END
FROM generate_series(1, 260000) i JOIN chats c ON c.id = 1 + pick(i, 84, 233) * pick(i, 85, 236);
CREATE INDEX chat_messages_chat_idx ON chat_messages (chat_id, sent_at);

CREATE TABLE ratings (id integer PRIMARY KEY, listing_id integer NOT NULL REFERENCES listings, rater_id integer NOT NULL REFERENCES accounts, ratee_id integer NOT NULL REFERENCES accounts, stars integer NOT NULL CHECK (stars BETWEEN 1 AND 5), remark text);
INSERT INTO ratings SELECT i, l.id, 1 + pick(i, 91, 22000), l.account_id, 1 + greatest(pick(i, 92, 5), pick(i, 93, 5)), CASE WHEN pick(i, 94, 3) = 0 THEN 'all went well' END FROM generate_series(1, 60000) i JOIN listings l ON l.id = 1 + pick(i, 95, 90000);
CREATE INDEX ratings_ratee_idx ON ratings (ratee_id);

CREATE TABLE flags (id integer PRIMARY KEY, listing_id integer REFERENCES listings, account_id integer REFERENCES accounts, reason text NOT NULL, handled_at timestamp, raised_at timestamp NOT NULL);
INSERT INTO flags SELECT i, CASE WHEN i % 4 > 0 THEN 1 + pick(i, 101, 298) * pick(i, 102, 301) END, CASE WHEN i % 4 = 0 THEN 1 + pick(i, 103, 22000) END, (ARRAY['spam', 'fraud', 'forbidden', 'rude'])[1 + pick(i, 104, 4)], CASE WHEN pick(i, 105, 10) > 0 THEN timestamp '2023-02-01' + make_interval(hours => i) END, timestamp '2023-01-20' + make_interval(hours => i)
FROM generate_series(1, 9000) i;
DROP FUNCTION pick;
