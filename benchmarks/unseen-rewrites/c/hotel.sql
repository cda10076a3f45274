-- name: booking-export
-- worthwhile: rewrite
-- why: looks up hotel and guest by key for each of all bookings; joins hash them once
SELECT b.id, b.confirmation, b.arrival, b.departure,
       (SELECT h.name FROM hotels h WHERE h.id = b.hotel_id) AS hotel,
       (SELECT g.last_name FROM guests g WHERE g.id = b.guest_id) AS last_name,
       (SELECT r.number FROM rooms r WHERE r.id = b.room_id) AS room
FROM bookings b
WHERE b.status IN ('stayed', 'no_show');
-- better:
SELECT b.id, b.confirmation, b.arrival, b.departure, h.name AS hotel, g.last_name, r.number AS room
FROM bookings b
LEFT JOIN hotels h ON h.id = b.hotel_id
LEFT JOIN guests g ON g.id = b.guest_id
LEFT JOIN rooms r ON r.id = b.room_id
WHERE b.status IN ('stayed', 'no_show');
-- variation:
UPDATE bookings SET room_id = NULL WHERE id % 90 = 0;

-- name: hotel-cards
-- worthwhile: rewrite
-- why: the reviews of each hotel are read twice by the index instead of all in one pass
-- calls: 200
SELECT h.id, h.name, h.city,
       (SELECT COUNT(*) FROM reviews r WHERE r.hotel_id = h.id AND r.rating IS NOT NULL) AS ratings,
       (SELECT AVG(r.rating)::numeric(4, 2) FROM reviews r WHERE r.hotel_id = h.id) AS rating
FROM hotels h
ORDER BY h.name;
-- better:
SELECT h.id, h.name, h.city, coalesce(r.ratings, 0) AS ratings, r.rating
FROM hotels h
LEFT JOIN (SELECT hotel_id, count(rating) AS ratings, avg(rating)::numeric(4, 2) AS rating FROM reviews GROUP BY hotel_id) r ON r.hotel_id = h.id
ORDER BY h.name;
-- variation:
UPDATE reviews SET rating = NULL WHERE hotel_id < 40;

-- name: arrivals-of-hotel
-- worthwhile: index
-- why: the index knows the hotel, not the day
-- calls: 800
SELECT b.id, b.confirmation, g.last_name, b.departure
FROM bookings b JOIN guests g ON g.id = b.guest_id
WHERE b.hotel_id = 12 AND b.arrival BETWEEN DATE '2024-10-01' AND DATE '2024-10-02' AND b.status <> 'cancelled';
-- index:
CREATE INDEX ON bookings (hotel_id, arrival);

-- name: free-rooms
-- worthwhile: index
-- why: the foreign key to the room has no index: all bookings are read for the rooms of one hotel
-- calls: 2500
SELECT r.id, r.number, r.kind
FROM rooms r
WHERE r.hotel_id = 25
  AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.room_id = r.id AND b.status <> 'cancelled' AND b.arrival < DATE '2024-08-12' AND b.departure > DATE '2024-08-09');
-- index:
CREATE INDEX ON bookings (room_id, arrival);
-- variation:
UPDATE bookings SET room_id = NULL WHERE hotel_id = 25;

-- name: guests-with-last-booking
-- worthwhile: rewrite
-- why: three searches for the same last booking of each guest; DISTINCT ON finds it once for all
SELECT g.id, g.last_name, g.email,
       (SELECT b.hotel_id FROM bookings b WHERE b.guest_id = g.id ORDER BY b.arrival DESC, b.id DESC LIMIT 1) AS last_hotel_id,
       (SELECT b.arrival FROM bookings b WHERE b.guest_id = g.id ORDER BY b.arrival DESC, b.id DESC LIMIT 1) AS last_arrival,
       (SELECT b.status FROM bookings b WHERE b.guest_id = g.id ORDER BY b.arrival DESC, b.id DESC LIMIT 1) AS last_status
FROM guests g;
-- better:
SELECT g.id, g.last_name, g.email, b.hotel_id AS last_hotel_id, b.arrival AS last_arrival, b.status AS last_status
FROM guests g
LEFT JOIN (SELECT DISTINCT ON (guest_id) guest_id, hotel_id, arrival, status FROM bookings ORDER BY guest_id, arrival DESC, id DESC) b ON b.guest_id = g.id;
-- variation:
UPDATE bookings SET arrival = DATE '2024-06-01', departure = DATE '2024-06-03' WHERE guest_id BETWEEN 50 AND 90;

-- name: bookings-page
-- worthwhile: rewrite
-- why: charges are summed for every row that OFFSET throws away
-- calls: 70
-- ordered: yes
SELECT b.id, b.confirmation, h.name, g.last_name, (SELECT sum(c.amount) FROM charges c WHERE c.booking_id = b.id) AS charged
FROM bookings b JOIN hotels h ON h.id = b.hotel_id JOIN guests g ON g.id = b.guest_id
ORDER BY b.created_at DESC, b.id DESC
LIMIT 25 OFFSET 30000;
-- better:
SELECT b.id, b.confirmation, h.name, g.last_name, (SELECT sum(c.amount) FROM charges c WHERE c.booking_id = b.id) AS charged
FROM (SELECT id, confirmation, hotel_id, guest_id, created_at FROM bookings ORDER BY created_at DESC, id DESC LIMIT 25 OFFSET 30000) b
JOIN hotels h ON h.id = b.hotel_id JOIN guests g ON g.id = b.guest_id
ORDER BY b.created_at DESC, b.id DESC;
-- variation:
UPDATE bookings SET created_at = timestamptz '2024-01-01 00:00+00' WHERE id BETWEEN 88500 AND 91000;

-- name: revenue-per-day
-- worthwhile: rewrite
-- why: the cast in the join condition reads all charges for a fortnight
-- calls: 100
SELECT d.day::date AS day, coalesce(sum(c.amount), 0) AS revenue, count(c.id) AS charges
FROM generate_series(timestamp '2024-10-01', timestamp '2024-10-14', interval '1 day') AS d(day)
LEFT JOIN charges c ON date_trunc('day', c.charged_at) = d.day
GROUP BY d.day
ORDER BY d.day;
-- better:
SELECT d.day::date AS day, coalesce(sum(c.amount), 0) AS revenue, count(c.id) AS charges
FROM generate_series(timestamp '2024-10-01', timestamp '2024-10-14', interval '1 day') AS d(day)
LEFT JOIN charges c ON c.charged_at >= d.day AND c.charged_at < d.day + interval '1 day'
GROUP BY d.day
ORDER BY d.day;
-- variation:
UPDATE charges SET charged_at = timestamp '2024-10-05' WHERE charged_at >= '2024-10-02' AND charged_at < '2024-10-06';

-- name: rooms-booked-until
-- worthwhile: index
-- why: reads all bookings for each room of the hotel
UPDATE rooms SET last_booked_until = (SELECT max(b.departure) FROM bookings b WHERE b.room_id = rooms.id AND b.status <> 'cancelled') WHERE hotel_id = 25;
-- index:
CREATE INDEX ON bookings (room_id);

-- name: hotels-with-no-show
-- worthwhile: rewrite
-- why: GROUP BY takes away what the join has multiplied
SELECT h.id, h.name
FROM hotels h JOIN bookings b ON b.hotel_id = h.id
WHERE b.status IN ('no_show', 'cancelled')
GROUP BY h.id, h.name
ORDER BY h.name, h.id;
-- better:
SELECT h.id, h.name
FROM hotels h
WHERE EXISTS (SELECT 1 FROM bookings b WHERE b.hotel_id = h.id AND b.status IN ('no_show', 'cancelled'))
ORDER BY h.name, h.id;
-- variation:
UPDATE bookings SET status = 'stayed' WHERE hotel_id BETWEEN 20 AND 25;

-- name: changed-since
-- worthwhile: index
-- why: coalesce over two columns: an index on neither would do, one on the expression does
-- calls: 288
SELECT id, confirmation, status FROM bookings WHERE coalesce(cancelled_at, created_at) >= '2024-12-17 00:00+00';
-- index:
CREATE INDEX ON bookings ((coalesce(cancelled_at, created_at)));

-- name: fresh-reviews
-- worthwhile: rewrite
-- why: arithmetic on the column keeps its index from use
-- calls: 400
SELECT r.id, r.hotel_id, r.rating, r.body
FROM reviews r
WHERE r.created_at + interval '7 days' >= timestamp '2024-10-20 12:00';
-- better:
SELECT r.id, r.hotel_id, r.rating, r.body
FROM reviews r
WHERE r.created_at >= timestamp '2024-10-20 12:00' - interval '7 days';
-- variation:
UPDATE reviews SET created_at = timestamp '2024-10-13 12:00' WHERE id > 44000;

-- name: guests-by-name-prefix
-- worthwhile: index
-- why: no index on names, and a plain one would not serve LIKE in every collation
-- calls: 1500
SELECT id, last_name, first_name, loyalty_no FROM guests WHERE last_name LIKE 'Kovacs17%';
-- index:
CREATE INDEX ON guests (last_name text_pattern_ops);

-- name: dear-stays
-- worthwhile: rewrite
-- why: the mean of the hotel is worked out anew for each booking
SELECT b.id, b.hotel_id, b.total
FROM bookings b
WHERE b.arrival >= DATE '2025-01-15' AND b.total > (SELECT 1.5 * avg(x.total) FROM bookings x WHERE x.hotel_id = b.hotel_id);
-- better:
SELECT b.id, b.hotel_id, b.total
FROM bookings b JOIN (SELECT hotel_id, 1.5 * avg(total) AS mean FROM bookings GROUP BY hotel_id) x ON x.hotel_id = b.hotel_id
WHERE b.arrival >= DATE '2025-01-15' AND b.total > x.mean;
-- variation:
UPDATE bookings SET total = NULL WHERE hotel_id BETWEEN 20 AND 30;

-- name: guest-directory
-- worthwhile: index
-- why: all guests are sorted for the first fifty
-- calls: 600
-- ordered: yes
SELECT id, last_name, first_name, email FROM guests ORDER BY last_name, first_name, id LIMIT 50;
-- index:
CREATE INDEX ON guests (last_name, first_name, id);

-- name: guest-stays-and-nights
-- worthwhile: rewrite
-- why: a CTE that is used twice is worked out whole, for one guest
-- calls: 900
WITH stays AS (
  SELECT b.guest_id, b.hotel_id, b.status, b.departure - b.arrival AS nights FROM bookings b
)
SELECT 'stayed' AS what, count(*) AS n, sum(nights) AS nights FROM stays WHERE guest_id = 4321 AND status = 'stayed'
UNION ALL
SELECT 'missed', count(*), sum(nights) FROM stays WHERE guest_id = 4321 AND status IN ('cancelled', 'no_show');
-- better:
WITH stays AS NOT MATERIALIZED (
  SELECT b.guest_id, b.hotel_id, b.status, b.departure - b.arrival AS nights FROM bookings b
)
SELECT 'stayed' AS what, count(*) AS n, sum(nights) AS nights FROM stays WHERE guest_id = 4321 AND status = 'stayed'
UNION ALL
SELECT 'missed', count(*), sum(nights) FROM stays WHERE guest_id = 4321 AND status IN ('cancelled', 'no_show');
-- variation:
UPDATE bookings SET guest_id = 4321 WHERE id % 500 = 0;

-- name: charges-of-loyal-guests
-- worthwhile: rewrite
-- why: the CTE is fenced, so all charges are summed for a few bookings
WITH charged AS MATERIALIZED (SELECT c.booking_id, sum(c.amount) AS amount, count(*) AS n FROM charges c GROUP BY c.booking_id)
SELECT g.loyalty_no, b.confirmation, ch.amount, ch.n
FROM guests g JOIN bookings b ON b.guest_id = g.id JOIN charged ch ON ch.booking_id = b.id
WHERE g.loyalty_no IN ('L812', 'L1600', 'L64', 'L2000', 'L300');
-- better:
SELECT g.loyalty_no, b.confirmation, sum(c.amount) AS amount, count(*) AS n
FROM guests g JOIN bookings b ON b.guest_id = g.id JOIN charges c ON c.booking_id = b.id
WHERE g.loyalty_no IN ('L812', 'L1600', 'L64', 'L2000', 'L300')
GROUP BY g.id, g.loyalty_no, b.id, b.confirmation;
-- variation:
UPDATE guests SET loyalty_no = 'L812' WHERE id BETWEEN 101 AND 140;

-- name: unassigned-rooms
-- worthwhile: no
-- why: the list is hashed and has no NULL
SELECT r.id, r.hotel_id, r.number FROM rooms r WHERE r.id NOT IN (SELECT b.room_id FROM bookings b WHERE b.room_id IS NOT NULL AND b.arrival >= '2023-06-01');

-- name: rooms-never-assigned
-- worthwhile: no
-- why: bookings without a room make NOT IN answer nothing, which NOT EXISTS would not
SELECT r.id, r.number FROM rooms r WHERE r.hotel_id BETWEEN 1 AND 20 AND r.id NOT IN (SELECT b.room_id FROM bookings b WHERE b.status = 'stayed');
-- variation:
UPDATE bookings SET room_id = 1 WHERE room_id IS NULL;

-- name: write-booking-totals
-- worthwhile: no
-- why: bookings without a charge must become NULL, and for a tenth of the bookings the index is as good as a grouping of all charges
UPDATE bookings SET total = (SELECT sum(c.amount) FROM charges c WHERE c.booking_id = bookings.id) WHERE status = 'stayed' AND arrival >= DATE '2024-08-01';
-- variation:
DELETE FROM charges WHERE booking_id % 5 = 0;

-- name: drop-second-reviews
-- worthwhile: no
-- why: the list of the first ones is hashed
DELETE FROM reviews WHERE id NOT IN (SELECT min(r.id) FROM reviews r GROUP BY r.booking_id);

-- name: bookings-by-channel
-- worthwhile: no
-- why: the function is in the grouping, not in a condition: all rows are wanted
SELECT to_char(created_at, 'YYYY-MM') AS month, channel, count(*) AS bookings, sum(total) AS total FROM bookings GROUP BY 1, 2 ORDER BY 1, 2;

-- name: newest-bookings
-- worthwhile: no
-- why: twenty rows by the key: the subqueries run twenty times
-- calls: 5000
-- ordered: yes
SELECT b.id, b.confirmation, (SELECT h.name FROM hotels h WHERE h.id = b.hotel_id) AS hotel, (SELECT count(*) FROM bookings x WHERE x.guest_id = b.guest_id) AS stays
FROM bookings b ORDER BY b.id DESC LIMIT 20;
-- variation:
UPDATE bookings SET guest_id = 4321 WHERE id > 119990;

-- name: double-bookings
-- worthwhile: no
-- why: a hash join on the room is as good as it gets for all rooms
SELECT a.id, b.id AS other_id, a.room_id FROM bookings a JOIN bookings b ON b.room_id = a.room_id AND b.id > a.id AND b.arrival < a.departure AND a.arrival < b.departure
WHERE a.status = 'stayed' AND b.status = 'stayed';

-- name: charge-kinds-of-hotel
-- worthwhile: no
-- why: a booking has several charges of a kind: the count must not lose them
SELECT c.kind, count(*) AS n, count(DISTINCT c.booking_id) AS bookings FROM charges c JOIN bookings b ON b.id = c.booking_id WHERE b.hotel_id = 77 GROUP BY c.kind;

-- name: mean-of-rated-hotels
-- worthwhile: no
-- why: the condition on the group is moved below it by the planner, and avg leaves NULL ratings out by itself
SELECT h.country, avg(r.rating)::numeric(5, 3) AS rating FROM hotels h LEFT JOIN reviews r ON r.hotel_id = h.id GROUP BY h.country HAVING h.country IN ('DE', 'FR');
