-- A dating service: members with photos and interests, likes, matches with messages, visits, blocks and reports.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 8111) & 9007199254740991) % $3)::integer';

CREATE TABLE cities (id integer PRIMARY KEY, name text NOT NULL, country char(2) NOT NULL, timezone text NOT NULL);
INSERT INTO cities SELECT i, 'City ' || i, (ARRAY['DE', 'FR', 'ES', 'IT', 'PL'])[1 + pick(i, 1, 5)], 'Europe/Berlin' FROM generate_series(1, 320) i;

CREATE TABLE members (
  id integer PRIMARY KEY,
  handle text NOT NULL UNIQUE,
  city_id integer NOT NULL REFERENCES cities,
  gender text NOT NULL,
  seeks text,
  born_on date NOT NULL,
  about text,
  tags text[] NOT NULL DEFAULT '{}',
  joined_at timestamp NOT NULL,
  last_seen_at timestamp,
  is_verified boolean NOT NULL,
  hidden_at timestamp
);
INSERT INTO members
SELECT i, 'heart' || i, 1 + pick(i, 11, 18) * pick(i, 12, 18), (ARRAY['f', 'm', 'm', 'x'])[1 + pick(i, 13, 4)], CASE WHEN pick(i, 14, 8) > 0 THEN (ARRAY['f', 'm', 'any'])[1 + pick(i, 15, 3)] END, date '1958-01-01' + pick(i, 16, 130) * pick(i, 17, 135), CASE WHEN pick(i, 18, 3) > 0 THEN repeat('I like long walks and short nights. ', 1 + pick(i, 19, 8)) END,
       ARRAY['tag' || pick(i, 20, 25) * pick(i, 21, 24), 'tag' || pick(i, 22, 600)] || CASE WHEN pick(i, 23, 160) = 0 THEN ARRAY['climbing'] ELSE '{}' END, timestamp '2018-01-01' + make_interval(mins => i * 45), CASE WHEN pick(i, 24, 12) > 0 THEN timestamp '2024-06-01' - make_interval(mins => pick(i, 25, 900) * pick(i, 26, 900)) END, pick(i, 27, 7) = 0, CASE WHEN pick(i, 28, 30) = 0 THEN timestamp '2024-01-01' + make_interval(mins => i) END
FROM generate_series(1, 60000) i;
CREATE INDEX members_city_idx ON members (city_id);
CREATE INDEX members_born_idx ON members (born_on);
CREATE INDEX members_tags_idx ON members USING gin (tags);

CREATE TABLE photos (id integer PRIMARY KEY, member_id integer NOT NULL REFERENCES members, url text NOT NULL, uploaded_at timestamp NOT NULL, is_approved boolean);
INSERT INTO photos SELECT i, 1 + pick(i, 31, 244) * pick(i, 32, 245), 'https://img.example/' || md5(i::text), timestamp '2019-01-01' + make_interval(mins => i * 18), CASE WHEN i < 155000 THEN pick(i, 33, 40) > 0 END FROM generate_series(1, 156000) i;
CREATE INDEX photos_member_idx ON photos (member_id);

CREATE TABLE likes (from_id integer NOT NULL REFERENCES members, to_id integer NOT NULL REFERENCES members, is_super boolean NOT NULL, created_at timestamp NOT NULL, PRIMARY KEY (from_id, to_id));
INSERT INTO likes SELECT 1 + pick(i, 41, 244) * pick(i, 42, 245), 1 + pick(i, 43, 244) * pick(i, 44, 245), pick(i, 45, 20) = 0, timestamp '2023-01-01' + make_interval(mins => i * 2) FROM generate_series(1, 300000) i ON CONFLICT DO NOTHING;

CREATE TABLE matches (id integer PRIMARY KEY, a_id integer NOT NULL REFERENCES members, b_id integer NOT NULL REFERENCES members, matched_at timestamp NOT NULL, unmatched_at timestamp, CHECK (a_id < b_id), UNIQUE (a_id, b_id));
INSERT INTO matches
SELECT i, a, a + 1 + pick(i, 51, 20000), timestamp '2023-01-01' + make_interval(mins => i * 9), CASE WHEN pick(i, 52, 7) = 0 THEN timestamp '2023-02-01' + make_interval(mins => i * 9) END
FROM (SELECT i, 1 + pick(i, 53, 199) * pick(i, 54, 200) AS a FROM generate_series(1, 60000) i) s ON CONFLICT DO NOTHING;
CREATE INDEX matches_b_idx ON matches (b_id);

CREATE TABLE messages (id integer PRIMARY KEY, match_id integer NOT NULL REFERENCES matches, sender_id integer NOT NULL REFERENCES members, body text NOT NULL, sent_at timestamp NOT NULL, read_at timestamp);
INSERT INTO messages
SELECT s.i, m.id, CASE WHEN pick(s.i, 61, 5) > 1 THEN m.a_id ELSE m.b_id END, 'How was your day? ' || pick(s.i, 62, 5000), timestamp '2023-02-01' + make_interval(mins => s.i * 2), CASE WHEN pick(s.i, 63, 9) > 0 THEN timestamp '2023-02-01 01:00' + make_interval(mins => s.i * 2) END
FROM (SELECT i, 1 + pick(i, 64, 220) * pick(i, 65, 270) AS match_id FROM generate_series(1, 260000) i) s JOIN matches m ON m.id = s.match_id;
CREATE INDEX messages_match_idx ON messages (match_id);

CREATE TABLE visits (id integer PRIMARY KEY, visitor_id integer NOT NULL REFERENCES members, visited_id integer NOT NULL REFERENCES members, at timestamp NOT NULL);
INSERT INTO visits SELECT i, 1 + pick(i, 71, 244) * pick(i, 72, 245), 1 + pick(i, 73, 60000), timestamp '2023-06-01' + make_interval(mins => i * 2) FROM generate_series(1, 240000) i;
CREATE INDEX visits_visitor_idx ON visits (visitor_id, at);

CREATE TABLE blocks (blocker_id integer NOT NULL REFERENCES members, blocked_id integer NOT NULL REFERENCES members, created_at timestamp NOT NULL, PRIMARY KEY (blocker_id, blocked_id));
INSERT INTO blocks SELECT 1 + pick(i, 81, 244) * pick(i, 82, 245), 1 + pick(i, 83, 60000), timestamp '2023-01-01' + make_interval(mins => i * 30) FROM generate_series(1, 60000) i ON CONFLICT DO NOTHING;
CREATE INDEX blocks_blocked_idx ON blocks (blocked_id);

CREATE TABLE reports (id integer PRIMARY KEY, reporter_id integer NOT NULL REFERENCES members, subject_id integer NOT NULL REFERENCES members, reason text NOT NULL, state text NOT NULL, filed_at timestamp NOT NULL);
INSERT INTO reports SELECT i, 1 + pick(i, 91, 60000), 1 + pick(i, 92, 244) * pick(i, 93, 245), (ARRAY['spam', 'spam', 'fake', 'abuse'])[1 + pick(i, 94, 4)], CASE WHEN i > 38500 THEN 'new' ELSE 'done' END, timestamp '2022-01-01' + make_interval(mins => i * 30) FROM generate_series(1, 40000) i;
CREATE INDEX reports_subject_idx ON reports (subject_id);
DROP FUNCTION pick;
