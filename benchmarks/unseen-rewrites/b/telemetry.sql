-- name: reporting-devices
-- worthwhile: rewrite
-- why: 300,000 rows are made distinct where 3,000 probes tell
SELECT DISTINCT r.device_id FROM readings r;
-- better:
SELECT d.id FROM devices d WHERE EXISTS (SELECT FROM readings r WHERE r.device_id = d.id LIMIT 1 OFFSET 0);

-- name: site-contact
-- worthwhile: rewrite
-- why: all readings are grouped to show the devices of one site
-- calls: 900
SELECT d.serial, m.latest, m.samples
FROM devices d JOIN (SELECT device_id, max(taken_at) AS latest, count(*) AS samples FROM readings GROUP BY device_id) m ON m.device_id = d.id
WHERE d.site_id = 7;
-- better:
SELECT d.serial, m.latest, m.samples
FROM devices d CROSS JOIN LATERAL (SELECT max(taken_at) AS latest, count(*) AS samples FROM readings r WHERE r.device_id = d.id GROUP BY r.device_id) m
WHERE d.site_id = 7;

-- name: materialised-window
-- worthwhile: rewrite
-- why: MATERIALIZED copies the whole table before its last hours are picked
WITH recent AS MATERIALIZED (SELECT device_id, metric, taken_at, value FROM readings)
SELECT metric, avg(value) FROM recent WHERE taken_at > '2025-02-27 12:00+00' GROUP BY metric;
-- better:
SELECT metric, avg(value) FROM readings WHERE taken_at > '2025-02-27 12:00+00' GROUP BY metric;

-- name: readings-of-an-hour
-- worthwhile: rewrite
-- why: the time is turned into text before it is compared
SELECT r.device_id, r.value FROM readings r WHERE to_char(r.taken_at, 'YYYY-MM-DD HH24') = '2025-02-10 13' AND r.metric = 'temp';
-- better:
SELECT r.device_id, r.value FROM readings r WHERE r.taken_at >= '2025-02-10 13:00' AND r.taken_at < '2025-02-10 14:00' AND r.metric = 'temp';

-- name: escalations
-- worthwhile: rewrite
-- why: all alerts are read for each open one
SELECT a.id, a.device_id, (SELECT count(*) FROM alerts e WHERE e.escalated_from = a.id) AS escalated
FROM alerts a WHERE a.severity = 'critical' AND a.cleared_at IS NULL AND a.id % 2 = 0;
-- better:
SELECT a.id, a.device_id, coalesce(e.n, 0) AS escalated
FROM alerts a LEFT JOIN (SELECT escalated_from, count(*) AS n FROM alerts GROUP BY escalated_from) e ON e.escalated_from = a.id
WHERE a.severity = 'critical' AND a.cleared_at IS NULL AND a.id % 2 = 0;

-- name: extreme-vibration
-- worthwhile: index
-- why: some hundred of 300,000 rows
-- calls: 600
SELECT device_id, taken_at, value FROM readings WHERE metric = 'vibration' AND value > 990 AND quality = 3;
-- index:
CREATE INDEX ON readings (metric, value);

-- name: joined-key
-- worthwhile: rewrite
-- why: two columns are glued together before they are compared
SELECT taken_at, value FROM readings WHERE device_id::text || '/' || metric = '17/temp';
-- better:
SELECT taken_at, value FROM readings WHERE device_id = 17 AND metric = 'temp';

-- name: shielded-column
-- worthwhile: rewrite
-- why: an old trick to keep an optimizer from an index
SELECT taken_at, metric, value FROM readings WHERE device_id + 0 = 1500 AND quality < 2;
-- better:
SELECT taken_at, metric, value FROM readings WHERE device_id = 1500 AND quality < 2;

-- name: acknowledgers
-- worthwhile: rewrite
-- why: the alerts of a person are counted once for each of that person's alerts
SELECT a.id, a.acknowledged_by
FROM alerts a
WHERE a.severity = 'critical' AND a.raised_at > '2025-02-15'
  AND (SELECT count(*) FROM alerts x WHERE x.acknowledged_by = a.acknowledged_by AND x.severity = 'critical') > 60;
-- better:
SELECT a.id, a.acknowledged_by
FROM alerts a JOIN (SELECT acknowledged_by FROM alerts WHERE severity = 'critical' GROUP BY acknowledged_by HAVING count(*) > 60) x ON x.acknowledged_by = a.acknowledged_by
WHERE a.severity = 'critical' AND a.raised_at > '2025-02-15';

-- name: silent-devices
-- worthwhile: no
-- why: LEFT JOIN with IS NULL is an anti-join
SELECT d.id, d.serial FROM devices d LEFT JOIN readings r ON r.device_id = d.id AND r.taken_at >= '2025-02-27' WHERE r.device_id IS NULL AND d.retired_at IS NULL;

-- name: alerts-in-maintenance
-- worthwhile: no
-- why: a hashed semi-join on the site, with the range as filter
SELECT a.id FROM alerts a JOIN devices d ON d.id = a.device_id
WHERE a.severity = 'critical'
  AND EXISTS (SELECT 1 FROM maintenance_windows w WHERE w.site_id = d.site_id AND a.raised_at BETWEEN w.starts_at AND w.ends_at);

-- name: newest-firmware
-- worthwhile: no
-- why: an anti-join; two installs at one time must both stay
SELECT f.device_id, f.version FROM firmware_installs f
WHERE NOT EXISTS (SELECT 1 FROM firmware_installs g WHERE g.device_id = f.device_id AND g.installed_at > f.installed_at);
-- variation:
INSERT INTO firmware_installs SELECT id + 100000, device_id, version || '-rc', installed_at, succeeded FROM firmware_installs;

-- name: span-of-readings
-- worthwhile: no
-- why: both ends come from the index
SELECT min(taken_at), max(taken_at) FROM readings;

-- name: share-of-site
-- worthwhile: no
-- why: the total is worked out once
SELECT d.site_id, count(*) * 100.0 / (SELECT count(*) FROM devices) AS share FROM devices d GROUP BY d.site_id ORDER BY d.site_id;
