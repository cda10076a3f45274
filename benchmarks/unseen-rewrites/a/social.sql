-- name: fresh-posts-with-counts
-- worthwhile: index
-- why: the key of likes begins with the member, so each post reads all likes
-- calls: 3000
SELECT id, author_id, likes, comments FROM post_popularity WHERE created_at >= '2025-03-05 17:00:00+00';
-- index:
CREATE INDEX ON likes (post_id);

-- name: members-who-never-posted
-- worthwhile: rewrite
-- why: posts are counted where it is enough to know that there is none
SELECT m.id, m.handle FROM members m WHERE (SELECT count(*) FROM posts p WHERE p.author_id = m.id) = 0;
-- better:
SELECT m.id, m.handle FROM members m WHERE NOT EXISTS (SELECT FROM posts p WHERE p.author_id = m.id);

-- name: own-or-liked-posts
-- worthwhile: rewrite
-- why: OR between a column and a subquery makes a scan of all posts
-- calls: 800
SELECT p.id, p.body FROM posts p
WHERE p.author_id = 15 OR p.id IN (SELECT l.post_id FROM likes l WHERE l.member_id = 15);
-- better:
SELECT p.id, p.body FROM posts p
WHERE p.id IN (SELECT id FROM posts WHERE author_id = 15 UNION SELECT post_id FROM likes WHERE member_id = 15);

-- name: replies-to-author
-- worthwhile: index
-- why: reply_to has no index: all posts are read for each post of the author
SELECT p.id, (SELECT count(*) FROM posts r WHERE r.reply_to = p.id) AS replies FROM posts p WHERE p.author_id = 3;
-- index:
CREATE INDEX ON posts (reply_to);

-- name: mailbox-summary
-- worthwhile: rewrite
-- why: all messages are read for each member listed
SELECT m.id, m.handle,
       (SELECT count(*) FROM messages x WHERE x.recipient_id = m.id AND x.read_at IS NULL) AS unread,
       (SELECT max(x.sent_at) FROM messages x WHERE x.recipient_id = m.id) AS last_received
FROM members m WHERE m.id BETWEEN 100 AND 180;
-- better:
SELECT m.id, m.handle, coalesce(x.unread, 0), x.last_received
FROM members m LEFT JOIN (SELECT recipient_id, count(*) FILTER (WHERE read_at IS NULL) AS unread, max(sent_at) AS last_received
                          FROM messages WHERE recipient_id BETWEEN 100 AND 180 GROUP BY recipient_id) x ON x.recipient_id = m.id
WHERE m.id BETWEEN 100 AND 180;

-- name: last-message-sent
-- worthwhile: rewrite
-- why: the same last message is searched three times
SELECT m.id,
       (SELECT x.id FROM messages x WHERE x.sender_id = m.id ORDER BY x.sent_at DESC, x.id DESC LIMIT 1) AS message_id,
       (SELECT x.recipient_id FROM messages x WHERE x.sender_id = m.id ORDER BY x.sent_at DESC, x.id DESC LIMIT 1) AS recipient_id,
       (SELECT x.read_at FROM messages x WHERE x.sender_id = m.id ORDER BY x.sent_at DESC, x.id DESC LIMIT 1) AS read_at
FROM members m WHERE m.is_private;
-- better:
SELECT m.id, x.id, x.recipient_id, x.read_at
FROM members m LEFT JOIN LATERAL (SELECT * FROM messages y WHERE y.sender_id = m.id ORDER BY y.sent_at DESC, y.id DESC LIMIT 1) x ON true
WHERE m.is_private;

-- name: comment-total
-- worthwhile: rewrite
-- why: each comment has its post, says the foreign key: the join changes nothing
SELECT count(*), count(*) FILTER (WHERE c.flagged) FROM comments c INNER JOIN posts p ON p.id = c.post_id;
-- better:
SELECT count(*), count(*) FILTER (WHERE flagged) FROM comments;

-- name: far-page-of-comments
-- worthwhile: rewrite
-- why: 90,000 whole rows are fetched to be thrown away; their keys are enough
-- ordered: yes
SELECT c.id, c.body, c.created_at FROM comments c ORDER BY c.id LIMIT 25 OFFSET 90000;
-- better:
SELECT c.id, c.body, c.created_at FROM comments c JOIN (SELECT id FROM comments ORDER BY id LIMIT 25 OFFSET 90000) k USING (id) ORDER BY c.id;

-- name: commenters-on-public-posts
-- worthwhile: rewrite
-- why: a join multiplies members and DISTINCT sorts them
SELECT DISTINCT m.id, m.handle, m.country
FROM members m JOIN comments c ON c.member_id = m.id JOIN posts p ON p.id = c.post_id
WHERE p.visibility = 'public';
-- better:
SELECT m.id, m.handle, m.country FROM members m
WHERE m.id IN (SELECT c.member_id FROM comments c JOIN posts p ON p.id = c.post_id WHERE p.visibility = 'public');

-- name: home-feed
-- worthwhile: no
-- why: IN is a semi-join, and the index gives the order
-- ordered: yes
SELECT p.id, p.author_id, p.body FROM posts p
WHERE p.author_id IN (SELECT f.followed_id FROM follows f WHERE f.follower_id = 42) AND p.deleted_at IS NULL
ORDER BY p.created_at DESC, p.id DESC LIMIT 20;

-- name: mutual-follows
-- worthwhile: no
-- why: a hashed semi-join on two columns
SELECT a.follower_id, a.followed_id FROM follows a
WHERE EXISTS (SELECT 1 FROM follows b WHERE b.follower_id = a.followed_id AND b.followed_id = a.follower_id);

-- name: surprise-post
-- worthwhile: no
-- why: drawn by chance anew for each row
-- volatile: yes
SELECT m.id, (SELECT p.id FROM posts p WHERE p.author_id = m.id ORDER BY random() LIMIT 1) AS pick FROM members m WHERE m.country = 'JP' AND m.is_private AND m.id < 4000;

-- name: not-blocked-by
-- worthwhile: no
-- why: hashed once, and NULL is left out by its condition
SELECT m.id, m.handle FROM members m
WHERE m.country = 'US' AND m.id NOT IN (SELECT b.blocked_id FROM blocks b WHERE b.blocker_id = 17 AND b.blocked_id IS NOT NULL);

-- name: drop-likes-of-deleted
-- worthwhile: no
-- why: post ids are never NULL and fit a hash
DELETE FROM likes WHERE post_id NOT IN (SELECT id FROM posts WHERE deleted_at IS NULL);
