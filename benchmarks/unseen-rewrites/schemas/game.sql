-- An online game: guilds, players, matches and who played in them, ratings, items, inventories, purchases, friends, sessions, where addresses are.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE guilds (id integer PRIMARY KEY, name text NOT NULL UNIQUE, region text NOT NULL, founded_at timestamp NOT NULL);
INSERT INTO guilds SELECT i, 'Guild of ' || substr(md5(i::text), 1, 7), (ARRAY['eu', 'eu', 'na', 'asia'])[1 + i % 4], timestamp '2020-01-01' + make_interval(hours => i * 17) FROM generate_series(1, 1500) i;

CREATE TABLE players (
  id bigint PRIMARY KEY,
  handle text NOT NULL UNIQUE,
  region text NOT NULL,
  guild_id integer REFERENCES guilds,
  level smallint NOT NULL,
  xp bigint NOT NULL,
  flags integer NOT NULL DEFAULT 0,
  banned boolean NOT NULL DEFAULT false,
  last_seen_at timestamp
);
INSERT INTO players
SELECT i, (ARRAY['Shadow', 'Iron', 'Frost', 'Lucky', 'Silent', 'Mega'])[1 + pick(i, 1, 6)] || (ARRAY['Wolf', 'Mage', 'Fox', 'Bot', 'Dragoon'])[1 + pick(i, 2, 5)] || i, (ARRAY['eu', 'eu', 'na', 'asia'])[1 + pick(i, 3, 4)],
       CASE WHEN pick(i, 4, 3) > 0 THEN (1 + pick(i, 5, 39)) * (1 + pick(i, 6, 38)) END, 1 + pick(i, 7, 10) * pick(i, 8, 9), pick(i, 9, 9000)::bigint * pick(i, 10, 9000), CASE WHEN pick(i, 11, 300) = 0 THEN 8 ELSE 0 END + pick(i, 12, 8), pick(i, 13, 120) = 0,
       CASE WHEN pick(i, 14, 20) > 0 THEN timestamp '2024-06-01' - make_interval(mins => pick(i, 15, 900) * pick(i, 16, 900)) END
FROM generate_series(1, 70000) i;
CREATE INDEX players_guild_idx ON players (guild_id);
CREATE INDEX players_seen_idx ON players (last_seen_at);

CREATE TABLE matches (id integer PRIMARY KEY, mode text NOT NULL, map text NOT NULL, season smallint NOT NULL, started_at timestamp NOT NULL, ended_at timestamp);
INSERT INTO matches SELECT i, (ARRAY['ranked', 'ranked', 'casual', 'arena'])[1 + pick(i, 21, 4)], 'map' || pick(i, 22, 14), 1 + i / 15000, timestamp '2023-06-01' + make_interval(mins => i * 8),
       CASE WHEN pick(i, 23, 50) > 0 THEN timestamp '2023-06-01' + make_interval(mins => i * 8 + 6 + pick(i, 24, 9) * pick(i, 25, 9) + CASE WHEN pick(i, 26, 400) = 0 THEN 120 ELSE 0 END) END
FROM generate_series(1, 60000) i;
CREATE INDEX matches_started_idx ON matches (started_at);

CREATE TABLE match_players (match_id integer NOT NULL REFERENCES matches, player_id bigint NOT NULL REFERENCES players, team smallint NOT NULL, kills smallint NOT NULL, deaths smallint NOT NULL, score integer NOT NULL, won boolean, PRIMARY KEY (match_id, player_id));
INSERT INTO match_players SELECT 1 + i / 4, 1 + pick(i, 31, 260) * pick(i, 32, 265), i % 2, pick(i, 33, 20), pick(i, 34, 15), pick(i, 35, 4000), CASE WHEN pick(i / 4, 23, 50) > 0 THEN i % 2 = pick(i / 4, 36, 2) END
FROM generate_series(0, 239999) i ON CONFLICT DO NOTHING;
CREATE INDEX match_players_player_idx ON match_players (player_id);

CREATE TABLE ratings (player_id bigint NOT NULL REFERENCES players, season smallint NOT NULL, mode text NOT NULL, rating integer NOT NULL, games integer NOT NULL, PRIMARY KEY (player_id, season, mode));
INSERT INTO ratings SELECT 1 + pick(i, 41, 70000), 1 + pick(i, 42, 4), (ARRAY['ranked', 'casual', 'arena'])[1 + pick(i, 43, 3)], 800 + pick(i, 44, 40) * pick(i, 45, 40), pick(i, 46, 300) FROM generate_series(1, 170000) i ON CONFLICT DO NOTHING;

CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, kind text NOT NULL, rarity text NOT NULL);
INSERT INTO items SELECT i, 'Item ' || i, (ARRAY['sword', 'shield', 'potion', 'skin'])[1 + i % 4], (ARRAY['common', 'common', 'common', 'rare', 'epic', 'legendary'])[1 + pick(i, 51, 6)] FROM generate_series(1, 1800) i;
CREATE TABLE inventory (id integer PRIMARY KEY, player_id bigint NOT NULL REFERENCES players, item_id integer NOT NULL REFERENCES items, quantity integer NOT NULL, equipped boolean NOT NULL, acquired_at timestamp NOT NULL, traded_with bigint);
INSERT INTO inventory SELECT i, 1 + pick(i, 52, 70000), 1 + pick(i, 53, 42) * pick(i, 54, 42), 1 + pick(i, 55, 5), pick(i, 56, 12) = 0, timestamp '2023-06-01' + make_interval(mins => i * 2), CASE WHEN pick(i, 57, 25) = 0 THEN 1 + pick(i, 58, 70000) END
FROM generate_series(1, 220000) i;
CREATE INDEX inventory_player_idx ON inventory (player_id);
CREATE INDEX inventory_traded_idx ON inventory (traded_with);

CREATE TABLE purchases (id integer PRIMARY KEY, player_id bigint NOT NULL REFERENCES players, sku text NOT NULL, price_cents integer NOT NULL, currency char(3) NOT NULL, bought_at timestamp NOT NULL, refunded_at timestamp);
INSERT INTO purchases SELECT i, 1 + pick(i, 61, 250) * pick(i, 62, 280), 'sku-' || pick(i, 63, 120), CASE WHEN pick(i, 64, 150) = 0 THEN 9999 ELSE 99 + 100 * pick(i, 65, 50) END, (ARRAY['EUR', 'USD'])[1 + pick(i, 66, 2)], timestamp '2023-06-01' + make_interval(mins => i * 6), CASE WHEN pick(i, 67, 30) = 0 THEN timestamp '2023-06-03' + make_interval(mins => i * 6) END
FROM generate_series(1, 90000) i;
CREATE INDEX purchases_bought_idx ON purchases (bought_at);
CREATE INDEX purchases_price_idx ON purchases (price_cents);

CREATE TABLE friendships (player_a bigint NOT NULL REFERENCES players, player_b bigint NOT NULL REFERENCES players, since timestamp NOT NULL, PRIMARY KEY (player_a, player_b), CHECK (player_a < player_b));
INSERT INTO friendships SELECT least(a, b), greatest(a, b), timestamp '2022-01-01' + make_interval(mins => i * 9) FROM (SELECT i, 1 + pick(i, 71, 260) * pick(i, 72, 260) AS a, 1 + pick(i, 73, 70000) AS b FROM generate_series(1, 120000) i) s WHERE a <> b ON CONFLICT DO NOTHING;
CREATE INDEX friendships_b_idx ON friendships (player_b);

CREATE TABLE address_ranges (first_ip bigint NOT NULL, last_ip bigint NOT NULL, country char(2) NOT NULL, EXCLUDE USING gist (int8range(first_ip, last_ip, '[]') WITH &&));
INSERT INTO address_ranges SELECT i * 4096::bigint, i * 4096::bigint + 2000 + pick(i, 81, 2000), (ARRAY['DE', 'US', 'JP', 'BR', 'PL'])[1 + pick(i, 82, 5)] FROM generate_series(1, 12000) i;
CREATE TABLE sessions (id integer PRIMARY KEY, player_id bigint NOT NULL REFERENCES players, started_at timestamp NOT NULL, ended_at timestamp, ip bigint NOT NULL);
INSERT INTO sessions SELECT i, 1 + pick(i, 83, 250) * pick(i, 84, 270), timestamp '2023-06-01' + make_interval(mins => i * 4), CASE WHEN pick(i, 85, 40) > 0 THEN timestamp '2023-06-01' + make_interval(mins => i * 4 + 5 + pick(i, 86, 200)) END, 4096 + pick(i, 87, 7000)::bigint * pick(i, 88, 7000)
FROM generate_series(1, 130000) i;
CREATE INDEX sessions_player_idx ON sessions (player_id, started_at);
CREATE INDEX sessions_started_idx ON sessions (started_at);
DROP FUNCTION pick;
