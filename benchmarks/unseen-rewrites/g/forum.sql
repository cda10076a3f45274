-- name: two-best-answers
-- worthwhile: rewrite
-- why: for each answer the better ones of its question are counted
-- calls: 30
SELECT a.parent_id, a.id, a.score
FROM posts a
WHERE a.kind = 'answer' AND a.deleted_at IS NULL
  AND (SELECT count(*) FROM posts o WHERE o.parent_id = a.parent_id AND o.kind = 'answer' AND o.deleted_at IS NULL AND o.score > a.score) < 2
  AND a.parent_id IS NOT NULL;
-- better:
SELECT parent_id, id, score
FROM (SELECT a.*, rank() OVER (PARTITION BY a.parent_id ORDER BY a.score DESC) AS place
      FROM posts a WHERE a.kind = 'answer' AND a.deleted_at IS NULL AND a.parent_id IS NOT NULL) r
WHERE place <= 2;

-- name: questions-with-both-tags
-- worthwhile: rewrite
-- why: the questions of either tag, one of them a common one, are joined and grouped to keep those of both
-- calls: 3300
SELECT p.id, p.title, p.score
FROM posts p
JOIN post_tags pt ON pt.post_id = p.id
JOIN tags t ON t.id = pt.tag_id
WHERE t.name IN ('tag-1', 'tag-1123') AND p.deleted_at IS NULL
GROUP BY p.id
HAVING count(DISTINCT t.name) = 2;
-- better:
SELECT p.id, p.title, p.score
FROM post_tags one
JOIN post_tags other ON other.post_id = one.post_id
JOIN posts p ON p.id = one.post_id
WHERE one.tag_id = (SELECT id FROM tags WHERE name = 'tag-1') AND other.tag_id = (SELECT id FROM tags WHERE name = 'tag-1123')
  AND p.deleted_at IS NULL;
-- variation:
INSERT INTO post_tags SELECT id, 1123 FROM posts WHERE id % 50 = 1 ON CONFLICT DO NOTHING;

-- name: profile-activity
-- worthwhile: rewrite
-- why: all that a busy user ever did is put together, made unique and sorted for twenty entries
-- calls: 5400
-- ordered: yes
SELECT * FROM (
  SELECT 'post' AS what, p.id, p.created_at AS at, p.score FROM posts p WHERE p.owner_id = 1
  UNION
  SELECT 'comment', c.id, c.created_at, c.score FROM comments c WHERE c.user_id = 1
  UNION
  SELECT 'badge', b.id, b.awarded_at, NULL FROM badges b WHERE b.user_id = 1
) f
ORDER BY at DESC, what, id
LIMIT 20;
-- better:
SELECT * FROM (
  (SELECT 'post' AS what, p.id, p.created_at AS at, p.score FROM posts p WHERE p.owner_id = 1 ORDER BY p.created_at DESC, p.id LIMIT 20)
  UNION ALL
  (SELECT 'comment', c.id, c.created_at, c.score FROM comments c WHERE c.user_id = 1 ORDER BY c.created_at DESC, c.id LIMIT 20)
  UNION ALL
  (SELECT 'badge', b.id, b.awarded_at, NULL FROM badges b WHERE b.user_id = 1 ORDER BY b.awarded_at DESC, b.id LIMIT 20)
) f
ORDER BY at DESC, what, id
LIMIT 20;
-- variation:
UPDATE posts SET created_at = '2024-06-01' WHERE owner_id = 1 AND id % 3 = 0; UPDATE comments SET created_at = '2024-06-01' WHERE user_id = 1 AND id % 3 = 0;

-- name: sign-in-by-mail
-- worthwhile: rewrite
-- why: ILIKE without a wildcard compares each address, though there is an index of them in lower case
-- calls: 11000
SELECT u.id, u.handle, u.reputation, u.deleted_at FROM users u WHERE u.email ILIKE 'User31415@mail.example';
-- better:
SELECT u.id, u.handle, u.reputation, u.deleted_at FROM users u WHERE lower(u.email) = lower('User31415@mail.example');

-- name: question-list-count
-- worthwhile: rewrite
-- why: to number the pages, questions are multiplied by their votes and made distinct with their texts
-- calls: 900
SELECT count(*) FROM (
  SELECT DISTINCT p.id, p.title, p.body, p.score, p.created_at
  FROM posts p LEFT JOIN votes v ON v.post_id = p.id
  WHERE p.kind = 'question' AND p.deleted_at IS NULL
) page;
-- better:
SELECT count(*) FROM posts p WHERE p.kind = 'question' AND p.deleted_at IS NULL;

-- name: posts-of-user-or-nobody
-- worthwhile: rewrite
-- why: the owner is wrapped in coalesce(), whose substitute is not even asked for
-- calls: 2000
SELECT p.id, p.kind, p.title, p.score, p.created_at FROM posts p WHERE coalesce(p.owner_id, 0) = 27001;
-- better:
SELECT p.id, p.kind, p.title, p.score, p.created_at FROM posts p WHERE p.owner_id = 27001;

-- name: badge-columns
-- worthwhile: rewrite
-- why: three groupings of the same table are joined, where one with filters does
-- calls: 40
SELECT u.id, u.handle, coalesce(g.n, 0) AS gold, coalesce(s.n, 0) AS silver, coalesce(b.n, 0) AS bronze
FROM users u
LEFT JOIN (SELECT user_id, count(*) AS n FROM badges WHERE class = 'gold' GROUP BY user_id) g ON g.user_id = u.id
LEFT JOIN (SELECT user_id, count(*) AS n FROM badges WHERE class = 'silver' GROUP BY user_id) s ON s.user_id = u.id
LEFT JOIN (SELECT user_id, count(*) AS n FROM badges WHERE class = 'bronze' GROUP BY user_id) b ON b.user_id = u.id
WHERE u.reputation > 20000;
-- better:
SELECT u.id, u.handle, n.gold, n.silver, n.bronze
FROM users u
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE b.class = 'gold') AS gold, count(*) FILTER (WHERE b.class = 'silver') AS silver, count(*) FILTER (WHERE b.class = 'bronze') AS bronze
  FROM badges b WHERE b.user_id = u.id) n
WHERE u.reputation > 20000;

-- name: votes-of-posts
-- worthwhile: rewrite
-- why: two windows compute for each vote what is then made distinct for each post
-- calls: 18
SELECT DISTINCT v.post_id,
       count(*) OVER (PARTITION BY v.post_id) AS votes,
       max(v.cast_at) OVER (PARTITION BY v.post_id) AS last_vote
FROM votes v
WHERE v.kind = 'up';
-- better:
SELECT v.post_id, count(*) AS votes, max(v.cast_at) AS last_vote FROM votes v WHERE v.kind = 'up' GROUP BY v.post_id;

-- name: full-text-search
-- worthwhile: index
-- why: the words of every text are parsed for each search
-- calls: 3800
SELECT p.id, p.kind, p.title, p.score
FROM posts p
WHERE to_tsvector('english', p.body) @@ to_tsquery('english', 'deadlock') AND p.created_at >= '2023-12-20';
-- index:
CREATE INDEX ON posts USING gin (to_tsvector('english', body));

-- name: vote-limit-of-day
-- worthwhile: index
-- why: the votes of a user have no index, and are counted before each vote
-- calls: 14000
SELECT count(*) FROM votes v WHERE v.user_id = 30303 AND v.cast_at >= '2023-11-01' AND v.cast_at < '2023-11-02';
-- index:
CREATE INDEX ON votes (user_id, cast_at);

-- name: hottest-questions
-- worthwhile: index
-- why: all questions are sorted for the front page
-- calls: 16000
-- ordered: yes
SELECT p.id, p.title, p.score, p.views, p.created_at
FROM posts p WHERE p.kind = 'question' AND p.deleted_at IS NULL
ORDER BY p.score DESC, p.id DESC LIMIT 40;
-- index:
CREATE INDEX ON posts (score DESC, id DESC) WHERE kind = 'question' AND deleted_at IS NULL;

-- name: question-page
-- worthwhile: no
-- why: one question and its answers by their keys
-- calls: 40000
-- ordered: yes
SELECT a.id, a.body, a.score, u.handle
FROM posts a LEFT JOIN users u ON u.id = a.owner_id
WHERE a.parent_id = 20001 ORDER BY a.score DESC, a.id;

-- name: own-or-answered
-- worthwhile: no
-- why: an OR of two indexed columns, which a bitmap takes together
-- calls: 2500
SELECT p.id, p.kind, p.score FROM posts p WHERE p.id = 33331 OR p.parent_id = 33331;

-- name: posts-hardly-seen
-- worthwhile: no
-- why: most posts have no views, and all have to be read
-- calls: 5
SELECT p.kind, count(*) FROM posts p WHERE coalesce(p.views, 0) < 1000 GROUP BY p.kind;

-- name: best-users-by-badges
-- worthwhile: no
-- why: three subqueries by an index for thirty users, of whom the order needs none
-- calls: 700
-- ordered: yes
SELECT u.id, u.handle, u.reputation,
       (SELECT count(*) FROM badges b WHERE b.user_id = u.id AND b.class = 'gold') AS gold,
       (SELECT count(*) FROM comments c WHERE c.user_id = u.id) AS comments
FROM users u WHERE u.id BETWEEN 51000 AND 51029 ORDER BY u.reputation DESC, u.id;

-- name: tag-usage
-- worthwhile: no
-- why: every tag of every question counts, once
-- calls: 9
SELECT t.name, count(*) FROM post_tags pt JOIN tags t ON t.id = pt.tag_id GROUP BY t.id ORDER BY count(*) DESC LIMIT 100;

-- name: mail-by-lower
-- worthwhile: no
-- why: the index has the addresses in lower case
-- calls: 9000
SELECT u.id, u.handle FROM users u WHERE lower(u.email) = 'user2718@mail.example';

-- name: inbox
-- worthwhile: no
-- why: the end of a range of the index
-- calls: 21000
-- ordered: yes
SELECT n.id, n.kind, n.post_id, n.created_at FROM notifications n
WHERE n.user_id = 8128 ORDER BY n.created_at DESC, n.id DESC LIMIT 15;
