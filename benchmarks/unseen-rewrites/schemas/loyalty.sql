-- A loyalty programme: members who recruit others, partner shops, purchases, a ledger of points, rewards, coupons, mailings.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 9283) & 9007199254740991) % $3)::integer';

CREATE TABLE tiers (id integer PRIMARY KEY, name text NOT NULL UNIQUE, from_points integer NOT NULL);
INSERT INTO tiers VALUES (1, 'basic', 0), (2, 'silver', 5000), (3, 'gold', 20000), (4, 'platinum', 60000);

CREATE TABLE members (id integer PRIMARY KEY, card_number text NOT NULL UNIQUE, name text NOT NULL, email text, postcode text, tier_id integer NOT NULL REFERENCES tiers, recruited_by integer REFERENCES members, joined_at timestamp NOT NULL, closed_at timestamp, CHECK (recruited_by < id));
INSERT INTO members
SELECT i, '6300' || lpad((i * 7919 % 99999989)::text, 10, '0'), 'Member ' || i, CASE WHEN pick(i, 1, 7) > 0 THEN 'card' || i || '@points.example' END, CASE WHEN pick(i, 2, 9) > 0 THEN (1000 + pick(i, 3, 80) * pick(i, 4, 110))::text END, 1 + pick(i, 5, 2) * pick(i, 6, 4), CASE WHEN i > 300 AND pick(i, 7, 3) = 0 THEN 1 + pick(i, 8, i / 4) END, timestamp '2017-01-01' + make_interval(mins => i * 50), CASE WHEN pick(i, 9, 25) = 0 THEN timestamp '2024-01-01' + make_interval(mins => i * 5) END
FROM generate_series(1, 62000) i;
CREATE INDEX members_recruited_idx ON members (recruited_by);

CREATE TABLE partners (id integer PRIMARY KEY, name text NOT NULL, branch text NOT NULL, is_active boolean NOT NULL);
INSERT INTO partners SELECT i, 'Partner ' || i, (ARRAY['food', 'fuel', 'fashion', 'pharmacy', 'travel'])[1 + pick(i, 11, 5)], pick(i, 12, 9) > 0 FROM generate_series(1, 420) i;
CREATE TABLE shops (id integer PRIMARY KEY, partner_id integer NOT NULL REFERENCES partners, name text NOT NULL, city text NOT NULL, opening jsonb);
INSERT INTO shops SELECT i, 1 + pick(i, 13, 20) * pick(i, 14, 21), 'Shop ' || i, 'City ' || pick(i, 15, 130), CASE WHEN pick(i, 16, 3) > 0 THEN jsonb_build_object('mon', '8-20', 'sat', '8-' || 12 + pick(i, 17, 8), 'note', repeat('Parking behind the house. ', 5)) END FROM generate_series(1, 5200) i;

CREATE TABLE purchases (id integer PRIMARY KEY, member_id integer NOT NULL REFERENCES members, shop_id integer NOT NULL REFERENCES shops, amount_cents integer NOT NULL CHECK (amount_cents >= 0), bought_at timestamp NOT NULL CHECK (bought_at >= '2016-01-01'), till text);
INSERT INTO purchases SELECT i, 1 + pick(i, 21, 248) * pick(i, 22, 249), 1 + pick(i, 23, 72) * pick(i, 24, 72), 100 + pick(i, 25, 200) * pick(i, 26, 250), timestamp '2022-06-01' + make_interval(mins => i * 4), CASE WHEN pick(i, 27, 4) > 0 THEN 'till ' || pick(i, 28, 12) END FROM generate_series(1, 260000) i;
CREATE INDEX purchases_member_idx ON purchases (member_id);
CREATE INDEX purchases_bought_idx ON purchases (bought_at);

CREATE TABLE point_entries (id integer PRIMARY KEY, member_id integer NOT NULL REFERENCES members, purchase_id integer REFERENCES purchases, kind text NOT NULL, points integer NOT NULL, booked_at timestamp NOT NULL, expires_at timestamp);
INSERT INTO point_entries
SELECT i, coalesce(p.member_id, 1 + pick(i, 31, 248) * pick(i, 32, 249)), p.id, CASE WHEN p.id IS NOT NULL THEN 'purchase' WHEN pick(i, 33, 3) = 0 THEN 'bonus' WHEN pick(i, 33, 3) = 1 THEN 'reward' ELSE 'correction' END, CASE WHEN p.id IS NULL AND pick(i, 33, 3) = 1 THEN -pick(i, 34, 900) ELSE 1 + coalesce(p.amount_cents / 100, pick(i, 35, 300)) END, coalesce(p.bought_at, timestamp '2022-06-01' + make_interval(mins => i * 3)), CASE WHEN pick(i, 36, 6) > 0 THEN coalesce(p.bought_at, timestamp '2022-06-01' + make_interval(mins => i * 3)) + interval '730 days' END
FROM generate_series(1, 330000) i LEFT JOIN purchases p ON p.id = i AND pick(i, 37, 9) > 0;
CREATE INDEX point_entries_member_idx ON point_entries (member_id);
CREATE INDEX point_entries_booked_idx ON point_entries (booked_at);

CREATE TABLE rewards (id integer PRIMARY KEY, name text NOT NULL, points integer NOT NULL, stock integer);
INSERT INTO rewards SELECT i, 'Reward ' || i, 200 + pick(i, 41, 90) * 100, CASE WHEN pick(i, 42, 3) > 0 THEN pick(i, 43, 500) END FROM generate_series(1, 700) i;
CREATE TABLE redemptions (id integer PRIMARY KEY, member_id integer NOT NULL REFERENCES members, reward_id integer NOT NULL REFERENCES rewards, ordered_at timestamp NOT NULL, sent_at timestamp);
INSERT INTO redemptions SELECT i, 1 + pick(i, 44, 248) * pick(i, 45, 249), 1 + pick(i, 46, 26) * pick(i, 47, 26), timestamp '2022-07-01' + make_interval(mins => i * 7), CASE WHEN i < 129000 OR pick(i, 48, 2) = 0 THEN timestamp '2022-07-03' + make_interval(mins => i * 7) END FROM generate_series(1, 130000) i;
CREATE INDEX redemptions_member_idx ON redemptions (member_id);

CREATE TABLE coupons (code text PRIMARY KEY, partner_id integer NOT NULL REFERENCES partners, value_cents integer NOT NULL, valid_until date NOT NULL);
INSERT INTO coupons SELECT 'SAVE-' || upper(md5(i::text)), 1 + pick(i, 51, 420), 100 * (1 + pick(i, 52, 20)), date '2022-12-31' + pick(i, 53, 900) FROM generate_series(1, 130000) i;
CREATE TABLE coupon_uses (id integer PRIMARY KEY, code text NOT NULL REFERENCES coupons, member_id integer NOT NULL REFERENCES members, used_at timestamp NOT NULL);
INSERT INTO coupon_uses SELECT i, 'SAVE-' || upper(md5((1 + pick(i, 54, 130000))::text)), 1 + pick(i, 55, 62000), timestamp '2022-08-01' + make_interval(mins => i * 8) FROM generate_series(1, 120000) i;

CREATE TABLE mailings (id integer PRIMARY KEY, name text NOT NULL, sent_at timestamp);
INSERT INTO mailings SELECT i, 'Mailing ' || i, timestamp '2022-06-01' + make_interval(days => i * 3) FROM generate_series(1, 240) i;
CREATE TABLE mailing_members (mailing_id integer NOT NULL REFERENCES mailings, member_id integer NOT NULL REFERENCES members, opened_at timestamp, PRIMARY KEY (mailing_id, member_id));
INSERT INTO mailing_members SELECT 1 + pick(i, 61, 240), 1 + pick(i, 62, 62000), CASE WHEN pick(i, 63, 4) = 0 THEN timestamp '2022-06-02' + make_interval(mins => i * 5) END FROM generate_series(1, 200000) i ON CONFLICT DO NOTHING;
DROP FUNCTION pick;
