-- A site of questions and answers: posts, their tags, votes, comments, badges, revisions, notifications.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 4759) & 9007199254740991) % $3)::integer';

CREATE TABLE users (id integer PRIMARY KEY, handle text NOT NULL UNIQUE, email text, reputation integer NOT NULL, location text, created_at timestamp NOT NULL, deleted_at timestamp);
INSERT INTO users
SELECT i, 'user' || i, CASE WHEN pick(i, 1, 15) > 0 THEN CASE WHEN pick(i, 2, 3) = 0 THEN 'User' ELSE 'user' END || i || '@mail.example' END, 1 + pick(i, 3, 90) * pick(i, 4, 90) * pick(i, 5, 4), CASE WHEN pick(i, 6, 3) = 0 THEN (ARRAY['Berlin', 'Lyon', 'Porto', 'Oslo'])[1 + pick(i, 7, 4)] END,
       timestamp '2019-01-01' + make_interval(mins => i * 40), CASE WHEN pick(i, 8, 40) = 0 THEN timestamp '2023-06-01' + make_interval(mins => i) END
FROM generate_series(1, 60000) i;
CREATE INDEX users_email_idx ON users (lower(email));

CREATE TABLE posts (
  id integer PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('question', 'answer')),
  parent_id integer REFERENCES posts,
  owner_id integer REFERENCES users,
  title text,
  body text NOT NULL,
  score integer NOT NULL,
  views integer,
  created_at timestamp NOT NULL,
  deleted_at timestamp
);
INSERT INTO posts
SELECT i, CASE WHEN is_question THEN 'question' ELSE 'answer' END, CASE WHEN NOT is_question THEN 1 + pick(i, 12, (i - 1) / 5 + 1) * 5 END, CASE WHEN pick(i, 13, 25) > 0 THEN 1 + pick(i, 14, 40) * pick(i, 15, 1500) END,
       CASE WHEN is_question THEN 'How to ' || (ARRAY['join', 'index', 'parse', 'render', 'deploy'])[1 + pick(i, 16, 5)] || ' ' || (ARRAY['rows', 'json', 'a vacuum', 'a canvas', 'containers', 'a replica'])[1 + pick(i, 17, 6)] END,
       'I tried ' || substr(repeat(md5(i::text) || ' ', 8), 1, 60 + pick(i, 18, 180)) || CASE WHEN pick(i, 19, 900) = 0 THEN ' deadlock' ELSE '' END, pick(i, 20, 12) * pick(i, 21, 12) - 8, CASE WHEN is_question THEN pick(i, 22, 90) * pick(i, 23, 500) END,
       timestamp '2022-01-01' + make_interval(mins => i * 9), CASE WHEN pick(i, 24, 30) = 0 THEN timestamp '2022-01-02' + make_interval(mins => i * 9) END
FROM (SELECT i, i % 5 = 1 AS is_question FROM generate_series(1, 120000) i) s;
CREATE INDEX posts_owner_idx ON posts (owner_id, created_at);
CREATE INDEX posts_parent_idx ON posts (parent_id);

CREATE TABLE tags (id integer PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO tags SELECT i, 'tag-' || i FROM generate_series(1, 1200) i;
CREATE TABLE post_tags (post_id integer NOT NULL REFERENCES posts, tag_id integer NOT NULL REFERENCES tags, PRIMARY KEY (post_id, tag_id));
INSERT INTO post_tags SELECT 1 + i % 24000 * 5, 1 + pick(i, 31, 35) * pick(i, 32, 34) FROM generate_series(1, 72000) i ON CONFLICT DO NOTHING;
CREATE INDEX post_tags_tag_idx ON post_tags (tag_id);

CREATE TABLE votes (id integer PRIMARY KEY, post_id integer NOT NULL REFERENCES posts, user_id integer REFERENCES users, kind text NOT NULL, cast_at timestamp NOT NULL);
INSERT INTO votes
SELECT i, 1 + pick(i, 41, 400) * pick(i, 42, 300), CASE WHEN pick(i, 43, 10) > 0 THEN 1 + pick(i, 44, 60000) END, (ARRAY['up', 'up', 'up', 'up', 'down', 'favourite'])[1 + pick(i, 45, 6)], timestamp '2022-01-01' + make_interval(mins => i * 5)
FROM generate_series(1, 200000) i;
CREATE INDEX votes_post_idx ON votes (post_id);

CREATE TABLE comments (id integer PRIMARY KEY, post_id integer NOT NULL REFERENCES posts, user_id integer REFERENCES users, body text NOT NULL, score integer NOT NULL, created_at timestamp NOT NULL);
INSERT INTO comments
SELECT i, 1 + pick(i, 51, 120000), CASE WHEN pick(i, 52, 30) > 0 THEN 1 + pick(i, 53, 40) * pick(i, 54, 1500) END, 'comment ' || md5(i::text), pick(i, 55, 9), timestamp '2022-01-01' + make_interval(mins => i * 8)
FROM generate_series(1, 130000) i;
CREATE INDEX comments_post_idx ON comments (post_id);
CREATE INDEX comments_user_idx ON comments (user_id, created_at);

CREATE TABLE badges (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users, name text NOT NULL, class text NOT NULL, awarded_at timestamp NOT NULL);
INSERT INTO badges
SELECT i, 1 + pick(i, 61, 40) * pick(i, 62, 1500), 'Badge ' || pick(i, 63, 60), (ARRAY['bronze', 'bronze', 'bronze', 'silver', 'gold'])[1 + pick(i, 63, 60) % 5], timestamp '2022-01-01' + make_interval(mins => i * 8)
FROM generate_series(1, 130000) i;
CREATE INDEX badges_user_idx ON badges (user_id, awarded_at);

CREATE TABLE notifications (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users, post_id integer REFERENCES posts, kind text NOT NULL, created_at timestamp NOT NULL, read_at timestamp);
INSERT INTO notifications
SELECT i, 1 + pick(i, 71, 250) * pick(i, 72, 240), CASE WHEN pick(i, 73, 6) > 0 THEN 1 + pick(i, 74, 120000) END, (ARRAY['answer', 'comment', 'badge', 'mention'])[1 + pick(i, 75, 4)], timestamp '2022-01-01' + make_interval(mins => i * 7), CASE WHEN pick(i, 76, 8) > 0 THEN timestamp '2022-01-02' + make_interval(mins => i * 7) END
FROM generate_series(1, 150000) i;
CREATE INDEX notifications_user_idx ON notifications (user_id, created_at);
DROP FUNCTION pick;
