-- name: bills-of-a-period
-- worthwhile: rewrite
-- why: year and month are put together to a number, so that the index on both is of no use
-- calls: 300
SELECT b.id, b.contract_id, b.total, b.status FROM bills b WHERE b.period_year * 100 + b.period_month = 202203 AND b.status = 'open';
-- better:
SELECT b.id, b.contract_id, b.total, b.status FROM bills b WHERE b.period_year = 2022 AND b.period_month = 3 AND b.status = 'open';
-- variation:
UPDATE bills SET period_year = 2021 WHERE period_month = 12;

-- name: readings-that-went-back
-- worthwhile: rewrite
-- why: the reading before is looked up for each reading, where they lie side by side in one order
-- calls: 10
SELECT r.id, r.meter_id, r.read_on, r.kwh
FROM readings r
WHERE r.kwh < (SELECT p.kwh FROM readings p WHERE p.meter_id = r.meter_id AND p.read_on < r.read_on ORDER BY p.read_on DESC LIMIT 1);
-- better:
SELECT r.id, r.meter_id, r.read_on, r.kwh
FROM (SELECT id, meter_id, read_on, kwh, lag(kwh) OVER (PARTITION BY meter_id ORDER BY read_on) AS before FROM readings) r
WHERE r.kwh < r.before;
-- variation:
UPDATE readings SET kwh = 5000 - kwh WHERE id % 7 = 0;

-- name: latest-readings-of-a-postcode
-- worthwhile: rewrite
-- why: the last day of every meter is found, for the meters of one postcode
-- calls: 800
SELECT m.id, m.serial, r.read_on, r.kwh, r.source
FROM premises p
JOIN meters m ON m.premise_id = p.id
JOIN (SELECT meter_id, max(read_on) AS read_on FROM readings GROUP BY meter_id) l ON l.meter_id = m.id
JOIN readings r ON r.meter_id = l.meter_id AND r.read_on = l.read_on
WHERE p.postcode = '15040';
-- better:
SELECT m.id, m.serial, r.read_on, r.kwh, r.source
FROM premises p
JOIN meters m ON m.premise_id = p.id
CROSS JOIN LATERAL (SELECT read_on, kwh, source FROM readings WHERE meter_id = m.id ORDER BY read_on DESC LIMIT 1) r
WHERE p.postcode = '15040';
-- variation:
DELETE FROM readings WHERE read_on > '2023-01-01';

-- name: due-for-the-second-reminder
-- worthwhile: rewrite
-- why: days are added to the indexed date, not taken from the one that it is compared with
-- calls: 50
SELECT b.id, b.contract_id, b.total, b.due_on
FROM bills b
WHERE b.status = 'open' AND b.due_on + 28 BETWEEN date '2023-06-14' AND date '2023-06-27';
-- better:
SELECT b.id, b.contract_id, b.total, b.due_on
FROM bills b
WHERE b.status = 'open' AND b.due_on BETWEEN date '2023-05-17' AND date '2023-05-30';
-- variation:
UPDATE bills SET due_on = date '2023-05-12' + id % 22 WHERE status = 'open';

-- name: new-meters-never-read
-- worthwhile: rewrite
-- why: NOT IN over a list that is too long to be hashed reads it anew for each meter
-- calls: 30
SELECT m.id, m.serial, m.installed_on
FROM meters m
WHERE m.installed_on >= '2024-02-01' AND m.id NOT IN (SELECT r.meter_id FROM readings r);
-- better:
SELECT m.id, m.serial, m.installed_on
FROM meters m
WHERE m.installed_on >= '2024-02-01' AND NOT EXISTS (SELECT 1 FROM readings r WHERE r.meter_id = m.id);
-- variation:
DELETE FROM readings WHERE meter_id % 5 = 0;

-- name: payments-with-running-total
-- worthwhile: rewrite
-- why: what a housing association has paid so far is added up again for each of its payments
-- calls: 200
SELECT p.id, p.paid_at, p.amount,
       (SELECT sum(b.amount) FROM payments b WHERE b.customer_id = p.customer_id AND (b.paid_at, b.id) <= (p.paid_at, p.id)) AS paid_so_far
FROM payments p
WHERE p.customer_id = 5;
-- better:
SELECT p.id, p.paid_at, p.amount, sum(p.amount) OVER (ORDER BY p.paid_at, p.id) AS paid_so_far
FROM payments p
WHERE p.customer_id = 5;
-- variation:
UPDATE payments SET paid_at = '2023-01-01' WHERE id % 3 = 0;

-- name: active-contracts-by-day
-- worthwhile: rewrite
-- why: each day is compared with each contract, where starts and ends add up
-- calls: 24
SELECT d.day::date AS day, count(c.id) AS active
FROM generate_series(timestamp '2023-01-01', timestamp '2023-02-28', interval '1 day') d(day)
LEFT JOIN contracts c ON c.starts_on <= d.day AND (c.ends_on IS NULL OR c.ends_on >= d.day)
GROUP BY d.day;
-- better:
WITH started AS (
  SELECT greatest(starts_on, date '2023-01-01') AS day, count(*) AS contracts
  FROM contracts WHERE starts_on <= date '2023-02-28' GROUP BY 1
), ended AS (
  SELECT greatest(ends_on, date '2022-12-31') + 1 AS day, count(*) AS contracts
  FROM contracts WHERE ends_on < date '2023-02-28' GROUP BY 1
)
SELECT d.day::date AS day,
       (sum(coalesce(s.contracts, 0) - coalesce(e.contracts, 0)) OVER (ORDER BY d.day))::bigint AS active
FROM generate_series(timestamp '2023-01-01', timestamp '2023-02-28', interval '1 day') d(day)
LEFT JOIN started s ON s.day = d.day
LEFT JOIN ended e ON e.day = d.day;
-- variation:
UPDATE contracts SET ends_on = starts_on WHERE id % 4 = 0;

-- name: bills-far-above-their-average
-- worthwhile: rewrite
-- why: the average of a contract is found again for each of its bills
-- calls: 12
SELECT b.id, b.contract_id, b.total
FROM bills b
WHERE b.period_year >= 2022 AND b.total > 4 * (SELECT avg(a.total) FROM bills a WHERE a.contract_id = b.contract_id);
-- better:
SELECT b.id, b.contract_id, b.total
FROM (SELECT contract_id, avg(total) AS average FROM bills GROUP BY contract_id) a
JOIN bills b ON b.contract_id = a.contract_id
WHERE b.period_year >= 2022 AND b.total > 4 * a.average;
-- variation:
UPDATE bills SET total = CASE id % 3 WHEN 0 THEN NULL WHEN 1 THEN 0.01 ELSE total END WHERE contract_id % 2 = 0;

-- name: customers-for-the-pager
-- worthwhile: rewrite
-- why: what is counted keeps the columns of the list, one group for each customer
-- calls: 600
SELECT count(*) AS total
FROM (
  SELECT c.id, c.name, count(k.id) AS calls, max(k.opened_at) AS last_call
  FROM customers c
  LEFT JOIN calls k ON k.customer_id = c.id
  WHERE c.kind = 'household'
  GROUP BY c.id
) listed;
-- better:
SELECT count(*) AS total FROM customers c WHERE c.kind = 'household';
-- variation:
DELETE FROM calls WHERE id % 2 = 0;

-- name: meters-of-a-series
-- worthwhile: rewrite
-- why: the first signs of the serial are cut off, not asked for as a prefix
-- calls: 500
SELECT m.id, m.serial, m.installed_on FROM meters m WHERE left(m.serial, 5) = 'GZ554' AND m.removed_on IS NULL;
-- better:
SELECT m.id, m.serial, m.installed_on FROM meters m WHERE m.serial LIKE 'GZ554%' AND m.removed_on IS NULL;
-- variation:
UPDATE meters SET serial = CASE id % 3 WHEN 0 THEN 'GZ554%' || id WHEN 1 THEN 'gz554' || id ELSE 'GZ55' || id END WHERE id < 3000;

-- name: payment-by-reference
-- worthwhile: index
-- why: a transfer is matched by its reference, which one payment in five has
-- calls: 4000
SELECT p.id, p.customer_id, p.amount, p.paid_at FROM payments p WHERE p.reference = 'RF937407';
-- index:
CREATE INDEX ON payments (reference) WHERE reference IS NOT NULL;

-- name: open-calls-of-an-agent
-- worthwhile: index
-- why: the list of work of an agent is a few open calls of many closed ones
-- calls: 9000
SELECT k.id, k.customer_id, k.topic, k.opened_at
FROM calls k
WHERE k.agent = 'agent 12' AND k.closed_at IS NULL
ORDER BY k.opened_at, k.id
LIMIT 20;
-- index:
CREATE INDEX ON calls (agent, opened_at) WHERE closed_at IS NULL;

-- name: estimated-readings-to-confirm
-- worthwhile: index
-- why: one reading in four hundred is estimated, and all are read to find them
-- calls: 300
SELECT r.id, r.meter_id, r.read_on, r.kwh FROM readings r WHERE r.is_estimated AND r.read_on >= '2023-06-01' ORDER BY r.read_on, r.id;
-- index:
CREATE INDEX ON readings (read_on) WHERE is_estimated;

-- name: dunning-run
-- worthwhile: index
-- why: half of all bills are due by then, but one in twenty is open
-- calls: 100
SELECT b.contract_id, count(*) AS bills, sum(b.total) AS owed FROM bills b WHERE b.status = 'open' AND b.due_on < '2022-03-01' GROUP BY b.contract_id HAVING count(*) > 1;
-- index:
CREATE INDEX ON bills (due_on) INCLUDE (contract_id, total) WHERE status = 'open';

-- name: bills-of-a-contract
-- worthwhile: no
-- why: a few bills by the index on contracts
-- calls: 15000
SELECT b.id, b.period_year, b.period_month, b.total, b.due_on, b.status FROM bills b WHERE b.contract_id = 12340 ORDER BY b.period_year DESC, b.period_month DESC;

-- name: revenue-by-month
-- worthwhile: no
-- why: a report over all bills
-- calls: 3
SELECT b.period_year, b.period_month, sum(b.total) AS revenue, count(*) FILTER (WHERE b.status = 'open') AS open FROM bills b GROUP BY 1, 2 ORDER BY 1, 2;

-- name: households-without-a-paused-contract
-- worthwhile: no
-- why: the list of NOT IN is short and hashed once
-- calls: 4
SELECT count(*) AS customers FROM customers c WHERE c.kind = 'household' AND c.id NOT IN (SELECT k.customer_id FROM contracts k WHERE k.status = 'paused');

-- name: last-readings-of-a-customer
-- worthwhile: no
-- why: one look into the index for each of a customer's few meters
-- calls: 7000
SELECT m.id, m.serial, (SELECT r.kwh FROM readings r WHERE r.meter_id = m.id ORDER BY r.read_on DESC LIMIT 1) AS kwh
FROM premises p
JOIN meters m ON m.premise_id = p.id
WHERE p.customer_id = 20417;

-- name: price-on-a-day
-- worthwhile: no
-- why: the newest price until a day, for seventy tariffs
-- calls: 2000
SELECT DISTINCT ON (p.tariff_id) p.tariff_id, p.unit_price FROM tariff_prices p WHERE p.valid_from <= '2023-03-01' ORDER BY p.tariff_id, p.valid_from DESC;

-- name: customers-with-a-complaint
-- worthwhile: no
-- why: a semi-join by hashing, of which a sixth of the calls is the answer
-- calls: 20
SELECT count(*) AS customers FROM customers c WHERE EXISTS (SELECT 1 FROM calls k WHERE k.customer_id = c.id AND k.topic = 'complaint');

-- name: bills-due-before-a-reminder
-- worthwhile: no
-- why: the days are taken from the constant, and the index serves the range
-- calls: 60
SELECT b.id, b.contract_id, b.total FROM bills b WHERE b.due_on >= date '2023-06-16' - 28 AND b.due_on < date '2023-06-18' - 28 AND b.status = 'open';
