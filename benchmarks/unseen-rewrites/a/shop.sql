-- name: customer-directory
-- worthwhile: rewrite
-- why: three walks over the orders of each of 20,000 customers, where one aggregate gives all three
SELECT c.id, c.email, c.full_name,
       (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS orders_placed,
       (SELECT max(o.placed_at) FROM orders o WHERE o.customer_id = c.id) AS latest_order,
       (SELECT count(*) FROM orders o WHERE o.customer_id = c.id AND o.status = 'cancelled') AS cancellations
FROM customers c;
-- better:
SELECT c.id, c.email, c.full_name, coalesce(o.orders_placed, 0), o.latest_order, coalesce(o.cancellations, 0)
FROM customers c
LEFT JOIN (SELECT customer_id, count(*) AS orders_placed, max(placed_at) AS latest_order,
                  count(*) FILTER (WHERE status = 'cancelled') AS cancellations
           FROM orders GROUP BY customer_id) o ON o.customer_id = c.id;

-- name: dearer-than-category
-- worthwhile: rewrite
-- why: the average of a category is worked out anew for each of its products
SELECT p.id, p.sku, p.name, p.price
FROM products AS p
WHERE NOT p.discontinued AND p.created_at >= '2024-09-01'
  AND p.price > 1.5 * (SELECT avg(q.price) FROM products q WHERE q.category_id = p.category_id)
ORDER BY p.price DESC, p.id;
-- better:
SELECT p.id, p.sku, p.name, p.price
FROM products p JOIN (SELECT category_id, avg(price) AS mean FROM products GROUP BY category_id) q USING (category_id)
WHERE NOT p.discontinued AND p.created_at >= '2024-09-01' AND p.price > 1.5 * q.mean
ORDER BY p.price DESC, p.id;

-- name: price-in-force
-- worthwhile: rewrite
-- why: one index probe for every price ever set, where one pass in key order finds the last ones
SELECT pc.product_id, pc.valid_from, pc.price
FROM price_changes pc
WHERE pc.valid_from = (SELECT max(later.valid_from) FROM price_changes later WHERE later.product_id = pc.product_id);
-- better:
SELECT DISTINCT ON (product_id) product_id, valid_from, price FROM price_changes ORDER BY product_id, valid_from DESC;

-- name: orders-of-a-day
-- worthwhile: rewrite
-- why: a function on the column hides it from its index
SELECT "orders"."id", "orders"."customer_id", "orders"."status", "orders"."placed_at"
FROM "orders"
WHERE date("orders"."placed_at") = '2025-03-01'
ORDER BY "orders"."id";
-- better:
SELECT id, customer_id, status, placed_at FROM orders
WHERE placed_at >= timestamptz '2025-03-01' AND placed_at < timestamptz '2025-03-02' ORDER BY id;

-- name: newest-reviews-of-product
-- worthwhile: index
-- why: the foreign key has no index
-- calls: 5000
SELECT r.id, r.rating, r.body, r.created_at FROM reviews r WHERE r.product_id = 77 ORDER BY r.created_at DESC LIMIT 10;
-- index:
CREATE INDEX ON reviews (product_id, created_at DESC);

-- name: buyers-with-discount
-- worthwhile: rewrite
-- why: DISTINCT clears away what a join has multiplied; a semi-join does not multiply
SELECT DISTINCT c.id, c.email, c.country
FROM customers c
JOIN orders o ON o.customer_id = c.id
JOIN order_items i ON i.order_id = o.id
WHERE i.quantity >= 1 AND o.channel = 'web';
-- better:
SELECT c.id, c.email, c.country FROM customers c
WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.channel = 'web'
              AND EXISTS (SELECT FROM order_items i WHERE i.order_id = o.id AND i.quantity >= 1));

-- name: totals-by-function
-- worthwhile: rewrite
-- why: a function with a query of its own runs once a row
SELECT o.id, o.customer_id, order_total(o.id) AS total
FROM orders o
WHERE o.placed_at >= '2025-08-15' AND o.status <> 'cancelled';
-- better:
SELECT o.id, o.customer_id, i.total
FROM orders o CROSS JOIN LATERAL (
  SELECT sum(i.quantity * i.unit_price - coalesce(i.discount, 0)) AS total FROM order_items i WHERE i.order_id = o.id) i
WHERE o.placed_at >= '2025-08-15' AND o.status <> 'cancelled';

-- name: refresh-ratings
-- worthwhile: rewrite
-- why: all reviews are read once for each product
UPDATE products SET rating_avg = (SELECT round(avg(r.rating), 2) FROM reviews r WHERE r.product_id = products.id)
WHERE discontinued;
-- better:
UPDATE products p SET rating_avg = r.mean
FROM products q LEFT JOIN (SELECT product_id, round(avg(rating), 2) AS mean FROM reviews GROUP BY product_id) r ON r.product_id = q.id
WHERE q.id = p.id AND p.discontinued;

-- name: customers-who-cancelled
-- worthwhile: no
-- why: EXISTS with one equality is a semi-join already
SELECT c.id, c.email FROM customers c
WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'cancelled' AND o.coupon IS NOT NULL);

-- name: customer-page
-- worthwhile: no
-- why: one customer: three index probes cost less than any join over all orders
-- calls: 8000
SELECT c.full_name, c.loyalty_points,
       (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS orders,
       (SELECT count(*) FROM reviews r WHERE r.customer_id = c.id) AS reviews,
       (SELECT max(o.placed_at) FROM orders o WHERE o.customer_id = c.id AND o.status = 'delivered') AS last_delivery
FROM customers c WHERE c.id = 1234;

-- name: customers-who-referred-nobody
-- worthwhile: no
-- why: referred_by holds NULL, so NOT IN gives no row at all; NOT EXISTS would give thousands
SELECT id, email FROM customers WHERE id NOT IN (SELECT referred_by FROM customers);
-- variation:
DELETE FROM customers WHERE id > 120 AND NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = customers.id) AND NOT EXISTS (SELECT FROM reviews r WHERE r.customer_id = customers.id);
-- variation:
UPDATE customers SET referred_by = 5 WHERE referred_by IS NULL;

-- name: dearest-lines
-- worthwhile: no
-- why: few orders; and lines that tie must all stay
SELECT i.order_id, i.line_no, i.unit_price FROM order_items i
WHERE i.order_id BETWEEN 500 AND 520
  AND i.unit_price = (SELECT max(x.unit_price) FROM order_items x WHERE x.order_id = i.order_id);
-- variation:
UPDATE order_items SET unit_price = 9.99 WHERE order_id BETWEEN 500 AND 520;

-- name: slow-sellers-of-category
-- worthwhile: no
-- why: few products; and those that never sold, whose count is 0, must stay
SELECT p.id, p.name FROM products p
WHERE p.category_id = 58 AND p.weight_g > 8000
  AND (SELECT count(*) FROM order_items i WHERE i.product_id = p.id AND i.quantity > 3) < 2;
-- variation:
DELETE FROM order_items WHERE product_id IN (SELECT id FROM products WHERE category_id = 58);
