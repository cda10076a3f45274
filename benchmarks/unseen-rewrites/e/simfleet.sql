-- name: alarm-kinds-of-filter
-- worthwhile: rewrite
-- why: a handful of kinds is gathered from all alarms, where the index gives one after the other
-- calls: 4000
SELECT DISTINCT kind FROM alarms;
-- better:
WITH RECURSIVE k AS (
  (SELECT kind FROM alarms ORDER BY kind LIMIT 1)
  UNION ALL
  SELECT (SELECT a.kind FROM alarms a WHERE a.kind > k.kind ORDER BY a.kind LIMIT 1) FROM k WHERE k.kind IS NOT NULL
)
SELECT kind FROM k WHERE kind IS NOT NULL;
-- variation:
DELETE FROM alarms WHERE kind <> 'quota';

-- name: swaps-of-tenant
-- worthwhile: rewrite
-- why: old or new SIM in one join condition leaves nothing but comparing every SIM with every swap
-- calls: 90
SELECT s.id, s.iccid, w.id AS swap_id, w.device_id, w.swapped_at
FROM sims s
JOIN sim_swaps w ON w.old_sim_id = s.id OR w.new_sim_id = s.id
WHERE s.tenant_id = 61;
-- better:
SELECT s.id, s.iccid, w.id AS swap_id, w.device_id, w.swapped_at
FROM sims s
JOIN sim_swaps w ON w.old_sim_id = s.id
WHERE s.tenant_id = 61
UNION ALL
SELECT s.id, s.iccid, w.id, w.device_id, w.swapped_at
FROM sims s
JOIN sim_swaps w ON w.new_sim_id = s.id AND w.old_sim_id IS DISTINCT FROM w.new_sim_id
WHERE s.tenant_id = 61;
-- variation:
UPDATE sim_swaps SET new_sim_id = old_sim_id WHERE id % 2 = 0;

-- name: reading-nearest-to
-- worthwhile: rewrite
-- why: the distance of every reading is worked out and sorted, where the nearest before and the nearest after are steps of the key
-- calls: 5000
-- ordered: yes
SELECT r.read_at, r.value
FROM readings r
WHERE r.device_id = 1
ORDER BY abs(extract(epoch FROM r.read_at - timestamp '2024-02-10 12:00')), r.read_at
LIMIT 1;
-- better:
SELECT n.read_at, n.value
FROM (
  (SELECT b.read_at, b.value FROM readings b WHERE b.device_id = 1 AND b.read_at <= '2024-02-10 12:00' ORDER BY b.read_at DESC LIMIT 1)
  UNION ALL
  (SELECT a.read_at, a.value FROM readings a WHERE a.device_id = 1 AND a.read_at > '2024-02-10 12:00' ORDER BY a.read_at LIMIT 1)
) n
ORDER BY abs(extract(epoch FROM n.read_at - timestamp '2024-02-10 12:00')), n.read_at
LIMIT 1;
-- variation:
DELETE FROM readings WHERE read_at < '2024-02-20';

-- name: usage-by-sim-as-text
-- worthwhile: rewrite
-- why: the driver sends the SIM as text and the column is cast to it, past its index
-- calls: 2500
SELECT count(*) AS sessions, sum(u.bytes_up) AS up, sum(coalesce(u.bytes_down, 0)) AS down
FROM usage_records u
WHERE u.sim_id::text = '3601' AND u.started_at >= '2024-01-10';
-- better:
SELECT count(*) AS sessions, sum(u.bytes_up) AS up, sum(coalesce(u.bytes_down, 0)) AS down
FROM usage_records u
WHERE u.sim_id = 3601 AND u.started_at >= '2024-01-10';

-- name: troubled-devices-of-tenant
-- worthwhile: rewrite
-- why: all alarms and all failed commands are united first, for the few devices of one tenant
-- calls: 800
SELECT d.id, d.serial, d.firmware
FROM devices d
WHERE d.tenant_id = 89 AND d.id IN (
  SELECT a.device_id FROM alarms a WHERE a.severity >= 3
  UNION
  SELECT c.device_id FROM commands c WHERE c.state = 'failed'
);
-- better:
SELECT d.id, d.serial, d.firmware
FROM devices d
WHERE d.tenant_id = 89 AND EXISTS (SELECT 1 FROM alarms a WHERE a.device_id = d.id AND a.severity >= 3)
UNION
SELECT d.id, d.serial, d.firmware
FROM devices d
WHERE d.tenant_id = 89 AND EXISTS (SELECT 1 FROM commands c WHERE c.device_id = d.id AND c.state = 'failed');

-- name: session-gaps
-- worthwhile: rewrite
-- why: the next session of the same SIM is looked up once for each session
-- calls: 12
SELECT u.id, u.sim_id, u.ended_at, (SELECT min(n.started_at) FROM usage_records n WHERE n.sim_id = u.sim_id AND n.started_at > u.started_at) AS next_at
FROM usage_records u;
-- better:
SELECT u.id, u.sim_id, u.ended_at, lead(u.started_at) OVER (PARTITION BY u.sim_id ORDER BY u.started_at) AS next_at
FROM usage_records u;
-- variation:
DELETE FROM usage_records WHERE id % 3 > 0;

-- name: day-against-day-before
-- worthwhile: rewrite
-- why: the days of all SIMs are summed up in a WITH that is used twice, for one SIM
-- calls: 600
-- ordered: yes
WITH daily AS (
  SELECT sim_id, date_trunc('day', started_at) AS day, sum(bytes_up + coalesce(bytes_down, 0)) AS bytes
  FROM usage_records
  GROUP BY sim_id, date_trunc('day', started_at)
)
SELECT a.day, a.bytes, b.bytes AS bytes_before
FROM daily a
LEFT JOIN daily b ON b.sim_id = a.sim_id AND b.day = a.day - interval '1 day'
WHERE a.sim_id = 1
ORDER BY a.day;
-- better:
WITH daily AS (
  SELECT sim_id, date_trunc('day', started_at) AS day, sum(bytes_up + coalesce(bytes_down, 0)) AS bytes
  FROM usage_records
  WHERE sim_id = 1
  GROUP BY sim_id, date_trunc('day', started_at)
)
SELECT a.day, a.bytes, b.bytes AS bytes_before
FROM daily a
LEFT JOIN daily b ON b.day = a.day - interval '1 day'
ORDER BY a.day;
-- variation:
DELETE FROM usage_records WHERE extract(dow FROM started_at) IN (1, 3);

-- name: devices-without-alarm-except
-- worthwhile: rewrite
-- why: all alarms are read to be taken away from the devices of one tenant
-- calls: 300
SELECT d.id FROM devices d WHERE d.tenant_id = 78
EXCEPT
SELECT a.device_id FROM alarms a;
-- better:
SELECT d.id FROM devices d WHERE d.tenant_id = 78 AND NOT EXISTS (SELECT 1 FROM alarms a WHERE a.device_id = d.id);

-- name: purge-first-commands
-- worthwhile: rewrite
-- why: the cast to a day hides the time from its index
-- calls: 30
DELETE FROM commands WHERE sent_at::date < '2023-01-05' AND state <> 'sent';
-- better:
DELETE FROM commands WHERE sent_at < '2023-01-05' AND state <> 'sent';
-- variation:
UPDATE commands SET sent_at = '2023-01-05 00:00' WHERE id % 5 = 0;

-- name: alarm-archive-page
-- worthwhile: rewrite
-- why: a hundred thousand alarms are joined with their devices, models and tenants, only to be skipped
-- calls: 200
-- ordered: yes
SELECT a.id, a.kind, a.severity, a.raised_at, d.serial, m.vendor, m.name AS model, t.name AS tenant
FROM alarms a
JOIN devices d ON d.id = a.device_id
JOIN models m ON m.id = d.model_id
JOIN tenants t ON t.id = d.tenant_id
ORDER BY a.id DESC
LIMIT 50 OFFSET 100000;
-- better:
SELECT a.id, a.kind, a.severity, a.raised_at, d.serial, m.vendor, m.name AS model, t.name AS tenant
FROM (SELECT * FROM alarms ORDER BY id DESC LIMIT 50 OFFSET 100000) a
JOIN devices d ON d.id = a.device_id
JOIN models m ON m.id = d.model_id
JOIN tenants t ON t.id = d.tenant_id
ORDER BY a.id DESC;

-- name: commands-of-job
-- worthwhile: index
-- why: the job is a key inside the payload
-- calls: 3000
SELECT c.id, c.device_id, c.state, c.answered_at FROM commands c WHERE c.payload ->> 'job' = 'J1234';
-- index:
CREATE INDEX ON commands ((payload ->> 'job'));

-- name: open-alarm-board
-- worthwhile: index
-- why: the open alarms are few, and the newest of them are shown
-- calls: 9000
-- ordered: yes
SELECT a.id, a.device_id, a.kind, a.raised_at
FROM alarms a
WHERE a.cleared_at IS NULL AND a.acknowledged_by IS NULL AND a.severity >= 2
ORDER BY a.raised_at DESC, a.id DESC
LIMIT 40;
-- index:
CREATE INDEX ON alarms (raised_at DESC, id DESC) WHERE cleared_at IS NULL;

-- name: devices-of-site
-- worthwhile: index
-- why: tags are searched for without an index that knows their members
-- calls: 1500
SELECT d.id, d.serial, d.last_seen_at FROM devices d WHERE d.tags @> ARRAY['site-417', 'pump'];
-- index:
CREATE INDEX ON devices USING gin (tags);

-- name: stuck-sessions
-- worthwhile: index
-- why: the length of a session is worked out of two columns
-- calls: 400
SELECT u.id, u.sim_id, u.started_at, u.ended_at FROM usage_records u WHERE u.ended_at - u.started_at > interval '49 hours 30 minutes';
-- index:
CREATE INDEX ON usage_records ((ended_at - started_at));

-- name: device-page
-- worthwhile: no
-- why: one row by its serial, and its joins by their keys
SELECT d.id, d.serial, d.firmware, d.settings, m.vendor, m.name AS model, s.iccid, p.code
FROM devices d
JOIN models m ON m.id = d.model_id
LEFT JOIN sims s ON s.id = d.sim_id
LEFT JOIN plans p ON p.id = s.plan_id
WHERE d.serial = 'KX0023757';

-- name: newest-alarms-joined
-- worthwhile: no
-- why: the limit stops the joins after fifty alarms
SELECT a.id, a.kind, a.raised_at, d.serial, t.name
FROM alarms a
JOIN devices d ON d.id = a.device_id
JOIN tenants t ON t.id = d.tenant_id
ORDER BY a.id DESC
LIMIT 50;

-- name: last-session-of-listed-sims
-- worthwhile: no
-- why: one step in the index for each of the listed SIMs
SELECT s.id, s.iccid, u.started_at, u.network
FROM sims s
LEFT JOIN LATERAL (SELECT started_at, network FROM usage_records r WHERE r.sim_id = s.id ORDER BY r.started_at DESC LIMIT 1) u ON true
WHERE s.id IN (1, 61, 121, 241, 601, 2401);

-- name: sims-or-states
-- worthwhile: no
-- why: an OR on one column is a list, and one tenant's SIMs are few
SELECT s.id, s.iccid, s.state FROM sims s WHERE s.tenant_id = 50 AND (s.state = 'suspended' OR s.state = 'stock' OR s.state IS NULL);

-- name: devices-that-answered
-- worthwhile: no
-- why: a semi-join by hash already, and most commands are such
SELECT d.id, d.serial
FROM devices d
WHERE d.id IN (SELECT c.device_id FROM commands c WHERE c.state = 'done');

-- name: traffic-by-network
-- worthwhile: no
-- why: all records of the period are to be added up
SELECT u.network, count(*) AS sessions, sum(u.bytes_up) AS up, sum(u.bytes_down) AS down
FROM usage_records u
WHERE u.started_at >= '2024-01-08'
GROUP BY u.network
ORDER BY u.network;

-- name: alarm-page-with-total
-- worthwhile: no
-- why: the total over the window is that of one device
SELECT a.id, a.kind, a.raised_at, count(*) OVER () AS total
FROM alarms a
WHERE a.device_id = 4801
ORDER BY a.raised_at DESC, a.id DESC
LIMIT 10;

-- name: reboot-after-offline
-- worthwhile: no
-- why: a tenth of a percent of the commands, and the alarms of their devices by the index
SELECT c.id, c.device_id, c.sent_at
FROM commands c
WHERE c.sent_at >= '2024-02-20' AND c.sent_at < '2024-02-21' AND c.name = 'reboot'
  AND EXISTS (SELECT 1 FROM alarms a WHERE a.device_id = c.device_id AND a.kind = 'offline' AND a.raised_at < c.sent_at);
