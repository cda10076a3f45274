-- name: traffic-of-bins
-- worthwhile: rewrite
-- why: a join with OR can only compare each bin of the aisle with each movement
-- calls: 20
SELECT b.id, b.shelf, count(*) AS movements, sum(m.quantity) AS pieces
FROM bins b JOIN movements m ON m.from_bin_id = b.id OR m.to_bin_id = b.id
WHERE b.aisle = 'A7' AND b.shelf = 1
GROUP BY b.id, b.shelf;
-- better:
SELECT b.id, b.shelf, count(*) AS movements, sum(m.quantity) AS pieces
FROM bins b
JOIN (SELECT from_bin_id AS bin_id, quantity FROM movements
      UNION ALL
      SELECT to_bin_id, quantity FROM movements WHERE from_bin_id IS DISTINCT FROM to_bin_id) m ON m.bin_id = b.id
WHERE b.aisle = 'A7' AND b.shelf = 1
GROUP BY b.id, b.shelf;
-- variation:
UPDATE movements SET to_bin_id = from_bin_id WHERE id % 9 = 0;

-- name: movement-by-pasted-number
-- worthwhile: rewrite
-- why: the key is turned into text for each row, past its index
-- calls: 700
SELECT m.id, m.reason, m.quantity, m.moved_at, a.sku FROM movements m JOIN articles a ON a.id = m.article_id WHERE m.id::text = '91234';
-- better:
SELECT m.id, m.reason, m.quantity, m.moved_at, a.sku FROM movements m JOIN articles a ON a.id = m.article_id WHERE m.id = 91234;

-- name: demand-of-article
-- worthwhile: index
-- why: the view can be asked for one article, but its lines have no index for that
-- calls: 1500
SELECT d.ordered, d.picked, d.lines FROM article_demand d WHERE d.article_id = 4201;
-- index:
CREATE INDEX ON pick_lines (article_id);

-- name: sku-family
-- worthwhile: index
-- why: the beginning of the number, as a function of it
-- calls: 900
SELECT id, sku, name FROM articles WHERE left(sku, 6) = 'BK0791';
-- index:
CREATE INDEX ON articles (left(sku, 6));

-- name: hazardous-articles
-- worthwhile: index
-- why: containment in a document, and few contain it
-- calls: 250
SELECT id, sku, name FROM articles WHERE attributes @> '{"hazard": true}';
-- index:
CREATE INDEX ON articles USING gin (attributes jsonb_path_ops);

-- name: articles-by-label
-- worthwhile: rewrite
-- why: = ANY over a column's array has no index; containment of an array has
-- calls: 900
SELECT id, sku, name, labels FROM articles WHERE 'l784' = ANY (labels) AND discontinued_on IS NULL;
-- better:
SELECT id, sku, name, labels FROM articles WHERE labels @> ARRAY['l784'] AND discontinued_on IS NULL;
-- index:
CREATE INDEX ON articles USING gin (labels);
-- variation:
UPDATE articles SET labels = ARRAY['l784', NULL] WHERE id % 5000 = 0;
-- variation:
UPDATE articles SET labels = '{}' WHERE id % 2 = 0;

-- name: last-count-of-each-bin
-- worthwhile: rewrite
-- why: compares each count with all counts of its bin
SELECT c.id, c.bin_id, c.article_id, c.counted FROM counts c
WHERE c.counted_at >= ALL (SELECT x.counted_at FROM counts x WHERE x.bin_id = c.bin_id);
-- better:
SELECT c.id, c.bin_id, c.article_id, c.counted FROM counts c
JOIN (SELECT bin_id, max(counted_at) AS last_at FROM counts GROUP BY bin_id) l ON l.bin_id = c.bin_id AND l.last_at = c.counted_at;
-- variation:
UPDATE counts SET counted_at = '2024-01-01' WHERE id % 3 > 0;

-- name: newest-count-with-number
-- worthwhile: rewrite
-- why: numbers all counts although the index gives the newest of each bin
SELECT n.bin_id, n.article_id, n.counted, n.counted_at
FROM (SELECT c.*, row_number() OVER (PARTITION BY c.bin_id ORDER BY c.counted_at DESC, c.id DESC) AS place FROM counts c) n
WHERE n.place = 1;
-- better:
SELECT b.id AS bin_id, n.article_id, n.counted, n.counted_at
FROM bins b CROSS JOIN LATERAL (SELECT * FROM counts c WHERE c.bin_id = b.id ORDER BY c.counted_at DESC, c.id DESC LIMIT 1) n;
-- variation:
UPDATE counts SET counted_at = '2024-01-01' WHERE id % 3 > 0;

-- name: losses-of-february
-- worthwhile: rewrite
-- why: truncates the time of each movement instead of asking for the month's range
-- calls: 60
SELECT m.article_id, sum(m.quantity) AS lost FROM movements m WHERE date_trunc('month', m.moved_at) = '2024-02-01' AND m.reason = 'loss' GROUP BY m.article_id;
-- better:
SELECT m.article_id, sum(m.quantity) AS lost FROM movements m WHERE m.moved_at >= '2024-02-01' AND m.moved_at < '2024-03-01' AND m.reason = 'loss' GROUP BY m.article_id;
-- variation:
UPDATE movements SET moved_at = '2024-03-01' WHERE id % 300 = 0;
-- variation:
UPDATE movements SET moved_at = '2024-02-01' WHERE id % 300 = 0;

-- name: turnover-list
-- worthwhile: rewrite
-- why: groups every movement by the texts of its article and supplier, where summing up by the article first leaves few rows to join
SELECT a.id, a.sku, a.name, s.name AS supplier, s.country, sum(m.quantity) AS pieces, count(*) AS movements, max(m.moved_at) AS last_moved_at
FROM movements m JOIN articles a ON a.id = m.article_id LEFT JOIN suppliers s ON s.id = a.supplier_id
GROUP BY a.id, a.sku, a.name, s.name, s.country;
-- better:
SELECT a.id, a.sku, a.name, s.name AS supplier, s.country, m.pieces, m.movements, m.last_moved_at
FROM (SELECT article_id, sum(quantity) AS pieces, count(*) AS movements, max(moved_at) AS last_moved_at FROM movements GROUP BY article_id) m
JOIN articles a ON a.id = m.article_id LEFT JOIN suppliers s ON s.id = a.supplier_id;

-- name: stock-left-of-discontinued
-- worthwhile: index
-- why: the primary key begins with the bin, so each of the supplier's discontinued articles reads the whole stock
-- calls: 350
SELECT a.id, a.sku, (SELECT sum(k.quantity) FROM stock k WHERE k.article_id = a.id) AS quantity, (SELECT sum(k.reserved) FROM stock k WHERE k.article_id = a.id) AS reserved
FROM articles a WHERE a.supplier_id = 170 AND a.discontinued_on IS NOT NULL;
-- index:
CREATE INDEX ON stock (article_id);

-- name: two-weeks-of-movements
-- worthwhile: rewrite
-- why: reads all movements once for each day of the calendar
-- calls: 80
-- ordered: yes
SELECT d.day::date AS day, (SELECT count(*) FROM movements m WHERE m.moved_at::date = d.day) AS movements
FROM generate_series(timestamp '2024-08-01', timestamp '2024-08-14', interval '1 day') AS d (day)
ORDER BY d.day;
-- better:
SELECT d.day::date AS day, coalesce(m.movements, 0) AS movements
FROM generate_series(timestamp '2024-08-01', timestamp '2024-08-14', interval '1 day') AS d (day)
LEFT JOIN (SELECT moved_at::date AS day, count(*) AS movements FROM movements WHERE moved_at >= '2024-08-01' AND moved_at < '2024-08-15' GROUP BY 1) m ON m.day = d.day
ORDER BY d.day;
-- variation:
DELETE FROM movements WHERE moved_at >= '2024-08-05' AND moved_at < '2024-08-07';

-- name: month-over-month-of-article
-- worthwhile: rewrite
-- why: the common table, read twice, is made for all articles although one is asked for
-- calls: 200
WITH monthly AS (SELECT article_id, date_trunc('month', moved_at) AS month, sum(quantity) AS pieces FROM movements GROUP BY 1, 2)
SELECT t.month, t.pieces, p.pieces AS before FROM monthly t LEFT JOIN monthly p ON p.article_id = t.article_id AND p.month = t.month - interval '1 month'
WHERE t.article_id = 121;
-- better:
WITH monthly AS (SELECT article_id, date_trunc('month', moved_at) AS month, sum(quantity) AS pieces FROM movements WHERE article_id = 121 GROUP BY 1, 2)
SELECT t.month, t.pieces, p.pieces AS before FROM monthly t LEFT JOIN monthly p ON p.article_id = t.article_id AND p.month = t.month - interval '1 month'
WHERE t.article_id = 121;
-- variation:
DELETE FROM movements WHERE moved_at >= '2024-03-01' AND moved_at < '2024-04-01';

-- name: month-over-month
-- worthwhile: no
-- why: what the common table holds is asked for whole, twice, and made once
WITH monthly AS (SELECT reason, date_trunc('month', moved_at) AS month, sum(quantity) AS pieces FROM movements GROUP BY 1, 2)
SELECT t.reason, t.month, t.pieces, p.pieces AS before FROM monthly t LEFT JOIN monthly p ON p.reason = t.reason AND p.month = t.month - interval '1 month';

-- name: value-of-recent-losses
-- worthwhile: no
-- why: an hour's movements, each with its cost by the key
-- calls: 100
SELECT m.id, m.quantity, (SELECT k.cost FROM article_costs k WHERE k.article_id = m.article_id AND k.valid_from <= m.moved_at::date ORDER BY k.valid_from DESC LIMIT 1) AS cost
FROM movements m WHERE m.moved_at >= '2024-09-01 10:00' AND m.moved_at < '2024-09-01 11:00';

-- name: red-articles
-- worthwhile: no
-- why: a third of the articles are red: no index would be read
-- calls: 30
SELECT unit, count(*) FROM articles WHERE attributes ->> 'colour' = 'red' GROUP BY unit;

-- name: bin-label
-- worthwhile: no
-- why: the primary key begins with the bin
-- calls: 5000
SELECT k.article_id, a.sku, k.quantity - coalesce(k.reserved, 0) AS free FROM stock k JOIN articles a ON a.id = k.article_id WHERE k.bin_id = 4417 AND k.quantity > 0;

-- name: orders-picked-in-full
-- worthwhile: no
-- why: NOT EXISTS is an anti-join already
SELECT o.id FROM pick_orders o WHERE o.state = 'shipped' AND NOT EXISTS (SELECT FROM pick_lines l WHERE l.pick_order_id = o.id AND (l.picked IS NULL OR l.picked < l.ordered));

-- name: suppliers-in-use
-- worthwhile: no
-- why: the same supplier stands on both sides, and UNION is there to show it once
SELECT supplier_id FROM purchase_orders WHERE state = 'draft' UNION SELECT supplier_id FROM articles WHERE discontinued_on IS NULL AND supplier_id IS NOT NULL;

-- name: drift-of-bin
-- worthwhile: no
-- why: a window over the dozen counts of one bin
-- calls: 600
SELECT counted_at, article_id, counted, counted - lag(counted) OVER (PARTITION BY article_id ORDER BY counted_at, id) AS drift FROM counts WHERE bin_id = 77;
