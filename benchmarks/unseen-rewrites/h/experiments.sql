-- name: conversion-by-variant
-- worthwhile: rewrite
-- why: visitors are multiplied with their purchases and counted with DISTINCT, though each is assigned once
-- calls: 400
SELECT a.variant_id, count(DISTINCT a.visitor_id) AS visitors, count(DISTINCT e.visitor_id) AS converted
FROM assignments a
LEFT JOIN events e ON e.visitor_id = a.visitor_id AND e.name IN ('click', 'purchase') AND e.occurred_at >= a.assigned_at
WHERE a.experiment_id = 136
GROUP BY a.variant_id;
-- better:
SELECT a.variant_id, count(*) AS visitors,
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM events e WHERE e.visitor_id = a.visitor_id AND e.name IN ('click', 'purchase') AND e.occurred_at >= a.assigned_at)) AS converted
FROM assignments a
WHERE a.experiment_id = 136
GROUP BY a.variant_id;
-- variation:
DELETE FROM events WHERE visitor_id % 2 = 0;

-- name: flags-not-evaluated-lately
-- worthwhile: rewrite
-- why: all evaluations are grouped to find the last day of each flag, where one row since then rules it out
-- calls: 30
SELECT f.id, f.key
FROM flags f
LEFT JOIN evaluations e ON e.flag_id = f.id
WHERE NOT f.is_archived
GROUP BY f.id
HAVING max(e.day) < '2024-03-01' OR max(e.day) IS NULL;
-- better:
SELECT f.id, f.key
FROM flags f
WHERE NOT f.is_archived AND NOT EXISTS (SELECT 1 FROM evaluations e WHERE e.flag_id = f.id AND e.day >= '2024-03-01');
-- variation:
DELETE FROM evaluations WHERE flag_id % 3 = 0;
-- variation:
UPDATE evaluations SET day = day - 400 WHERE flag_id % 5 = 0;

-- name: active-visitors-of-a-fortnight
-- worthwhile: rewrite
-- why: days are joined by a cast of the time, which leaves all events to be read for two weeks of them
-- calls: 300
SELECT d.day, count(DISTINCT e.visitor_id) AS visitors
FROM (SELECT g::date AS day FROM generate_series(timestamp '2023-10-01', timestamp '2023-10-14', interval '1 day') g) d
LEFT JOIN events e ON e.occurred_at::date = d.day
GROUP BY d.day;
-- better:
SELECT d.day, count(DISTINCT e.visitor_id) AS visitors
FROM (SELECT g::date AS day FROM generate_series(timestamp '2023-10-01', timestamp '2023-10-14', interval '1 day') g) d
LEFT JOIN events e ON e.occurred_at::date = d.day AND e.occurred_at >= '2023-10-01' AND e.occurred_at < '2023-10-15'
GROUP BY d.day;
-- variation:
DELETE FROM events WHERE occurred_at >= '2023-10-03' AND occurred_at < '2023-10-05';

-- name: settings-that-name-a-segment
-- worthwhile: rewrite
-- why: the rules of each setting are unfolded to look for a segment, past the index on them
-- calls: 500
SELECT s.flag_id, s.environment_id, s.updated_at
FROM flag_settings s
WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(s.rules) r WHERE r ->> 'segment' = 'segment 217');
-- better:
SELECT s.flag_id, s.environment_id, s.updated_at
FROM flag_settings s
WHERE s.rules @> '[{"segment": "segment 217"}]';
-- variation:
UPDATE flag_settings SET rules = CASE flag_id % 5 WHEN 0 THEN '["segment 217"]'::jsonb WHEN 1 THEN '[[{"segment": "segment 217"}]]' WHEN 2 THEN '[{"segment": null}, {"segment": "segment 217"}]' WHEN 3 THEN '[{"segment": ["segment 217"]}]' ELSE '[]' END;

-- name: last-change-of-flags
-- worthwhile: rewrite
-- why: the last change of every flag is found, for those of one project
-- calls: 2500
SELECT f.id, f.key, c.changed_at, coalesce(c.changes, 0) AS changes
FROM flags f
LEFT JOIN (SELECT object_id, max(at) AS changed_at, count(*) AS changes FROM audit_log WHERE object_kind = 'flag' GROUP BY object_id) c ON c.object_id = f.id
WHERE f.project_id = 64;
-- better:
SELECT f.id, f.key, c.changed_at, c.changes
FROM flags f
CROSS JOIN LATERAL (SELECT max(at) AS changed_at, count(*) AS changes FROM audit_log WHERE object_kind = 'flag' AND object_id = f.id) c
WHERE f.project_id = 64;
-- variation:
DELETE FROM audit_log WHERE object_id % 2 = 0;

-- name: history-of-an-object
-- worthwhile: rewrite
-- why: the number is turned to text to be compared, so that its index is of no use
-- calls: 3000
SELECT l.id, l.action, l.actor_id, l.at FROM audit_log l WHERE l.object_kind = 'flag' AND l.object_id::text = '3081';
-- better:
SELECT l.id, l.action, l.actor_id, l.at FROM audit_log l WHERE l.object_kind = 'flag' AND l.object_id = 3081;
-- variation:
UPDATE audit_log SET object_id = 3081 WHERE id % 90 = 0;

-- name: share-of-each-variant
-- worthwhile: rewrite
-- why: the visitors of an experiment are counted again for each of its variants
-- calls: 100
SELECT a.experiment_id, a.variant_id, count(*) AS visitors,
       round(100.0 * count(*) / (SELECT count(*) FROM assignments t WHERE t.experiment_id = a.experiment_id), 2) AS percent
FROM assignments a
GROUP BY a.experiment_id, a.variant_id;
-- better:
SELECT g.experiment_id, g.variant_id, g.visitors, round(100.0 * g.visitors / sum(g.visitors) OVER (PARTITION BY g.experiment_id), 2) AS percent
FROM (SELECT a.experiment_id, a.variant_id, count(*) AS visitors FROM assignments a GROUP BY a.experiment_id, a.variant_id) g;
-- variation:
UPDATE assignments SET variant_id = experiment_id WHERE visitor_id % 3 > 0;

-- name: events-of-a-month
-- worthwhile: rewrite
-- why: the visitors are joined, though every event has one and nothing of it is asked for
-- calls: 60
SELECT e.name, count(*) AS events, sum(e.value) AS value
FROM events e
JOIN visitors v ON v.id = e.visitor_id
WHERE e.occurred_at >= '2023-04-01' AND e.occurred_at < '2023-05-01'
GROUP BY e.name;
-- better:
SELECT e.name, count(*) AS events, sum(e.value) AS value
FROM events e
WHERE e.occurred_at >= '2023-04-01' AND e.occurred_at < '2023-05-01'
GROUP BY e.name;
-- variation:
DELETE FROM events WHERE name = 'purchase';

-- name: profile-of-a-visitor
-- worthwhile: rewrite
-- why: a query in WITH that is used twice is computed for all visitors, though both uses ask for one
-- calls: 4000
WITH numbered AS (
  SELECT e.*, lag(e.occurred_at) OVER (PARTITION BY e.visitor_id ORDER BY e.occurred_at, e.id) AS before
  FROM events e
)
SELECT (SELECT count(*) FROM numbered n WHERE n.visitor_id = 1201 AND (n.before IS NULL OR n.occurred_at - n.before > interval '30 minutes')) AS visits,
       (SELECT sum(n.value) FROM numbered n WHERE n.visitor_id = 1201 AND n.name = 'purchase') AS spent;
-- better:
WITH numbered AS (
  SELECT e.*, lag(e.occurred_at) OVER (ORDER BY e.occurred_at, e.id) AS before
  FROM events e
  WHERE e.visitor_id = 1201
)
SELECT count(*) FILTER (WHERE n.before IS NULL OR n.occurred_at - n.before > interval '30 minutes') AS visits,
       sum(n.value) FILTER (WHERE n.name = 'purchase') AS spent
FROM numbered n;
-- variation:
UPDATE events SET visitor_id = 1201, occurred_at = '2023-05-05' WHERE id % 300 = 0;

-- name: visitors-who-spend-most
-- worthwhile: rewrite
-- why: the spending of every visitor is summed up twice over, once to choose and once to show
-- calls: 20
SELECT v.id, v.country, (SELECT sum(e.value) FROM events e WHERE e.visitor_id = v.id AND e.name = 'purchase') AS spent
FROM visitors v
WHERE (SELECT sum(e.value) FROM events e WHERE e.visitor_id = v.id AND e.name = 'purchase') > 1500
ORDER BY spent DESC, v.id
LIMIT 50;
-- better:
SELECT v.id, v.country, s.spent
FROM (SELECT e.visitor_id, sum(e.value) AS spent FROM events e WHERE e.name = 'purchase' GROUP BY e.visitor_id HAVING sum(e.value) > 1500) s
JOIN visitors v ON v.id = s.visitor_id
ORDER BY s.spent DESC, v.id
LIMIT 50;
-- variation:
UPDATE events SET value = NULL WHERE name = 'purchase' AND id % 2 = 0;

-- name: assignments-since-the-last-export
-- worthwhile: index
-- why: the assignments of a day are found by reading all of them
-- calls: 300
SELECT a.experiment_id, a.visitor_id, a.variant_id, a.assigned_at FROM assignments a WHERE a.assigned_at >= '2024-02-08' ORDER BY a.assigned_at, a.visitor_id;
-- index:
CREATE INDEX ON assignments (assigned_at);

-- name: actions-of-a-person
-- worthwhile: index
-- why: the entries of one person are found by reading the log
-- calls: 600
SELECT l.object_kind, l.object_id, l.action, l.at FROM audit_log l WHERE l.actor_id = 407 AND l.action <> 'create' ORDER BY l.at DESC, l.id DESC;
-- index:
CREATE INDEX ON audit_log (actor_id);

-- name: large-purchases
-- worthwhile: index
-- why: the few large ones of all purchases are found by reading all events
-- calls: 200
SELECT e.id, e.visitor_id, e.value, e.occurred_at FROM events e WHERE e.name = 'purchase' AND e.value >= 204 ORDER BY e.value DESC, e.id;
-- index:
CREATE INDEX ON events (value) WHERE name = 'purchase';

-- name: settings-for-a-client
-- worthwhile: no
-- why: the flags of one project by the unique index, and the setting of each by its key
-- calls: 90000
SELECT f.key, s.is_on, s.rules FROM flags f JOIN flag_settings s ON s.flag_id = f.id WHERE f.project_id = 71 AND s.environment_id = 71 AND NOT f.is_archived;

-- name: events-of-a-visitor
-- worthwhile: no
-- why: the index gives the latest events of one visitor
-- calls: 8000
SELECT e.id, e.name, e.value, e.occurred_at FROM events e WHERE e.visitor_id = 30211 ORDER BY e.occurred_at DESC LIMIT 50;

-- name: events-by-name-and-month
-- worthwhile: no
-- why: a report over all events
-- calls: 2
SELECT date_trunc('month', e.occurred_at) AS month, e.name, count(*) AS events FROM events e GROUP BY 1, 2 ORDER BY 1, 2;

-- name: visitors-of-two-experiments
-- worthwhile: no
-- why: two ranges of the primary key are joined
-- calls: 80
SELECT count(*) AS visitors FROM assignments a JOIN assignments b ON b.visitor_id = a.visitor_id WHERE a.experiment_id = 901 AND b.experiment_id = 903;

-- name: flags-of-people-who-left
-- worthwhile: no
-- why: two small tables, hashed
-- calls: 20
SELECT f.id, f.key, p.email FROM flags f JOIN people p ON p.id = f.owner_id WHERE p.left_on IS NOT NULL AND NOT f.is_archived AND f.kind IN (SELECT g.kind FROM flags g WHERE g.id <= 20);

-- name: evaluations-of-a-flag
-- worthwhile: no
-- why: a range of the primary key, grouped by its day
-- calls: 7000
SELECT e.day, sum(e.evaluations) AS evaluations FROM evaluations e WHERE e.flag_id = 2401 AND e.day >= '2024-01-01' GROUP BY e.day ORDER BY e.day;

-- name: pro-events-of-a-visitor
-- worthwhile: no
-- why: one visitor has few events, whose documents are soon looked into
-- calls: 900
SELECT e.id, e.name, e.occurred_at FROM events e WHERE e.visitor_id = 1201 AND e.props ->> 'plan' = 'pro' ORDER BY e.occurred_at, e.id;
