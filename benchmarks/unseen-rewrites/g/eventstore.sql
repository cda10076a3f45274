-- name: heads-of-tenant
-- worthwhile: rewrite
-- why: the last event of every stream is sought to show those of one tenant
-- calls: 2600
SELECT s.id, s.category, h.type, h.recorded_at
FROM streams s
JOIN (SELECT DISTINCT ON (stream_id) stream_id, type, recorded_at FROM events ORDER BY stream_id, version DESC) h ON h.stream_id = s.id
WHERE s.tenant_id = 212 AND s.archived_at IS NULL;
-- better:
SELECT s.id, s.category, h.type, h.recorded_at
FROM streams s
CROSS JOIN LATERAL (SELECT e.type, e.recorded_at FROM events e WHERE e.stream_id = s.id ORDER BY e.version DESC LIMIT 1) h
WHERE s.tenant_id = 212 AND s.archived_at IS NULL;

-- name: events-of-article
-- worthwhile: rewrite
-- why: taken out of the document as text, the number of the article misses the index that containment has
-- calls: 800
SELECT e.position, e.stream_id, e.type, e.recorded_at
FROM events e
WHERE e.type = 'ItemAdded' AND e.payload ->> 'sku' = 'SKU-2718';
-- better:
SELECT e.position, e.stream_id, e.type, e.recorded_at
FROM events e
WHERE e.type = 'ItemAdded' AND e.payload @> '{"sku": "SKU-2718"}';
-- variation:
UPDATE events SET payload = CASE position % 3 WHEN 0 THEN '{"sku": ["SKU-2718"]}' WHEN 1 THEN '["SKU-2718"]' ELSE '{"sku": null}' END::jsonb WHERE position % 900 < 3;

-- name: idle-time-before-payment
-- worthwhile: rewrite
-- why: a lookup of the event before, for each event of the store, where lag() has it at hand
-- calls: 12
SELECT type, count(*), avg(extract(epoch FROM recorded_at - before_at)) AS idle_seconds
FROM (SELECT e.type, e.recorded_at,
             (SELECT p.recorded_at FROM events p WHERE p.stream_id = e.stream_id AND p.version < e.version ORDER BY p.version DESC LIMIT 1) AS before_at
      FROM events e) t
GROUP BY type;
-- better:
SELECT type, count(*), avg(extract(epoch FROM recorded_at - before_at)) AS idle_seconds
FROM (SELECT e.type, e.recorded_at, lag(e.recorded_at) OVER (PARTITION BY e.stream_id ORDER BY e.version) AS before_at FROM events e) t
GROUP BY type;

-- name: long-streams-without-snapshot
-- worthwhile: rewrite
-- why: all snapshots of a stream are counted to see whether there are any
-- calls: 60
SELECT s.id, s.tenant_id, s.version
FROM streams s
WHERE s.version >= 2 AND (SELECT count(*) FROM snapshots n WHERE n.stream_id = s.id) = 0;
-- better:
SELECT s.id, s.tenant_id, s.version
FROM streams s
WHERE s.version >= 2 AND NOT EXISTS (SELECT 1 FROM snapshots n WHERE n.stream_id = s.id);

-- name: outbox-backlog
-- worthwhile: rewrite
-- why: UNION compares whole rows with their long texts, though no message has two states
-- calls: 240
SELECT id, event_position, topic, status, attempts, body FROM outbox WHERE status = 'pending'
UNION
SELECT id, event_position, topic, status, attempts, body FROM outbox WHERE status = 'failed';
-- better:
SELECT id, event_position, topic, status, attempts, body FROM outbox WHERE status IN ('pending', 'failed');

-- name: replay-page
-- worthwhile: rewrite
-- why: the position in the feed is spelt with OR, which cannot bound the index that it is ordered by
-- calls: 9800
-- ordered: yes
SELECT e.position, e.stream_id, e.type, e.payload, e.recorded_at
FROM events e
WHERE e.recorded_at > '2024-01-03 09:10:15+00' OR (e.recorded_at = '2024-01-03 09:10:15+00' AND e.position > 164813)
ORDER BY e.recorded_at, e.position
LIMIT 200;
-- better:
SELECT e.position, e.stream_id, e.type, e.payload, e.recorded_at
FROM events e
WHERE (e.recorded_at, e.position) > ('2024-01-03 09:10:15+00', 164813)
ORDER BY e.recorded_at, e.position
LIMIT 200;

-- name: load-by-text-key
-- worthwhile: rewrite
-- why: the program compares keys as text, so that each uuid is written out, past its index
-- calls: 15000
-- ordered: yes
SELECT e.version, e.type, e.payload
FROM events e
WHERE e.stream_id::text = 'f4b6fb7f-4b2e-5b4f-64f0-8c0a0d5b8d13'
ORDER BY e.version;
-- better:
SELECT e.version, e.type, e.payload
FROM events e
WHERE e.stream_id = 'f4b6fb7f-4b2e-5b4f-64f0-8c0a0d5b8d13'
ORDER BY e.version;
-- variation:
INSERT INTO streams VALUES ('f4b6fb7f-4b2e-5b4f-64f0-8c0a0d5b8d13', 1, 'order', 1, now(), NULL); UPDATE events SET stream_id = 'f4b6fb7f-4b2e-5b4f-64f0-8c0a0d5b8d13', version = version + 100000 + position WHERE position % 9000 = 0;

-- name: disputed-and-never-shipped
-- worthwhile: rewrite
-- why: all streams are grouped to find the few that have a rare event
-- calls: 80
SELECT e.stream_id
FROM events e
GROUP BY e.stream_id
HAVING bool_or(e.type = 'PaymentDisputed') AND NOT bool_or(e.type = 'Shipped');
-- better:
SELECT DISTINCT e.stream_id
FROM events e
WHERE e.type = 'PaymentDisputed' AND NOT EXISTS (SELECT 1 FROM events o WHERE o.stream_id = e.stream_id AND o.type = 'Shipped');

-- name: event-types-for-filter
-- worthwhile: rewrite
-- why: nine types are gathered from all events, where the index can be skipped from one to the next
-- calls: 1700
SELECT DISTINCT e.type FROM events e;
-- better:
WITH RECURSIVE types AS (
  (SELECT e.type FROM events e ORDER BY e.type LIMIT 1)
  UNION ALL
  SELECT (SELECT e.type FROM events e WHERE e.type > t.type ORDER BY e.type LIMIT 1) FROM types t WHERE t.type IS NOT NULL
)
SELECT type FROM types WHERE type IS NOT NULL;
-- variation:
UPDATE events SET type = 'Z' || position % 7 WHERE position % 1000 = 0;

-- name: outbox-poll
-- worthwhile: index
-- why: a queue without an index of what waits; the sent ones are read and dropped at each poll
-- calls: 30000
-- ordered: yes
SELECT o.id, o.event_position, o.topic, o.body
FROM outbox o
WHERE o.status = 'failed' AND o.attempts < 3 AND o.next_attempt_at <= '2024-01-03 01:00+00'
ORDER BY o.next_attempt_at, o.id
LIMIT 50;
-- index:
CREATE INDEX ON outbox (next_attempt_at, id) WHERE status = 'failed';

-- name: trace-of-correlation
-- worthwhile: index
-- why: a value that nearly every event has another of, in a document without an index
-- calls: 2400
SELECT e.position, e.stream_id, e.type FROM events e WHERE e.metadata ->> 'correlation_id' = 'c-31415';
-- index:
CREATE INDEX ON events ((metadata ->> 'correlation_id'));

-- name: orders-with-label
-- worthwhile: index
-- why: containment of an array, for which there is no inverted index
-- calls: 1900
SELECT v.stream_id, v.customer_id, v.status, v.total FROM order_view v WHERE v.labels @> ARRAY['l17', 'l93'];
-- index:
CREATE INDEX ON order_view USING gin (labels);

-- name: command-history
-- worthwhile: index
-- why: the foreign key of the commands has no index
-- calls: 5600
-- ordered: yes
SELECT c.id, c.kind, c.issued_by, c.issued_at, c.outcome
FROM commands c
WHERE c.stream_id = (SELECT e.stream_id FROM events e WHERE e.position = 77123)
ORDER BY c.issued_at, c.id;
-- index:
CREATE INDEX ON commands (stream_id, issued_at, id);

-- name: append-check
-- worthwhile: no
-- why: the last entry of one stream in its unique index
-- calls: 40000
SELECT max(e.version) FROM events e WHERE e.stream_id = (SELECT e.stream_id FROM events e WHERE e.position = 4321);

-- name: projection-batch
-- worthwhile: no
-- why: a range of the primary key, with a limit
-- calls: 36000
-- ordered: yes
SELECT e.position, e.stream_id, e.type, e.payload FROM events e WHERE e.position > 151000 ORDER BY e.position LIMIT 500;

-- name: projection-lag
-- worthwhile: no
-- why: thirty rows and the end of an index
-- calls: 7000
SELECT c.projection, (SELECT max(position) FROM events) - c.position AS lag FROM checkpoints c;

-- name: events-per-type
-- worthwhile: no
-- why: a count of all events by type, which an index-only scan gives
-- calls: 20
SELECT type, count(*) FROM events GROUP BY type;

-- name: waiting-sagas-of-cancelled
-- worthwhile: no
-- why: a join of two halves of two tables, each read once
-- calls: 15
SELECT g.id, g.kind, v.customer_id FROM sagas g JOIN order_view v ON v.stream_id = g.stream_id WHERE g.state = 'waiting' AND v.status = 'cancelled';

-- name: stream-versions-off
-- worthwhile: no
-- why: a nightly check that has to read all events
-- calls: 1
SELECT s.id, s.version, e.version AS found
FROM streams s JOIN (SELECT stream_id, max(version) AS version FROM events GROUP BY stream_id) e ON e.stream_id = s.id WHERE s.version <> e.version;

-- name: articles-added-at-once
-- worthwhile: no
-- why: a number, of which the text 3 may be written in other ways too: containment would be another question
-- calls: 8
SELECT count(*) FROM events e WHERE e.type = 'ItemAdded' AND (e.payload ->> 'quantity')::integer = 3;
