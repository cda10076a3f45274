-- name: runs-finished-in-the-last-quarter-hour
-- worthwhile: rewrite
-- why: the interval is added to the column, which hides it from its index
-- calls: 1440
SELECT r.id, r.schedule_id, r.state, r.finished_at, r.error_class
FROM runs r
WHERE r.finished_at + interval '15 minutes' >= '2024-05-13 12:00';
-- better:
SELECT r.id, r.schedule_id, r.state, r.finished_at, r.error_class
FROM runs r
WHERE r.finished_at >= timestamp '2024-05-13 12:00' - interval '15 minutes';
-- variation:
UPDATE runs SET finished_at = '2024-05-13 11:45' WHERE id % 1000 = 0;
-- variation:
UPDATE runs SET finished_at = NULL WHERE finished_at >= '2024-05-13 11:55';

-- name: schedules-with-their-figures
-- worthwhile: rewrite
-- why: three subqueries read the runs of each schedule anew
-- calls: 40
SELECT s.id, s.name,
       (SELECT count(*) FROM runs r WHERE r.schedule_id = s.id) AS runs,
       (SELECT count(*) FROM runs r WHERE r.schedule_id = s.id AND r.state = 'failed') AS failed,
       (SELECT max(r.attempt) FROM runs r WHERE r.schedule_id = s.id AND r.state = 'done') AS attempts
FROM schedules s
WHERE s.is_enabled;
-- better:
SELECT s.id, s.name, coalesce(r.runs, 0) AS runs, coalesce(r.failed, 0) AS failed, r.attempts
FROM schedules s
LEFT JOIN (
  SELECT schedule_id, count(*) AS runs, count(*) FILTER (WHERE state = 'failed') AS failed,
         max(attempt) FILTER (WHERE state = 'done') AS attempts
  FROM runs
  GROUP BY schedule_id
) r ON r.schedule_id = s.id
WHERE s.is_enabled;
-- variation:
UPDATE runs SET state = 'failed' WHERE schedule_id % 30 = 0;

-- name: latest-run-of-each-schedule
-- worthwhile: rewrite
-- why: all runs are read to keep one of each schedule
-- calls: 300
SELECT DISTINCT ON (r.schedule_id) r.schedule_id, r.id, r.state, r.enqueued_at, r.attempt
FROM runs r
ORDER BY r.schedule_id, r.enqueued_at DESC, r.id DESC;
-- better:
SELECT r.schedule_id, r.id, r.state, r.enqueued_at, r.attempt
FROM schedules s
CROSS JOIN LATERAL (
  SELECT x.schedule_id, x.id, x.state, x.enqueued_at, x.attempt
  FROM runs x
  WHERE x.schedule_id = s.id
  ORDER BY x.enqueued_at DESC, x.id DESC
  LIMIT 1
) r
ORDER BY r.schedule_id;
-- variation:
UPDATE runs SET enqueued_at = '2024-06-01' WHERE id % 20 = 0;

-- name: queues-in-use
-- worthwhile: rewrite
-- why: all runs are read to find the few queues that they name
-- calls: 500
SELECT DISTINCT r.queue_id FROM runs r;
-- better:
SELECT q.id FROM queues q WHERE EXISTS (SELECT 1 FROM runs r WHERE r.queue_id = q.id);
-- variation:
UPDATE runs SET queue_id = 7 WHERE queue_id = 8;

-- name: retries-of-a-run
-- worthwhile: rewrite
-- why: the chains of all runs are followed, to keep those of one
-- calls: 200
WITH RECURSIVE chain AS (
  SELECT r.id, r.id AS first_id, 0 AS depth, r.state FROM runs r WHERE r.retry_of_id IS NULL
  UNION ALL
  SELECT r.id, c.first_id, c.depth + 1, r.state FROM chain c JOIN runs r ON r.retry_of_id = c.id
)
SELECT id, depth, state FROM chain WHERE first_id = 100012;
-- better:
WITH RECURSIVE chain AS (
  SELECT r.id, 0 AS depth, r.state FROM runs r WHERE r.retry_of_id IS NULL AND r.id = 100012
  UNION ALL
  SELECT r.id, c.depth + 1, r.state FROM chain c JOIN runs r ON r.retry_of_id = c.id
)
SELECT id, depth, state FROM chain;
-- variation:
UPDATE runs SET retry_of_id = CASE WHEN id > 100012 THEN 100012 END WHERE id BETWEEN 100012 AND 100112;

-- name: page-of-runs-with-their-number
-- worthwhile: rewrite
-- why: the number of all is a window over all rows of the tenant, with their payloads, for a page of 25
-- calls: 1500
-- ordered: yes
SELECT r.id, r.state, r.enqueued_at, r.error_class, r.payload, count(*) OVER () AS of_all
FROM runs r
WHERE r.tenant_id = 1
ORDER BY r.enqueued_at DESC, r.id DESC
LIMIT 25;
-- better:
SELECT r.id, r.state, r.enqueued_at, r.error_class, r.payload,
       (SELECT count(*) FROM runs x WHERE x.tenant_id = 1) AS of_all
FROM runs r
WHERE r.tenant_id = 1
ORDER BY r.enqueued_at DESC, r.id DESC
LIMIT 25;
-- variation:
UPDATE runs SET tenant_id = 2 WHERE tenant_id = 1 AND id > 5000;

-- name: newest-runs-with-log-lines
-- worthwhile: rewrite
-- why: the log lines of all runs are counted before twenty runs are taken
-- calls: 900
-- ordered: yes
SELECT r.id, r.state, r.enqueued_at, count(l.id) AS lines, count(l.id) FILTER (WHERE l.level = 'error') AS errors
FROM runs r
LEFT JOIN run_logs l ON l.run_id = r.id
GROUP BY r.id
ORDER BY r.enqueued_at DESC, r.id DESC
LIMIT 20;
-- better:
SELECT r.id, r.state, r.enqueued_at, count(l.id) AS lines, count(l.id) FILTER (WHERE l.level = 'error') AS errors
FROM (SELECT id, state, enqueued_at FROM runs ORDER BY enqueued_at DESC, id DESC LIMIT 20) r
LEFT JOIN run_logs l ON l.run_id = r.id
GROUP BY r.id, r.state, r.enqueued_at
ORDER BY r.enqueued_at DESC, r.id DESC;
-- variation:
UPDATE run_logs SET run_id = 260000 - id % 40;

-- name: purge-of-old-log-lines
-- worthwhile: rewrite
-- why: the month is taken of each line's time, which hides it from its index
-- calls: 30
DELETE FROM run_logs WHERE date_trunc('month', at) < '2021-07-01';
-- better:
DELETE FROM run_logs WHERE at < '2021-07-01';
-- variation:
UPDATE run_logs SET at = '2021-07-01' WHERE id % 1000 = 0;
-- variation:
UPDATE run_logs SET at = '2021-06-30 23:59:59.999999' WHERE id % 1000 = 1;

-- name: chart-of-runs-by-hour
-- worthwhile: rewrite
-- why: the hours are joined with the hours of all runs, though the chart shows two days
-- calls: 800
-- ordered: yes
SELECT h AS hour, count(r.id) AS runs, count(r.id) FILTER (WHERE r.state = 'failed') AS failed
FROM generate_series(timestamp '2024-05-01 00:00', timestamp '2024-05-02 23:00', interval '1 hour') h
LEFT JOIN runs r ON date_trunc('hour', r.enqueued_at) = h
GROUP BY h
ORDER BY h;
-- better:
SELECT h AS hour, count(r.id) AS runs, count(r.id) FILTER (WHERE r.state = 'failed') AS failed
FROM generate_series(timestamp '2024-05-01 00:00', timestamp '2024-05-02 23:00', interval '1 hour') h
LEFT JOIN runs r
  ON date_trunc('hour', r.enqueued_at) = h AND r.enqueued_at >= '2024-05-01' AND r.enqueued_at < '2024-05-03'
GROUP BY h
ORDER BY h;
-- variation:
UPDATE runs SET enqueued_at = '2024-05-03' WHERE id % 1000 = 0;

-- name: runs-that-want-a-look
-- worthwhile: rewrite
-- why: an OR of two EXISTS asks both of every run
-- calls: 400
SELECT r.id, r.schedule_id, r.state, r.finished_at
FROM runs r
WHERE EXISTS (SELECT 1 FROM alerts a WHERE a.run_id = r.id AND a.acknowledged_at IS NULL)
   OR EXISTS (SELECT 1 FROM run_tags t WHERE t.run_id = r.id AND t.tag = 'incident');
-- better:
SELECT r.id, r.schedule_id, r.state, r.finished_at
FROM runs r
WHERE r.id IN (
  SELECT a.run_id FROM alerts a WHERE a.acknowledged_at IS NULL
  UNION
  SELECT t.run_id FROM run_tags t WHERE t.tag = 'incident'
);
-- variation:
UPDATE alerts SET acknowledged_at = NULL, run_id = 1 + id % 500 WHERE id % 3 = 0;

-- name: next-runs-to-claim
-- worthwhile: index
-- why: few runs are queued, and no index finds them by priority
-- calls: 20000
SELECT r.id, r.schedule_id, r.payload
FROM runs r
WHERE r.state = 'queued' AND r.queue_id = 17
ORDER BY r.priority DESC, r.enqueued_at, r.id
LIMIT 10
FOR UPDATE SKIP LOCKED;
-- index:
CREATE INDEX ON runs (queue_id, priority DESC, enqueued_at, id) WHERE state = 'queued';

-- name: failures-of-a-class
-- worthwhile: index
-- why: one kind of error is looked for among all that finished in half a year
-- calls: 120
-- ordered: yes
SELECT r.id, r.schedule_id, r.worker_id, r.finished_at
FROM runs r
WHERE r.error_class = 'OutOfMemory' AND r.finished_at >= '2023-11-01'
ORDER BY r.finished_at DESC, r.id;
-- index:
CREATE INDEX ON runs (error_class, finished_at);

-- name: runs-with-a-tag
-- worthwhile: index
-- why: the primary key of the tags begins with the run
-- calls: 250
-- ordered: yes
SELECT r.id, r.state, r.enqueued_at
FROM run_tags t
JOIN runs r ON r.id = t.run_id
WHERE t.tag = 'tag 551'
ORDER BY r.enqueued_at DESC, r.id
LIMIT 50;
-- index:
CREATE INDEX ON run_tags (tag, run_id);

-- name: workers-that-fell-silent
-- worthwhile: no
-- why: the workers are few
-- calls: 8000
SELECT w.id, w.host, w.heartbeat_at FROM workers w WHERE w.heartbeat_at + interval '10 minutes' < '2024-05-31 12:00';

-- name: last-runs-of-a-schedule
-- worthwhile: no
-- why: the index gives the newest of the schedule in order
-- calls: 6000
-- ordered: yes
SELECT r.id, r.state, r.attempt, r.enqueued_at, r.finished_at, w.host
FROM runs r
LEFT JOIN workers w ON w.id = r.worker_id
WHERE r.schedule_id = 841
ORDER BY r.enqueued_at DESC, r.id DESC
LIMIT 20;

-- name: runs-by-state-and-month
-- worthwhile: no
-- why: the report is about all runs
-- calls: 4
SELECT date_trunc('month', r.enqueued_at) AS month, r.state, count(*) AS runs FROM runs r GROUP BY 1, 2;

-- name: chart-of-a-day-by-hour
-- worthwhile: no
-- why: the range is given, so that the index finds the day
-- calls: 900
SELECT date_trunc('hour', r.enqueued_at) AS hour, count(*) AS runs, avg(r.attempt) AS attempts
FROM runs r
WHERE r.enqueued_at >= '2024-05-07' AND r.enqueued_at < '2024-05-08'
GROUP BY 1;

-- name: tree-of-retries-from-a-run
-- worthwhile: no
-- why: it starts at one run and follows an index
-- calls: 500
WITH RECURSIVE chain AS (
  SELECT r.id, r.retry_of_id, 0 AS depth FROM runs r WHERE r.id = 100013
  UNION ALL
  SELECT r.id, r.retry_of_id, c.depth + 1 FROM chain c JOIN runs r ON r.id = c.retry_of_id
)
SELECT id, depth FROM chain;

-- name: schedules-that-nothing-waits-for
-- worthwhile: no
-- why: the small tables are read once, and the list of NOT IN holds no NULL
-- calls: 60
SELECT s.id, s.name, s.cron
FROM schedules s
WHERE s.is_enabled AND s.id NOT IN (SELECT n.needs_id FROM schedule_needs n);

-- name: open-alerts-with-runs
-- worthwhile: no
-- why: a small table's open rows are joined by primary key
-- calls: 700
-- ordered: yes
SELECT a.id, a.raised_at, a.channel, r.id AS run_id, r.error_class, s.name
FROM alerts a
JOIN runs r ON r.id = a.run_id
JOIN schedules s ON s.id = r.schedule_id
WHERE a.acknowledged_at IS NULL
ORDER BY a.raised_at DESC, a.id
LIMIT 50;
