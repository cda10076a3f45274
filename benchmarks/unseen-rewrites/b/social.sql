-- name: likes-of-author
-- worthwhile: index
-- why: the key of likes begins with the member
-- calls: 2500
SELECT p.id, p.body, count(l.member_id) AS likes
FROM posts p LEFT JOIN likes l ON l.post_id = p.id
WHERE p.author_id = 7 GROUP BY p.id;
-- index:
CREATE INDEX ON likes (post_id);

-- name: handle-completion
-- worthwhile: index
-- why: lower() and a prefix: an expression index with pattern operators
-- calls: 6000
SELECT id, handle FROM members WHERE lower(handle) LIKE 'member\_1234%';
-- index:
CREATE INDEX ON members (lower(handle) text_pattern_ops);

-- name: invitation-counts
-- worthwhile: rewrite
-- why: all members are read for each inviter
SELECT m.id, m.handle, (SELECT count(*) FROM members x WHERE x.invited_by = m.id) AS invited
FROM members m WHERE m.id < 220;
-- better:
SELECT m.id, m.handle, coalesce(x.invited, 0) AS invited
FROM members m LEFT JOIN (SELECT invited_by, count(*) AS invited FROM members WHERE invited_by < 220 GROUP BY invited_by) x ON x.invited_by = m.id
WHERE m.id < 220;

-- name: recount-likes
-- worthwhile: rewrite
-- why: all likes are read for each fresh post
UPDATE posts SET likes_count = (SELECT count(*) FROM likes l WHERE l.post_id = posts.id)
WHERE created_at >= '2025-03-05 16:00:00+00';
-- better:
UPDATE posts p SET likes_count = coalesce(l.n, 0)
FROM posts q LEFT JOIN (SELECT post_id, count(*) AS n FROM likes GROUP BY post_id) l ON l.post_id = q.id
WHERE q.id = p.id AND q.created_at >= '2025-03-05 16:00:00+00';

-- name: followers-of
-- worthwhile: index
-- why: the key of follows begins with the follower
-- calls: 5000
SELECT f.follower_id, f.since FROM follows f WHERE f.followed_id = 9000 AND f.muted IS NOT TRUE;
-- index:
CREATE INDEX ON follows (followed_id);

-- name: members-without-likes
-- worthwhile: rewrite
-- why: all likes are joined and grouped to find the members without any
SELECT m.id, m.handle FROM members m LEFT JOIN likes l ON l.member_id = m.id
GROUP BY m.id, m.handle HAVING count(l.post_id) = 0;
-- better:
SELECT m.id, m.handle FROM members m WHERE NOT EXISTS (SELECT FROM likes l WHERE l.member_id = m.id);

-- name: talked-before-writing
-- worthwhile: rewrite
-- why: all comments are read for each member
SELECT m.id, m.handle FROM members m
WHERE m.id BETWEEN 50 AND 120
  AND (SELECT min(c.created_at) FROM comments c WHERE c.member_id = m.id) < (SELECT min(p.created_at) FROM posts p WHERE p.author_id = m.id);
-- better:
SELECT m.id, m.handle FROM members m
JOIN (SELECT member_id, min(created_at) AS first FROM comments WHERE member_id BETWEEN 50 AND 120 GROUP BY member_id) c ON c.member_id = m.id
JOIN (SELECT author_id, min(created_at) AS first FROM posts WHERE author_id BETWEEN 50 AND 120 GROUP BY author_id) p ON p.author_id = m.id
WHERE c.first < p.first;

-- name: page-with-total
-- worthwhile: rewrite
-- why: the window carries all rows along to show ten and their number
-- ordered: yes
SELECT p.id, p.body, p.created_at, count(*) OVER () AS total
FROM posts p WHERE p.visibility = 'public' AND p.deleted_at IS NULL
ORDER BY p.created_at DESC, p.id DESC LIMIT 10;
-- better:
SELECT p.id, p.body, p.created_at, (SELECT count(*) FROM posts WHERE visibility = 'public' AND deleted_at IS NULL) AS total
FROM posts p WHERE p.visibility = 'public' AND p.deleted_at IS NULL
ORDER BY p.created_at DESC, p.id DESC LIMIT 10;

-- name: last-post-of-each
-- worthwhile: rewrite
-- why: the newest post of an author is searched for each post
SELECT p.id, p.author_id, p.created_at FROM posts p
WHERE p.created_at = (SELECT max(q.created_at) FROM posts q WHERE q.author_id = p.author_id AND q.deleted_at IS NULL) AND p.deleted_at IS NULL;
-- better:
SELECT p.id, p.author_id, p.created_at
FROM (SELECT id, author_id, created_at, max(created_at) OVER (PARTITION BY author_id) AS latest FROM posts WHERE deleted_at IS NULL) p
WHERE p.created_at = p.latest;

-- name: liked-per-country
-- worthwhile: rewrite
-- why: each like is carried through a join that the foreign keys make needless
SELECT p.author_id, count(*) AS likes
FROM likes l JOIN posts p ON p.id = l.post_id JOIN members m ON m.id = l.member_id
GROUP BY p.author_id;
-- better:
SELECT p.author_id, count(*) AS likes FROM likes l JOIN posts p ON p.id = l.post_id GROUP BY p.author_id;

-- name: conversation
-- worthwhile: no
-- why: two bitmap scans of one index
-- ordered: yes
SELECT id, sender_id, sent_at FROM messages
WHERE (sender_id = 12 AND recipient_id = 99) OR (sender_id = 99 AND recipient_id = 12) ORDER BY id;

-- name: blocked-by-nobody
-- worthwhile: no
-- why: blocked_id holds NULL, so the answer is empty
SELECT m.id FROM members m WHERE m.id NOT IN (SELECT b.blocked_id FROM blocks b);
-- variation:
DELETE FROM blocks WHERE blocked_id IS NULL;

-- name: lucky-likes
-- worthwhile: no
-- why: drawn by chance
-- volatile: yes
SELECT m.id FROM members m WHERE m.country = 'BR' AND random() < 0.05 AND (SELECT count(*) FROM posts p WHERE p.author_id = m.id AND random() < 0.5) > 1;

-- name: visible-members
-- worthwhile: no
-- why: the list of one follower is hashed once
SELECT m.id, m.handle FROM members m
WHERE NOT m.is_private OR EXISTS (SELECT 1 FROM follows f WHERE f.followed_id = m.id AND f.follower_id = 42);

-- name: authors-who-comment
-- worthwhile: no
-- why: both sides must be made distinct either way
SELECT author_id FROM posts WHERE language = 'pt' INTERSECT SELECT member_id FROM comments WHERE flagged;
