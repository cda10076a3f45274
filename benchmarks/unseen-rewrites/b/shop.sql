-- name: busiest-customers
-- worthwhile: rewrite
-- why: a count for each of 20,000 customers, only to sort by it
-- ordered: yes
SELECT c.id, c.full_name, c.country FROM customers c
ORDER BY (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) DESC, c.id
LIMIT 20;
-- better:
SELECT c.id, c.full_name, c.country FROM customers c
LEFT JOIN (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) o ON o.customer_id = c.id
ORDER BY coalesce(o.n, 0) DESC, c.id LIMIT 20;

-- name: sales-of-article
-- worthwhile: rewrite
-- why: the view adds up all items of the shop to show those of one product
-- calls: 1500
SELECT p.name, s.units, s.revenue, s.orders
FROM products p LEFT JOIN product_sales s ON s.product_id = p.id
WHERE p.sku = 'SKU-000777';
-- better:
SELECT p.name, s.units, s.revenue, s.orders
FROM products p LEFT JOIN LATERAL (
  SELECT sum(quantity) AS units, sum(quantity * unit_price) AS revenue, count(DISTINCT order_id) AS orders
  FROM order_items i WHERE i.product_id = p.id GROUP BY i.product_id) s ON true
WHERE p.sku = 'SKU-000777';

-- name: orders-without-lines
-- worthwhile: rewrite
-- why: the list is too long for a hash, so NOT IN walks it for each order
SELECT o.id, o.placed_at FROM orders o
WHERE o.placed_at >= '2025-09-16 20:00' AND o.id NOT IN (SELECT order_id FROM order_items);
-- better:
SELECT o.id, o.placed_at FROM orders o
WHERE o.placed_at >= '2025-09-16 20:00' AND NOT EXISTS (SELECT FROM order_items i WHERE i.order_id = o.id);

-- name: orders-with-coupon
-- worthwhile: index
-- why: coalesce() around a column that has no index
-- calls: 700
SELECT id, customer_id, placed_at FROM orders WHERE coalesce(coupon, '') = 'C7' AND status = 'paid';
-- index:
CREATE INDEX ON orders (coupon);
-- better:
SELECT id, customer_id, placed_at FROM orders WHERE coupon = 'C7' AND status = 'paid';

-- name: flagship-of-category
-- worthwhile: rewrite
-- why: each product searches the dearest of its category
SELECT p.id, p.category_id, p.price FROM products p
WHERE p.price > 190 AND p.id = (SELECT best.id FROM products best WHERE best.category_id = p.category_id ORDER BY best.price DESC, best.id LIMIT 1);
-- better:
SELECT p.id, p.category_id, p.price
FROM (SELECT DISTINCT ON (category_id) id, category_id, price FROM products ORDER BY category_id, price DESC, id) p
WHERE p.price > 190;

-- name: bulky-orders
-- worthwhile: rewrite
-- why: an EXISTS with HAVING is a subplan for each order
SELECT o.id, o.customer_id FROM orders o
WHERE EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id GROUP BY i.order_id HAVING sum(i.quantity) > 14);
-- better:
SELECT o.id, o.customer_id FROM orders o
WHERE o.id IN (SELECT order_id FROM order_items GROUP BY order_id HAVING sum(quantity) > 14);

-- name: country-sheet
-- worthwhile: rewrite
-- why: two joins multiply each other and count(DISTINCT) undoes it
SELECT c.country, count(DISTINCT o.id) AS orders, count(DISTINCT r.id) AS reviews
FROM customers c
LEFT JOIN orders o ON o.customer_id = c.id
LEFT JOIN reviews r ON r.customer_id = c.id
GROUP BY c.country;
-- better:
SELECT c.country, coalesce(sum(o.n), 0)::bigint AS orders, coalesce(sum(r.n), 0)::bigint AS reviews
FROM customers c
LEFT JOIN (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) o ON o.customer_id = c.id
LEFT JOIN (SELECT customer_id, count(*) AS n FROM reviews GROUP BY customer_id) r ON r.customer_id = c.id
GROUP BY c.country;

-- name: drop-earlier-reviews
-- worthwhile: rewrite
-- why: each review searches the later ones of its customer
DELETE FROM reviews r
WHERE r.id < (SELECT max(later.id) FROM reviews later WHERE later.product_id = r.product_id AND later.customer_id = r.customer_id);
-- better:
DELETE FROM reviews r
USING (SELECT product_id, customer_id, max(id) AS last FROM reviews GROUP BY product_id, customer_id HAVING count(*) > 1) l
WHERE l.product_id = r.product_id AND l.customer_id = r.customer_id AND r.id < l.last;

-- name: products-never-reviewed
-- worthwhile: rewrite
-- why: counts all reviews of each product to learn that there is none
SELECT p.id, p.sku FROM products p
WHERE p.category_id = 40 AND (SELECT count(r.id) FROM reviews r WHERE r.product_id = p.id) = 0;
-- better:
SELECT p.id, p.sku FROM products p
WHERE p.category_id = 40 AND NOT EXISTS (SELECT FROM reviews r WHERE r.product_id = p.id);

-- name: two-articles
-- worthwhile: no
-- why: the planner takes what both branches of the OR share out by itself
SELECT o.id, i.product_id FROM orders o, order_items i
WHERE (o.id = i.order_id AND i.product_id = 4810) OR (o.id = i.order_id AND i.product_id = 4811);

-- name: coupon-orders-of-critics
-- worthwhile: no
-- why: a semi-join; a plain join would repeat orders
SELECT o.id, o.placed_at FROM orders o
WHERE o.coupon = 'C3' AND o.customer_id IN (SELECT r.customer_id FROM reviews r WHERE r.rating = 1);
-- variation:
INSERT INTO reviews SELECT 500000 + id, product_id, customer_id, 1, NULL, 0, created_at FROM reviews WHERE rating = 1 AND id % 4 = 0;

-- name: stamp-portuguese
-- worthwhile: no
-- why: the outer condition picks few customers; those without an order become NULL
UPDATE customers SET last_order_at = (SELECT max(o.placed_at) FROM orders o WHERE o.customer_id = customers.id)
WHERE country = 'PT' AND loyalty_points > 480;
-- variation:
UPDATE customers SET last_order_at = now() WHERE country = 'PT';

-- name: phone-orders
-- worthwhile: no
-- why: the planner drops a LEFT JOIN on a key whose columns are not used
SELECT o.id, o.status FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE o.channel = 'phone' AND o.coupon IS NOT NULL;

-- name: above-average-buyers
-- worthwhile: no
-- why: the average is worked out once
SELECT o.customer_id, count(*) FROM orders o GROUP BY o.customer_id
HAVING count(*) > 3 * (SELECT avg(x.n) FROM (SELECT count(*) AS n FROM orders GROUP BY customer_id) x);
