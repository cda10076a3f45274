-- name: stock-of-a-substance
-- worthwhile: rewrite
-- why: the stock of all products is summed before that of a few is taken
-- calls: 900
SELECT p.id, p.name, s.on_hand, s.last_moved_at
FROM products p
LEFT JOIN stock s ON s.product_id = p.id AND s.pharmacy_id = 13
WHERE p.atc = 'N02B07';
-- better:
SELECT p.id, p.name, s.on_hand, s.last_moved_at
FROM products p
LEFT JOIN LATERAL (
  SELECT sum(m.quantity) AS on_hand, max(m.moved_at) AS last_moved_at
  FROM stock_moves m
  WHERE m.product_id = p.id AND m.pharmacy_id = 13
  GROUP BY m.product_id
) s ON true
WHERE p.atc = 'N02B07';
-- variation:
UPDATE stock_moves SET pharmacy_id = 13 WHERE product_id % 30 = 0;

-- name: prescription-by-number-or-key
-- worthwhile: rewrite
-- why: the key is compared as text, so that neither side of the OR can use its index
-- calls: 1800
SELECT p.id, p.number, p.status, p.issued_on, p.doctor
FROM prescriptions p
WHERE p.number = '98123' OR p.id::text = '98123';
-- better:
SELECT p.id, p.number, p.status, p.issued_on, p.doctor
FROM prescriptions p
WHERE p.number = '98123' OR p.id = 98123;
-- variation:
UPDATE prescriptions SET number = '98123' WHERE id = 77;

-- name: prescriptions-redeemed-lately
-- worthwhile: rewrite
-- why: coalesce hides the column from its index, though its stand-in lies before the bound
-- calls: 300
SELECT p.id, p.number, p.patient_id, p.redeemed_at
FROM prescriptions p
WHERE coalesce(p.redeemed_at, '1900-01-01') >= '2024-05-15';
-- better:
SELECT p.id, p.number, p.patient_id, p.redeemed_at
FROM prescriptions p
WHERE p.redeemed_at >= '2024-05-15';
-- variation:
UPDATE prescriptions SET redeemed_at = '2024-05-15' WHERE id % 900 = 0;
-- variation:
UPDATE prescriptions SET redeemed_at = NULL WHERE redeemed_at >= '2024-05-16';

-- name: products-that-never-moved
-- worthwhile: rewrite
-- why: all moves are joined and grouped to keep the products without any
-- calls: 12
SELECT p.id, p.pzn, p.name
FROM products p
LEFT JOIN stock_moves m ON m.product_id = p.id
GROUP BY p.id, p.pzn, p.name
HAVING count(m.id) = 0;
-- better:
SELECT p.id, p.pzn, p.name
FROM products p
WHERE NOT EXISTS (SELECT 1 FROM stock_moves m WHERE m.product_id = p.id);
-- variation:
DELETE FROM stock_moves WHERE product_id % 2 = 0;

-- name: lots-that-expire-within-a-month
-- worthwhile: rewrite
-- why: the days left are reckoned for each lot, which hides the date from its index
-- calls: 60
SELECT l.id, l.lot_no, l.expires_on, p.name
FROM lots l
JOIN products p ON p.id = l.product_id
WHERE l.expires_on - date '2025-12-01' BETWEEN 0 AND 30 AND l.blocked_at IS NULL;
-- better:
SELECT l.id, l.lot_no, l.expires_on, p.name
FROM lots l
JOIN products p ON p.id = l.product_id
WHERE l.expires_on BETWEEN '2025-12-01' AND '2025-12-31' AND l.blocked_at IS NULL;
-- variation:
UPDATE lots SET expires_on = '2025-12-31' WHERE id % 500 = 0;
-- variation:
UPDATE lots SET expires_on = '2026-01-01' WHERE id % 500 = 1;

-- name: price-changes-of-a-substance
-- worthwhile: rewrite
-- why: the window runs over the prices of all products, to keep those of a few
-- calls: 150
SELECT c.product_id, c.valid_from, c.price, c.price - c.price_before AS change
FROM (
  SELECT x.product_id, x.valid_from, x.price,
         lag(x.price) OVER (PARTITION BY x.product_id ORDER BY x.valid_from) AS price_before
  FROM prices x
) c
WHERE c.product_id IN (SELECT p.id FROM products p WHERE p.atc = 'N02B07') AND c.price <> c.price_before;
-- better:
SELECT c.product_id, c.valid_from, c.price, c.price - c.price_before AS change
FROM (
  SELECT x.product_id, x.valid_from, x.price,
         lag(x.price) OVER (PARTITION BY x.product_id ORDER BY x.valid_from) AS price_before
  FROM prices x
  WHERE x.product_id IN (SELECT p.id FROM products p WHERE p.atc = 'N02B07')
) c
WHERE c.price <> c.price_before;
-- variation:
UPDATE prices SET price = 9 WHERE valid_from < '2022-01-01';

-- name: sales-of-a-pharmacy-by-month-with-the-month-before
-- worthwhile: rewrite
-- why: the sales of all pharmacies are grouped, since the query that is named twice is not told which
-- calls: 90
WITH sales AS (
  SELECT m.pharmacy_id, date_trunc('month', m.moved_at) AS month, sum(-m.quantity) AS sold
  FROM stock_moves m
  WHERE m.kind = 'sale'
  GROUP BY m.pharmacy_id, date_trunc('month', m.moved_at)
)
SELECT s.month, s.sold, b.sold AS sold_before
FROM sales s
LEFT JOIN sales b ON b.pharmacy_id = s.pharmacy_id AND b.month = s.month - interval '1 month'
WHERE s.pharmacy_id = 13;
-- better:
WITH sales AS (
  SELECT date_trunc('month', m.moved_at) AS month, sum(-m.quantity) AS sold
  FROM stock_moves m
  WHERE m.kind = 'sale' AND m.pharmacy_id = 13
  GROUP BY date_trunc('month', m.moved_at)
)
SELECT s.month, s.sold, b.sold AS sold_before
FROM sales s
LEFT JOIN sales b ON b.month = s.month - interval '1 month';
-- variation:
DELETE FROM stock_moves WHERE extract(month FROM moved_at) = 3;

-- name: last-move-at-each-pharmacy
-- worthwhile: rewrite
-- why: all moves are read for one of each pharmacy, which an index gives
-- calls: 400
SELECT m.pharmacy_id, max(m.moved_at) AS last_moved_at FROM stock_moves m GROUP BY m.pharmacy_id;
-- better:
SELECT p.id AS pharmacy_id, m.last_moved_at
FROM pharmacies p
CROSS JOIN LATERAL (SELECT max(x.moved_at) AS last_moved_at FROM stock_moves x WHERE x.pharmacy_id = p.id) m
WHERE m.last_moved_at IS NOT NULL;
-- variation:
DELETE FROM stock_moves WHERE pharmacy_id % 2 = 0;

-- name: number-of-prescriptions-for-the-pager
-- worthwhile: rewrite
-- why: the list is sorted, and joined with rows that are always there, only to be counted
-- calls: 700
SELECT count(*)
FROM (
  SELECT p.id, p.number, p.issued_on, t.last_name, t.first_name
  FROM prescriptions p
  JOIN patients t ON t.id = p.patient_id
  WHERE p.status <> 'expired'
  ORDER BY t.last_name, t.first_name, p.issued_on DESC
) q;
-- better:
SELECT count(*) FROM prescriptions p WHERE p.status <> 'expired';
-- variation:
UPDATE prescriptions SET status = 'expired' WHERE id % 30 = 0;

-- name: newest-prescriptions-with-items
-- worthwhile: rewrite
-- why: the items of all prescriptions are counted for a page of thirty
-- calls: 500
-- ordered: yes
SELECT p.id, p.number, p.issued_on, p.status, i.items, i.units
FROM prescriptions p
LEFT JOIN (
  SELECT prescription_id, count(*) AS items, sum(quantity) AS units FROM prescription_items GROUP BY prescription_id
) i ON i.prescription_id = p.id
ORDER BY p.issued_on DESC, p.id DESC
LIMIT 30;
-- better:
SELECT p.id, p.number, p.issued_on, p.status, i.items, i.units
FROM (SELECT * FROM prescriptions ORDER BY issued_on DESC, id DESC LIMIT 30) p
LEFT JOIN LATERAL (
  SELECT count(*) AS items, sum(x.quantity) AS units
  FROM prescription_items x
  WHERE x.prescription_id = p.id
  GROUP BY x.prescription_id
) i ON true
ORDER BY p.issued_on DESC, p.id DESC;
-- variation:
DELETE FROM prescription_items WHERE prescription_id % 2 = 0;

-- name: patients-affected-by-a-recall
-- worthwhile: index
-- why: the items of a product are looked for among all
-- calls: 60
SELECT DISTINCT t.id, t.first_name, t.last_name, t.insurance_no
FROM prescription_items i
JOIN prescriptions p ON p.id = i.prescription_id
JOIN patients t ON t.id = p.patient_id
WHERE i.product_id = 7001 AND p.status = 'redeemed';
-- index:
CREATE INDEX ON prescription_items (product_id);

-- name: way-of-a-lot
-- worthwhile: index
-- why: stock moves have no index by lot
-- calls: 200
-- ordered: yes
SELECT m.id, m.moved_at, m.kind, m.quantity, f.name AS pharmacy
FROM stock_moves m
JOIN pharmacies f ON f.id = m.pharmacy_id
WHERE m.lot_id = 51230
ORDER BY m.moved_at, m.id;
-- index:
CREATE INDEX ON stock_moves (lot_id, moved_at);

-- name: patient-by-name-and-birthday
-- worthwhile: index
-- why: patients have no index by name
-- calls: 3000
-- ordered: yes
SELECT t.id, t.first_name, t.last_name, t.born_on, t.insurance_no
FROM patients t
WHERE t.last_name = 'Huber' AND t.born_on BETWEEN '1961-04-01' AND '1961-04-30'
ORDER BY t.first_name, t.id;
-- index:
CREATE INDEX ON patients (last_name, born_on);

-- name: stock-of-a-product
-- worthwhile: no
-- why: the product is a column of the view's grouping, which lets it through to the index
-- calls: 6000
SELECT s.pharmacy_id, s.on_hand, s.last_moved_at FROM stock s WHERE s.product_id = 2401 AND s.on_hand > 0;

-- name: price-of-some-products-on-a-day
-- worthwhile: no
-- why: the latest price of each of a few products comes from the end of a range of the primary key
-- calls: 2500
SELECT p.id, p.name, x.price
FROM products p
LEFT JOIN LATERAL (
  SELECT price FROM prices WHERE product_id = p.id AND valid_from <= '2023-03-01' ORDER BY valid_from DESC LIMIT 1
) x ON true
WHERE p.id IN (14, 777, 2401, 9003, 14001);

-- name: sold-units-by-substance
-- worthwhile: no
-- why: the report is about all sales, and joins them with few products
-- calls: 6
SELECT p.atc, sum(-m.quantity) AS sold
FROM stock_moves m
JOIN products p ON p.id = m.product_id
WHERE m.kind = 'sale'
GROUP BY p.atc
HAVING sum(-m.quantity) > 500;

-- name: prescriptions-of-a-patient
-- worthwhile: no
-- why: one patient's prescriptions have an index, and so have their items
-- calls: 4000
-- ordered: yes
SELECT p.id, p.number, p.issued_on, p.status, count(i.id) AS items
FROM prescriptions p
LEFT JOIN prescription_items i ON i.prescription_id = p.id
WHERE p.patient_id = 40404
GROUP BY p.id
ORDER BY p.issued_on DESC, p.id;

-- name: lots-that-expired-in-a-week
-- worthwhile: no
-- why: the arithmetic is on the constant, and the index finds the week
-- calls: 50
SELECT l.id, l.product_id, l.lot_no, l.expires_on
FROM lots l
WHERE l.expires_on >= date '2023-10-09' AND l.expires_on < date '2023-10-09' + 7;

-- name: substitutes-that-were-given
-- worthwhile: no
-- why: coalesce stands in the output alone, and the rows come from one prescription
-- calls: 700
SELECT i.id, coalesce(s.name, p.name) AS given, i.quantity
FROM prescription_items i
JOIN products p ON p.id = i.product_id
LEFT JOIN products s ON s.id = i.substituted_by
WHERE i.prescription_id = 70707;

-- name: closed-pharmacies-with-moves-since
-- worthwhile: no
-- why: EXISTS stops at the first move in the index of each of a few pharmacies
-- calls: 30
SELECT f.id, f.name, f.closed_on
FROM pharmacies f
WHERE f.closed_on IS NOT NULL
  AND EXISTS (SELECT 1 FROM stock_moves m WHERE m.pharmacy_id = f.id AND m.moved_at >= f.closed_on);
