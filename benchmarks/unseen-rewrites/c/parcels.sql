-- name: parcel-scan-summary
-- worthwhile: rewrite
-- why: two probes of the scans for each of all the parcels, where one pass over the scans gives both
SELECT p.id, p.barcode, p.status,
       (SELECT count(*) FROM scans s WHERE s.parcel_id = p.id) AS scan_count,
       (SELECT max(s.scanned_at) FROM scans s WHERE s.parcel_id = p.id) AS last_scanned_at
FROM parcels p;
-- better:
SELECT p.id, p.barcode, p.status, coalesce(s.scan_count, 0) AS scan_count, s.last_scanned_at
FROM parcels p
LEFT JOIN (SELECT parcel_id, count(*) AS scan_count, max(scanned_at) AS last_scanned_at FROM scans GROUP BY parcel_id) s ON s.parcel_id = p.id;
-- variation:
DELETE FROM scans WHERE parcel_id < 2000;

-- name: surcharges-of-a-shift
-- worthwhile: index
-- why: the foreign key has no index, so each parcel of the shift reads all surcharges
SELECT p.id, p.barcode, (SELECT coalesce(sum(x.amount_cents), 0) FROM surcharges x WHERE x.parcel_id = p.id) AS surcharge_cents
FROM parcels p
WHERE p.created_at >= '2024-05-02 06:00+00' AND p.created_at < '2024-05-02 14:00+00'
ORDER BY p.id;
-- index:
CREATE INDEX ON surcharges (parcel_id);
-- variation:
DELETE FROM surcharges WHERE parcel_id % 2 = 0;

-- name: key-account-surcharges
-- worthwhile: rewrite
-- why: joins parcels and surcharges anew for each key account
-- calls: 12
SELECT se.id, se.company,
       (SELECT sum(su.amount_cents) FROM parcels p JOIN surcharges su ON su.parcel_id = p.id WHERE p.sender_id = se.id) AS surcharge_cents
FROM senders se
WHERE se.tariff = 'key';
-- better:
SELECT se.id, se.company, t.cents AS surcharge_cents
FROM senders se
LEFT JOIN (SELECT p.sender_id, sum(su.amount_cents) AS cents
           FROM surcharges su JOIN parcels p ON p.id = su.parcel_id JOIN senders k ON k.id = p.sender_id AND k.tariff = 'key'
           GROUP BY p.sender_id) t ON t.sender_id = se.id
WHERE se.tariff = 'key';
-- variation:
DELETE FROM surcharges WHERE id % 3 > 0;

-- name: whereabouts-of-open-parcels
-- worthwhile: no
-- why: few parcels are under way, and each finds its last scan by the index; a pass over all scans costs more
-- calls: 300
SELECT p.id, p.barcode,
       (SELECT d.city FROM scans s JOIN depots d ON d.id = s.depot_id WHERE s.parcel_id = p.id ORDER BY s.scanned_at DESC, s.id DESC LIMIT 1) AS last_city
FROM parcels p
WHERE p.status = 'created';
-- variation:
UPDATE scans SET scanned_at = timestamptz '2024-11-20 00:00+00' WHERE parcel_id > 118000;

-- name: created-parcels-by-last-depot
-- worthwhile: rewrite
-- why: the view sorts all scans although few parcels are asked for
SELECT v.depot_id, count(*) AS waiting, min(v.scanned_at) AS oldest
FROM parcels p JOIN parcel_last_scan v ON v.parcel_id = p.id
WHERE p.status = 'created'
GROUP BY v.depot_id;
-- better:
SELECT v.depot_id, count(*) AS waiting, min(v.scanned_at) AS oldest
FROM parcels p
CROSS JOIN LATERAL (SELECT s.depot_id, s.scanned_at FROM scans s WHERE s.parcel_id = p.id ORDER BY s.scanned_at DESC, s.id DESC LIMIT 1) v
WHERE p.status = 'created'
GROUP BY v.depot_id;
-- variation:
UPDATE scans SET scanned_at = timestamptz '2024-11-20 00:00+00' WHERE parcel_id > 118000;

-- name: parcels-never-scanned
-- worthwhile: rewrite
-- why: the list is too long for a hash table, so it is read through for each parcel
SELECT p.id, p.barcode, p.created_at
FROM parcels p
WHERE p.created_at >= '2024-03-10 00:00+00' AND p.created_at < '2024-03-10 02:00+00'
  AND p.id NOT IN (SELECT s.parcel_id FROM scans s);
-- better:
SELECT p.id, p.barcode, p.created_at
FROM parcels p
WHERE p.created_at >= '2024-03-10 00:00+00' AND p.created_at < '2024-03-10 02:00+00'
  AND NOT EXISTS (SELECT 1 FROM scans s WHERE s.parcel_id = p.id);

-- name: barcode-lookup-upper
-- worthwhile: index
-- why: a function stands over the column, and only the column is indexed
-- calls: 5000
SELECT id, status, sender_id, created_at FROM parcels WHERE upper(barcode) = upper('px000079190');
-- index:
CREATE INDEX ON parcels (upper(barcode));

-- name: parcels-on-a-date
-- worthwhile: rewrite
-- why: the cast keeps the index on created_at from use
-- calls: 48
SELECT dest_depot_id, count(*) AS parcels, sum(weight_g) AS grams
FROM parcels
WHERE created_at::date = DATE '2024-08-14'
GROUP BY dest_depot_id;
-- better:
SELECT dest_depot_id, count(*) AS parcels, sum(weight_g) AS grams
FROM parcels
WHERE created_at >= DATE '2024-08-14' AND created_at < DATE '2024-08-15'
GROUP BY dest_depot_id;

-- name: delivered-in-month
-- worthwhile: index
-- why: to_char over the column, and no index on it either
SELECT p.sender_id, count(*) AS delivered, avg(p.weight_g)::integer AS grams
FROM parcels p
WHERE to_char(p.delivered_at, 'YYYY-MM') = '2024-03'
GROUP BY p.sender_id
HAVING count(*) > 20;
-- better:
SELECT p.sender_id, count(*) AS delivered, avg(p.weight_g)::integer AS grams
FROM parcels p
WHERE p.delivered_at >= timestamptz '2024-03-01' AND p.delivered_at < timestamptz '2024-04-01'
GROUP BY p.sender_id
HAVING count(*) > 20;
-- index:
CREATE INDEX ON parcels (delivered_at);
-- variation:
UPDATE parcels SET delivered_at = timestamptz '2024-04-01 00:00+00' WHERE sender_id BETWEEN 100 AND 130;

-- name: depot-scan-feed
-- worthwhile: index
-- why: neither depot nor time of the scans is indexed
-- calls: 900
-- ordered: yes
SELECT s.id, s.parcel_id, s.kind, s.scanned_at, c.name
FROM scans s LEFT JOIN couriers c ON c.id = s.courier_id
WHERE s.depot_id = 43 AND s.scanned_at >= '2024-11-01 00:00+00'
ORDER BY s.scanned_at DESC, s.id DESC
LIMIT 50;
-- index:
CREATE INDEX ON scans (depot_id, scanned_at DESC, id DESC);

-- name: find-parcel-by-barcode-or-claim
-- worthwhile: rewrite
-- why: OR with a subquery reads all parcels, where either side has its index
-- calls: 400
SELECT p.id, p.barcode, p.status, p.delivered_at
FROM parcels p
WHERE p.barcode = 'PX000633520' OR p.id IN (SELECT c.parcel_id FROM claims c WHERE c.id = 733);
-- better:
SELECT p.id, p.barcode, p.status, p.delivered_at FROM parcels p WHERE p.barcode = 'PX000633520'
UNION
SELECT p.id, p.barcode, p.status, p.delivered_at FROM parcels p WHERE p.id IN (SELECT c.parcel_id FROM claims c WHERE c.id = 733);
-- variation:
UPDATE claims SET parcel_id = 80 WHERE id = 733;

-- name: senders-who-shipped
-- worthwhile: rewrite
-- why: DISTINCT takes away what the join has multiplied; a semi-join stops at the first parcel
SELECT DISTINCT se.id, se.company, se.email
FROM senders se JOIN parcels p ON p.sender_id = se.id
WHERE p.status <> 'lost'
ORDER BY se.id;
-- better:
SELECT se.id, se.company, se.email
FROM senders se
WHERE EXISTS (SELECT 1 FROM parcels p WHERE p.sender_id = se.id AND p.status <> 'lost')
ORDER BY se.id;
-- variation:
UPDATE parcels SET status = 'lost' WHERE sender_id BETWEEN 200 AND 230;

-- name: parcel-list-page
-- worthwhile: rewrite
-- why: the subquery in the list is worked out for the rows that OFFSET throws away, too
-- calls: 60
-- ordered: yes
SELECT p.id, p.barcode, p.status, (SELECT count(*) FROM scans s WHERE s.parcel_id = p.id) AS scan_count,
       (SELECT string_agg(a.outcome, ', ' ORDER BY a.id) FROM attempts a WHERE a.parcel_id = p.id) AS outcomes
FROM parcels p
ORDER BY p.id
LIMIT 50 OFFSET 40000;
-- better:
SELECT p.id, p.barcode, p.status, (SELECT count(*) FROM scans s WHERE s.parcel_id = p.id) AS scan_count,
       (SELECT string_agg(a.outcome, ', ' ORDER BY a.id) FROM attempts a WHERE a.parcel_id = p.id) AS outcomes
FROM (SELECT id, barcode, status FROM parcels ORDER BY id LIMIT 50 OFFSET 40000) p
ORDER BY p.id;
-- variation:
DELETE FROM scans WHERE parcel_id BETWEEN 40000 AND 40020;

-- name: refresh-sender-counts
-- worthwhile: no
-- why: the writing costs, and counting by the index is no dearer than grouping all parcels
UPDATE senders SET parcel_count = (SELECT count(*) FROM parcels p WHERE p.sender_id = senders.id);

-- name: drop-surcharges-of-returns
-- worthwhile: no
-- why: the list has no NULL and fits a hash table: NOT IN is as fast as an anti-join
DELETE FROM surcharges WHERE parcel_id NOT IN (SELECT p.id FROM parcels p WHERE p.status <> 'returned');
-- variation:
UPDATE parcels SET status = 'returned' WHERE id % 40 = 0;

-- name: attempt-number
-- worthwhile: rewrite
-- why: counts the earlier attempts for each attempt, where row_number counts them in one pass
SELECT a.id, a.parcel_id, a.outcome, (SELECT count(*) FROM attempts b WHERE b.parcel_id = a.parcel_id AND b.id <= a.id) AS attempt_no
FROM attempts a;
-- better:
SELECT a.id, a.parcel_id, a.outcome, row_number() OVER (PARTITION BY a.parcel_id ORDER BY a.id) AS attempt_no
FROM attempts a;
-- variation:
UPDATE attempts SET parcel_id = 5 WHERE id % 50 = 0;

-- name: couriers-who-scanned
-- worthwhile: rewrite
-- why: counts all scans of each courier to know whether there is one
SELECT c.id, c.name, c.licence_until
FROM couriers c
WHERE c.depot_id IN (3, 4, 5, 6) AND (SELECT count(*) FROM scans s WHERE s.courier_id = c.id AND s.kind = 'loaded') > 0
ORDER BY c.id;
-- better:
SELECT c.id, c.name, c.licence_until
FROM couriers c
WHERE c.depot_id IN (3, 4, 5, 6) AND EXISTS (SELECT 1 FROM scans s WHERE s.courier_id = c.id AND s.kind = 'loaded')
ORDER BY c.id;
-- variation:
UPDATE couriers SET depot_id = 4 WHERE id > 380;

-- name: lost-without-claim
-- worthwhile: no
-- why: a claim without a parcel makes NOT IN answer nothing; NOT EXISTS would answer something else
SELECT p.id, p.barcode FROM parcels p WHERE p.status = 'lost' AND p.id NOT IN (SELECT c.parcel_id FROM claims c);
-- variation:
DELETE FROM claims WHERE parcel_id IS NULL;

-- name: departed-parcels
-- worthwhile: no
-- why: EXISTS is planned as a semi-join already
SELECT p.id, p.barcode, p.declared_value FROM parcels p
WHERE EXISTS (SELECT 1 FROM scans s WHERE s.parcel_id = p.id AND s.kind = 'departed');

-- name: recent-by-tariff
-- worthwhile: no
-- why: the CTE is used once and folded in; the range uses its index
WITH recent AS (SELECT * FROM parcels WHERE created_at >= '2024-11-20 00:00+00')
SELECT se.tariff, count(*) AS parcels, count(r.delivered_at) AS delivered
FROM recent r JOIN senders se ON se.id = r.sender_id
GROUP BY se.tariff;

-- name: depots-by-city
-- worthwhile: no
-- why: sixty rows: a function on the column costs nothing here
SELECT id, code FROM depots WHERE lower(city) = lower('CITY 12');

-- name: partners-of-a-parcel
-- worthwhile: no
-- why: a courier may have scanned and delivered: UNION must drop what is twice
SELECT c.id, c.name FROM couriers c JOIN scans s ON s.courier_id = c.id WHERE s.parcel_id BETWEEN 7000 AND 7100
UNION
SELECT c.id, c.name FROM couriers c JOIN attempts a ON a.courier_id = c.id WHERE a.parcel_id BETWEEN 7000 AND 7100;

-- name: delivery-hours-by-depot
-- worthwhile: no
-- why: a report over everything: nothing to save
SELECT d.region, d.city, count(*) AS delivered, avg(extract(epoch FROM p.delivered_at - p.created_at) / 3600)::numeric(10, 2) AS hours
FROM parcels p JOIN depots d ON d.id = p.dest_depot_id
WHERE p.delivered_at IS NOT NULL
GROUP BY d.region, d.city
ORDER BY d.region, d.city;
