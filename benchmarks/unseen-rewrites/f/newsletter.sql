-- name: campaign-figures
-- worthwhile: rewrite
-- why: opens and clicks multiply each other before DISTINCT takes it back
-- calls: 300
SELECT c.id, c.subject, c.sent_at, count(DISTINCT s.id) AS sent, count(DISTINCT o.send_id) AS opened, count(DISTINCT k.send_id) AS clicked
FROM campaigns c
LEFT JOIN sends s ON s.campaign_id = c.id
LEFT JOIN opens o ON o.send_id = s.id
LEFT JOIN clicks k ON k.send_id = s.id
WHERE c.status = 'sent'
GROUP BY c.id, c.subject, c.sent_at;
-- better:
SELECT c.id, c.subject, c.sent_at, coalesce(s.sent, 0) AS sent, coalesce(s.opened, 0) AS opened, coalesce(s.clicked, 0) AS clicked
FROM campaigns c
LEFT JOIN (SELECT e.campaign_id, count(*) AS sent, count(*) FILTER (WHERE e.id IN (SELECT o.send_id FROM opens o)) AS opened,
                  count(*) FILTER (WHERE e.id IN (SELECT k.send_id FROM clicks k)) AS clicked
           FROM sends e GROUP BY e.campaign_id) s ON s.campaign_id = c.id
WHERE c.status = 'sent';
-- variation:
DELETE FROM clicks WHERE id % 2 = 0; DELETE FROM opens WHERE id % 5 < 3;

-- name: segment-engaged-or-listed
-- worthwhile: rewrite
-- why: two lists of members beside OR are tested on each subscriber; together they are few
-- calls: 420
SELECT s.id, s.email, s.first_name FROM subscribers s
WHERE s.id IN (SELECT m.subscriber_id FROM list_members m WHERE m.list_id = 115)
   OR s.id IN (SELECT e.subscriber_id FROM sends e JOIN clicks k ON k.send_id = e.id WHERE e.campaign_id = 1190);
-- better:
SELECT s.id, s.email, s.first_name FROM subscribers s
WHERE s.id IN (SELECT m.subscriber_id FROM list_members m WHERE m.list_id = 115
               UNION
               SELECT e.subscriber_id FROM sends e JOIN clicks k ON k.send_id = e.id WHERE e.campaign_id = 1190);

-- name: subscribers-with-tag
-- worthwhile: rewrite
-- why: the array is taken apart for each row, while its GIN index answers containment
-- calls: 800
SELECT s.id, s.email, s.tags FROM subscribers s
WHERE EXISTS (SELECT 1 FROM unnest(s.tags) AS t(tag) WHERE t.tag = 'tag551');
-- better:
SELECT s.id, s.email, s.tags FROM subscribers s
WHERE s.tags @> ARRAY['tag551'];
-- variation:
UPDATE subscribers SET tags = tags || NULL::text WHERE id % 4 = 0;

-- name: activity-feed
-- worthwhile: rewrite
-- why: UNION compares all events, which cannot be equal; UNION ALL lets both indexes give the newest
-- calls: 2400
-- ordered: yes
SELECT * FROM (
  SELECT 'open' AS kind, o.id, o.send_id, o.opened_epoch AS epoch, o.agent AS detail FROM opens o
  UNION
  SELECT 'click', k.id, k.send_id, k.clicked_epoch, k.url FROM clicks k
) events
ORDER BY epoch DESC, kind, id LIMIT 25;
-- better:
SELECT * FROM (
  SELECT 'open' AS kind, o.id, o.send_id, o.opened_epoch AS epoch, o.agent AS detail FROM opens o
  UNION ALL
  SELECT 'click', k.id, k.send_id, k.clicked_epoch, k.url FROM clicks k
) events
ORDER BY epoch DESC, kind, id LIMIT 25;

-- name: opens-of-an-hour
-- worthwhile: rewrite
-- why: each time is made of its seconds, where the seconds are indexed
-- calls: 700
SELECT o.id, o.send_id, o.agent, to_timestamp(o.opened_epoch) AS opened_at FROM opens o
WHERE to_timestamp(o.opened_epoch) >= '2023-09-05 10:00+00' AND to_timestamp(o.opened_epoch) < '2023-09-05 11:00+00';
-- better:
SELECT o.id, o.send_id, o.agent, to_timestamp(o.opened_epoch) AS opened_at FROM opens o
WHERE o.opened_epoch >= 1693908000 AND o.opened_epoch < 1693911600;

-- name: total-for-pager
-- worthwhile: rewrite
-- why: the count under a page keeps the joins that show the page, and DISTINCT takes back what they multiply
-- calls: 1500
SELECT count(DISTINCT s.id) FROM subscribers s
LEFT JOIN list_members m ON m.subscriber_id = s.id
LEFT JOIN lists l ON l.id = m.list_id
LEFT JOIN sends e ON e.subscriber_id = s.id
WHERE s.account_id = 7 AND s.status = 'active';
-- better:
SELECT count(*) FROM subscribers s
WHERE s.account_id = 7 AND s.status = 'active';

-- name: export-page
-- worthwhile: rewrite
-- why: what stands beside each row is looked up for the forty thousand rows that are passed over
-- calls: 240
-- ordered: yes
SELECT s.id, s.email, a.name AS account,
       (SELECT max(e.sent_at) FROM sends e WHERE e.subscriber_id = s.id) AS last_sent,
       (SELECT count(*) FROM sends e WHERE e.subscriber_id = s.id AND e.bounced_at IS NOT NULL) AS bounces
FROM subscribers s JOIN accounts a ON a.id = s.account_id
ORDER BY s.id LIMIT 100 OFFSET 40000;
-- better:
SELECT s.id, s.email, a.name AS account,
       (SELECT max(e.sent_at) FROM sends e WHERE e.subscriber_id = s.id) AS last_sent,
       (SELECT count(*) FROM sends e WHERE e.subscriber_id = s.id AND e.bounced_at IS NOT NULL) AS bounces
FROM (SELECT * FROM subscribers ORDER BY id LIMIT 100 OFFSET 40000) s JOIN accounts a ON a.id = s.account_id
ORDER BY s.id;

-- name: refresh-counters
-- worthwhile: rewrite
-- why: sends and opens are gathered campaign by campaign, with one look for each send; one pass of each does
-- calls: 24
UPDATE campaigns SET
  sends_count = (SELECT count(*) FROM sends s WHERE s.campaign_id = campaigns.id),
  opens_count = (SELECT count(DISTINCT o.send_id) FROM opens o JOIN sends s ON s.id = o.send_id WHERE s.campaign_id = campaigns.id)
WHERE status = 'sent';
-- better:
UPDATE campaigns SET sends_count = n.sends_count, opens_count = n.opens_count
FROM (SELECT c.id, count(s.id) AS sends_count, count(o.send_id) AS opens_count
      FROM campaigns c
      LEFT JOIN sends s ON s.campaign_id = c.id
      LEFT JOIN (SELECT DISTINCT send_id FROM opens) o ON o.send_id = s.id
      GROUP BY c.id) n
WHERE n.id = campaigns.id AND campaigns.status = 'sent';
-- variation:
DELETE FROM clicks WHERE send_id % 9 = 0; DELETE FROM opens WHERE send_id % 9 = 0; DELETE FROM sends WHERE id % 9 = 0;

-- name: last-send-of-each-campaign
-- worthwhile: rewrite
-- why: all sends are sorted for one a campaign, which an index has at hand
-- calls: 120
SELECT DISTINCT ON (s.campaign_id) s.campaign_id, s.id, s.subscriber_id, s.sent_at
FROM sends s
ORDER BY s.campaign_id, s.sent_at DESC, s.id DESC;
-- better:
SELECT s.campaign_id, s.id, s.subscriber_id, s.sent_at
FROM campaigns c
CROSS JOIN LATERAL (SELECT e.campaign_id, e.id, e.subscriber_id, e.sent_at FROM sends e WHERE e.campaign_id = c.id
                    ORDER BY e.sent_at DESC, e.id DESC LIMIT 1) s;

-- name: subscribers-of-city
-- worthwhile: index
-- why: a field of a document, compared as text
-- calls: 650
SELECT id, email, first_name FROM subscribers WHERE attributes ->> 'city' = 'Town 512' AND status = 'active';
-- index:
CREATE INDEX ON subscribers ((attributes ->> 'city'));

-- name: repeated-bounces
-- worthwhile: index
-- why: one send in sixty bounced, and all are read
-- calls: 96
SELECT s.subscriber_id, count(*) AS bounces, max(s.bounced_at) AS last_bounce FROM sends s
WHERE s.bounced_at IS NOT NULL GROUP BY s.subscriber_id HAVING count(*) >= 2;
-- index:
CREATE INDEX ON sends (subscriber_id, bounced_at) WHERE bounced_at IS NOT NULL;

-- name: newest-subscribers
-- worthwhile: index
-- why: the newest of one large account, which has an index of its own and none by time
-- calls: 3000
-- ordered: yes
SELECT id, email, first_name, status, created_at FROM subscribers WHERE account_id = 1 ORDER BY created_at DESC, id DESC LIMIT 50;
-- index:
CREATE INDEX ON subscribers (account_id, created_at, id);

-- name: members-to-send
-- worthwhile: no
-- why: anti-join of one list's members against a small table, by its index
-- calls: 600
SELECT s.id, s.email FROM list_members m JOIN subscribers s ON s.id = m.subscriber_id
WHERE m.list_id = 530 AND s.status = 'active'
  AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.email = s.email AND (x.account_id = s.account_id OR x.account_id IS NULL));

-- name: status-figures
-- worthwhile: no
-- why: all subscribers are counted, in one pass
-- calls: 60
SELECT account_id, count(*) FILTER (WHERE status = 'active') AS active, count(*) FILTER (WHERE status = 'unsubscribed') AS gone, count(*) AS total
FROM subscribers GROUP BY account_id;

-- name: subscribers-with-any-tag
-- worthwhile: no
-- why: the operator is one that the GIN index answers
-- calls: 500
SELECT id, email, tags FROM subscribers WHERE tags && ARRAY['tag667', 'tag783'] AND account_id < 60;

-- name: next-export-page
-- worthwhile: no
-- why: goes on from the last key
-- calls: 900
-- ordered: yes
SELECT id, email, status FROM subscribers WHERE id > 40100 ORDER BY id LIMIT 100;

-- name: mixed-list-of-people
-- worthwhile: no
-- why: UNION is meant: a person may be in both, and the parts are few rows
-- calls: 300
SELECT e.subscriber_id FROM sends e WHERE e.campaign_id = 1200
UNION
SELECT m.subscriber_id FROM list_members m WHERE m.list_id = 77;

-- name: sends-of-reader
-- worthwhile: no
-- why: OR within one reader's sends
-- calls: 1900
-- ordered: yes
SELECT s.id, s.sent_at, c.subject FROM sends s JOIN campaigns c ON c.id = s.campaign_id
WHERE s.subscriber_id = 2401 AND (s.bounced_at IS NULL OR s.bounce_code = '421') ORDER BY s.sent_at DESC, s.id DESC LIMIT 20;

-- name: agents-of-readers
-- worthwhile: no
-- why: counts all opens by four agents
-- calls: 20
SELECT agent, count(*) AS opens, count(*) * 100.0 / sum(count(*)) OVER () AS share FROM opens GROUP BY agent;

-- name: unsubscribe
-- worthwhile: no
-- why: one row by a unique key
-- calls: 1200
UPDATE subscribers SET status = 'unsubscribed', unsubscribed_at = '2024-06-01 12:00' WHERE account_id = 7 AND email = 'reader517@mail3.example' AND status <> 'unsubscribed';
