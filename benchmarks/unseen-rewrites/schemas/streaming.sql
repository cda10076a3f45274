-- A video service: accounts with profiles, films and series with episodes, cast, licences by country, plays and ratings.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 6011) & 9007199254740991) % $3)::integer';

CREATE TABLE accounts (id integer PRIMARY KEY, email text NOT NULL UNIQUE, country char(2) NOT NULL, plan text NOT NULL, billing_state text NOT NULL, created_at timestamp NOT NULL, cancelled_at timestamp);
INSERT INTO accounts
SELECT i, CASE WHEN pick(i, 1, 9) = 0 THEN 'Viewer' ELSE 'viewer' END || i || '@screen.example', (ARRAY['US', 'US', 'US', 'GB', 'DE', 'FR', 'BR', 'IN', 'SE'])[1 + pick(i, 2, 9)], (ARRAY['basic', 'basic', 'standard', 'standard', 'premium'])[1 + pick(i, 3, 5)],
       CASE WHEN pick(i, 4, 140) = 0 THEN 'past_due' ELSE 'paid' END, timestamp '2019-01-01' + make_interval(mins => i * 80), CASE WHEN pick(i, 5, 5) = 0 THEN timestamp '2019-06-01' + make_interval(mins => i * 80 + pick(i, 6, 300000)) END
FROM generate_series(1, 34000) i;

CREATE TABLE profiles (id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES accounts, name text NOT NULL, is_kids boolean NOT NULL, language char(2) NOT NULL, created_at timestamp NOT NULL);
INSERT INTO profiles SELECT i, 1 + pick(i, 11, 34000), 'Profile ' || pick(i, 12, 5000), pick(i, 13, 5) = 0, (ARRAY['en', 'en', 'de', 'fr', 'pt'])[1 + pick(i, 14, 5)], timestamp '2019-02-01' + make_interval(mins => i * 40) FROM generate_series(1, 70000) i;
CREATE INDEX profiles_account_idx ON profiles (account_id);

CREATE TABLE titles (id integer PRIMARY KEY, kind text NOT NULL, name text NOT NULL, synopsis text NOT NULL, released_on date, certificate text NOT NULL, popularity integer NOT NULL DEFAULT 0, meta jsonb NOT NULL);
INSERT INTO titles
SELECT i, CASE WHEN pick(i, 21, 4) = 0 THEN 'series' ELSE 'film' END, (ARRAY['The Last', 'A Quiet', 'Return to', 'Beyond the', 'Night of the', 'Our'])[1 + pick(i, 22, 6)] || ' ' || (ARRAY['Harbour', 'Summer', 'Mountain', 'Witness', 'Empire', 'Garden', 'Signal', 'Orchard'])[1 + pick(i, 23, 8)] || ' ' || pick(i, 24, 900),
       repeat('Someone returns home and finds that all has changed. ', 1 + pick(i, 25, 7)), CASE WHEN pick(i, 26, 15) > 0 THEN date '1960-01-01' + pick(i, 27, 160) * pick(i, 28, 146) END, (ARRAY['U', 'PG', '12', '15', '18'])[1 + pick(i, 29, 5)], pick(i, 30, 60) * pick(i, 31, 60),
       jsonb_build_object('studio', 'Studio ' || pick(i, 32, 400), 'year', 1960 + pick(i, 33, 64), 'hdr', pick(i, 34, 3) = 0)
FROM generate_series(1, 24000) i;
CREATE INDEX titles_popularity_idx ON titles (popularity);
CREATE INDEX titles_meta_idx ON titles USING gin (meta);

CREATE TABLE episodes (id integer PRIMARY KEY, title_id integer NOT NULL REFERENCES titles, season smallint NOT NULL, number smallint NOT NULL, name text NOT NULL, duration_s integer NOT NULL, UNIQUE (title_id, season, number));
INSERT INTO episodes
SELECT row_number() OVER (ORDER BY t.id, s, n), t.id, s, n, 'Episode ' || n, 1200 + pick(t.id * 100 + s * 10 + n, 35, 2400)
FROM titles t CROSS JOIN LATERAL generate_series(1, 1 + pick(t.id, 36, 3)) s CROSS JOIN LATERAL generate_series(1, 6) n WHERE t.kind = 'series';

CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, born_on date);
INSERT INTO people SELECT i, (ARRAY['Ana', 'Bo', 'Cleo', 'Dev', 'Eve', 'Finn', 'Gus'])[1 + pick(i, 41, 7)] || ' ' || (ARRAY['Moreau', 'Lind', 'Okafor', 'Silva', 'Brandt', 'Sato'])[1 + pick(i, 42, 6)] || ' ' || i, CASE WHEN pick(i, 43, 3) > 0 THEN date '1930-01-01' + pick(i, 44, 27000) END FROM generate_series(1, 26000) i;
CREATE TABLE credits (title_id integer NOT NULL REFERENCES titles, person_id integer NOT NULL REFERENCES people, job text NOT NULL, billing smallint, PRIMARY KEY (title_id, person_id, job));
INSERT INTO credits SELECT 1 + pick(i, 45, 24000), 1 + pick(i, 46, 160) * pick(i, 47, 162), (ARRAY['actor', 'actor', 'actor', 'director', 'writer'])[1 + pick(i, 48, 5)], pick(i, 49, 30) FROM generate_series(1, 150000) i ON CONFLICT DO NOTHING;

CREATE TABLE licences (id integer PRIMARY KEY, title_id integer NOT NULL REFERENCES titles, country char(2) NOT NULL, starts_on date NOT NULL, ends_on date);
INSERT INTO licences SELECT i, 1 + pick(i, 51, 24000), (ARRAY['US', 'GB', 'DE', 'FR', 'BR', 'IN', 'SE'])[1 + pick(i, 52, 7)], date '2020-01-01' + pick(i, 53, 1500), CASE WHEN pick(i, 54, 3) > 0 THEN date '2021-06-01' + pick(i, 53, 1500) END FROM generate_series(1, 90000) i;
CREATE INDEX licences_title_idx ON licences (title_id);

CREATE TABLE plays (
  id integer PRIMARY KEY,
  profile_id integer NOT NULL REFERENCES profiles,
  title_id integer NOT NULL REFERENCES titles,
  episode_id integer REFERENCES episodes,
  started_at timestamp NOT NULL,
  watched_s integer NOT NULL CHECK (watched_s >= 0),
  device text NOT NULL,
  is_completed boolean NOT NULL
);
INSERT INTO plays
SELECT s.i, 1 + pick(s.i, 61, 260) * pick(s.i, 62, 269), coalesce(e.title_id, 1 + pick(s.i, 64, 150) * pick(s.i, 65, 160)), e.id, timestamp '2023-01-01' + make_interval(mins => s.i * 3), pick(s.i, 66, 90) * pick(s.i, 67, 100), (ARRAY['tv', 'tv', 'tv', 'phone', 'tablet', 'web'])[1 + pick(s.i, 68, 6)], pick(s.i, 69, 3) = 0
FROM (SELECT i, CASE WHEN pick(i, 63, 2) = 0 THEN 1 + pick(i, 70, 250) * pick(i, 71, 280) END AS episode_id FROM generate_series(1, 300000) i) s
LEFT JOIN episodes e ON e.id = s.episode_id;
CREATE INDEX plays_profile_idx ON plays (profile_id);
CREATE INDEX plays_episode_idx ON plays (episode_id);
CREATE INDEX plays_started_idx ON plays (started_at);

CREATE TABLE watchlist (profile_id integer NOT NULL REFERENCES profiles, title_id integer NOT NULL REFERENCES titles, added_at timestamp NOT NULL, PRIMARY KEY (profile_id, title_id));
INSERT INTO watchlist SELECT 1 + pick(i, 81, 260) * pick(i, 82, 269), 1 + pick(i, 83, 24000), timestamp '2023-01-01' + make_interval(mins => i * 6) FROM generate_series(1, 150000) i ON CONFLICT DO NOTHING;

CREATE TABLE ratings (profile_id integer NOT NULL REFERENCES profiles, title_id integer NOT NULL REFERENCES titles, stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5), rated_at timestamp NOT NULL, PRIMARY KEY (profile_id, title_id));
INSERT INTO ratings SELECT 1 + pick(i, 91, 70000), 1 + pick(i, 92, 150) * pick(i, 93, 160), 1 + pick(i, 94, 5), timestamp '2023-01-01' + make_interval(mins => i * 5) FROM generate_series(1, 180000) i ON CONFLICT DO NOTHING;
CREATE INDEX ratings_title_idx ON ratings (title_id);
DROP FUNCTION pick;
