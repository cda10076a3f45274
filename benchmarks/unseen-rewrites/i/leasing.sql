-- name: balances-of-a-building
-- worthwhile: rewrite
-- why: what all leases were charged and paid is summed up for those of one building
-- calls: 1200
SELECT l.id, u.door, l.rent_cents, coalesce(c.total, 0) AS charged, coalesce(p.total, 0) AS paid, coalesce(c.total, 0) - coalesce(p.total, 0) AS balance
FROM units u
JOIN leases l ON l.unit_id = u.id
LEFT JOIN (SELECT lease_id, sum(amount_cents) AS total FROM charges WHERE voided_at IS NULL GROUP BY lease_id) c ON c.lease_id = l.id
LEFT JOIN (SELECT lease_id, sum(amount_cents) AS total FROM payments GROUP BY lease_id) p ON p.lease_id = l.id
WHERE u.building_id = 505;
-- better:
SELECT l.id, u.door, l.rent_cents, coalesce(c.total, 0) AS charged, coalesce(p.total, 0) AS paid, coalesce(c.total, 0) - coalesce(p.total, 0) AS balance
FROM units u
JOIN leases l ON l.unit_id = u.id
CROSS JOIN LATERAL (SELECT sum(amount_cents) AS total FROM charges WHERE lease_id = l.id AND voided_at IS NULL) c
CROSS JOIN LATERAL (SELECT sum(amount_cents) AS total FROM payments WHERE lease_id = l.id) p
WHERE u.building_id = 505;

-- name: payments-of-a-day
-- worthwhile: rewrite
-- why: the time is cut to its day before it is compared, so that its index is of no use
-- calls: 600
SELECT p.id, p.lease_id, p.amount_cents, p.reference FROM payments p WHERE p.received_at::date = date '2022-05-17';
-- better:
SELECT p.id, p.lease_id, p.amount_cents, p.reference FROM payments p WHERE p.received_at >= '2022-05-17' AND p.received_at < '2022-05-18';
-- variation:
UPDATE payments SET received_at = timestamp '2022-05-16 23:59:59.999999' + make_interval(secs => (id % 5) * 21600) WHERE id % 100 = 0;

-- name: work-under-way-since
-- worthwhile: rewrite
-- why: orders that are not closed are given a day that never comes, which no index knows
-- calls: 400
SELECT w.id, w.unit_id, w.title, w.priority, w.opened_at, w.closed_at
FROM work_orders w
WHERE coalesce(w.closed_at, timestamp '9999-12-31') >= '2024-05-20';
-- better:
SELECT w.id, w.unit_id, w.title, w.priority, w.opened_at, w.closed_at
FROM work_orders w
WHERE w.closed_at >= '2024-05-20' OR w.closed_at IS NULL;
-- variation:
UPDATE work_orders SET closed_at = CASE id % 3 WHEN 0 THEN NULL WHEN 1 THEN timestamp '2024-05-20' ELSE 'infinity' END WHERE id % 300 < 9;

-- name: work-of-old-houses-in-wels
-- worthwhile: rewrite
-- why: the house of each order is looked up to ask it for its city
-- calls: 90
SELECT w.id, w.title, w.opened_at, w.cost_cents
FROM work_orders w
WHERE (SELECT b.city FROM units u JOIN buildings b ON b.id = u.building_id WHERE u.id = w.unit_id AND b.built_in < 1920) = 'Wels'
  AND w.cost_cents > 50000;
-- better:
SELECT w.id, w.title, w.opened_at, w.cost_cents
FROM buildings b
JOIN units u ON u.building_id = b.id
JOIN work_orders w ON w.unit_id = u.id
WHERE b.city = 'Wels' AND b.built_in < 1920 AND w.cost_cents > 50000;

-- name: leases-of-a-person
-- worthwhile: rewrite
-- why: an OR over two tables, each of which could be sought by its own index
-- calls: 2600
SELECT DISTINCT l.id, l.unit_id, l.starts_on, l.ends_on, l.status
FROM leases l
LEFT JOIN co_tenants c ON c.lease_id = l.id
WHERE l.tenant_id = 31313 OR c.tenant_id = 31313;
-- better:
SELECT l.id, l.unit_id, l.starts_on, l.ends_on, l.status
FROM leases l
WHERE l.tenant_id = 31313
UNION
SELECT l.id, l.unit_id, l.starts_on, l.ends_on, l.status
FROM co_tenants c
JOIN leases l ON l.id = c.lease_id
WHERE c.tenant_id = 31313;
-- variation:
UPDATE leases SET tenant_id = 31313 WHERE id % 200 = 0;
-- variation:
INSERT INTO co_tenants SELECT id, 31313, '2020-01-01' FROM leases WHERE id % 300 = 0 ON CONFLICT DO NOTHING;

-- name: remarks-on-a-lease
-- worthwhile: rewrite
-- why: type and number are put together before they are compared, past the index on both
-- calls: 1800
SELECT r.id, r.author, r.body, r.written_at
FROM remarks r
WHERE r.subject_type || ':' || r.subject_id = 'lease:20405';
-- better:
SELECT r.id, r.author, r.body, r.written_at
FROM remarks r
WHERE r.subject_type = 'lease' AND r.subject_id = 20405;
-- variation:
UPDATE remarks SET subject_type = CASE id % 3 WHEN 0 THEN 'lease' WHEN 1 THEN 'lease:2' ELSE '' END, subject_id = CASE id % 2 WHEN 0 THEN 20405 ELSE 402 END WHERE id % 400 < 6;

-- name: export-of-units
-- worthwhile: rewrite
-- why: rows that their key makes distinct already are sorted or hashed whole
-- calls: 30
SELECT DISTINCT u.id, b.name AS house, b.street, b.city, u.door, u.kind, u.area_m2, u.remarks
FROM units u
JOIN buildings b ON b.id = u.building_id
WHERE u.kind IN ('flat', 'shop');
-- better:
SELECT u.id, b.name AS house, b.street, b.city, u.door, u.kind, u.area_m2, u.remarks
FROM units u
JOIN buildings b ON b.id = u.building_id
WHERE u.kind IN ('flat', 'shop');

-- name: account-of-a-lease-with-balance
-- worthwhile: rewrite
-- why: what was charged before is summed anew for every line of the account
-- calls: 300
SELECT c.id, c.due_on, c.kind, c.amount_cents,
       (SELECT sum(e.amount_cents) FROM charges e WHERE e.lease_id = c.lease_id AND (e.due_on < c.due_on OR (e.due_on = c.due_on AND e.id <= c.id))) AS balance
FROM charges c
WHERE c.lease_id = 1 AND c.due_on >= '2024-01-01';
-- better:
SELECT c.id, c.due_on, c.kind, c.amount_cents, c.balance
FROM (
  SELECT id, due_on, kind, amount_cents, sum(amount_cents) OVER (ORDER BY due_on, id) AS balance
  FROM charges
  WHERE lease_id = 1
) c
WHERE c.due_on >= '2024-01-01';
-- variation:
UPDATE charges SET lease_id = 1, due_on = '2024-01-01' WHERE id % 500 = 0;

-- name: charges-due-tomorrow
-- worthwhile: index
-- why: the charges have no index by the day on which they are due
-- calls: 150
SELECT c.id, c.lease_id, c.kind, c.amount_cents, t.email
FROM charges c
JOIN leases l ON l.id = c.lease_id
JOIN tenants t ON t.id = l.tenant_id
WHERE c.due_on = '2022-11-01' AND c.voided_at IS NULL;
-- index:
CREATE INDEX ON charges (due_on);

-- name: payment-by-reference
-- worthwhile: index
-- why: what the bank sends as reference has no index
-- calls: 6000
SELECT p.id, p.lease_id, p.amount_cents, p.received_at FROM payments p WHERE p.reference LIKE 'RF22000013%';
-- index:
CREATE INDEX ON payments (reference text_pattern_ops);

-- name: a-work-order-is-deleted
-- worthwhile: index
-- why: the inspections that go with it are sought in the whole table
-- calls: 100
DELETE FROM work_orders WHERE id = 4240;
-- index:
CREATE INDEX ON inspections (work_order_id);

-- name: open-orders-by-urgency
-- worthwhile: index
-- why: the few orders that are open are picked from all that ever were
-- calls: 2200
-- ordered: yes
SELECT w.id, w.unit_id, w.title, w.priority, w.opened_at
FROM work_orders w
WHERE w.status = 'open' AND w.vendor_id IS NULL
ORDER BY w.priority, w.opened_at, w.id
LIMIT 50;
-- index:
CREATE INDEX ON work_orders (priority, opened_at, id) WHERE status = 'open' AND vendor_id IS NULL;

-- name: units-of-a-building-now
-- worthwhile: no
-- why: the units of one building and their leases by index
-- calls: 2500
SELECT u.id, u.door, u.kind, l.id AS lease_id, l.rent_cents
FROM units u
LEFT JOIN leases l ON l.unit_id = u.id AND l.status = 'active'
WHERE u.building_id = 505;

-- name: vacancies-of-a-building
-- worthwhile: no
-- why: an anti-join that looks up a few units by index
-- calls: 800
SELECT u.id, u.door, u.area_m2
FROM units u
WHERE u.building_id = 505
  AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.unit_id = u.id AND l.starts_on <= '2023-06-01' AND coalesce(l.ends_on, '9999-12-31') >= '2023-06-01');

-- name: payments-of-a-week-by-day
-- worthwhile: no
-- why: a range of the index; the day is only what it groups by
-- calls: 90
SELECT p.received_at::date AS day, count(*) AS payments, sum(p.amount_cents) AS cents
FROM payments p
WHERE p.received_at >= '2022-05-16' AND p.received_at < '2022-05-23'
GROUP BY p.received_at::date;

-- name: rent-by-city
-- worthwhile: no
-- why: all that is let is summed up: every active lease counts
-- calls: 12
SELECT b.city, u.kind, count(*) AS leases, sum(l.rent_cents) AS rent
FROM leases l
JOIN units u ON u.id = l.unit_id
JOIN buildings b ON b.id = u.building_id
WHERE l.status = 'active'
GROUP BY b.city, u.kind;

-- name: remarks-on-a-unit
-- worthwhile: no
-- why: both columns of the index are given
-- calls: 2100
SELECT r.id, r.author, r.body, r.written_at FROM remarks r WHERE r.subject_type = 'unit' AND r.subject_id = 1201 ORDER BY r.written_at DESC;

-- name: tenants-by-mail-or-name
-- worthwhile: no
-- why: both sides of the OR have an index, which a bitmap joins
-- calls: 1500
SELECT t.id, t.first_name, t.last_name, t.email FROM tenants t WHERE t.email = 'tenant711@home.example' OR t.last_name = 'tenant711@home.example';

-- name: trades-that-work-in-linz
-- worthwhile: no
-- why: a small table
-- calls: 200
SELECT DISTINCT v.trade FROM vendors v WHERE v.city = 'Linz';
