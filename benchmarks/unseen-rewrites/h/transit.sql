-- name: stops-around-a-place
-- worthwhile: rewrite
-- why: the distance of every stop is computed, where the index on the coordinates gives the few of a box around
-- calls: 12000
SELECT s.id, s.name, s.lat, s.lon
FROM stops s
WHERE power(s.lat - 52.520008, 2) + power(s.lon - 13.404954, 2) < 0.0025;
-- better:
SELECT s.id, s.name, s.lat, s.lon
FROM stops s
WHERE s.lat BETWEEN 52.46 AND 52.58 AND s.lon BETWEEN 13.34 AND 13.47
  AND power(s.lat - 52.520008, 2) + power(s.lon - 13.404954, 2) < 0.0025;
-- variation:
UPDATE stops SET lat = 52.47 + id / 1000000.0 WHERE lon BETWEEN 13.3 AND 13.5;

-- name: taps-of-a-local-day
-- worthwhile: rewrite
-- why: the time of each tap is turned to a local date, where the ends of that day would do
-- calls: 90
SELECT t.stop_id, count(*) AS taps
FROM taps t
WHERE (t.tapped_at AT TIME ZONE 'Europe/Berlin')::date = '2024-03-31'
GROUP BY t.stop_id;
-- better:
SELECT t.stop_id, count(*) AS taps
FROM taps t
WHERE t.tapped_at >= timestamp '2024-03-31' AT TIME ZONE 'Europe/Berlin'
  AND t.tapped_at < timestamp '2024-04-01' AT TIME ZONE 'Europe/Berlin'
GROUP BY t.stop_id;
-- variation:
UPDATE taps SET tapped_at = timestamptz '2024-03-30 22:59:50+00' + id % 90000 * interval '1 second' WHERE id % 3 = 0;

-- name: latest-position-of-each-vehicle
-- worthwhile: rewrite
-- why: all positions are read for the latest one of nine hundred vehicles
-- calls: 8000
SELECT DISTINCT ON (p.vehicle_id) p.vehicle_id, p.recorded_at, p.trip_id, p.speed
FROM positions p
ORDER BY p.vehicle_id, p.recorded_at DESC;
-- better:
SELECT p.vehicle_id, p.recorded_at, p.trip_id, p.speed
FROM vehicles v
CROSS JOIN LATERAL (SELECT * FROM positions WHERE vehicle_id = v.id ORDER BY recorded_at DESC LIMIT 1) p;
-- variation:
DELETE FROM positions WHERE vehicle_id % 3 = 0;

-- name: runs-and-delays-of-a-week
-- worthwhile: rewrite
-- why: the days are asked for outside of a full join, for which both sides are grouped over all of them
-- calls: 200
SELECT coalesce(r.service_date, d.service_date) AS day, r.runs, d.delays, d.worst_s
FROM (SELECT service_date, count(*) AS runs FROM runs GROUP BY service_date) r
FULL JOIN (SELECT service_date, count(*) AS delays, max(delay_s) AS worst_s FROM delays GROUP BY service_date) d ON d.service_date = r.service_date
WHERE coalesce(r.service_date, d.service_date) >= '2024-05-13' AND coalesce(r.service_date, d.service_date) < '2024-05-20';
-- better:
SELECT coalesce(r.service_date, d.service_date) AS day, r.runs, d.delays, d.worst_s
FROM (SELECT service_date, count(*) AS runs FROM runs WHERE service_date >= '2024-05-13' AND service_date < '2024-05-20' GROUP BY service_date) r
FULL JOIN (
  SELECT service_date, count(*) AS delays, max(delay_s) AS worst_s
  FROM delays WHERE service_date >= '2024-05-13' AND service_date < '2024-05-20'
  GROUP BY service_date
) d ON d.service_date = r.service_date;
-- variation:
DELETE FROM delays WHERE service_date = '2024-05-15';
-- variation:
DELETE FROM runs WHERE service_date IN ('2024-05-16', '2024-05-12');

-- name: punctuality-of-three-days
-- worthwhile: rewrite
-- why: the range of days holds for the delays as well, which equal the runs in it, but is asked of the runs alone
-- calls: 150
SELECT r.vehicle_id, count(*) AS delays, avg(d.delay_s) AS average_s
FROM runs r
JOIN delays d ON d.trip_id = r.trip_id AND d.service_date = r.service_date
WHERE r.service_date BETWEEN '2024-05-20' AND '2024-05-22' AND r.status = 'done'
GROUP BY r.vehicle_id;
-- better:
SELECT r.vehicle_id, count(*) AS delays, avg(d.delay_s) AS average_s
FROM runs r
JOIN delays d ON d.trip_id = r.trip_id AND d.service_date = r.service_date
WHERE r.service_date BETWEEN '2024-05-20' AND '2024-05-22' AND r.status = 'done'
  AND d.service_date BETWEEN '2024-05-20' AND '2024-05-22'
GROUP BY r.vehicle_id;
-- variation:
UPDATE delays SET service_date = '2024-05-21' WHERE id % 40 = 0;

-- name: days-to-choose-from
-- worthwhile: rewrite
-- why: all delays are read for the few days that there are, which an index walks through in steps
-- calls: 900
SELECT DISTINCT d.service_date FROM delays d;
-- better:
WITH RECURSIVE days AS (
  (SELECT d.service_date FROM delays d ORDER BY d.service_date LIMIT 1)
  UNION ALL
  SELECT (SELECT d.service_date FROM delays d WHERE d.service_date > days.service_date ORDER BY d.service_date LIMIT 1) FROM days WHERE days.service_date IS NOT NULL
)
SELECT service_date FROM days WHERE service_date IS NOT NULL;
-- variation:
DELETE FROM delays WHERE service_date BETWEEN '2024-02-01' AND '2024-04-01';

-- name: taps-by-part-of-day
-- worthwhile: rewrite
-- why: the taps are read once for each part of the day
-- calls: 24
SELECT 'night' AS part, count(*) AS taps, sum(t.fare_cents) AS fares FROM taps t WHERE extract(hour FROM t.tapped_at AT TIME ZONE 'UTC') < 6
UNION ALL
SELECT 'morning', count(*), sum(t.fare_cents) FROM taps t WHERE extract(hour FROM t.tapped_at AT TIME ZONE 'UTC') BETWEEN 6 AND 11
UNION ALL
SELECT 'afternoon', count(*), sum(t.fare_cents) FROM taps t WHERE extract(hour FROM t.tapped_at AT TIME ZONE 'UTC') BETWEEN 12 AND 17
UNION ALL
SELECT 'evening', count(*), sum(t.fare_cents) FROM taps t WHERE extract(hour FROM t.tapped_at AT TIME ZONE 'UTC') >= 18;
-- better:
SELECT p.part, coalesce(g.taps, 0) AS taps, g.fares
FROM (VALUES ('night', 0), ('morning', 1), ('afternoon', 2), ('evening', 3)) p(part, quarter)
LEFT JOIN (
  SELECT extract(hour FROM t.tapped_at AT TIME ZONE 'UTC')::integer / 6 AS quarter, count(*) AS taps, sum(t.fare_cents) AS fares
  FROM taps t
  GROUP BY 1
) g ON g.quarter = p.quarter;
-- variation:
DELETE FROM taps WHERE extract(hour FROM tapped_at AT TIME ZONE 'UTC') < 13;

-- name: last-recorded-positions
-- worthwhile: rewrite
-- why: NULLS LAST keeps the index from giving the order, for a column that has no NULLs
-- calls: 3000
-- ordered: yes
SELECT p.id, p.vehicle_id, p.recorded_at FROM positions p ORDER BY p.recorded_at DESC NULLS LAST, p.id DESC LIMIT 100;
-- better:
SELECT p.id, p.vehicle_id, p.recorded_at FROM positions p ORDER BY p.recorded_at DESC, p.id DESC LIMIT 100;
-- variation:
UPDATE positions SET recorded_at = recorded_at + interval '20 days' WHERE id % 30 = 0;

-- name: cards-never-used
-- worthwhile: rewrite
-- why: all taps are joined and grouped for the cards that have none
-- calls: 10
SELECT c.id, c.number, c.issued_on
FROM cards c
LEFT JOIN taps t ON t.card_id = c.id
WHERE c.issued_on >= '2024-01-01'
GROUP BY c.id
HAVING count(t.id) = 0;
-- better:
SELECT c.id, c.number, c.issued_on
FROM cards c
WHERE c.issued_on >= '2024-01-01' AND NOT EXISTS (SELECT 1 FROM taps t WHERE t.card_id = c.id);
-- variation:
DELETE FROM taps WHERE card_id % 2 = 0;

-- name: next-departures-of-a-station
-- worthwhile: rewrite
-- why: the departures of all stops are numbered, for the first three of each platform of one station
-- calls: 15000
SELECT s.name, d.trip_id, d.departure_s
FROM (
  SELECT st.stop_id, st.trip_id, st.departure_s, row_number() OVER (PARTITION BY st.stop_id ORDER BY st.departure_s, st.trip_id, st.seq) AS place
  FROM stop_times st
  WHERE st.departure_s >= 43200
) d
JOIN stops s ON s.id = d.stop_id
WHERE d.place <= 3 AND s.parent_id = 412;
-- better:
SELECT s.name, d.trip_id, d.departure_s
FROM stops s
CROSS JOIN LATERAL (
  SELECT st.trip_id, st.departure_s
  FROM stop_times st
  WHERE st.stop_id = s.id AND st.departure_s >= 43200
  ORDER BY st.departure_s, st.trip_id, st.seq
  LIMIT 3
) d
WHERE s.parent_id = 412;
-- variation:
UPDATE stop_times SET departure_s = 43200 WHERE stop_id < 2000;

-- name: delays-at-a-stop
-- worthwhile: index
-- why: the delays of a stop are found by reading all of them
-- calls: 2000
SELECT d.id, d.trip_id, d.service_date, d.delay_s, d.reason FROM delays d WHERE d.stop_id = 3601 ORDER BY d.service_date DESC, d.id DESC LIMIT 50;
-- index:
CREATE INDEX ON delays (stop_id, service_date);

-- name: stops-by-part-of-name
-- worthwhile: index
-- why: a search within names reads all of them
-- calls: 20000
SELECT s.id, s.code, s.name FROM stops s WHERE s.name ILIKE '%bour gate 41%' ORDER BY s.name, s.id LIMIT 10;
-- index:
CREATE INDEX ON stops USING gin (name gin_trgm_ops);

-- name: trace-of-a-trip
-- worthwhile: index
-- why: the positions of one trip are found by reading all of them
-- calls: 700
SELECT p.vehicle_id, p.recorded_at, p.speed FROM positions p WHERE p.trip_id = 17123 ORDER BY p.recorded_at;
-- index:
CREATE INDEX ON positions (trip_id);

-- name: boardings-at-a-stop
-- worthwhile: index
-- why: the taps of a month are read for those at one stop
-- calls: 1200
SELECT t.tapped_at, t.card_id, t.kind FROM taps t WHERE t.stop_id = 1204 AND t.tapped_at >= '2024-03-01 00:00+00' AND t.tapped_at < '2024-04-01 00:00+00' ORDER BY t.tapped_at, t.id;
-- index:
CREATE INDEX ON taps (stop_id, tapped_at);

-- name: first-and-last-stop-of-trips
-- worthwhile: no
-- why: two looks into the primary key for each trip of one route
-- calls: 400
SELECT t.id, (SELECT st.stop_id FROM stop_times st WHERE st.trip_id = t.id ORDER BY st.seq LIMIT 1) AS first_stop,
       (SELECT st.stop_id FROM stop_times st WHERE st.trip_id = t.id ORDER BY st.seq DESC LIMIT 1) AS last_stop
FROM trips t
WHERE t.route_id = 31;

-- name: direct-connections
-- worthwhile: no
-- why: the trips of one stop, each looked up for the other
-- calls: 9000
SELECT a.trip_id, a.departure_s, b.departure_s AS arrives_s
FROM stop_times a
JOIN stop_times b ON b.trip_id = a.trip_id AND b.seq > a.seq
WHERE a.stop_id = 341 AND b.stop_id = 1375
ORDER BY a.departure_s, a.trip_id;

-- name: taps-of-a-card
-- worthwhile: no
-- why: the taps of one card, by its index
-- calls: 11000
SELECT t.id, t.kind, t.tapped_at, s.name FROM taps t JOIN stops s ON s.id = t.stop_id WHERE t.card_id = 40171 ORDER BY t.tapped_at DESC LIMIT 20;

-- name: fares-by-kind-of-card
-- worthwhile: no
-- why: a report over all taps
-- calls: 2
SELECT c.kind, count(*) AS taps, sum(t.fare_cents) AS fares FROM taps t JOIN cards c ON c.id = t.card_id GROUP BY c.kind;

-- name: taps-of-an-hour
-- worthwhile: no
-- why: a range of the indexed column
-- calls: 700
SELECT t.kind, count(*) AS taps FROM taps t WHERE t.tapped_at >= '2024-04-02 07:00+00' AND t.tapped_at < '2024-04-02 08:00+00' GROUP BY t.kind;

-- name: vehicles-at-work
-- worthwhile: no
-- why: the last minutes of positions, of which each vehicle counts once
-- calls: 5000
SELECT count(DISTINCT p.vehicle_id) AS vehicles FROM positions p WHERE p.recorded_at >= '2024-05-01 07:00+00';

-- name: trips-by-route
-- worthwhile: no
-- why: all routes are shown, for which the trips are grouped once
-- calls: 200
SELECT r.id, r.short_name, coalesce(t.trips, 0) AS trips FROM routes r LEFT JOIN (SELECT route_id, count(*) AS trips FROM trips GROUP BY route_id) t ON t.route_id = r.id ORDER BY r.id;
