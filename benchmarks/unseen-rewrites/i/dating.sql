-- name: matches-of-each-member-of-a-small-city
-- worthwhile: no
-- why: each end of the OR has an index, and a bitmap of both serves a few members well
-- calls: 60
SELECT me.id, me.handle, count(m.id) AS matches, max(m.matched_at) AS last_matched_at
FROM members me
LEFT JOIN matches m ON m.a_id = me.id OR m.b_id = me.id
WHERE me.city_id = 290 AND me.is_verified
GROUP BY me.id, me.handle;

-- name: reports-about-members-who-hid
-- worthwhile: rewrite
-- why: an OR joins reports by who filed and whom they are about, so that all are walked for each member
-- calls: 80
SELECT m.id, m.handle, r.id AS report_id, r.reason, r.state, r.reporter_id = m.id AS filed_it
FROM members m
JOIN reports r ON r.reporter_id = m.id OR r.subject_id = m.id
WHERE m.hidden_at >= '2024-02-08';
-- better:
SELECT m.id, m.handle, r.id AS report_id, r.reason, r.state, true AS filed_it
FROM members m
JOIN reports r ON r.reporter_id = m.id
WHERE m.hidden_at >= '2024-02-08'
UNION ALL
SELECT m.id, m.handle, r.id, r.reason, r.state, false
FROM members m
JOIN reports r ON r.subject_id = m.id AND r.reporter_id <> m.id
WHERE m.hidden_at >= '2024-02-08';
-- variation:
UPDATE reports SET reporter_id = subject_id WHERE id % 3 = 0;
-- variation:
UPDATE members SET hidden_at = '2024-02-08' WHERE id <= 20;

-- name: matches-with-unread-messages
-- worthwhile: rewrite
-- why: the unread messages of each match are counted for the list, for its filter and for its order
-- calls: 400
-- ordered: yes
SELECT m.id, m.matched_at,
       (SELECT count(*) FROM messages x WHERE x.match_id = m.id AND x.read_at IS NULL) AS unread,
       (SELECT max(x.sent_at) FROM messages x WHERE x.match_id = m.id AND x.read_at IS NULL) AS last_unread_at
FROM matches m
WHERE m.matched_at >= '2023-03-01' AND m.unmatched_at IS NULL
  AND (SELECT count(*) FROM messages x WHERE x.match_id = m.id AND x.read_at IS NULL) > 2
ORDER BY (SELECT count(*) FROM messages x WHERE x.match_id = m.id AND x.read_at IS NULL) DESC, m.id;
-- better:
SELECT m.id, m.matched_at, x.unread, x.last_unread_at
FROM matches m
JOIN (
  SELECT match_id, count(*) AS unread, max(sent_at) AS last_unread_at
  FROM messages
  WHERE read_at IS NULL
  GROUP BY match_id
  HAVING count(*) > 2
) x ON x.match_id = m.id
WHERE m.matched_at >= '2023-03-01' AND m.unmatched_at IS NULL
ORDER BY x.unread DESC, m.id;
-- variation:
UPDATE messages SET read_at = NULL WHERE match_id % 3 = 0;

-- name: last-messages-in-the-inbox
-- worthwhile: rewrite
-- why: the last message of every match there is is sought for the matches of one member
-- calls: 5000
SELECT m.id AS match_id, x.id AS message_id, x.sender_id, x.body, x.sent_at, x.read_at
FROM matches m
JOIN messages x ON x.match_id = m.id
WHERE (m.a_id = 1 OR m.b_id = 1)
  AND (x.match_id, x.sent_at) IN (SELECT match_id, max(sent_at) FROM messages GROUP BY match_id);
-- better:
SELECT m.id AS match_id, x.id AS message_id, x.sender_id, x.body, x.sent_at, x.read_at
FROM matches m
CROSS JOIN LATERAL (
  SELECT id, sender_id, body, sent_at, read_at
  FROM messages
  WHERE match_id = m.id
  ORDER BY sent_at DESC
  FETCH FIRST 1 ROW WITH TIES
) x
WHERE m.a_id = 1 OR m.b_id = 1;
-- variation:
UPDATE messages SET sent_at = '2024-01-01' WHERE id % 5 = 0;

-- name: visitors-without-blocks
-- worthwhile: index
-- why: the visits have no index by who was visited; the OR over blocks is served by its two keys
-- calls: 700
SELECT v.id, v.visitor_id, v.at
FROM visits v
WHERE v.visited_id = 30111
  AND NOT EXISTS (
    SELECT 1 FROM blocks b
    WHERE (b.blocker_id = v.visited_id AND b.blocked_id = v.visitor_id)
       OR (b.blocker_id = v.visitor_id AND b.blocked_id = v.visited_id)
  );
-- index:
CREATE INDEX ON visits (visited_id);

-- name: members-of-an-age
-- worthwhile: rewrite
-- why: the age of everybody is reckoned to compare it
-- calls: 2200
SELECT m.id, m.handle, m.born_on
FROM members m
WHERE date_part('year', age(timestamp '2024-06-01', m.born_on)) BETWEEN 62 AND 63 AND m.hidden_at IS NULL;
-- better:
SELECT m.id, m.handle, m.born_on
FROM members m
WHERE m.born_on > '1960-06-01' AND m.born_on <= '1962-06-01' AND m.hidden_at IS NULL;
-- variation:
UPDATE members SET born_on = date '1960-05-30' + id % 5 WHERE id % 50 = 0;
-- variation:
UPDATE members SET born_on = date '1962-05-30' + id % 5 WHERE id % 50 = 0;

-- name: activity-of-members-who-joined-in-a-week
-- worthwhile: rewrite
-- why: photos and visits of a member are multiplied with each other before they are counted
-- calls: 60
SELECT m.id, m.handle, count(DISTINCT p.id) AS photos, count(DISTINCT v.id) AS visits, count(DISTINCT v.visited_id) AS visited
FROM members m
LEFT JOIN photos p ON p.member_id = m.id
LEFT JOIN visits v ON v.visitor_id = m.id
WHERE m.joined_at >= '2018-03-05' AND m.joined_at < '2018-03-12'
GROUP BY m.id, m.handle;
-- better:
SELECT m.id, m.handle, p.photos, v.visits, v.visited
FROM members m
CROSS JOIN LATERAL (SELECT count(*) AS photos FROM photos WHERE member_id = m.id) p
CROSS JOIN LATERAL (SELECT count(*) AS visits, count(DISTINCT visited_id) AS visited FROM visits WHERE visitor_id = m.id) v
WHERE m.joined_at >= '2018-03-05' AND m.joined_at < '2018-03-12';

-- name: three-newest-photos-of-each
-- worthwhile: rewrite
-- why: for each photo the newer ones of its member are counted
-- calls: 90
SELECT p.id, p.member_id, p.url
FROM photos p
JOIN members m ON m.id = p.member_id
WHERE m.city_id = 1 AND m.hidden_at IS NULL
  AND (SELECT count(*) FROM photos n WHERE n.member_id = p.member_id AND n.uploaded_at > p.uploaded_at) < 3;
-- better:
SELECT p.id, p.member_id, p.url
FROM (
  SELECT p.id, p.member_id, p.url, rank() OVER (PARTITION BY p.member_id ORDER BY p.uploaded_at DESC) AS place
  FROM photos p
  JOIN members m ON m.id = p.member_id
  WHERE m.city_id = 1 AND m.hidden_at IS NULL
) p
WHERE p.place <= 3;
-- variation:
UPDATE photos SET member_id = 1 + id % 4, uploaded_at = '2020-01-01' WHERE id % 300 = 0;

-- name: climbers
-- worthwhile: rewrite
-- why: the tag is sought in each member's list, past the index on them
-- calls: 900
SELECT m.id, m.handle, m.last_seen_at FROM members m WHERE 'climbing' = ANY (m.tags) AND m.is_verified;
-- better:
SELECT m.id, m.handle, m.last_seen_at FROM members m WHERE m.tags @> ARRAY['climbing'] AND m.is_verified;
-- variation:
UPDATE members SET tags = CASE id % 3 WHEN 0 THEN ARRAY[NULL, 'climbing'] WHEN 1 THEN ARRAY[NULL]::text[] ELSE '{}' END WHERE id % 100 < 3;

-- name: profiles-with-the-most-likes
-- worthwhile: rewrite
-- why: what is shown of a profile is carried through the grouping of all likes
-- calls: 120
-- ordered: yes
SELECT m.id, m.handle, m.about, c.name AS city, count(*) AS likes
FROM likes l
JOIN members m ON m.id = l.to_id
JOIN cities c ON c.id = m.city_id
GROUP BY m.id, m.handle, m.about, c.name
ORDER BY likes DESC, m.id
LIMIT 25;
-- better:
SELECT m.id, m.handle, m.about, c.name AS city, l.likes
FROM (SELECT to_id, count(*) AS likes FROM likes GROUP BY to_id ORDER BY likes DESC, to_id LIMIT 25) l
JOIN members m ON m.id = l.to_id
JOIN cities c ON c.id = m.city_id
ORDER BY l.likes DESC, m.id;

-- name: who-likes-me
-- worthwhile: index
-- why: the key of the likes begins with who gave them
-- calls: 8000
-- ordered: yes
SELECT l.from_id, m.handle, l.is_super, l.created_at
FROM likes l
JOIN members m ON m.id = l.from_id
WHERE l.to_id = 9007
ORDER BY l.created_at DESC, l.from_id
LIMIT 30;
-- index:
CREATE INDEX ON likes (to_id, created_at);

-- name: photos-to-review
-- worthwhile: index
-- why: the photos that wait are few, and all are read to find them
-- calls: 1500
-- ordered: yes
SELECT p.id, p.member_id, p.url FROM photos p WHERE p.is_approved IS NULL ORDER BY p.uploaded_at, p.id LIMIT 40;
-- index:
CREATE INDEX ON photos (uploaded_at, id) WHERE is_approved IS NULL;

-- name: women-seen-lately
-- worthwhile: index
-- why: all of them are sorted to show the last that were there
-- calls: 6000
-- ordered: yes
SELECT m.id, m.handle, m.last_seen_at
FROM members m
WHERE m.gender = 'f' AND m.hidden_at IS NULL AND m.last_seen_at IS NOT NULL
ORDER BY m.last_seen_at DESC, m.id DESC
LIMIT 20;
-- index:
CREATE INDEX ON members (gender, last_seen_at, id) WHERE hidden_at IS NULL;

-- name: messages-of-a-match
-- worthwhile: no
-- why: few rows by an index
-- calls: 9000
-- ordered: yes
SELECT x.id, x.sender_id, x.body, x.sent_at FROM messages x WHERE x.match_id = 2161 ORDER BY x.sent_at DESC, x.id DESC LIMIT 50;

-- name: is-it-a-match
-- worthwhile: no
-- why: one look by the primary key
-- calls: 9000
SELECT EXISTS (SELECT 1 FROM likes l WHERE l.from_id = 9007 AND l.to_id = 11) AS is_match;

-- name: likes-that-are-answered
-- worthwhile: no
-- why: both directions by the primary key, for the likes of one member
-- calls: 1500
SELECT l.to_id, l.created_at
FROM likes l
JOIN likes r ON r.from_id = l.to_id AND r.to_id = l.from_id
WHERE l.from_id = 101;

-- name: matches-of-a-member
-- worthwhile: no
-- why: each side of the OR has its index
-- calls: 4000
SELECT m.id, m.a_id, m.b_id, m.matched_at FROM matches m WHERE (m.a_id = 1201 OR m.b_id = 1201) AND m.unmatched_at IS NULL;

-- name: members-by-year-of-birth
-- worthwhile: no
-- why: a report on all members; the year only groups them
-- calls: 15
SELECT extract(year FROM m.born_on) AS year, m.gender, count(*) AS members FROM members m WHERE m.hidden_at IS NULL GROUP BY 1, 2;

-- name: visits-of-a-member-by-day
-- worthwhile: no
-- why: the index holds all that is asked for
-- calls: 800
SELECT v.at::date AS day, count(*) AS visits FROM visits v WHERE v.visitor_id = 244 AND v.at >= '2024-01-01' GROUP BY 1;

-- name: reports-on-members-who-hide
-- worthwhile: no
-- why: two tables are joined by hash, once
-- calls: 25
SELECT r.reason, count(*) AS reports FROM reports r JOIN members m ON m.id = r.subject_id WHERE m.hidden_at IS NOT NULL GROUP BY r.reason;

-- name: members-who-share-a-rare-tag
-- worthwhile: no
-- why: the index on the tags serves the overlap
-- calls: 900
SELECT m.id, m.handle FROM members m WHERE m.tags && ARRAY['tag577', 'tag583'] AND m.hidden_at IS NULL;
