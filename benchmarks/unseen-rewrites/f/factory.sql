-- name: defects-with-description
-- worthwhile: rewrite
-- why: IS NOT DISTINCT FROM joins nothing by hash or order; the column that is never NULL can be compared with =
-- calls: 60
SELECT d.id, d.found_at, d.severity, c.description
FROM defects d JOIN defect_codes c ON c.code IS NOT DISTINCT FROM d.code AND c.subcode IS NOT DISTINCT FROM d.subcode
WHERE d.severity = 5;
-- better:
SELECT d.id, d.found_at, d.severity, c.description
FROM defects d JOIN defect_codes c ON c.code = d.code AND c.subcode IS NOT DISTINCT FROM d.subcode
WHERE d.severity = 5;
-- variation:
UPDATE defects SET subcode = NULL WHERE id % 3 = 0;

-- name: operations-of-machine-or-none
-- worthwhile: rewrite
-- why: written to take NULL as well, it was given a number, and with that it is a plain comparison that an index answers
-- calls: 1900
SELECT o.id, o.work_order_id, o.seq, o.status, o.started_at FROM operations o
WHERE o.machine_id IS NOT DISTINCT FROM 144 AND o.status = 'waiting';
-- better:
SELECT o.id, o.work_order_id, o.seq, o.status, o.started_at FROM operations o
WHERE o.machine_id = 144 AND o.status = 'waiting';

-- name: state-of-machines-at
-- worthwhile: rewrite
-- why: the last event before a moment is sought again for each event, where each machine needs one look
-- calls: 400
SELECT e.machine_id, e.kind, e.happened_at, e.payload FROM machine_events e
WHERE e.happened_at = (SELECT max(x.happened_at) FROM machine_events x WHERE x.machine_id = e.machine_id AND x.happened_at <= '2023-08-01 06:00');
-- better:
SELECT e.machine_id, e.kind, e.happened_at, e.payload
FROM (SELECT m.id, (SELECT max(x.happened_at) FROM machine_events x WHERE x.machine_id = m.id AND x.happened_at <= '2023-08-01 06:00') AS last_at FROM machines m) m
JOIN machine_events e ON e.machine_id = m.id AND e.happened_at = m.last_at;
-- variation:
UPDATE machine_events SET happened_at = date_trunc('day', happened_at);

-- name: waiting-before-operation
-- worthwhile: rewrite
-- why: the end of the operations before is looked up for each; a window goes along with them
-- calls: 10
SELECT o.id, o.work_order_id, o.seq, o.started_at - (SELECT max(p.finished_at) FROM operations p WHERE p.work_order_id = o.work_order_id AND p.seq < o.seq) AS waited
FROM operations o;
-- better:
SELECT o.id, o.work_order_id, o.seq, o.started_at - max(o.finished_at) OVER (PARTITION BY o.work_order_id ORDER BY o.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS waited
FROM operations o;

-- name: orders-touched-since
-- worthwhile: rewrite
-- why: the later of two times is computed of each order, while each of the two has an index
-- calls: 1200
SELECT w.id, w.number, w.status, w.priority, w.due_on FROM work_orders w
WHERE greatest(w.released_at, w.updated_at) >= '2024-05-28 00:00';
-- better:
SELECT w.id, w.number, w.status, w.priority, w.due_on FROM work_orders w
WHERE w.released_at >= '2024-05-28 00:00' OR w.updated_at >= '2024-05-28 00:00';
-- variation:
UPDATE work_orders SET released_at = NULL WHERE id % 2 = 0; UPDATE work_orders SET updated_at = NULL WHERE id % 3 = 0;

-- name: operations-out-of-limits
-- worthwhile: rewrite
-- why: the measurements of each operation are counted only to know whether there is one above its limit
-- calls: 90
SELECT o.id, o.work_order_id, o.machine_id FROM operations o
WHERE o.status = 'finished' AND (SELECT count(*) FROM measurements m WHERE m.operation_id = o.id AND m.value > m.upper_limit) > 0;
-- better:
SELECT o.id, o.work_order_id, o.machine_id FROM operations o
WHERE o.status = 'finished' AND EXISTS (SELECT FROM measurements m WHERE m.operation_id = o.id AND m.value > m.upper_limit);

-- name: tiles-of-dashboard
-- worthwhile: rewrite
-- why: the table is read once for each tile; one pass counts for all
-- calls: 800
SELECT 'waiting' AS tile, count(*) AS operations FROM operations WHERE status = 'waiting'
UNION ALL
SELECT 'blocked', count(*) FROM operations WHERE status = 'blocked'
UNION ALL
SELECT 'finished', count(*) FROM operations WHERE status = 'finished'
UNION ALL
SELECT 'without machine', count(*) FROM operations WHERE machine_id IS NULL AND status <> 'finished'
UNION ALL
SELECT 'running', count(*) FROM operations WHERE started_at IS NOT NULL AND finished_at IS NULL;
-- better:
SELECT t.tile, t.operations
FROM (SELECT count(*) FILTER (WHERE status = 'waiting') AS waiting, count(*) FILTER (WHERE status = 'blocked') AS blocked,
             count(*) FILTER (WHERE status = 'finished') AS finished, count(*) FILTER (WHERE machine_id IS NULL AND status <> 'finished') AS without_machine,
             count(*) FILTER (WHERE started_at IS NOT NULL AND finished_at IS NULL) AS running
      FROM operations) c
CROSS JOIN LATERAL (VALUES ('waiting', c.waiting), ('blocked', c.blocked), ('finished', c.finished), ('without machine', c.without_machine), ('running', c.running)) t(tile, operations);

-- name: planned-and-scrapped-of-part
-- worthwhile: rewrite
-- why: both sides of the full join are summed for all parts, for coalesce keeps the wanted one from them
-- calls: 220
SELECT coalesce(w.part_id, c.part_id) AS part_id, w.ordered, w.orders, c.scrap_cost
FROM (SELECT part_id, sum(quantity) AS ordered, count(*) AS orders FROM work_orders WHERE status <> 'cancelled' GROUP BY part_id) w
FULL JOIN (SELECT w.part_id, sum(d.scrap_cost) AS scrap_cost FROM defects d JOIN operations o ON o.id = d.operation_id JOIN work_orders w ON w.id = o.work_order_id GROUP BY w.part_id) c ON c.part_id = w.part_id
WHERE coalesce(w.part_id, c.part_id) = 2401;
-- better:
SELECT coalesce(w.part_id, c.part_id) AS part_id, w.ordered, w.orders, c.scrap_cost
FROM (SELECT part_id, sum(quantity) AS ordered, count(*) AS orders FROM work_orders WHERE status <> 'cancelled' AND part_id = 2401 GROUP BY part_id) w
FULL JOIN (SELECT w.part_id, sum(d.scrap_cost) AS scrap_cost FROM defects d JOIN operations o ON o.id = d.operation_id JOIN work_orders w ON w.id = o.work_order_id WHERE w.part_id = 2401 GROUP BY w.part_id) c ON c.part_id = w.part_id;
-- variation:
UPDATE work_orders SET status = 'cancelled' WHERE part_id = 2401;
-- variation:
DELETE FROM defects;

-- name: purchased-parts-never-used
-- worthwhile: rewrite
-- why: <> ALL of a subquery is compared with row by row, which NOT EXISTS, as no key is NULL, does by hash
-- calls: 16
SELECT p.id, p.part_no, p.name FROM parts p
WHERE p.make_or_buy = 'buy' AND p.obsolete AND p.unit_cost > 600 AND p.id <> ALL (SELECT c.child_id FROM components c);
-- better:
SELECT p.id, p.part_no, p.name FROM parts p
WHERE p.make_or_buy = 'buy' AND p.obsolete AND p.unit_cost > 600 AND NOT EXISTS (SELECT FROM components c WHERE c.child_id = p.id);

-- name: measurements-out-of-limits
-- worthwhile: index
-- why: one in three hundred lies outside its own limits
-- calls: 240
-- ordered: yes
SELECT id, operation_id, characteristic, value, measured_at FROM measurements
WHERE value < lower_limit OR value > upper_limit ORDER BY measured_at DESC, id DESC LIMIT 500;
-- index:
CREATE INDEX ON measurements (measured_at, id) WHERE value < lower_limit OR value > upper_limit;

-- name: hot-machines
-- worthwhile: index
-- why: a number within a document
-- calls: 130
SELECT id, machine_id, happened_at, payload FROM machine_events WHERE (payload ->> 'temperature')::numeric > 100;
-- index:
CREATE INDEX ON machine_events (((payload ->> 'temperature')::numeric));

-- name: drop-operations-of-order
-- worthwhile: index
-- why: each operation that goes has the defects read for rows that refer to it
-- calls: 40
DELETE FROM operations WHERE work_order_id BETWEEN 69501 AND 69510;
-- index:
CREATE INDEX ON defects (operation_id);

-- name: work-in-maintenance
-- worthwhile: index
-- why: a machine's operations within a window of time
-- calls: 30
SELECT mt.id, mt.machine_id, o.id AS operation_id, o.started_at
FROM maintenance mt JOIN operations o ON o.machine_id = mt.machine_id AND o.started_at >= mt.from_at AND o.started_at < mt.until_at
WHERE mt.from_at >= '2023-03-01' AND mt.from_at < '2023-04-01' AND mt.kind = 'tool';
-- index:
CREATE INDEX ON operations (machine_id, started_at);

-- name: where-part-is-used
-- worthwhile: no
-- why: a few rows by the index of the child; the totals are of these parents alone
-- calls: 700
SELECT p.id, p.part_no, p.name, c.quantity, (SELECT count(*) FROM work_orders w WHERE w.part_id = p.id AND w.status = 'running') AS running
FROM components c JOIN parts p ON p.id = c.parent_id WHERE c.child_id = 9001;

-- name: operations-of-order
-- worthwhile: no
-- why: three rows by a unique key
-- calls: 9000
-- ordered: yes
SELECT o.id, o.seq, o.status, m.code, (SELECT count(*) FROM measurements x WHERE x.operation_id = o.id) AS measurements
FROM operations o LEFT JOIN machines m ON m.id = o.machine_id WHERE o.work_order_id = 51234 ORDER BY o.seq;

-- name: defects-of-week
-- worthwhile: no
-- why: an indexed range, and few rows of it
-- calls: 500
SELECT d.code, d.subcode, count(*) AS defects, sum(coalesce(d.scrap_cost, 0)) AS cost FROM defects d
WHERE d.found_at >= '2023-05-08' AND d.found_at < '2023-05-15' GROUP BY d.code, d.subcode;

-- name: last-event-of-machine
-- worthwhile: no
-- why: the index gives one row
-- calls: 8000
-- ordered: yes
SELECT kind, happened_at, payload FROM machine_events WHERE machine_id = 145 ORDER BY happened_at DESC, id DESC LIMIT 1;

-- name: capability-of-characteristics
-- worthwhile: no
-- why: mean and deviation of all measurements
-- calls: 6
SELECT characteristic, count(*) AS n, avg(value) AS mean, stddev_samp(value) AS deviation FROM measurements GROUP BY characteristic;

-- name: machines-box
-- worthwhile: no
-- why: a small table
-- calls: 4000
SELECT id, code, kind FROM machines WHERE code LIKE '%10%' OR line = 'line 3';

-- name: orders-of-part
-- worthwhile: no
-- why: status is tested on the few orders of a part
-- calls: 1500
SELECT id, number, status, due_on FROM work_orders WHERE part_id = 4321 AND status NOT IN ('done', 'cancelled');
