-- name: pickups-of-a-day
-- worthwhile: rewrite
-- why: the cast of starts_at to a date hides it from its index
-- calls: 900
SELECT r.id, r.reference, r.status, r.starts_at, c.full_name, c.phone
FROM rentals r
JOIN customers c ON c.id = r.customer_id
WHERE r.starts_at::date = '2024-03-11' AND r.status <> 'cancelled';
-- better:
SELECT r.id, r.reference, r.status, r.starts_at, c.full_name, c.phone
FROM rentals r
JOIN customers c ON c.id = r.customer_id
WHERE r.starts_at >= '2024-03-11' AND r.starts_at < '2024-03-12' AND r.status <> 'cancelled';
-- variation:
UPDATE rentals SET starts_at = '2024-03-12' WHERE id % 1000 = 0;
-- variation:
UPDATE rentals SET starts_at = '2024-03-11 23:59:59.999999' WHERE id % 1000 = 1;

-- name: fleet-with-last-inspection
-- worthwhile: rewrite
-- why: three scalar subqueries look up the same last inspection of each vehicle
-- calls: 60
SELECT v.id, v.plate, v.status,
       (SELECT i.inspected_at FROM inspections i WHERE i.vehicle_id = v.id ORDER BY i.inspected_at DESC LIMIT 1) AS inspected_at,
       (SELECT i.odometer FROM inspections i WHERE i.vehicle_id = v.id ORDER BY i.inspected_at DESC LIMIT 1) AS odometer,
       (SELECT i.fuel_level FROM inspections i WHERE i.vehicle_id = v.id ORDER BY i.inspected_at DESC LIMIT 1) AS fuel_level,
       (SELECT i.inspector FROM inspections i WHERE i.vehicle_id = v.id ORDER BY i.inspected_at DESC LIMIT 1) AS inspector
FROM vehicles v
WHERE v.retired_on IS NULL;
-- better:
SELECT v.id, v.plate, v.status, i.inspected_at, i.odometer, i.fuel_level, i.inspector
FROM vehicles v
LEFT JOIN LATERAL (
  SELECT x.inspected_at, x.odometer, x.fuel_level, x.inspector
  FROM inspections x
  WHERE x.vehicle_id = v.id
  ORDER BY x.inspected_at DESC
  LIMIT 1
) i ON true
WHERE v.retired_on IS NULL;
-- variation:
DELETE FROM inspections WHERE vehicle_id % 3 = 0;

-- name: use-of-the-vehicles-of-a-class
-- worthwhile: rewrite
-- why: rentals and inspections multiply each other before the distinct ones are counted
-- calls: 40
SELECT v.id, v.plate, count(DISTINCT r.id) AS rentals, count(DISTINCT i.id) AS inspections
FROM vehicles v
LEFT JOIN rentals r ON r.vehicle_id = v.id
LEFT JOIN inspections i ON i.vehicle_id = v.id
WHERE v.class_id = 3
GROUP BY v.id, v.plate;
-- better:
SELECT v.id, v.plate,
       (SELECT count(*) FROM rentals r WHERE r.vehicle_id = v.id) AS rentals,
       (SELECT count(*) FROM inspections i WHERE i.vehicle_id = v.id) AS inspections
FROM vehicles v
WHERE v.class_id = 3;
-- variation:
DELETE FROM inspections WHERE vehicle_id % 2 = 0;

-- name: customers-far-down-the-list
-- worthwhile: rewrite
-- why: rentals are counted for all the customers whom OFFSET skips
-- calls: 30
-- ordered: yes
SELECT c.id, c.full_name, c.email, k.name AS company,
       (SELECT count(*) FROM rentals r WHERE r.customer_id = c.id) AS rentals
FROM customers c
LEFT JOIN companies k ON k.id = c.company_id
ORDER BY c.id
LIMIT 50 OFFSET 30000;
-- better:
SELECT c.id, c.full_name, c.email, k.name AS company,
       (SELECT count(*) FROM rentals r WHERE r.customer_id = c.id) AS rentals
FROM (SELECT * FROM customers ORDER BY id LIMIT 50 OFFSET 30000) c
LEFT JOIN companies k ON k.id = c.company_id
ORDER BY c.id;

-- name: search-by-address-or-reference
-- worthwhile: rewrite
-- why: the OR spans two tables, so that no index finds either
-- calls: 1500
SELECT r.id, r.reference, r.status, r.starts_at, c.full_name, c.email
FROM rentals r
JOIN customers c ON c.id = r.customer_id
WHERE c.email = 'Customer2401@mail.example' OR r.reference = 'R-1100200';
-- better:
SELECT r.id, r.reference, r.status, r.starts_at, c.full_name, c.email
FROM rentals r
JOIN customers c ON c.id = r.customer_id
WHERE c.email = 'Customer2401@mail.example'
UNION ALL
SELECT r.id, r.reference, r.status, r.starts_at, c.full_name, c.email
FROM rentals r
JOIN customers c ON c.id = r.customer_id
WHERE r.reference = 'R-1100200' AND c.email <> 'Customer2401@mail.example';
-- variation:
UPDATE rentals SET customer_id = 2401 WHERE reference = 'R-1100200';

-- name: figures-of-the-start-page
-- worthwhile: rewrite
-- why: four scans of the same table, where one with filters does
-- calls: 700
SELECT (SELECT count(*) FROM rentals WHERE status = 'open') AS open,
       (SELECT count(*) FROM rentals WHERE status = 'booked' AND vehicle_id IS NULL) AS unassigned,
       (SELECT count(*) FROM rentals WHERE status = 'open' AND ends_at < '2024-05-20') AS overdue,
       (SELECT count(*) FROM rentals WHERE status = 'cancelled') AS cancelled,
       (SELECT sum(total) FROM rentals WHERE status = 'booked') AS expected;
-- better:
SELECT count(*) FILTER (WHERE status = 'open') AS open,
       count(*) FILTER (WHERE status = 'booked' AND vehicle_id IS NULL) AS unassigned,
       count(*) FILTER (WHERE status = 'open' AND ends_at < '2024-05-20') AS overdue,
       count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
       sum(total) FILTER (WHERE status = 'booked') AS expected
FROM rentals
WHERE status IN ('open', 'booked', 'cancelled');

-- name: last-rental-of-each-customer-of-a-company
-- worthwhile: rewrite
-- why: the rentals of all customers are numbered for those of one company
-- calls: 120
SELECT c.id, c.full_name, l.reference, l.starts_at, l.total
FROM customers c
JOIN (
  SELECT r.*, row_number() OVER (PARTITION BY r.customer_id ORDER BY r.starts_at DESC, r.id DESC) AS place
  FROM rentals r
) l ON l.customer_id = c.id AND l.place = 1
WHERE c.company_id = 41;
-- better:
SELECT c.id, c.full_name, l.reference, l.starts_at, l.total
FROM customers c
CROSS JOIN LATERAL (
  SELECT r.reference, r.starts_at, r.total
  FROM rentals r
  WHERE r.customer_id = c.id
  ORDER BY r.starts_at DESC, r.id DESC
  LIMIT 1
) l
WHERE c.company_id = 41;
-- variation:
UPDATE rentals SET starts_at = '2023-01-01' WHERE id % 3 = 0;

-- name: rentals-of-a-customer-with-totals
-- worthwhile: rewrite
-- why: the view sums the charges of all rentals before those of one customer are taken
-- calls: 2000
-- ordered: yes
SELECT r.id, r.reference, r.starts_at, r.status, t.charges, t.charged
FROM rentals r
LEFT JOIN rental_totals t ON t.rental_id = r.id
WHERE r.customer_id = 2401
ORDER BY r.starts_at DESC, r.id;
-- better:
SELECT r.id, r.reference, r.starts_at, r.status, t.charges, t.charged
FROM rentals r
LEFT JOIN LATERAL (
  SELECT count(*) AS charges, sum(c.amount) AS charged
  FROM charges c
  WHERE c.rental_id = r.id
  GROUP BY c.rental_id
) t ON true
WHERE r.customer_id = 2401
ORDER BY r.starts_at DESC, r.id;
-- variation:
DELETE FROM charges WHERE rental_id IN (SELECT id FROM rentals WHERE customer_id = 2401 AND id % 2 = 0);

-- name: damages-dearer-than-usual
-- worthwhile: rewrite
-- why: the average of a severity is taken anew for each damage of it
-- calls: 20
SELECT d.id, d.vehicle_id, d.severity, d.cost
FROM damages d
WHERE d.reported_on >= '2024-06-01'
  AND d.cost > (SELECT 1.5 * avg(x.cost) FROM damages x WHERE x.severity = d.severity);
-- better:
SELECT d.id, d.vehicle_id, d.severity, d.cost
FROM damages d
JOIN (SELECT severity, 1.5 * avg(cost) AS usual FROM damages GROUP BY severity) x ON x.severity = d.severity
WHERE d.reported_on >= '2024-06-01' AND d.cost > x.usual;
-- variation:
UPDATE damages SET cost = NULL WHERE severity = 'glass';

-- name: rentals-past-their-end
-- worthwhile: index
-- why: few rentals are open, and no index finds them
-- calls: 600
-- ordered: yes
SELECT r.id, r.reference, r.ends_at, r.vehicle_id, c.full_name, c.phone
FROM rentals r
JOIN customers c ON c.id = r.customer_id
WHERE r.status = 'open' AND r.ends_at < '2024-05-20'
ORDER BY r.ends_at, r.id
LIMIT 100;
-- index:
CREATE INDEX ON rentals (ends_at) WHERE status = 'open';

-- name: next-pickups-at-a-branch
-- worthwhile: index
-- why: booked rentals of a branch are looked for along all start times
-- calls: 2500
-- ordered: yes
SELECT r.id, r.reference, r.starts_at, r.class_id, c.full_name
FROM rentals r
JOIN customers c ON c.id = r.customer_id
WHERE r.pickup_branch_id = 41 AND r.status = 'booked'
ORDER BY r.starts_at, r.id
LIMIT 20;
-- index:
CREATE INDEX ON rentals (pickup_branch_id, status, starts_at);

-- name: sign-in-by-address
-- worthwhile: index
-- why: addresses are compared in lower case, which no index holds
-- calls: 9000
SELECT id, full_name, email, licence_until FROM customers WHERE lower(email) = 'customer2401@mail.example';
-- index:
CREATE INDEX ON customers (lower(email));

-- name: fines-of-a-month
-- worthwhile: index
-- why: few charges are fines, and no index finds them
-- calls: 90
SELECT c.id, c.rental_id, c.amount, c.created_at, r.reference, r.customer_id
FROM charges c
JOIN rentals r ON r.id = c.rental_id
WHERE c.kind = 'fine' AND c.created_at >= '2024-03-01' AND c.created_at < '2024-04-01';
-- index:
CREATE INDEX ON charges (kind, created_at);

-- name: returns-and-pickups-of-a-vehicle
-- worthwhile: no
-- why: the vehicle's own index finds its few rentals
-- calls: 3000
-- ordered: yes
SELECT r.id, r.reference, r.starts_at, r.ends_at, b.city AS from_city, e.city AS to_city
FROM rentals r
JOIN branches b ON b.id = r.pickup_branch_id
JOIN branches e ON e.id = r.return_branch_id
WHERE r.vehicle_id = 4711
ORDER BY r.starts_at DESC, r.id
LIMIT 10;

-- name: revenue-by-class-and-country
-- worthwhile: no
-- why: it reads all closed rentals, and the joined tables are tiny
-- calls: 10
SELECT k.code, b.country, count(*) AS rentals, sum(r.total) AS revenue
FROM rentals r
JOIN classes k ON k.id = r.class_id
JOIN branches b ON b.id = r.pickup_branch_id
WHERE r.status = 'closed'
GROUP BY k.code, b.country;

-- name: customers-of-a-company-who-never-rented
-- worthwhile: no
-- why: the anti-join stops at the first rental of each
-- calls: 30
SELECT c.id, c.full_name, c.email
FROM customers c
LEFT JOIN rentals r ON r.customer_id = c.id
WHERE c.company_id = 41 AND r.id IS NULL;

-- name: rental-by-reference-or-number
-- worthwhile: no
-- why: both sides of the OR have an index of the same table
-- calls: 1200
SELECT id, reference, status, starts_at, ends_at FROM rentals WHERE reference = 'R-1100200' OR id = 1100200;

-- name: pickups-by-day-of-a-week
-- worthwhile: no
-- why: the cast stands in the GROUP BY alone, and the range uses its index
-- calls: 200
SELECT r.starts_at::date AS day, count(*) AS pickups, count(*) FILTER (WHERE r.status = 'cancelled') AS cancelled
FROM rentals r
WHERE r.starts_at >= '2024-05-06' AND r.starts_at < '2024-05-13'
GROUP BY r.starts_at::date;

-- name: last-inspection-of-the-vehicles-of-a-branch
-- worthwhile: no
-- why: the lateral join takes one row of the index for each of a few vehicles
-- calls: 400
SELECT v.id, v.plate, i.inspected_at, i.odometer
FROM vehicles v
LEFT JOIN LATERAL (
  SELECT x.inspected_at, x.odometer FROM inspections x WHERE x.vehicle_id = v.id ORDER BY x.inspected_at DESC LIMIT 1
) i ON true
WHERE v.home_branch_id = 13;

-- name: charges-of-a-rental
-- worthwhile: no
-- why: the view is asked for one rental, which its grouping lets through
-- calls: 4000
SELECT t.charges, t.charged, t.last_charge_at FROM rental_totals t WHERE t.rental_id = 100200;

-- name: free-vehicles-of-a-class-at-a-branch
-- worthwhile: no
-- why: the few vehicles of the class at the branch are looked up by index
-- calls: 1800
SELECT v.id, v.plate
FROM vehicles v
WHERE v.class_id = 5 AND v.home_branch_id = 13 AND v.retired_on IS NULL
  AND NOT EXISTS (
    SELECT 1 FROM rentals r
    WHERE r.vehicle_id = v.id AND r.status IN ('open', 'booked') AND r.ends_at > '2024-06-01' AND r.starts_at < '2024-06-08'
  )
  AND NOT EXISTS (SELECT 1 FROM damages d WHERE d.vehicle_id = v.id AND d.repaired_on IS NULL);
