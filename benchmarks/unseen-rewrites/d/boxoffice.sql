-- name: admin-orders-page-1600
-- worthwhile: rewrite
-- why: joins and fetches eighty thousand orders to skip them, where the index knows which fifty are wanted
-- calls: 40
-- ordered: yes
SELECT o.id, o.placed_at, o.status, o.payload ->> 'lang' AS lang, b.email, b.full_name, e.title
FROM orders o JOIN buyers b ON b.id = o.buyer_id JOIN events e ON e.id = o.event_id
ORDER BY o.placed_at DESC, o.id DESC OFFSET 80000 LIMIT 50;
-- better:
SELECT o.id, o.placed_at, o.status, o.payload ->> 'lang' AS lang, b.email, b.full_name, e.title
FROM (SELECT id FROM orders ORDER BY placed_at DESC, id DESC OFFSET 80000 LIMIT 50) page
JOIN orders o ON o.id = page.id JOIN buyers b ON b.id = o.buyer_id JOIN events e ON e.id = o.event_id
ORDER BY o.placed_at DESC, o.id DESC;
-- variation:
UPDATE orders SET placed_at = '2024-03-01 00:00+00' WHERE id % 4 = 0;

-- name: counter-search
-- worthwhile: rewrite
-- why: an OR over two tables lets neither index be used
-- calls: 800
SELECT o.id, o.placed_at, o.status, b.email FROM orders o JOIN buyers b ON b.id = o.buyer_id
WHERE b.email = 'buyer361@mail.example' OR o.id IN (SELECT t.order_id FROM tickets t WHERE t.barcode = 'T' || md5('77123'));
-- better:
SELECT o.id, o.placed_at, o.status, b.email FROM buyers b JOIN orders o ON o.buyer_id = b.id
WHERE b.email = 'buyer361@mail.example'
UNION
SELECT o.id, o.placed_at, o.status, b.email FROM tickets t JOIN orders o ON o.id = t.order_id JOIN buyers b ON b.id = o.buyer_id
WHERE t.barcode = 'T' || md5('77123');

-- name: sales-of-a-berlin-day
-- worthwhile: rewrite
-- why: the local day is computed for each order, past the index on the time
-- calls: 90
SELECT o.status, count(*) AS orders, sum(o.total_cents) AS cents FROM orders o
WHERE (o.placed_at AT TIME ZONE 'Europe/Berlin')::date = '2024-05-17' GROUP BY o.status;
-- better:
SELECT o.status, count(*) AS orders, sum(o.total_cents) AS cents FROM orders o
WHERE o.placed_at >= timestamp '2024-05-17' AT TIME ZONE 'Europe/Berlin' AND o.placed_at < timestamp '2024-05-18' AT TIME ZONE 'Europe/Berlin' GROUP BY o.status;
-- variation:
UPDATE orders SET placed_at = '2024-05-17 22:00+00' WHERE id % 1000 = 0;
-- variation:
UPDATE orders SET placed_at = '2024-05-16 22:00+00' WHERE id % 1000 = 0;

-- name: no-shows-of-event
-- worthwhile: rewrite
-- why: NOT IN walks the list of all scanned tickets again for each ticket of the event
-- calls: 25
SELECT t.id, t.barcode, t.holder_name FROM tickets t JOIN ticket_types y ON y.id = t.ticket_type_id
WHERE y.event_id = 505 AND t.state = 'valid' AND t.id NOT IN (SELECT s.ticket_id FROM gate_scans s);
-- better:
SELECT t.id, t.barcode, t.holder_name FROM tickets t JOIN ticket_types y ON y.id = t.ticket_type_id
WHERE y.event_id = 505 AND t.state = 'valid' AND NOT EXISTS (SELECT FROM gate_scans s WHERE s.ticket_id = t.id);
-- variation:
DELETE FROM gate_scans WHERE ticket_id % 2 = 0;

-- name: sales-curve
-- worthwhile: rewrite
-- why: adds up all earlier orders of the event anew for each of its orders
-- calls: 30
SELECT o.id, o.placed_at, o.total_cents, (SELECT sum(p.total_cents) FROM orders p WHERE p.event_id = o.event_id AND p.placed_at <= o.placed_at) AS so_far
FROM orders o WHERE o.event_id = 505;
-- better:
SELECT o.id, o.placed_at, o.total_cents, sum(o.total_cents) OVER (ORDER BY o.placed_at) AS so_far FROM orders o WHERE o.event_id = 505;
-- variation:
UPDATE orders SET placed_at = '2024-03-01 00:00+00' WHERE id % 5 < 2;
-- variation:
UPDATE orders SET total_cents = NULL WHERE placed_at < '2024-05-01';

-- name: last-scan-of-order
-- worthwhile: index
-- why: the scans have no index on their ticket
-- calls: 1500
SELECT t.id, t.state, (SELECT s.result FROM gate_scans s WHERE s.ticket_id = t.id ORDER BY s.scanned_at DESC, s.id DESC LIMIT 1) AS last_result
FROM tickets t WHERE t.order_id = 60500;
-- index:
CREATE INDEX ON gate_scans (ticket_id, scanned_at DESC, id DESC);
-- variation:
UPDATE gate_scans SET scanned_at = '2024-04-01 00:00+00' WHERE id % 3 = 0;

-- name: oversold-types
-- worthwhile: rewrite
-- why: counts by index for every ticket type, twice for those that are shown
SELECT y.id, y.event_id, y.name, y.quota, (SELECT count(*) FROM tickets t WHERE t.ticket_type_id = y.id AND t.state <> 'void') AS sold
FROM ticket_types y
WHERE (SELECT count(*) FROM tickets t WHERE t.ticket_type_id = y.id AND t.state <> 'void') > y.quota;
-- better:
SELECT y.id, y.event_id, y.name, y.quota, coalesce(t.sold, 0) AS sold
FROM ticket_types y LEFT JOIN (SELECT ticket_type_id, count(*) AS sold FROM tickets WHERE state <> 'void' GROUP BY ticket_type_id) t ON t.ticket_type_id = y.id
WHERE coalesce(t.sold, 0) > y.quota;
-- variation:
UPDATE ticket_types SET quota = -1 WHERE id % 7 = 0;

-- name: regulars-of-a-city
-- worthwhile: rewrite
-- why: groups the orders of all buyers where those of a few dozen are asked for
-- calls: 150
SELECT b.id, b.email, r.orders, r.cents
FROM buyers b JOIN (SELECT buyer_id, count(*) AS orders, sum(total_cents) AS cents FROM orders WHERE status <> 'expired' GROUP BY buyer_id HAVING count(*) >= 3) r ON r.buyer_id = b.id
WHERE b.city = 'City 203';
-- better:
SELECT b.id, b.email, r.orders, r.cents
FROM buyers b CROSS JOIN LATERAL (SELECT count(*) AS orders, sum(o.total_cents) AS cents FROM orders o WHERE o.buyer_id = b.id AND o.status <> 'expired' HAVING count(*) >= 3) r
WHERE b.city = 'City 203';
-- variation:
UPDATE orders SET total_cents = NULL WHERE buyer_id % 2 = 0;

-- name: events-with-resold-tickets
-- worthwhile: rewrite
-- why: joins every ticket to the event's whole text and sorts out the duplicates afterwards
SELECT DISTINCT e.id, e.title, e.description, e.starts_at
FROM events e JOIN ticket_types y ON y.event_id = e.id JOIN tickets t ON t.ticket_type_id = y.id
WHERE t.state IN ('resold', 'used', 'valid');
-- better:
SELECT e.id, e.title, e.description, e.starts_at FROM events e
WHERE EXISTS (SELECT FROM ticket_types y JOIN tickets t ON t.ticket_type_id = y.id WHERE y.event_id = e.id AND t.state IN ('resold', 'used', 'valid'));
-- variation:
UPDATE tickets SET state = 'void' WHERE ticket_type_id % 5 > 0;

-- name: my-orders-or-my-events
-- worthwhile: rewrite
-- why: what a person bought or organises: the OR with a subquery reads all orders, each half alone has its index
-- calls: 600
SELECT o.id, o.status, o.placed_at, o.total_cents FROM orders o
WHERE o.buyer_id = 8001 OR o.event_id IN (SELECT e.id FROM events e WHERE e.organiser_id = 256);
-- better:
SELECT o.id, o.status, o.placed_at, o.total_cents FROM orders o
WHERE o.id IN (SELECT p.id FROM orders p WHERE p.buyer_id = 8001 UNION ALL SELECT p.id FROM orders p JOIN events e ON e.id = p.event_id WHERE e.organiser_id = 256);

-- name: orders-from-newsletter
-- worthwhile: index
-- why: a rare value within a document
-- calls: 120
SELECT o.id, o.buyer_id, o.total_cents FROM orders o WHERE o.payload ->> 'utm' = 'newsletter';
-- index:
CREATE INDEX ON orders ((payload ->> 'utm'));

-- name: scans-of-the-last-quarter-hour
-- worthwhile: rewrite
-- why: an age is computed for each scan where the border could be computed once
-- calls: 2000
SELECT s.gate, count(*) AS scans, count(*) FILTER (WHERE s.result <> 'ok') AS refused FROM gate_scans s
WHERE timestamptz '2024-11-26 22:00+00' - s.scanned_at < interval '15 minutes' GROUP BY s.gate;
-- better:
SELECT s.gate, count(*) AS scans, count(*) FILTER (WHERE s.result <> 'ok') AS refused FROM gate_scans s
WHERE s.scanned_at > timestamptz '2024-11-26 22:00+00' - interval '15 minutes' GROUP BY s.gate;
-- variation:
UPDATE gate_scans SET scanned_at = '2024-11-26 21:45+00' WHERE id % 900 = 0;

-- name: waiting-to-be-notified
-- worthwhile: no
-- why: the events are few, and each has its few on the waiting list by the index
-- calls: 200
SELECT w.id, w.buyer_id, e.title FROM events e JOIN waitlist w ON w.event_id = e.id
WHERE e.starts_at >= '2024-12-20 00:00+00' AND e.starts_at < '2024-12-22 00:00+00' AND w.notified_at IS NULL;

-- name: clashing-events
-- worthwhile: no
-- why: a self-join by ranges, but only within a venue
SELECT a.id, b.id AS other_id FROM events a JOIN events b ON b.venue_id = a.venue_id AND b.id > a.id
WHERE a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND a.status <> 'cancelled' AND b.status <> 'cancelled';

-- name: orders-of-buyer-or-of-event
-- worthwhile: no
-- why: an OR within one table, whose two indexes are united by bitmaps
-- calls: 500
SELECT id, status, placed_at FROM orders WHERE buyer_id = 8001 OR event_id = 2704;

-- name: orders-not-cancelled
-- worthwhile: no
-- why: the list behind NOT IN is short enough to be hashed
SELECT count(*), sum(o.total_cents) FROM orders o WHERE o.event_id NOT IN (SELECT e.id FROM events e WHERE e.status = 'cancelled');

-- name: entry-by-barcode
-- worthwhile: no
-- why: each step has its key
-- calls: 9000
SELECT t.id, t.state, y.name, e.title FROM tickets t JOIN ticket_types y ON y.id = t.ticket_type_id JOIN events e ON e.id = y.event_id WHERE t.barcode = 'T' || md5('150321');

-- name: latest-order-of-attendees
-- worthwhile: no
-- why: sorts the orders of one event, each buyer's last first
-- calls: 50
SELECT DISTINCT ON (o.buyer_id) o.buyer_id, o.id, o.placed_at FROM orders o WHERE o.event_id = 505 ORDER BY o.buyer_id, o.placed_at DESC, o.id DESC;

-- name: organiser-revenue
-- worthwhile: no
-- why: all paid orders of all organisers are what is asked for
SELECT r.id, r.name, count(o.id) AS orders, coalesce(sum(o.total_cents), 0) AS cents
FROM organisers r LEFT JOIN events e ON e.organiser_id = r.id LEFT JOIN orders o ON o.event_id = e.id AND o.status = 'paid'
GROUP BY r.id;

-- name: expire-order
-- worthwhile: no
-- why: one row by its key
-- calls: 800
UPDATE orders SET status = 'expired' WHERE id = 70123 AND status = 'paid';
