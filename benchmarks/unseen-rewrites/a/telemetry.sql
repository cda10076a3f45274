-- name: latest-reading-per-device
-- worthwhile: rewrite
-- why: 300,000 rows are read and sorted for 3,000 of them; the index holds the last one of each device
SELECT DISTINCT ON (r.device_id) r.device_id, r.metric, r.taken_at, r.value
FROM readings r
ORDER BY r.device_id, r.taken_at DESC;
-- better:
SELECT r.device_id, r.metric, r.taken_at, r.value
FROM devices d CROSS JOIN LATERAL (SELECT * FROM readings x WHERE x.device_id = d.id ORDER BY x.taken_at DESC LIMIT 1) r
ORDER BY r.device_id;

-- name: last-contact
-- worthwhile: rewrite
-- why: all readings are aggregated where one probe of the index a device is enough
SELECT device_id, max(taken_at) AS last_contact FROM readings GROUP BY device_id;
-- better:
SELECT d.id, m.last_contact
FROM devices d CROSS JOIN LATERAL (SELECT max(taken_at) AS last_contact FROM readings r WHERE r.device_id = d.id) m
WHERE m.last_contact IS NOT NULL;

-- name: readings-of-a-day
-- worthwhile: rewrite
-- why: date_trunc on the indexed column
SELECT device_id, metric, value FROM readings WHERE date_trunc('day', taken_at) = '2025-02-10' AND quality = 0;
-- better:
SELECT device_id, metric, value FROM readings
WHERE taken_at >= timestamptz '2025-02-10' AND taken_at < timestamptz '2025-02-11' AND quality = 0;

-- name: fresh-readings
-- worthwhile: rewrite
-- why: arithmetic on the column's side of the comparison
SELECT count(*), avg(value) FROM readings WHERE taken_at + interval '6 hours' >= timestamptz '2025-02-27 20:00:00+00';
-- better:
SELECT count(*), avg(value) FROM readings WHERE taken_at >= timestamptz '2025-02-27 20:00:00+00' - interval '6 hours';

-- name: lisbon-day
-- worthwhile: rewrite
-- why: the conversion to local time stands on the column's side
SELECT metric, min(value), max(value) FROM readings
WHERE (taken_at AT TIME ZONE 'Europe/Lisbon')::date = DATE '2025-02-12' GROUP BY metric;
-- better:
SELECT metric, min(value), max(value) FROM readings
WHERE taken_at >= timestamp '2025-02-12' AT TIME ZONE 'Europe/Lisbon' AND taken_at < timestamp '2025-02-13' AT TIME ZONE 'Europe/Lisbon' GROUP BY metric;

-- name: alert-ordinal
-- worthwhile: rewrite
-- why: all alerts are read for each alert shown
SELECT a.id, a.device_id, a.raised_at,
       (SELECT count(*) FROM alerts earlier WHERE earlier.device_id = a.device_id AND earlier.raised_at <= a.raised_at) AS ordinal
FROM alerts a WHERE a.severity = 'critical' AND a.raised_at >= '2025-02-24';
-- better:
SELECT id, device_id, raised_at, ordinal
FROM (SELECT id, device_id, raised_at, severity, count(*) OVER (PARTITION BY device_id ORDER BY raised_at) AS ordinal FROM alerts) a
WHERE severity = 'critical' AND raised_at >= '2025-02-24';

-- name: open-critical-alerts
-- worthwhile: index
-- why: some hundred of 30,000 rows, polled
-- calls: 20000
SELECT id, device_id, raised_at FROM alerts WHERE cleared_at IS NULL AND severity = 'critical' ORDER BY raised_at DESC LIMIT 50;
-- index:
CREATE INDEX ON alerts (raised_at DESC) WHERE cleared_at IS NULL AND severity = 'critical';

-- name: alerts-of-device-or-gateway
-- worthwhile: rewrite
-- why: an OR in the join condition leaves a nested loop of every pair
SELECT a.id, a.raised_at, d.serial
FROM alerts a JOIN devices d ON a.device_id = d.id OR a.device_id = d.gateway_id
WHERE a.severity = 'critical' AND a.cleared_at IS NULL;
-- better:
SELECT a.id, a.raised_at, d.serial FROM alerts a JOIN devices d ON a.device_id = d.id
WHERE a.severity = 'critical' AND a.cleared_at IS NULL
UNION ALL
SELECT a.id, a.raised_at, d.serial FROM alerts a JOIN devices d ON a.device_id = d.gateway_id AND a.device_id <> d.id
WHERE a.severity = 'critical' AND a.cleared_at IS NULL;

-- name: devices-per-metric
-- worthwhile: rewrite
-- why: count(DISTINCT) sorts 300,000 rows; grouping twice hashes them
SELECT metric, count(DISTINCT device_id) AS devices FROM readings GROUP BY metric;
-- better:
SELECT metric, count(*) AS devices FROM (SELECT metric, device_id FROM readings GROUP BY metric, device_id) r GROUP BY metric;

-- name: previous-reading
-- worthwhile: no
-- why: nothing keeps two readings of a device from bearing one time, and then lag() gives another row
SELECT r.device_id, r.taken_at, r.value,
       (SELECT max(p.taken_at) FROM readings p WHERE p.device_id = r.device_id AND p.taken_at < r.taken_at) AS previous
FROM readings r WHERE r.device_id BETWEEN 100 AND 130;
-- variation:
INSERT INTO readings SELECT device_id, metric, taken_at, value, quality FROM readings WHERE device_id BETWEEN 100 AND 110;

-- name: devices-that-are-no-gateway
-- worthwhile: no
-- why: gateway_id holds NULL, so the answer is empty
SELECT d.id, d.serial FROM devices d WHERE d.id NOT IN (SELECT g.gateway_id FROM devices g);
-- variation:
UPDATE devices SET gateway_id = 1 WHERE gateway_id IS NULL;

-- name: remember-last-seen
-- worthwhile: no
-- why: 3,000 probes at the index's end beat a pass over all readings; devices without one become NULL
UPDATE devices SET last_seen = (SELECT max(r.taken_at) FROM readings r WHERE r.device_id = devices.id);
-- variation:
UPDATE devices SET last_seen = now() - interval '1 day';

-- name: mean-before-alert
-- worthwhile: no
-- why: a range probe per alert is what the index is for
SELECT a.id, (SELECT avg(r.value) FROM readings r WHERE r.device_id = a.device_id AND r.taken_at BETWEEN a.raised_at - interval '2 hours' AND a.raised_at) AS mean
FROM alerts a WHERE a.severity = 'critical' AND a.cleared_at IS NULL;
