-- name: archive-page-far-behind
-- worthwhile: rewrite
-- why: the rows of two thousand pages are fetched to be skipped, where their keys in the index would do
-- calls: 300
-- ordered: yes
SELECT m.id, m.sent_at, m.from_address, m.subject, m.preview
FROM messages m
ORDER BY m.sent_at, m.id
LIMIT 50 OFFSET 120000;
-- better:
SELECT m.id, m.sent_at, m.from_address, m.subject, m.preview
FROM (SELECT p.id FROM messages p ORDER BY p.sent_at, p.id LIMIT 50 OFFSET 120000) page
JOIN messages m ON m.id = page.id
ORDER BY m.sent_at, m.id;
-- variation:
UPDATE messages SET sent_at = '2024-01-01' WHERE id % 4 = 0;

-- name: threads-still-unread
-- worthwhile: rewrite
-- why: the unread messages of each thread are counted, only to learn whether there is one
-- calls: 60
SELECT count(*) AS threads
FROM threads t
WHERE (SELECT count(*) FROM messages m WHERE m.thread_id = t.id AND m.read_at IS NULL) > 0;
-- better:
SELECT count(*) AS threads
FROM threads t
WHERE EXISTS (SELECT 1 FROM messages m WHERE m.thread_id = t.id AND m.read_at IS NULL);
-- variation:
UPDATE messages SET read_at = sent_at WHERE id % 3 > 0;

-- name: threads-with-a-correspondent
-- worthwhile: rewrite
-- why: an OR over two tables keeps both from being found by the address
-- calls: 1500
SELECT DISTINCT m.thread_id
FROM messages m
LEFT JOIN recipients r ON r.message_id = m.id
WHERE m.from_address = 'jo10013@firm698.example' OR r.address = 'jo10013@firm698.example';
-- better:
SELECT m.thread_id FROM messages m WHERE m.from_address = 'jo10013@firm698.example'
UNION
SELECT m.thread_id FROM recipients r JOIN messages m ON m.id = r.message_id WHERE r.address = 'jo10013@firm698.example';
-- variation:
UPDATE messages SET from_address = 'jo10013@firm698.example' WHERE id % 5000 = 0;
-- variation:
UPDATE recipients SET address = 'jo10013@firm698.example' WHERE message_id % 700 = 0 AND kind = 'cc' AND NOT EXISTS (SELECT 1 FROM recipients x WHERE x.message_id = recipients.message_id AND x.address <> recipients.address);

-- name: thread-list-with-latest-message
-- worthwhile: rewrite
-- why: the latest message of every thread of everybody is found, for those of one account
-- calls: 6000
-- ordered: yes
SELECT t.id, t.subject, t.last_message_at, m.from_address, m.preview
FROM threads t
JOIN (
  SELECT DISTINCT ON (thread_id) thread_id, from_address, preview
  FROM messages
  ORDER BY thread_id, sent_at DESC, id DESC
) m ON m.thread_id = t.id
WHERE t.account_id = 181 AND NOT t.is_archived
ORDER BY t.last_message_at DESC, t.id DESC
LIMIT 50;
-- better:
SELECT t.id, t.subject, t.last_message_at, m.from_address, m.preview
FROM threads t
CROSS JOIN LATERAL (SELECT from_address, preview FROM messages WHERE thread_id = t.id ORDER BY sent_at DESC, id DESC LIMIT 1) m
WHERE t.account_id = 181 AND NOT t.is_archived
ORDER BY t.last_message_at DESC, t.id DESC
LIMIT 50;
-- variation:
UPDATE messages SET sent_at = '2024-01-01' WHERE id % 2 = 0;

-- name: mail-of-one-list
-- worthwhile: rewrite
-- why: the value of a header is taken out of the document, so that the index on the documents is of no use
-- calls: 900
SELECT m.id, m.thread_id, m.subject, m.sent_at FROM messages m WHERE m.headers ->> 'List-Id' = 'list42.lists.example';
-- better:
SELECT m.id, m.thread_id, m.subject, m.sent_at FROM messages m WHERE m.headers @> '{"List-Id": "list42.lists.example"}';
-- variation:
UPDATE messages SET headers = CASE id % 4 WHEN 0 THEN '["list42.lists.example"]'::jsonb WHEN 1 THEN '[{"List-Id": "list42.lists.example"}]' WHEN 2 THEN '{"List-Id": null}' ELSE '{"List-Id": ["list42.lists.example"]}' END WHERE id < 8000;

-- name: distinct-files-stored
-- worthwhile: rewrite
-- why: all digests are sorted to count the different ones
-- calls: 24
SELECT count(DISTINCT a.sha256) AS files FROM attachments a;
-- better:
SELECT count(*) AS files FROM (SELECT a.sha256 FROM attachments a GROUP BY a.sha256) d;
-- variation:
UPDATE attachments SET sha256 = '' WHERE id % 3 = 0;

-- name: subjects-that-hold-words
-- worthwhile: rewrite
-- why: a search by strpos cannot use the index on the trigrams of subjects
-- calls: 700
SELECT m.id, m.subject, m.sent_at FROM messages m WHERE strpos(m.subject, 'Contract 1931') > 0;
-- better:
SELECT m.id, m.subject, m.sent_at FROM messages m WHERE m.subject LIKE '%Contract 1931%';
-- variation:
UPDATE messages SET subject = CASE id % 3 WHEN 0 THEN 'contract 1931' WHEN 1 THEN 'Fwd: Contract 1931%' ELSE 'Contract 1931' END WHERE id < 900;

-- name: messages-flagged-for-review
-- worthwhile: rewrite
-- why: either of two EXISTS is asked for each message, where both of their tables would give the few at once
-- calls: 200
SELECT m.id, m.subject, m.size_bytes
FROM messages m
WHERE EXISTS (SELECT 1 FROM attachments a WHERE a.message_id = m.id AND a.size_bytes > 24500000)
   OR EXISTS (SELECT 1 FROM message_labels ml WHERE ml.message_id = m.id AND ml.label_id = 7117);
-- better:
SELECT m.id, m.subject, m.size_bytes
FROM messages m
WHERE m.id IN (
  SELECT a.message_id FROM attachments a WHERE a.size_bytes > 24500000
  UNION
  SELECT ml.message_id FROM message_labels ml WHERE ml.label_id = 7117
);
-- variation:
UPDATE attachments SET size_bytes = 24500001 WHERE id % 900 = 0;

-- name: delivery-tiles
-- worthwhile: rewrite
-- why: the deliveries are read once for each figure
-- calls: 1440
SELECT (SELECT count(*) FROM deliveries WHERE state = 'queued') AS queued,
       (SELECT count(*) FROM deliveries WHERE state = 'deferred') AS deferred,
       (SELECT count(*) FROM deliveries WHERE state = 'bounced') AS bounced,
       (SELECT max(attempts) FROM deliveries WHERE state = 'deferred') AS most_attempts,
       (SELECT count(*) FROM deliveries WHERE error IS NOT NULL) AS with_errors;
-- better:
SELECT count(*) FILTER (WHERE state = 'queued') AS queued,
       count(*) FILTER (WHERE state = 'deferred') AS deferred,
       count(*) FILTER (WHERE state = 'bounced') AS bounced,
       max(attempts) FILTER (WHERE state = 'deferred') AS most_attempts,
       count(error) AS with_errors
FROM deliveries;
-- variation:
DELETE FROM deliveries WHERE state = 'deferred';

-- name: threads-that-i-may-see
-- worthwhile: rewrite
-- why: own threads and shared ones are two ways that an OR closes both
-- calls: 5000
SELECT t.id, t.subject, t.last_message_at
FROM threads t
WHERE t.account_id = 1203 OR t.id IN (SELECT s.thread_id FROM thread_shares s WHERE s.account_id = 1203);
-- better:
SELECT t.id, t.subject, t.last_message_at FROM threads t WHERE t.account_id = 1203
UNION
SELECT t.id, t.subject, t.last_message_at FROM thread_shares s JOIN threads t ON t.id = s.thread_id WHERE s.account_id = 1203;
-- variation:
UPDATE thread_shares SET account_id = 1203 WHERE thread_id % 50 = 0 AND NOT EXISTS (SELECT 1 FROM thread_shares x WHERE x.thread_id = thread_shares.thread_id AND x.account_id <> thread_shares.account_id);

-- name: deferred-mail-that-is-due
-- worthwhile: index
-- why: a queue is polled that a few rows of many are in
-- calls: 17000
SELECT d.id, d.message_id, d.host, d.attempts
FROM deliveries d
WHERE d.state = 'deferred' AND d.next_attempt_at <= '2024-06-01 04:00'
ORDER BY d.next_attempt_at, d.id
LIMIT 100;
-- index:
CREATE INDEX ON deliveries (next_attempt_at, id) WHERE state = 'deferred';

-- name: forget-contacts-without-mail
-- worthwhile: index
-- why: the recipients that refer to a contact are sought by reading all of them, for every contact that goes
-- calls: 400
DELETE FROM contacts c
WHERE c.account_id = 977 AND c.last_mailed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM recipients r WHERE r.contact_id = c.id);
-- index:
CREATE INDEX ON recipients (contact_id);

-- name: contact-by-address
-- worthwhile: index
-- why: addresses are compared in lower case, which no index holds
-- calls: 8000
SELECT c.id, c.account_id, c.name, c.is_blocked FROM contacts c WHERE lower(c.address) = 'k6239@firm879.example';
-- index:
CREATE INDEX ON contacts (lower(address));

-- name: first-page-of-threads
-- worthwhile: no
-- why: the index gives the page in its order
-- calls: 20000
SELECT t.id, t.subject, t.last_message_at FROM threads t WHERE t.account_id = 241 AND NOT t.is_archived ORDER BY t.last_message_at DESC, t.id DESC LIMIT 50;

-- name: messages-of-a-thread
-- worthwhile: no
-- why: one thread, by the index on threads, with the attachments of each by theirs
-- calls: 18000
SELECT m.id, m.from_address, m.sent_at, m.preview,
       (SELECT count(*) FROM attachments a WHERE a.message_id = m.id) AS attachments
FROM messages m
WHERE m.thread_id = 33
ORDER BY m.sent_at, m.id;

-- name: mail-without-labels
-- worthwhile: no
-- why: most messages are in the answer, and an anti-join by hashing reads each table once
-- calls: 4
SELECT count(*) AS messages
FROM messages m
LEFT JOIN message_labels ml ON ml.message_id = m.id
WHERE ml.message_id IS NULL;

-- name: newest-threads-with-counts
-- worthwhile: no
-- why: the counts are taken for the rows of the page alone, after they are sorted and cut
-- calls: 9000
SELECT t.id, t.subject, (SELECT count(*) FROM messages m WHERE m.thread_id = t.id) AS messages, (SELECT count(*) FROM thread_shares s WHERE s.thread_id = t.id) AS shares
FROM threads t
WHERE t.account_id = 361
ORDER BY t.last_message_at DESC, t.id DESC
LIMIT 25;

-- name: volume-by-month
-- worthwhile: no
-- why: a report over all messages
-- calls: 2
SELECT date_trunc('month', m.sent_at) AS month, count(*) AS messages, sum(m.size_bytes) AS bytes
FROM messages m
GROUP BY 1
ORDER BY 1;

-- name: labels-below-a-label
-- worthwhile: no
-- why: a tree is walked down from its root, a few labels of one account
-- calls: 3000
WITH RECURSIVE below AS (
  SELECT l.id, l.name, 0 AS depth FROM labels l WHERE l.account_id = 77 AND l.name = 'work'
  UNION ALL
  SELECT c.id, c.name, b.depth + 1 FROM below b JOIN labels c ON c.parent_id = b.id AND c.account_id = 77
)
SELECT id, name, depth FROM below;

-- name: senders-that-are-not-blocked
-- worthwhile: no
-- why: the blocked addresses are hashed once and looked up for the mail of a day
-- calls: 100
SELECT m.id, m.from_address
FROM messages m
WHERE m.sent_at >= '2023-05-04' AND m.sent_at < '2023-05-05'
  AND m.from_address NOT IN (SELECT c.address FROM contacts c WHERE c.is_blocked);

-- name: thread-or-sender
-- worthwhile: no
-- why: both sides of the OR are columns of one table with an index each, which are combined
-- calls: 400
SELECT m.id, m.subject, m.sent_at FROM messages m WHERE m.thread_id = 41 OR m.from_address = 'jo10013@firm698.example' ORDER BY m.sent_at, m.id;
