-- Music streaming: artists, albums, tracks, listeners, what they play and like, playlists, followers.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE artists (id integer PRIMARY KEY, name text NOT NULL, country char(2), founded smallint);
INSERT INTO artists SELECT i, 'Artist ' || i, CASE WHEN i % 9 > 0 THEN (ARRAY['US', 'GB', 'SE', 'DE', 'JP', 'BR'])[1 + i % 6] END, CASE WHEN i % 5 > 0 THEN (1960 + i % 60)::smallint END
FROM generate_series(1, 3000) i;
CREATE INDEX artists_name_idx ON artists (name);

CREATE TABLE albums (id integer PRIMARY KEY, artist_id integer NOT NULL REFERENCES artists, title text NOT NULL, kind text NOT NULL, released_on date);
INSERT INTO albums SELECT i, 1 + pick(i, 1, 54) * pick(i, 2, 55), 'Album ' || pick(i, 3, 6000), (ARRAY['album', 'album', 'single', 'live'])[1 + pick(i, 4, 4)], CASE WHEN pick(i, 5, 12) > 0 THEN date '1965-01-01' + pick(i, 6, 21800) END
FROM generate_series(1, 8000) i;
CREATE INDEX albums_artist_idx ON albums (artist_id);

CREATE TABLE tracks (
  id integer PRIMARY KEY,
  album_id integer NOT NULL REFERENCES albums,
  title text NOT NULL,
  genre text,
  seconds integer NOT NULL,
  play_count integer NOT NULL DEFAULT 0,
  published_on date
);
INSERT INTO tracks
SELECT i, 1 + (i - 1) % 8000, (ARRAY['Blue', 'Night', 'River', 'Moon', 'Fire', 'Home'])[1 + pick(i, 11, 6)] || ' ' || (ARRAY['song', 'dance', 'story', 'line'])[1 + pick(i, 12, 4)] || ' ' || pick(i, 13, 5000),
       CASE WHEN pick(i, 14, 10) > 0 THEN (ARRAY['rock', 'rock', 'pop', 'pop', 'pop', 'jazz', 'folk', 'metal', 'ambient', 'polka'])[1 + pick(i, 15, 10)] END, 90 + pick(i, 16, 400),
       pick(i, 17, 300) * pick(i, 18, 300) * pick(i, 19, 9), CASE WHEN pick(i, 20, 15) > 0 THEN date '1990-01-01' + pick(i, 21, 12700) END
FROM generate_series(1, 60000) i;
CREATE INDEX tracks_album_idx ON tracks (album_id);
CREATE INDEX tracks_title_idx ON tracks (title);
CREATE INDEX tracks_published_idx ON tracks (published_on);

CREATE TABLE listeners (id integer PRIMARY KEY, handle text NOT NULL UNIQUE, country char(2), plan text NOT NULL, signed_up_at timestamptz NOT NULL);
INSERT INTO listeners SELECT i, 'listener_' || i, CASE WHEN i % 7 > 0 THEN (ARRAY['US', 'GB', 'SE', 'DE', 'JP', 'BR'])[1 + i % 6] END, CASE WHEN i % 40 = 0 THEN 'family' WHEN i % 3 = 0 THEN 'premium' ELSE 'free' END,
       timestamptz '2019-01-01 00:00+00' + make_interval(hours => i * 2) FROM generate_series(1, 20000) i;

CREATE TABLE plays (
  id bigint PRIMARY KEY,
  listener_id integer NOT NULL REFERENCES listeners,
  track_id integer NOT NULL REFERENCES tracks,
  played_at timestamptz NOT NULL,
  seconds integer,
  device text
);
INSERT INTO plays
SELECT i, CASE WHEN i % 50 = 0 THEN 17 ELSE 1 + pick(i, 31, 137) * pick(i, 32, 140) END, 1 + (pick(i, 33, 59) * pick(i, 34, 31) * pick(i, 35, 31)) % 56000, timestamptz '2023-06-01 00:00+00' + make_interval(secs => i * 130 + pick(i, 36, 9000)),
       CASE WHEN pick(i, 37, 20) > 0 THEN pick(i, 38, 420) END, CASE WHEN pick(i, 39, 8) > 0 THEN (ARRAY['phone', 'phone', 'desktop', 'speaker', 'car'])[1 + pick(i, 40, 5)] END
FROM generate_series(1, 400000) i;
CREATE INDEX plays_listener_idx ON plays (listener_id);
CREATE INDEX plays_track_idx ON plays (track_id);
CREATE INDEX plays_played_idx ON plays (played_at);

CREATE TABLE playlists (id integer PRIMARY KEY, owner_id integer NOT NULL REFERENCES listeners, name text NOT NULL, is_public boolean NOT NULL, track_count integer, seconds bigint, updated_at timestamptz);
INSERT INTO playlists SELECT i, 1 + pick(i, 51, 19000), 'List ' || i, pick(i, 52, 3) > 0, NULL, NULL, CASE WHEN pick(i, 53, 5) > 0 THEN timestamptz '2023-01-01 00:00+00' + make_interval(mins => i * 60) END
FROM generate_series(1, 10000) i;
CREATE TABLE playlist_tracks (playlist_id integer NOT NULL REFERENCES playlists, place integer NOT NULL, track_id integer NOT NULL REFERENCES tracks, added_by integer REFERENCES listeners, added_on date NOT NULL, PRIMARY KEY (playlist_id, place));
INSERT INTO playlist_tracks
SELECT p, row_number() OVER (PARTITION BY p ORDER BY i), t, a, d
FROM (SELECT i, 1 + pick(i, 61, 98) * pick(i, 62, 100) AS p, 1 + pick(i, 63, 245) * pick(i, 64, 240) AS t, CASE WHEN pick(i, 65, 6) > 0 THEN 1 + pick(i, 66, 19000) END AS a, date '2022-01-01' + i / 160 AS d
      FROM generate_series(1, 150000) i) x;

CREATE TABLE likes (listener_id integer NOT NULL REFERENCES listeners, track_id integer NOT NULL REFERENCES tracks, liked_at timestamptz NOT NULL, PRIMARY KEY (listener_id, track_id));
INSERT INTO likes
SELECT l, t, min(at) FROM (SELECT 1 + pick(i, 71, 140) * pick(i, 72, 138) AS l, 1 + pick(i, 73, 240) * pick(i, 74, 240) AS t, timestamptz '2023-06-01 00:00+00' + make_interval(mins => i * 6) AS at FROM generate_series(1, 120000) i) x
GROUP BY l, t;

CREATE TABLE follows (listener_id integer NOT NULL REFERENCES listeners, artist_id integer REFERENCES artists, followed_at timestamptz NOT NULL);
INSERT INTO follows SELECT 1 + pick(i, 81, 19500), CASE WHEN pick(i, 82, 400) > 0 THEN 1 + pick(i, 83, 52) * pick(i, 84, 54) END, timestamptz '2023-01-01 00:00+00' + make_interval(mins => i * 12) FROM generate_series(1, 50000) i;
CREATE INDEX follows_listener_idx ON follows (listener_id);
CREATE INDEX follows_artist_idx ON follows (artist_id);

CREATE VIEW activity AS
SELECT listener_id, 'play' AS what, track_id, played_at AS at FROM plays
UNION ALL SELECT listener_id, 'like', track_id, liked_at FROM likes;
CREATE VIEW track_stats AS
SELECT t.id AS track_id, t.title, t.album_id, count(p.id) AS plays, count(DISTINCT p.listener_id) AS listeners
FROM tracks t LEFT JOIN plays p ON p.track_id = t.id GROUP BY t.id;
DROP FUNCTION pick;
