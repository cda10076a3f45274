-- name: recruits-below-a-member
-- worthwhile: rewrite
-- why: everybody's recruits are followed down before those of one are picked
-- calls: 150
WITH RECURSIVE below AS (
  SELECT id AS root_id, id, 0 AS depth FROM members
  UNION ALL
  SELECT b.root_id, m.id, b.depth + 1 FROM below b JOIN members m ON m.recruited_by = b.id
)
SELECT b.id, m.name, b.depth
FROM below b
JOIN members m ON m.id = b.id
WHERE b.root_id = 17 AND b.depth > 0;
-- better:
WITH RECURSIVE below AS (
  SELECT id AS root_id, id, 0 AS depth FROM members WHERE id = 17
  UNION ALL
  SELECT b.root_id, m.id, b.depth + 1 FROM below b JOIN members m ON m.recruited_by = b.id
)
SELECT b.id, m.name, b.depth
FROM below b
JOIN members m ON m.id = b.id
WHERE b.depth > 0;

-- name: entries-of-the-last-days
-- worthwhile: rewrite
-- why: days are added to each row's time, so that its index is of no use
-- calls: 300
SELECT e.kind, count(*) AS entries, sum(e.points) AS points
FROM point_entries e
WHERE e.booked_at + interval '14 days' >= timestamp '2024-04-25'
GROUP BY e.kind;
-- better:
SELECT e.kind, count(*) AS entries, sum(e.points) AS points
FROM point_entries e
WHERE e.booked_at >= timestamp '2024-04-25' - interval '14 days'
GROUP BY e.kind;
-- variation:
UPDATE point_entries SET booked_at = timestamp '2024-04-11' - make_interval(secs => id % 3) WHERE id % 100 = 0;

-- name: turnover-of-a-month
-- worthwhile: rewrite
-- why: the month of every purchase is written out as text to compare it
-- calls: 200
SELECT s.partner_id, count(*) AS purchases, sum(p.amount_cents) AS cents
FROM purchases p
JOIN shops s ON s.id = p.shop_id
WHERE to_char(p.bought_at, 'YYYY-MM') = '2023-02'
GROUP BY s.partner_id;
-- better:
SELECT s.partner_id, count(*) AS purchases, sum(p.amount_cents) AS cents
FROM purchases p
JOIN shops s ON s.id = p.shop_id
WHERE p.bought_at >= '2023-02-01' AND p.bought_at < '2023-03-01'
GROUP BY s.partner_id;
-- variation:
UPDATE purchases SET bought_at = timestamp '2023-03-01' - make_interval(secs => id % 2) WHERE id % 50 = 0;

-- name: coupons-that-nobody-used
-- worthwhile: rewrite
-- why: all codes that were ever used are gathered to test the few coupons of one day
-- calls: 6
SELECT c.code, c.value_cents
FROM coupons c
WHERE c.valid_until = '2024-03-15'
  AND c.code NOT IN (SELECT u.code FROM coupon_uses u);
-- better:
SELECT c.code, c.value_cents
FROM coupons c
WHERE c.valid_until = '2024-03-15'
  AND NOT EXISTS (SELECT 1 FROM coupon_uses u WHERE u.code = c.code);

-- name: a-late-page-of-purchases
-- worthwhile: rewrite
-- why: names of shops, partners and members are fetched for all pages that are skipped
-- calls: 200
-- ordered: yes
SELECT p.id, p.bought_at, p.amount_cents, m.name AS member, m.card_number, s.name AS shop, s.opening, r.name AS partner
FROM purchases p
JOIN members m ON m.id = p.member_id
JOIN shops s ON s.id = p.shop_id
JOIN partners r ON r.id = s.partner_id
ORDER BY p.bought_at DESC, p.id DESC
LIMIT 50 OFFSET 60000;
-- better:
SELECT p.id, p.bought_at, p.amount_cents, m.name AS member, m.card_number, s.name AS shop, s.opening, r.name AS partner
FROM (
  SELECT id, bought_at, amount_cents, member_id, shop_id
  FROM purchases
  ORDER BY bought_at DESC, id DESC
  LIMIT 50 OFFSET 60000
) p
JOIN members m ON m.id = p.member_id
JOIN shops s ON s.id = p.shop_id
JOIN partners r ON r.id = s.partner_id
ORDER BY p.bought_at DESC, p.id DESC;
-- variation:
UPDATE purchases SET bought_at = '2023-12-01' WHERE id > 150000 AND id % 3 = 0;

-- name: points-of-one-card
-- worthwhile: rewrite
-- why: the balances of all members are held in a query that is kept apart from the question for one
-- calls: 3500
WITH balances AS MATERIALIZED (
  SELECT member_id, sum(points) AS points, max(booked_at) AS last_booked_at
  FROM point_entries
  GROUP BY member_id
)
SELECT m.id, m.name, t.name AS tier, b.points, b.last_booked_at
FROM members m
JOIN tiers t ON t.id = m.tier_id
JOIN balances b ON b.member_id = m.id
WHERE m.card_number = '63000006089711';
-- better:
SELECT m.id, m.name, t.name AS tier, b.points, b.last_booked_at
FROM members m
JOIN tiers t ON t.id = m.tier_id
CROSS JOIN LATERAL (
  SELECT sum(points) AS points, max(booked_at) AS last_booked_at
  FROM point_entries
  WHERE member_id = m.id
  HAVING count(*) > 0
) b
WHERE m.card_number = '63000006089711';

-- name: dearest-purchases-of-the-day
-- worthwhile: rewrite
-- why: each purchase is compared with all others of the time
-- calls: 90
SELECT p.id, p.member_id, p.shop_id, p.amount_cents
FROM purchases p
WHERE p.bought_at >= '2024-01-05' AND p.bought_at < '2024-01-20'
  AND p.amount_cents >= ALL (SELECT q.amount_cents FROM purchases q WHERE q.bought_at >= '2024-01-05' AND q.bought_at < '2024-01-20' AND q.shop_id = p.shop_id);
-- better:
SELECT p.id, p.member_id, p.shop_id, p.amount_cents
FROM (
  SELECT id, member_id, shop_id, amount_cents, max(amount_cents) OVER (PARTITION BY shop_id) AS highest
  FROM purchases
  WHERE bought_at >= '2024-01-05' AND bought_at < '2024-01-20'
) p
WHERE p.amount_cents = p.highest;
-- variation:
UPDATE purchases SET amount_cents = 60000, shop_id = 1 + id % 30 WHERE id % 20 = 0;

-- name: newest-redemptions-with-entries
-- worthwhile: rewrite
-- why: the entries of all members are put into documents to show those of twenty
-- calls: 700
-- ordered: yes
SELECT r.id, r.ordered_at, m.name, coalesce(e.entries, '[]'::json) AS entries
FROM redemptions r
JOIN members m ON m.id = r.member_id
LEFT JOIN (
  SELECT member_id, json_agg(json_build_object('at', booked_at, 'points', points) ORDER BY booked_at, id) AS entries
  FROM point_entries
  WHERE kind = 'reward'
  GROUP BY member_id
) e ON e.member_id = r.member_id
ORDER BY r.ordered_at DESC, r.id DESC
LIMIT 20;
-- better:
SELECT r.id, r.ordered_at, m.name, coalesce(e.entries, '[]'::json) AS entries
FROM (SELECT id, ordered_at, member_id FROM redemptions ORDER BY ordered_at DESC, id DESC LIMIT 20) r
JOIN members m ON m.id = r.member_id
CROSS JOIN LATERAL (
  SELECT json_agg(json_build_object('at', booked_at, 'points', points) ORDER BY booked_at, id) AS entries
  FROM point_entries
  WHERE member_id = r.member_id AND kind = 'reward'
) e
ORDER BY r.ordered_at DESC, r.id DESC;

-- name: fuel-and-fashion-buyers
-- worthwhile: rewrite
-- why: each pair of a member's purchases is joined to ask whether there is one of each branch
-- calls: 20
SELECT DISTINCT m.id, m.card_number, m.email
FROM members m
JOIN purchases p1 ON p1.member_id = m.id
JOIN shops s1 ON s1.id = p1.shop_id
JOIN partners r1 ON r1.id = s1.partner_id AND r1.branch = 'fuel'
JOIN purchases p2 ON p2.member_id = m.id
JOIN shops s2 ON s2.id = p2.shop_id
JOIN partners r2 ON r2.id = s2.partner_id AND r2.branch = 'fashion'
WHERE p1.bought_at >= '2022-10-01' AND p2.bought_at >= '2022-10-01';
-- better:
SELECT m.id, m.card_number, m.email
FROM members m
JOIN (
  SELECT p.member_id
  FROM purchases p
  JOIN shops s ON s.id = p.shop_id
  JOIN partners r ON r.id = s.partner_id
  WHERE p.bought_at >= '2022-10-01' AND r.branch IN ('fuel', 'fashion')
  GROUP BY p.member_id
  HAVING bool_or(r.branch = 'fuel') AND bool_or(r.branch = 'fashion')
) b ON b.member_id = m.id;

-- name: coupon-as-it-was-typed
-- worthwhile: index
-- why: codes are compared in capitals, and the key holds them as they are
-- calls: 9000
SELECT c.code, c.partner_id, c.value_cents, c.valid_until FROM coupons c WHERE upper(c.code) = upper('save-c4ca4238a0b923820dcc509a6f75849b');
-- index:
CREATE INDEX ON coupons (upper(code));

-- name: purchases-of-a-shop-in-a-month
-- worthwhile: index
-- why: the shop has no index, and the index by time reads all shops
-- calls: 1200
SELECT p.id, p.member_id, p.amount_cents, p.bought_at
FROM purchases p
WHERE p.shop_id = 73 AND p.bought_at >= '2023-01-01' AND p.bought_at < '2023-07-01';
-- index:
CREATE INDEX ON purchases (shop_id, bought_at);

-- name: rewards-to-be-sent
-- worthwhile: index
-- why: a few orders wait among all that were sent
-- calls: 800
SELECT r.id, r.member_id, r.ordered_at, w.name AS reward
FROM redemptions r
JOIN rewards w ON w.id = r.reward_id
WHERE r.sent_at IS NULL AND r.ordered_at < '2024-03-22';
-- index:
CREATE INDEX ON redemptions (ordered_at) WHERE sent_at IS NULL;

-- name: entries-of-a-member
-- worthwhile: no
-- why: few rows by an index
-- calls: 7000
-- ordered: yes
SELECT e.id, e.kind, e.points, e.booked_at FROM point_entries e WHERE e.member_id = 40331 ORDER BY e.booked_at DESC, e.id DESC LIMIT 25;

-- name: member-by-card
-- worthwhile: no
-- why: the unique key
-- calls: 20000
SELECT m.id, m.name, t.name AS tier FROM members m JOIN tiers t ON t.id = m.tier_id WHERE m.card_number = '63000006089711';

-- name: direct-recruits
-- worthwhile: no
-- why: an index by the one who recruited
-- calls: 900
SELECT m.id, m.name, m.joined_at FROM members m WHERE m.recruited_by = 17 AND m.closed_at IS NULL;

-- name: points-by-kind
-- worthwhile: no
-- why: all of the ledger is summed up
-- calls: 8
SELECT e.kind, count(*) AS entries, sum(e.points) AS points FROM point_entries e GROUP BY e.kind;

-- name: members-mailed-twice-and-silent
-- worthwhile: no
-- why: the key of the mailings serves both looks
-- calls: 30
SELECT a.member_id
FROM mailing_members a
JOIN mailing_members b ON b.member_id = a.member_id AND b.mailing_id = 12
WHERE a.mailing_id = 11 AND a.opened_at IS NULL AND b.opened_at IS NULL;

-- name: first-page-of-purchases
-- worthwhile: no
-- why: the index gives the newest, and only those are joined
-- calls: 2500
-- ordered: yes
SELECT p.id, p.bought_at, p.amount_cents, m.name AS member, s.name AS shop
FROM purchases p
JOIN members m ON m.id = p.member_id
JOIN shops s ON s.id = p.shop_id
ORDER BY p.bought_at DESC, p.id DESC
LIMIT 50;

-- name: unopened-mail-of-today
-- worthwhile: no
-- why: few members of one mailing, and the members by their key
-- calls: 60
SELECT m.id, m.email FROM mailing_members x JOIN members m ON m.id = x.member_id WHERE x.mailing_id = 77 AND x.opened_at IS NULL AND m.email IS NOT NULL;
