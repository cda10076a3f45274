-- name: booking-by-locator
-- worthwhile: rewrite
-- why: the program sends text, so that the column of char(6) is turned into text for each row, past its index
-- calls: 9000
SELECT b.id, b.status, b.total, b.currency, t.ticket_no, t.passenger_id
FROM bookings b JOIN tickets t ON t.booking_id = b.id
WHERE b.locator = '12F5D0'::text;
-- better:
SELECT b.id, b.status, b.total, b.currency, t.ticket_no, t.passenger_id
FROM bookings b JOIN tickets t ON t.booking_id = b.id
WHERE b.locator = '12F5D0'::char(6);

-- name: desk-search
-- worthwhile: rewrite
-- why: one box for three numbers: an OR across three tables leaves nothing to look up before they are joined
-- calls: 2600
SELECT t.id, t.ticket_no, b.locator, p.first_name, p.last_name, p.frequent_flyer_no
FROM tickets t
JOIN bookings b ON b.id = t.booking_id
JOIN passengers p ON p.id = t.passenger_id
WHERE t.ticket_no = 'FF704201' OR b.locator = 'FF704201' OR p.frequent_flyer_no = 'FF704201';
-- better:
SELECT t.id, t.ticket_no, b.locator, p.first_name, p.last_name, p.frequent_flyer_no
FROM (SELECT id FROM tickets WHERE ticket_no = 'FF704201'
      UNION
      SELECT t.id FROM tickets t JOIN bookings b ON b.id = t.booking_id WHERE b.locator = 'FF704201'
      UNION
      SELECT t.id FROM tickets t JOIN passengers p ON p.id = t.passenger_id WHERE p.frequent_flyer_no = 'FF704201') found
JOIN tickets t ON t.id = found.id
JOIN bookings b ON b.id = t.booking_id
JOIN passengers p ON p.id = t.passenger_id;

-- name: departures-of-local-day
-- worthwhile: rewrite
-- why: the day in Berlin is computed of each flight, where two bounds of the indexed time say it
-- calls: 1400
-- ordered: yes
SELECT f.id, f.flight_no, f.departs_at, f.gate, f.status, a.iata AS destination
FROM flights f JOIN airports a ON a.id = f.destination_id
WHERE (f.departs_at AT TIME ZONE 'Europe/Berlin')::date = '2024-03-31'
ORDER BY f.departs_at, f.id;
-- better:
SELECT f.id, f.flight_no, f.departs_at, f.gate, f.status, a.iata AS destination
FROM flights f JOIN airports a ON a.id = f.destination_id
WHERE f.departs_at >= timestamp '2024-03-31' AT TIME ZONE 'Europe/Berlin' AND f.departs_at < timestamp '2024-04-01' AT TIME ZONE 'Europe/Berlin'
ORDER BY f.departs_at, f.id;
-- variation:
UPDATE flights SET departs_at = timestamp '2024-04-01' AT TIME ZONE 'Europe/Berlin' - interval '1 microsecond' * (id % 2) WHERE id % 100 = 0;

-- name: load-of-day
-- worthwhile: rewrite
-- why: the segments of all flights are counted for the flights of one day
-- calls: 900
SELECT f.id, f.flight_no, f.departs_at, c.seats, coalesce(s.sold, 0) AS sold, coalesce(s.boarded, 0) AS boarded
FROM flights f
LEFT JOIN aircraft c ON c.id = f.aircraft_id
LEFT JOIN (SELECT flight_id, count(*) AS sold, count(*) FILTER (WHERE boarded) AS boarded FROM segments GROUP BY flight_id) s ON s.flight_id = f.id
WHERE f.departs_at >= '2024-02-10 00:00+00' AND f.departs_at < '2024-02-11 00:00+00';
-- better:
SELECT f.id, f.flight_no, f.departs_at, c.seats, s.sold, s.boarded
FROM flights f
LEFT JOIN aircraft c ON c.id = f.aircraft_id
CROSS JOIN LATERAL (SELECT count(*) AS sold, count(*) FILTER (WHERE g.boarded) AS boarded FROM segments g WHERE g.flight_id = f.id) s
WHERE f.departs_at >= '2024-02-10 00:00+00' AND f.departs_at < '2024-02-11 00:00+00';
-- variation:
DELETE FROM segments WHERE flight_id % 3 = 0;

-- name: statement-of-miles
-- worthwhile: rewrite
-- why: the balance after each entry adds up all entries before it anew
-- calls: 350
-- ordered: yes
SELECT m.id, m.earned_at, m.points,
       (SELECT sum(x.points) FROM miles x WHERE x.passenger_id = m.passenger_id AND x.id <= m.id) AS balance
FROM miles m WHERE m.passenger_id = 4242 ORDER BY m.id;
-- better:
SELECT m.id, m.earned_at, m.points, sum(m.points) OVER (ORDER BY m.id) AS balance
FROM miles m WHERE m.passenger_id = 4242 ORDER BY m.id;

-- name: next-page-of-bookings
-- worthwhile: rewrite
-- why: the place after which the page begins is said with OR, which bounds no scan of the index; a comparison of rows does
-- calls: 1800
-- ordered: yes
SELECT id, locator, status, total, booked_at FROM bookings
WHERE booked_at < '2023-07-04 08:00:00' OR (booked_at = '2023-07-04 08:00:00' AND id < 44100)
ORDER BY booked_at DESC, id DESC LIMIT 40;
-- better:
SELECT id, locator, status, total, booked_at FROM bookings
WHERE (booked_at, id) < ('2023-07-04 08:00:00', 44100)
ORDER BY booked_at DESC, id DESC LIMIT 40;

-- name: bookings-by-day
-- worthwhile: rewrite
-- why: the whole table is read for each of three weeks' days; one pass counts them all
-- calls: 90
-- ordered: yes
SELECT d.day::date AS day,
       (SELECT count(*) FROM bookings b WHERE b.booked_at::date = d.day::date) AS bookings,
       (SELECT sum(b.total) FROM bookings b WHERE b.booked_at::date = d.day::date AND b.status <> 'cancelled') AS turnover
FROM generate_series(timestamp '2023-05-01', timestamp '2023-05-21', interval '1 day') AS d(day)
ORDER BY d.day;
-- better:
SELECT d.day::date AS day, coalesce(b.bookings, 0) AS bookings, b.turnover
FROM generate_series(timestamp '2023-05-01', timestamp '2023-05-21', interval '1 day') AS d(day)
LEFT JOIN (SELECT booked_at::date AS day, count(*) AS bookings, sum(total) FILTER (WHERE status <> 'cancelled') AS turnover
           FROM bookings WHERE booked_at >= '2023-05-01' AND booked_at < '2023-05-22' GROUP BY 1) b ON b.day = d.day::date
ORDER BY d.day;
-- variation:
UPDATE bookings SET booked_at = booked_at + interval '3 days' WHERE booked_at::date = '2023-05-20';

-- name: distinct-contacts
-- worthwhile: rewrite
-- why: count(DISTINCT) sorts all the addresses; a DISTINCT below it hashes them
-- calls: 60
SELECT count(DISTINCT contact_email) AS people FROM bookings;
-- better:
SELECT count(contact_email) AS people FROM (SELECT DISTINCT contact_email FROM bookings) b;

-- name: never-checked-in
-- worthwhile: rewrite
-- why: segments are counted for each ticket to know that there is none, and DISTINCT takes back what the join multiplies
-- calls: 40
SELECT DISTINCT t.id, t.ticket_no, t.passenger_id
FROM tickets t
JOIN segments s ON s.ticket_id = t.id
JOIN flights f ON f.id = s.flight_id
WHERE f.departs_at >= '2024-01-01 00:00+00' AND f.departs_at < '2024-07-01 00:00+00' AND f.status = 'landed'
  AND (SELECT count(*) FROM segments g WHERE g.ticket_id = t.id AND g.boarded) = 0;
-- better:
SELECT t.id, t.ticket_no, t.passenger_id
FROM tickets t
WHERE t.id IN (SELECT s.ticket_id FROM segments s JOIN flights f ON f.id = s.flight_id
               WHERE NOT s.boarded AND f.departs_at >= '2024-01-01 00:00+00' AND f.departs_at < '2024-07-01 00:00+00' AND f.status = 'landed')
  AND NOT EXISTS (SELECT FROM segments g WHERE g.ticket_id = t.id AND g.boarded);

-- name: turnaround-of-day
-- worthwhile: index
-- why: the last arrival of the same aircraft, and nothing finds flights by aircraft
-- calls: 500
SELECT f.id, f.flight_no, f.aircraft_id, f.departs_at,
       (SELECT max(p.arrives_at) FROM flights p WHERE p.aircraft_id = f.aircraft_id AND p.departs_at < f.departs_at AND p.status = 'landed') AS last_arrival
FROM flights f
WHERE f.departs_at >= '2023-02-10 00:00+00' AND f.departs_at < '2023-02-11 00:00+00';
-- index:
CREATE INDEX ON flights (aircraft_id, departs_at);

-- name: passenger-by-email
-- worthwhile: index
-- why: addresses are kept as they were typed and compared in lower case
-- calls: 5200
SELECT id, first_name, last_name, frequent_flyer_no FROM passengers WHERE lower(email) = lower('pax61234@mail.example');
-- index:
CREATE INDEX ON passengers (lower(email));

-- name: bags-of-booking
-- worthwhile: index
-- why: bags have no index for the ticket that they belong to
-- calls: 3300
SELECT g.tag, g.status, g.weight_kg, g.last_scan_at, t.ticket_no
FROM bookings b JOIN tickets t ON t.booking_id = b.id JOIN bags g ON g.ticket_id = t.id
WHERE b.id = 70111;
-- index:
CREATE INDEX ON bags (ticket_id);

-- name: departures-of-utc-day
-- worthwhile: no
-- why: two bounds of an indexed column
-- calls: 2000
-- ordered: yes
SELECT f.id, f.flight_no, f.departs_at, f.gate FROM flights f
WHERE f.departs_at >= '2024-05-05 00:00+00' AND f.departs_at < '2024-05-06 00:00+00' ORDER BY f.departs_at, f.id;

-- name: flight-by-number
-- worthwhile: no
-- why: the function is of the constant, not of the column
-- calls: 4000
-- ordered: yes
SELECT id, departs_at, status, gate FROM flights WHERE flight_no = upper('xa321') AND departs_at >= '2024-06-01 00:00+00' ORDER BY departs_at, id LIMIT 3;

-- name: airport-box
-- worthwhile: no
-- why: an OR over a table of three hundred rows
-- calls: 8000
SELECT id, iata, city FROM airports WHERE iata = 'CDF' OR lower(city) LIKE 'city 31%';

-- name: newest-bookings
-- worthwhile: no
-- why: subqueries in the list, for thirty rows and by an index
-- calls: 1500
-- ordered: yes
SELECT b.id, b.locator, b.booked_at, (SELECT count(*) FROM tickets t WHERE t.booking_id = b.id) AS tickets, (SELECT sum(t.fare) FROM tickets t WHERE t.booking_id = b.id) AS fares
FROM bookings b ORDER BY b.booked_at DESC, b.id DESC LIMIT 30;

-- name: turnover-by-month
-- worthwhile: no
-- why: it is about all bookings
-- calls: 12
-- ordered: yes
SELECT date_trunc('month', booked_at) AS month, currency, count(*) AS bookings, sum(total) AS turnover
FROM bookings WHERE status <> 'cancelled' GROUP BY 1, 2 ORDER BY 1, 2;

-- name: idle-aircraft
-- worthwhile: no
-- why: an anti-join over the flights of a day
-- calls: 100
SELECT c.id, c.tail_no, c.model FROM aircraft c
WHERE NOT EXISTS (SELECT FROM flights f WHERE f.aircraft_id = c.id AND f.departs_at >= '2024-04-01 00:00+00' AND f.departs_at < '2024-04-02 00:00+00');

-- name: gate-change
-- worthwhile: no
-- why: one row by its key
-- calls: 700
UPDATE flights SET gate = 'B14', status = CASE WHEN status = 'scheduled' THEN 'boarding' ELSE status END WHERE id = 57010;

-- name: on-board
-- worthwhile: no
-- why: the join multiplies nothing, each step goes by an index
-- calls: 2500
SELECT p.id, p.last_name, p.first_name, s.seat, s.cabin
FROM segments s JOIN tickets t ON t.id = s.ticket_id JOIN passengers p ON p.id = t.passenger_id
WHERE s.flight_id = 33333 AND s.boarded;
