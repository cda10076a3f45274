-- name: courier-last-position
-- worthwhile: rewrite
-- why: all positions are sorted and numbered although the newest of each courier is one step in the primary key
-- calls: 2000
SELECT x.courier_id, x.latitude, x.longitude, x.battery, x.recorded_at
FROM (SELECT p.*, row_number() OVER (PARTITION BY p.courier_id ORDER BY p.recorded_at DESC) AS rn FROM courier_positions p) x
WHERE x.rn = 1;
-- better:
SELECT c.id AS courier_id, p.latitude, p.longitude, p.battery, p.recorded_at
FROM couriers c
CROSS JOIN LATERAL (SELECT * FROM courier_positions q WHERE q.courier_id = c.id ORDER BY q.recorded_at DESC LIMIT 1) p;
-- variation:
DELETE FROM courier_positions WHERE courier_id > 900 OR recorded_at > '2024-05-10';

-- name: kitchen-board
-- worthwhile: rewrite
-- why: the check constraint knows the other three states, which the index on the state finds
-- calls: 6000
SELECT o.id, o.restaurant_id, o.status, o.placed_at, o.total_cents
FROM orders o
WHERE o.status <> 'delivered' AND o.status <> 'cancelled';
-- better:
SELECT o.id, o.restaurant_id, o.status, o.placed_at, o.total_cents
FROM orders o
WHERE o.status IN ('placed', 'cooking', 'on the way');
-- variation:
UPDATE orders SET status = 'placed' WHERE id < 2000;

-- name: state-tiles
-- worthwhile: rewrite
-- why: one pass over the week counts all tiles, instead of a pass for each
-- calls: 1500
SELECT
  (SELECT count(*) FROM orders WHERE placed_at >= '2023-11-01' AND placed_at < '2024-02-01' AND status = 'delivered') AS delivered,
  (SELECT count(*) FROM orders WHERE placed_at >= '2023-11-01' AND placed_at < '2024-02-01' AND status = 'cancelled') AS cancelled,
  (SELECT coalesce(sum(total_cents), 0) FROM orders WHERE placed_at >= '2023-11-01' AND placed_at < '2024-02-01' AND status = 'delivered') AS revenue_cents,
  (SELECT coalesce(sum(tip_cents), 0) FROM orders WHERE placed_at >= '2023-11-01' AND placed_at < '2024-02-01') AS tips_cents,
  (SELECT count(*) FROM orders WHERE placed_at >= '2023-11-01' AND placed_at < '2024-02-01' AND voucher_code IS NOT NULL) AS with_voucher;
-- better:
SELECT
  count(*) FILTER (WHERE status = 'delivered') AS delivered,
  count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
  coalesce(sum(total_cents) FILTER (WHERE status = 'delivered'), 0) AS revenue_cents,
  coalesce(sum(tip_cents), 0) AS tips_cents,
  count(voucher_code) AS with_voucher
FROM orders WHERE placed_at >= '2023-11-01' AND placed_at < '2024-02-01';
-- variation:
DELETE FROM ratings;
UPDATE orders SET status = 'cancelled', tip_cents = NULL;

-- name: orders-keyset-page
-- worthwhile: rewrite
-- why: the page boundary is spelled as OR, which the index on (placed_at, id) cannot start from
-- calls: 8000
-- ordered: yes
SELECT o.id, o.placed_at, o.status, o.total_cents
FROM orders o
WHERE o.placed_at < '2023-08-02 10:00' OR (o.placed_at = '2023-08-02 10:00' AND o.id < 29000)
ORDER BY o.placed_at DESC, o.id DESC
LIMIT 25;
-- better:
SELECT o.id, o.placed_at, o.status, o.total_cents
FROM orders o
WHERE (o.placed_at, o.id) < ('2023-08-02 10:00', 29000)
ORDER BY o.placed_at DESC, o.id DESC
LIMIT 25;

-- name: customer-support-list-count
-- worthwhile: rewrite
-- why: foreign keys that are not null keep every order in the joins, of which only the number is asked
-- calls: 700
SELECT count(*)
FROM orders o
INNER JOIN customers c ON c.id = o.customer_id
INNER JOIN restaurants r ON r.id = o.restaurant_id
INNER JOIN cities t ON t.id = r.city_id
WHERE o.total_cents > 2000;
-- better:
SELECT count(*) FROM orders o WHERE o.total_cents > 2000;

-- name: dishes-above-house-average
-- worthwhile: rewrite
-- why: the average of a house is worked out once for each of its dishes
-- calls: 60
SELECT d.id, d.name, d.price_cents
FROM dishes d
WHERE d.category = 'main' AND d.price_cents > 1.5 * (SELECT avg(x.price_cents) FROM dishes x WHERE x.restaurant_id = d.restaurant_id);
-- better:
SELECT d.id, d.name, d.price_cents
FROM (SELECT restaurant_id, avg(price_cents) AS average FROM dishes GROUP BY restaurant_id) a
JOIN dishes d ON d.restaurant_id = a.restaurant_id
WHERE d.category = 'main' AND d.price_cents > 1.5 * a.average;

-- name: running-tips
-- worthwhile: rewrite
-- why: the sum so far is taken anew from the first order on for every order
-- calls: 40
-- ordered: yes
SELECT o.id, o.placed_at, o.tip_cents,
       (SELECT sum(p.tip_cents) FROM orders p WHERE p.restaurant_id = o.restaurant_id AND p.placed_at <= o.placed_at) AS tips_so_far
FROM orders o
WHERE o.restaurant_id = 121
ORDER BY o.placed_at, o.id;
-- better:
SELECT o.id, o.placed_at, o.tip_cents, sum(o.tip_cents) OVER (ORDER BY o.placed_at) AS tips_so_far
FROM orders o
WHERE o.restaurant_id = 121
ORDER BY o.placed_at, o.id;
-- variation:
UPDATE orders SET placed_at = date_trunc('day', placed_at) WHERE restaurant_id = 121;

-- name: city-activity-feed
-- worthwhile: rewrite
-- why: both halves are put together whole and rid of duplicates that cannot be, for twenty rows
-- calls: 3000
-- ordered: yes
SELECT * FROM (
  SELECT 'order' AS kind, o.id, o.customer_id, o.placed_at AS happened_at FROM orders o
  UNION
  SELECT 'rating' AS kind, r.id, r.customer_id, r.created_at FROM ratings r
) feed
ORDER BY happened_at DESC, kind, id
LIMIT 20;
-- better:
SELECT * FROM (
  (SELECT 'order' AS kind, o.id, o.customer_id, o.placed_at AS happened_at FROM orders o ORDER BY o.placed_at DESC, o.id LIMIT 20)
  UNION ALL
  (SELECT 'rating' AS kind, r.id, r.customer_id, r.created_at FROM ratings r ORDER BY r.created_at DESC, r.id LIMIT 20)
) feed
ORDER BY happened_at DESC, kind, id
LIMIT 20;
-- variation:
UPDATE ratings SET created_at = '2024-06-01';
UPDATE orders SET placed_at = '2024-06-01' WHERE id % 3 = 0;

-- name: restaurants-without-orders
-- worthwhile: rewrite
-- why: all orders are joined and counted to find the houses that have none
-- calls: 80
SELECT r.id, r.name
FROM restaurants r
LEFT JOIN orders o ON o.restaurant_id = r.id
GROUP BY r.id, r.name
HAVING count(o.id) = 0;
-- better:
SELECT r.id, r.name FROM restaurants r WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.restaurant_id = r.id);
-- variation:
DELETE FROM ratings WHERE restaurant_id > 500; DELETE FROM order_lines; DELETE FROM order_events; DELETE FROM orders WHERE restaurant_id > 500 AND id NOT IN (SELECT order_id FROM ratings);

-- name: new-customers-without-order
-- worthwhile: rewrite
-- why: the list of all who ordered is too long to hash and is read through for each new customer
-- calls: 24
SELECT c.id, c.email
FROM customers c
WHERE c.created_at >= '2024-04-13' AND c.id NOT IN (SELECT o.customer_id FROM orders o);
-- better:
SELECT c.id, c.email
FROM customers c
WHERE c.created_at >= '2024-04-13' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id);

-- name: courier-shift-orders
-- worthwhile: index
-- why: the foreign key to the courier has no index
-- calls: 9000
-- ordered: yes
SELECT o.id, o.status, o.placed_at, o.delivered_at, o.tip_cents
FROM orders o
WHERE o.courier_id = 1513 AND o.placed_at >= '2023-09-01'
ORDER BY o.placed_at, o.id;
-- index:
CREATE INDEX ON orders (courier_id, placed_at);

-- name: dishes-sold-of-house
-- worthwhile: index
-- why: the lines of a dish are found by reading all lines
-- calls: 1200
SELECT d.id, d.name, count(*) AS lines, sum(l.quantity) AS sold, sum(l.quantity * l.price_cents) AS revenue_cents
FROM dishes d
JOIN order_lines l ON l.dish_id = d.id
WHERE d.restaurant_id = 4242
GROUP BY d.id, d.name;
-- index:
CREATE INDEX ON order_lines (dish_id);

-- name: customer-by-phone-digits
-- worthwhile: index
-- why: numbers are compared by their last eight digits
-- calls: 3000
SELECT id, name, email FROM customers WHERE right(phone, 8) = '91475663';
-- index:
CREATE INDEX ON customers (right(phone, 8));

-- name: calls-with-note
-- worthwhile: index
-- why: calls with a note are few among the events, and the newest are asked for
-- calls: 2400
-- ordered: yes
SELECT e.id, e.order_id, e.note, e.occurred_at
FROM order_events e
WHERE e.kind = 'call' AND e.note IS NOT NULL
ORDER BY e.occurred_at DESC, e.id DESC
LIMIT 30;
-- index:
CREATE INDEX ON order_events (occurred_at DESC, id DESC) WHERE kind = 'call' AND note IS NOT NULL;

-- name: restaurant-page-menu
-- worthwhile: no
-- why: one house by its slug, its dishes by their index
SELECT d.id, d.name, d.category, d.price_cents, d.is_available
FROM restaurants r
JOIN dishes d ON d.restaurant_id = r.id
WHERE r.slug = 'restaurant-4242'
ORDER BY d.category, d.price_cents, d.id;

-- name: customer-last-orders-with-lines
-- worthwhile: no
-- why: sub-selects run for ten rows of one customer
SELECT o.id, o.placed_at, o.status,
       (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id) AS lines,
       (SELECT g.stars FROM ratings g WHERE g.order_id = o.id) AS stars,
       (SELECT max(e.occurred_at) FROM order_events e WHERE e.order_id = o.id) AS last_event
FROM orders o
WHERE o.customer_id = 9001
ORDER BY o.placed_at DESC, o.id DESC
LIMIT 10;

-- name: customers-without-favourite
-- worthwhile: no
-- why: the planner makes an anti-join of it
SELECT c.id, c.name
FROM customers c
LEFT JOIN favourites f ON f.customer_id = c.id
WHERE f.customer_id IS NULL AND c.wants_mail;

-- name: optional-filter-voucher
-- worthwhile: no
-- why: the planner folds the constants, so that the index on the voucher serves
SELECT o.id, o.total_cents, o.placed_at
FROM orders o
WHERE o.voucher_code = coalesce('V370', o.voucher_code) AND ('' = '' OR o.status = '');

-- name: one-courier-of-window
-- worthwhile: no
-- why: the filter on the partition is pushed below the window
SELECT x.recorded_at, x.battery, x.battery - x.before AS change
FROM (SELECT courier_id, recorded_at, battery, lag(battery) OVER (PARTITION BY courier_id ORDER BY recorded_at) AS before FROM courier_positions) x
WHERE x.courier_id = 1513;

-- name: revenue-by-month
-- worthwhile: no
-- why: all orders count, and one pass over them adds them up
SELECT date_trunc('month', o.placed_at) AS month, count(*) AS orders, sum(o.total_cents) AS revenue_cents, count(DISTINCT o.restaurant_id) FILTER (WHERE o.status = 'cancelled') AS houses_cancelled
FROM orders o
GROUP BY date_trunc('month', o.placed_at)
ORDER BY 1;

-- name: cancelled-house-having
-- worthwhile: no
-- why: a condition on the group's key is moved to the rows by the planner
SELECT o.restaurant_id, count(*) AS orders, avg(o.total_cents) AS mean_cents
FROM orders o
GROUP BY o.restaurant_id
HAVING o.restaurant_id = 77 OR o.restaurant_id = 154;

-- name: day-series-by-range
-- worthwhile: no
-- why: each day is a range of the index on the time
SELECT d.day, count(o.id) AS orders
FROM generate_series(timestamp '2024-02-01', timestamp '2024-02-14', interval '1 day') AS d(day)
LEFT JOIN orders o ON o.placed_at >= d.day AND o.placed_at < d.day + interval '1 day'
GROUP BY d.day
ORDER BY d.day;
