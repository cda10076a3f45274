-- A social network: members, posts, follows, likes, comments, messages; a few members hold most of it.
CREATE FUNCTION noise(bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT (pg_catalog.hashint8extended($1, $2) & 2147483647)::integer';

CREATE TABLE members (
  id bigint PRIMARY KEY,
  handle text NOT NULL,
  country text,
  birthday date,
  is_private boolean NOT NULL,
  invited_by bigint,
  followers_count integer NOT NULL DEFAULT 0,
  joined_at timestamptz NOT NULL
);
INSERT INTO members
SELECT i, 'Member_' || i, CASE WHEN noise(i, 1) % 7 > 0 THEN (ARRAY['BR', 'IN', 'US', 'DE', 'JP'])[1 + noise(i, 2) % 5] END, CASE WHEN noise(i, 3) % 3 > 0 THEN date '1960-01-01' + noise(i, 4) % 17000 END,
       noise(i, 5) % 8 = 0, CASE WHEN i > 50 AND noise(i, 6) % 2 = 0 THEN 1 + noise(i, 7) % 3000 END, 0, timestamptz '2022-01-01' + make_interval(mins => noise(i, 8) % 1500000)
FROM generate_series(1, 20000) i;

CREATE TABLE posts (
  id bigint PRIMARY KEY,
  author_id bigint NOT NULL REFERENCES members,
  reply_to bigint REFERENCES posts,
  body text NOT NULL,
  visibility text NOT NULL,
  language varchar(5),
  likes_count integer,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz
);
INSERT INTO posts
SELECT i, 1 + ((noise(i, 11) % 15000)::bigint * (noise(i, 12) % 15000) / 15000), CASE WHEN i > 500 AND noise(i, 13) % 4 = 0 THEN 1 + noise(i, 14) % (i - 1) END,
       'post about ' || (ARRAY['cats', 'dogs', 'trains', 'databases', 'weather', 'food'])[1 + noise(i, 15) % 6] || ' ' || noise(i, 16) % 100000,
       (ARRAY['public', 'public', 'public', 'friends', 'private'])[1 + noise(i, 17) % 5], CASE WHEN noise(i, 18) % 6 > 0 THEN (ARRAY['en', 'en', 'de', 'pt'])[1 + noise(i, 19) % 4] END, NULL,
       timestamptz '2024-06-01' + make_interval(mins => i * 5), CASE WHEN noise(i, 20) % 25 = 0 THEN timestamptz '2025-04-01' END
FROM generate_series(1, 80000) i;
CREATE INDEX posts_author_idx ON posts (author_id);
CREATE INDEX posts_created_at_idx ON posts (created_at);

CREATE TABLE follows (
  follower_id bigint NOT NULL REFERENCES members,
  followed_id bigint NOT NULL REFERENCES members,
  muted boolean,
  since timestamptz NOT NULL,
  PRIMARY KEY (follower_id, followed_id)
);
INSERT INTO follows
SELECT DISTINCT ON (a, b) a, b, CASE noise(i, 24) % 10 WHEN 0 THEN true WHEN 1 THEN NULL ELSE false END, timestamptz '2023-01-01' + make_interval(mins => noise(i, 25) % 1000000)
FROM (SELECT i, 1 + noise(i, 21) % 19000 AS a, 1 + ((noise(i, 22) % 18000)::bigint * (noise(i, 23) % 18000) / 18000) AS b FROM generate_series(1, 100000) i) drawn WHERE a <> b ORDER BY a, b, i;

CREATE TABLE likes (
  member_id bigint NOT NULL REFERENCES members,
  post_id bigint NOT NULL REFERENCES posts,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (member_id, post_id)
);
INSERT INTO likes
SELECT DISTINCT ON (m, p) m, p, timestamptz '2024-06-02' + make_interval(mins => noise(i, 34) % 400000)
FROM (SELECT i, 1 + noise(i, 31) % 19500 AS m, 1 + ((noise(i, 32) % 79000)::bigint * (noise(i, 33) % 79000) / 79000) AS p FROM generate_series(1, 150000) i) drawn ORDER BY m, p, i;

CREATE TABLE comments (
  id bigint PRIMARY KEY,
  post_id bigint NOT NULL REFERENCES posts,
  member_id bigint REFERENCES members,
  body text NOT NULL,
  flagged boolean NOT NULL,
  created_at timestamptz NOT NULL
);
INSERT INTO comments
SELECT i, 1 + noise(i, 41) % 75000, CASE WHEN noise(i, 42) % 20 > 0 THEN 1 + noise(i, 43) % 20000 END, 'comment ' || i, noise(i, 44) % 60 = 0,
       timestamptz '2024-06-03' + make_interval(mins => i * 4) FROM generate_series(1, 100000) i;
CREATE INDEX comments_post_idx ON comments (post_id);

CREATE TABLE blocks (
  blocker_id bigint NOT NULL REFERENCES members,
  blocked_id bigint,
  created_at timestamptz NOT NULL
);
INSERT INTO blocks
SELECT 1 + noise(i, 51) % 20000, CASE WHEN noise(i, 52) % 100 > 0 THEN 1 + noise(i, 53) % 20000 END, timestamptz '2024-01-01' + make_interval(mins => i * 7) FROM generate_series(1, 12000) i;
CREATE INDEX blocks_blocker_idx ON blocks (blocker_id);

CREATE TABLE messages (
  id bigint PRIMARY KEY,
  sender_id bigint NOT NULL REFERENCES members,
  recipient_id bigint NOT NULL REFERENCES members,
  sent_at timestamptz NOT NULL,
  read_at timestamptz
);
INSERT INTO messages
SELECT i, 1 + noise(i, 61) % 8000, 1 + noise(i, 62) % 8000, timestamptz '2024-08-01' + make_interval(mins => i * 4), CASE WHEN noise(i, 63) % 5 > 0 THEN timestamptz '2024-08-02' + make_interval(mins => i * 4 + noise(i, 64) % 3000) END
FROM generate_series(1, 80000) i;
CREATE INDEX messages_sender_idx ON messages (sender_id);

CREATE VIEW post_popularity AS
SELECT p.id, p.author_id, p.created_at, (SELECT count(*) FROM likes l WHERE l.post_id = p.id) AS likes, (SELECT count(*) FROM comments c WHERE c.post_id = p.id) AS comments
FROM posts p WHERE p.deleted_at IS NULL;
DROP FUNCTION noise;
