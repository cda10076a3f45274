-- name: leading-bids-of-lots-that-end
-- worthwhile: rewrite
-- why: every bid of a lot is compared with every other to find that none is higher
-- calls: 2000
SELECT l.id, l.title, b.id AS bid_id, b.bidder_id, b.amount_cents
FROM lots l
JOIN bids b ON b.lot_id = l.id AND b.retracted_at IS NULL
WHERE l.ends_at >= '2023-03-04' AND l.ends_at < '2023-04-05'
  AND NOT EXISTS (
    SELECT 1 FROM bids h
    WHERE h.lot_id = b.lot_id AND h.retracted_at IS NULL
      AND (h.amount_cents > b.amount_cents OR (h.amount_cents = b.amount_cents AND h.id < b.id))
  );
-- better:
SELECT l.id, l.title, b.id AS bid_id, b.bidder_id, b.amount_cents
FROM lots l
CROSS JOIN LATERAL (
  SELECT id, bidder_id, amount_cents FROM bids
  WHERE lot_id = l.id AND retracted_at IS NULL
  ORDER BY amount_cents DESC, id
  LIMIT 1
) b
WHERE l.ends_at >= '2023-03-04' AND l.ends_at < '2023-04-05';
-- variation:
UPDATE bids SET amount_cents = 70000 WHERE id % 3 = 0;
-- variation:
UPDATE bids SET retracted_at = placed_at WHERE lot_id % 2 = 0;

-- name: places-of-new-sellers
-- worthwhile: rewrite
-- why: those who are rated better are counted for each new member
-- calls: 24
SELECT m.id, m.handle, m.rating, 1 + (SELECT count(*) FROM members o WHERE o.country = m.country AND o.rating > m.rating) AS place
FROM members m
WHERE m.country = 'CH' AND m.rating IS NOT NULL AND m.joined_at >= '2022-09-01';
-- better:
SELECT r.id, r.handle, r.rating, r.place
FROM (
  SELECT m.id, m.handle, m.rating, m.joined_at, rank() OVER (ORDER BY m.rating DESC) AS place
  FROM members m
  WHERE m.country = 'CH' AND m.rating IS NOT NULL
) r
WHERE r.joined_at >= '2022-09-01';
-- variation:
UPDATE members SET rating = CASE id % 3 WHEN 0 THEN 99.99 WHEN 1 THEN NULL ELSE rating END WHERE id % 2 = 0;

-- name: lots-that-start-high
-- worthwhile: rewrite
-- why: the price is turned to whole euros before it is compared, so that its index is of no use
-- calls: 400
SELECT l.id, l.title, l.start_cents / 100 AS start_euros FROM lots l WHERE l.start_cents / 100 >= 8000;
-- better:
SELECT l.id, l.title, l.start_cents / 100 AS start_euros FROM lots l WHERE l.start_cents >= 800000;
-- variation:
UPDATE lots SET start_cents = 799950 + id % 100 WHERE id % 20 = 0;

-- name: lots-of-museum-quality
-- worthwhile: rewrite
-- why: the tags of each lot are unfolded to look for one, past the index on them
-- calls: 900
SELECT l.id, l.title, l.ends_at
FROM lots l
WHERE EXISTS (SELECT 1 FROM unnest(l.tags) t(tag) WHERE t.tag = 'museum');
-- better:
SELECT l.id, l.title, l.ends_at FROM lots l WHERE l.tags @> ARRAY['museum'];
-- variation:
UPDATE lots SET tags = CASE id % 3 WHEN 0 THEN '{}'::text[] WHEN 1 THEN ARRAY[NULL, 'museum'] ELSE ARRAY['museum', 'museum'] END WHERE id < 3000;

-- name: feedback-of-a-country
-- worthwhile: rewrite
-- why: feedback is joined by either of two columns, which leaves no way but to compare each with each
-- calls: 10
SELECT m.id, m.handle, count(*) AS entries
FROM members m
JOIN feedback f ON f.author_id = m.id OR f.subject_id = m.id
WHERE m.country = 'CH' AND m.joined_at < '2015-06-01'
GROUP BY m.id;
-- better:
SELECT m.id, m.handle, count(*) AS entries
FROM members m
JOIN (
  SELECT author_id AS member_id FROM feedback
  UNION ALL
  SELECT subject_id FROM feedback WHERE subject_id <> author_id
) f ON f.member_id = m.id
WHERE m.country = 'CH' AND m.joined_at < '2015-06-01'
GROUP BY m.id;
-- variation:
UPDATE feedback SET subject_id = author_id WHERE id % 2 = 0;

-- name: category-page-with-total
-- worthwhile: rewrite
-- why: bids and watchers are counted for all lots of the category, before the page is cut
-- calls: 3000
-- ordered: yes
SELECT l.id, l.title, l.ends_at, b.bids, b.highest, w.watchers, count(*) OVER () AS total
FROM lots l
LEFT JOIN LATERAL (SELECT count(*) AS bids, max(amount_cents) AS highest FROM bids WHERE lot_id = l.id) b ON true
LEFT JOIN LATERAL (SELECT count(*) AS watchers FROM watches WHERE lot_id = l.id) w ON true
WHERE l.category_id = 25
ORDER BY l.ends_at DESC, l.id DESC
LIMIT 24;
-- better:
SELECT l.id, l.title, l.ends_at, b.bids, b.highest, w.watchers, l.total
FROM (
  SELECT id, title, ends_at, count(*) OVER () AS total
  FROM lots WHERE category_id = 25
  ORDER BY ends_at DESC, id DESC
  LIMIT 24
) l
LEFT JOIN LATERAL (SELECT count(*) AS bids, max(amount_cents) AS highest FROM bids WHERE lot_id = l.id) b ON true
LEFT JOIN LATERAL (SELECT count(*) AS watchers FROM watches WHERE lot_id = l.id) w ON true
ORDER BY l.ends_at DESC, l.id DESC;
-- variation:
UPDATE lots SET ends_at = '2023-05-05' WHERE category_id = 25 AND id % 2 = 0;

-- name: last-day-with-a-bid
-- worthwhile: rewrite
-- why: the greatest day is sought among the days of all bids, not as the day of the last one
-- calls: 1500
SELECT max(b.placed_at::date) AS last_day FROM bids b;
-- better:
SELECT max(b.placed_at)::date AS last_day FROM bids b;
-- variation:
DELETE FROM bids WHERE placed_at > '2023-01-01';

-- name: bid-summary-by-lot
-- worthwhile: rewrite
-- why: totals are written to each bid by windows, and all but one row a lot taken away again by DISTINCT
-- calls: 12
SELECT DISTINCT b.lot_id, max(b.amount_cents) OVER (PARTITION BY b.lot_id) AS highest, count(*) OVER (PARTITION BY b.lot_id) AS bids, min(b.placed_at) OVER (PARTITION BY b.lot_id) AS first_at
FROM bids b
WHERE b.retracted_at IS NULL;
-- better:
SELECT b.lot_id, max(b.amount_cents) AS highest, count(*) AS bids, min(b.placed_at) AS first_at
FROM bids b
WHERE b.retracted_at IS NULL
GROUP BY b.lot_id;
-- variation:
UPDATE bids SET retracted_at = placed_at WHERE id % 2 = 0;

-- name: lots-below-a-category
-- worthwhile: rewrite
-- why: the lots of all branches are gathered, each below each of its categories, to ask for one
-- calls: 1200
WITH RECURSIVE tree AS (
  SELECT c.id AS root_id, c.id FROM categories c
  UNION ALL
  SELECT t.root_id, c.id FROM tree t JOIN categories c ON c.parent_id = t.id
), counted AS (
  SELECT t.root_id, count(*) AS lots, max(l.ends_at) AS last_end
  FROM tree t
  JOIN lots l ON l.category_id = t.id
  GROUP BY t.root_id
)
SELECT c.id, c.name, n.lots, n.last_end
FROM categories c
JOIN counted n ON n.root_id = c.id
WHERE c.id = 40;
-- better:
WITH RECURSIVE tree AS (
  SELECT c.id FROM categories c WHERE c.id = 40
  UNION ALL
  SELECT c.id FROM tree t JOIN categories c ON c.parent_id = t.id
)
SELECT c.id, c.name, n.lots, n.last_end
FROM categories c
CROSS JOIN (SELECT count(*) AS lots, max(l.ends_at) AS last_end FROM lots l WHERE l.category_id = ANY (ARRAY(SELECT id FROM tree))) n
WHERE c.id = 40 AND n.lots > 0;
-- variation:
UPDATE lots SET category_id = 41 WHERE category_id BETWEEN 40 AND 300 AND id % 2 = 0;
-- variation:
UPDATE lots SET category_id = 1;

-- name: bids-retracted-lately
-- worthwhile: index
-- why: one bid in a hundred and fifty is retracted, and all are read to find the latest of them
-- calls: 300
SELECT b.id, b.lot_id, b.bidder_id, b.amount_cents, b.retracted_at FROM bids b WHERE b.retracted_at >= '2024-02-01' ORDER BY b.retracted_at DESC, b.id;
-- index:
CREATE INDEX ON bids (retracted_at) WHERE retracted_at IS NOT NULL;

-- name: search-in-titles
-- worthwhile: index
-- why: a search within titles reads all lots
-- calls: 14000
SELECT l.id, l.title, l.ends_at FROM lots l WHERE l.title ILIKE '%stamp no. 2911%';
-- index:
CREATE INDEX ON lots USING gin (title gin_trgm_ops);

-- name: lots-about-to-close
-- worthwhile: index
-- why: the order of their ends leads through all lots that closed long ago
-- calls: 11000
SELECT l.id, l.title, l.ends_at FROM lots l WHERE l.status = 'open' ORDER BY l.ends_at, l.id LIMIT 24;
-- index:
CREATE INDEX ON lots (ends_at, id) WHERE status = 'open';

-- name: lots-watched-lately
-- worthwhile: index
-- why: what was watched in the last days is found by reading all that is watched
-- calls: 900
SELECT w.lot_id, count(*) AS watchers FROM watches w WHERE w.created_at >= '2024-03-01' GROUP BY w.lot_id ORDER BY watchers DESC, w.lot_id LIMIT 10;
-- index:
CREATE INDEX ON watches (created_at);

-- name: bids-of-a-lot
-- worthwhile: no
-- why: the index gives the bids of one lot, the highest first
-- calls: 40000
SELECT b.id, b.bidder_id, b.amount_cents, b.placed_at FROM bids b WHERE b.lot_id = 18501 ORDER BY b.amount_cents DESC, b.id LIMIT 10;

-- name: watched-lots-of-a-member
-- worthwhile: no
-- why: a few watched lots, and the highest bid of each by the end of the index
-- calls: 9000
SELECT l.id, l.title, l.ends_at, (SELECT max(b.amount_cents) FROM bids b WHERE b.lot_id = l.id) AS highest FROM watches w JOIN lots l ON l.id = w.lot_id WHERE w.member_id = 20101 ORDER BY l.ends_at, l.id;

-- name: lots-by-tags
-- worthwhile: no
-- why: the index on tags gives the lots that have one of two
-- calls: 2500
SELECT l.id, l.title FROM lots l WHERE l.tags && ARRAY['maker 77', 'maker 78'];

-- name: turnover-by-month
-- worthwhile: no
-- why: a report over all sales
-- calls: 3
SELECT date_trunc('month', s.sold_at) AS month, count(*) AS sales, sum(s.price_cents) AS cents FROM sales s GROUP BY 1 ORDER BY 1;

-- name: members-that-never-sold
-- worthwhile: no
-- why: most members are in the answer, by an anti-join that reads both tables once
-- calls: 3
SELECT count(*) AS members FROM members m WHERE NOT EXISTS (SELECT 1 FROM lots l WHERE l.seller_id = m.id);

-- name: balance-of-feedback
-- worthwhile: no
-- why: the entries about one member, by the index
-- calls: 20000
SELECT sum(f.score) AS balance, count(*) FILTER (WHERE f.score < 0) AS negative FROM feedback f WHERE f.subject_id = 901;

-- name: third-page-of-a-category
-- worthwhile: no
-- why: a short way along the index, for rows that are skipped
-- calls: 1500
SELECT l.id, l.title, l.description, l.ends_at FROM lots l WHERE l.category_id = 25 ORDER BY l.ends_at DESC, l.id DESC LIMIT 24 OFFSET 48;
