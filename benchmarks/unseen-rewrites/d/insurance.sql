-- name: open-claims-with-reserve
-- worthwhile: rewrite
-- why: sorts the reserves of all claims where those of the open ones are wanted
-- calls: 300
SELECT c.id, c.claim_no, r.amount_cents, r.set_at
FROM claims c
LEFT JOIN (SELECT DISTINCT ON (claim_id) claim_id, amount_cents, set_at FROM reserves ORDER BY claim_id, set_at DESC, id DESC) r ON r.claim_id = c.id
WHERE c.state = 'open' AND c.reported_at >= '2024-09-15';
-- better:
SELECT c.id, c.claim_no, r.amount_cents, r.set_at
FROM claims c
LEFT JOIN LATERAL (SELECT x.amount_cents, x.set_at FROM reserves x WHERE x.claim_id = c.id ORDER BY x.set_at DESC, x.id DESC LIMIT 1) r ON true
WHERE c.state = 'open' AND c.reported_at >= '2024-09-15';
-- variation:
UPDATE reserves SET set_at = '2024-05-01' WHERE id % 3 = 0;

-- name: documents-of-claim
-- worthwhile: index
-- why: an owner of either kind has no foreign key and so nobody thought of an index
-- calls: 2500
-- ordered: yes
SELECT d.id, d.title, d.size_bytes FROM documents d WHERE d.owner_type = 'claim' AND d.owner_id = 32863 ORDER BY d.uploaded_at DESC, d.id;
-- index:
CREATE INDEX ON documents (owner_id, owner_type);

-- name: dunning-run
-- worthwhile: index
-- why: few instalments are unpaid, among all that ever fell due
-- calls: 48
SELECT n.id, n.policy_id, n.amount_cents, n.due_on, n.reminder_level, h.email
FROM instalments n JOIN policies p ON p.id = n.policy_id JOIN holders h ON h.id = p.holder_id
WHERE n.paid_at IS NULL AND n.due_on < '2023-03-01' AND n.reminder_level < 3;
-- index:
CREATE INDEX ON instalments (due_on) WHERE paid_at IS NULL;

-- name: claims-not-closed-by-then
-- worthwhile: rewrite
-- why: coalesce hides the time that could be looked up
-- calls: 120
SELECT c.id, c.claim_no, c.state FROM claims c WHERE coalesce(c.closed_at, timestamp 'infinity') >= '2024-10-12';
-- better:
SELECT c.id, c.claim_no, c.state FROM claims c WHERE c.closed_at >= '2024-10-12' OR c.closed_at IS NULL;
-- index:
CREATE INDEX ON claims (closed_at);
-- variation:
UPDATE claims SET closed_at = 'infinity' WHERE id % 50 = 0;

-- name: three-newest-claims-per-adjuster
-- worthwhile: rewrite
-- why: numbers all claims to keep three of each adjuster
-- calls: 150
SELECT a.name, n.id, n.claim_no, n.reported_at
FROM (SELECT c.*, row_number() OVER (PARTITION BY c.adjuster_id ORDER BY c.reported_at DESC, c.id DESC) AS place FROM claims c) n
JOIN adjusters a ON a.id = n.adjuster_id
WHERE n.place <= 3 AND a.left_on IS NULL;
-- better:
SELECT a.name, n.id, n.claim_no, n.reported_at
FROM adjusters a CROSS JOIN LATERAL (SELECT c.id, c.claim_no, c.reported_at FROM claims c WHERE c.adjuster_id = a.id ORDER BY c.reported_at DESC, c.id DESC LIMIT 3) n
WHERE a.left_on IS NULL;
-- index:
CREATE INDEX ON claims (adjuster_id, reported_at DESC, id DESC);
-- variation:
UPDATE claims SET reported_at = '2024-05-01' WHERE id % 3 = 0;

-- name: loss-ratio-of-brokers
-- worthwhile: rewrite
-- why: walks policies, claims and payments by index for each broker, all of them in the end
SELECT b.id, b.name,
       (SELECT sum(p.premium_cents) FROM policies p WHERE p.broker_id = b.id) AS premium_cents,
       (SELECT sum(y.amount_cents) FROM policies p JOIN claims c ON c.policy_id = p.id JOIN claim_payments y ON y.claim_id = c.id WHERE p.broker_id = b.id) AS paid_cents
FROM brokers b WHERE b.region IN ('north', 'south');
-- better:
SELECT b.id, b.name, p.premium_cents, y.paid_cents
FROM brokers b
LEFT JOIN (SELECT broker_id, sum(premium_cents) AS premium_cents FROM policies GROUP BY broker_id) p ON p.broker_id = b.id
LEFT JOIN (SELECT p.broker_id, sum(y.amount_cents) AS paid_cents FROM policies p JOIN claims c ON c.policy_id = p.id JOIN claim_payments y ON y.claim_id = c.id GROUP BY p.broker_id) y ON y.broker_id = b.id
WHERE b.region IN ('north', 'south');
-- variation:
DELETE FROM claim_payments WHERE claim_id % 4 > 0;

-- name: holder-search-by-name
-- worthwhile: index
-- why: a beginning without regard to case
-- calls: 1800
SELECT h.id, h.first_name, h.last_name, h.born_on, h.city FROM holders h WHERE lower(h.last_name) LIKE 'ln477%' AND h.born_on < '1960-01-01';
-- index:
CREATE INDEX ON holders (lower(last_name) text_pattern_ops);

-- name: policy-by-decimal-number
-- worthwhile: rewrite
-- why: the driver sends the number as a decimal, to which every key is converted
-- calls: 2000
SELECT p.id, p.policy_no, p.status, p.product FROM policies p WHERE p.id = 51234::numeric;
-- better:
SELECT p.id, p.policy_no, p.status, p.product FROM policies p WHERE p.id = 51234;

-- name: adjuster-leaves-for-good
-- worthwhile: index
-- why: to delete an adjuster, the claims and the notes are searched for references without an index
-- calls: 20
DELETE FROM adjusters WHERE id = 115;
-- index:
CREATE INDEX ON claims (adjuster_id);
-- index:
CREATE INDEX ON claim_notes (author_id);

-- name: no-fire-bonus
-- worthwhile: rewrite
-- why: one anti-join with OR is done row by row, two with an equality each are hashed
SELECT p.product, count(*) AS policies, sum(p.premium_cents) AS cents FROM policies p
WHERE NOT EXISTS (SELECT FROM claims c WHERE c.cause = 'fire' AND (c.policy_id = p.id OR c.policy_id = p.replaces_id))
GROUP BY p.product;
-- better:
SELECT p.product, count(*) AS policies, sum(p.premium_cents) AS cents FROM policies p
WHERE NOT EXISTS (SELECT FROM claims c WHERE c.cause = 'fire' AND c.policy_id = p.id) AND NOT EXISTS (SELECT FROM claims c WHERE c.cause = 'fire' AND c.policy_id = p.replaces_id)
GROUP BY p.product;
-- variation:
UPDATE policies SET replaces_id = id % 5000 + 1 WHERE id % 7 = 0;

-- name: paid-by-product-and-half-year
-- worthwhile: rewrite
-- why: joins and groups the payments once for each column of the pivot
SELECT k.product, a.cents AS h1_2022, b.cents AS h2_2022, d.cents AS h1_2023, e.cents AS h2_2023, f.cents AS h1_2024
FROM (SELECT DISTINCT product FROM policies) k
LEFT JOIN (SELECT p.product, sum(y.amount_cents) AS cents FROM claim_payments y JOIN claims c ON c.id = y.claim_id JOIN policies p ON p.id = c.policy_id WHERE y.paid_on >= '2022-01-01' AND y.paid_on < '2022-07-01' GROUP BY p.product) a ON a.product = k.product
LEFT JOIN (SELECT p.product, sum(y.amount_cents) AS cents FROM claim_payments y JOIN claims c ON c.id = y.claim_id JOIN policies p ON p.id = c.policy_id WHERE y.paid_on >= '2022-07-01' AND y.paid_on < '2023-01-01' GROUP BY p.product) b ON b.product = k.product
LEFT JOIN (SELECT p.product, sum(y.amount_cents) AS cents FROM claim_payments y JOIN claims c ON c.id = y.claim_id JOIN policies p ON p.id = c.policy_id WHERE y.paid_on >= '2023-01-01' AND y.paid_on < '2023-07-01' GROUP BY p.product) d ON d.product = k.product
LEFT JOIN (SELECT p.product, sum(y.amount_cents) AS cents FROM claim_payments y JOIN claims c ON c.id = y.claim_id JOIN policies p ON p.id = c.policy_id WHERE y.paid_on >= '2023-07-01' AND y.paid_on < '2024-01-01' GROUP BY p.product) e ON e.product = k.product
LEFT JOIN (SELECT p.product, sum(y.amount_cents) AS cents FROM claim_payments y JOIN claims c ON c.id = y.claim_id JOIN policies p ON p.id = c.policy_id WHERE y.paid_on >= '2024-01-01' AND y.paid_on < '2024-07-01' GROUP BY p.product) f ON f.product = k.product;
-- better:
SELECT k.product, y.h1_2022, y.h2_2022, y.h1_2023, y.h2_2023, y.h1_2024
FROM (SELECT DISTINCT product FROM policies) k
LEFT JOIN (SELECT p.product,
                  sum(y.amount_cents) FILTER (WHERE y.paid_on >= '2022-01-01' AND y.paid_on < '2022-07-01') AS h1_2022,
                  sum(y.amount_cents) FILTER (WHERE y.paid_on >= '2022-07-01' AND y.paid_on < '2023-01-01') AS h2_2022,
                  sum(y.amount_cents) FILTER (WHERE y.paid_on >= '2023-01-01' AND y.paid_on < '2023-07-01') AS h1_2023,
                  sum(y.amount_cents) FILTER (WHERE y.paid_on >= '2023-07-01' AND y.paid_on < '2024-01-01') AS h2_2023,
                  sum(y.amount_cents) FILTER (WHERE y.paid_on >= '2024-01-01' AND y.paid_on < '2024-07-01') AS h1_2024
           FROM claim_payments y JOIN claims c ON c.id = y.claim_id JOIN policies p ON p.id = c.policy_id GROUP BY p.product) y ON y.product = k.product;
-- variation:
UPDATE claim_payments SET paid_on = NULL WHERE claim_id % 2 = 0;

-- name: products-without-injury-cover
-- worthwhile: rewrite
-- why: a NOT IN that refers to the row outside is answered anew for each policy
SELECT p.product, count(*) AS policies FROM policies p WHERE 'injury' NOT IN (SELECT v.kind FROM coverages v WHERE v.policy_id = p.id) GROUP BY p.product;
-- better:
SELECT p.product, count(*) AS policies FROM policies p WHERE NOT EXISTS (SELECT FROM coverages v WHERE v.policy_id = p.id AND v.kind = 'injury') GROUP BY p.product;
-- variation:
DELETE FROM coverages WHERE policy_id % 3 = 0;

-- name: desk-of-adjuster
-- worthwhile: index
-- why: the newest claims of one person: neither the person nor the order has an index
-- calls: 3000
-- ordered: yes
SELECT c.id, c.claim_no, c.state, c.reported_at FROM claims c WHERE c.adjuster_id = 43 ORDER BY c.reported_at DESC, c.id DESC LIMIT 20;
-- index:
CREATE INDEX ON claims (adjuster_id, reported_at DESC, id DESC);

-- name: policies-nobody-replaced
-- worthwhile: no
-- why: the list behind NOT IN holds no NULL and is hashed
SELECT p.product, count(*) FROM policies p WHERE p.id NOT IN (SELECT r.replaces_id FROM policies r WHERE r.replaces_id IS NOT NULL) GROUP BY p.product;

-- name: claims-soon-after-each-other
-- worthwhile: no
-- why: pairs within one policy: an equality and a range
SELECT a.id, b.id AS next_id FROM claims a JOIN claims b ON b.policy_id = a.policy_id AND b.id > a.id AND b.lost_on BETWEEN a.lost_on AND a.lost_on + 14 WHERE a.cause = b.cause AND a.policy_id > 30000;

-- name: payees-by-quarter
-- worthwhile: no
-- why: different payees have to be told apart, and all payments are asked about
SELECT date_trunc('quarter', y.paid_on) AS quarter, count(DISTINCT y.payee) AS payees, sum(y.amount_cents) AS cents FROM claim_payments y WHERE y.paid_on IS NOT NULL GROUP BY 1;

-- name: share-of-premium
-- worthwhile: no
-- why: the total does not depend on the row, so it is computed once
SELECT product, sum(premium_cents) AS cents, round(100.0 * sum(premium_cents) / nullif((SELECT sum(premium_cents) FROM policies WHERE status = 'active'), 0), 1) AS percent
FROM policies WHERE status = 'active' GROUP BY product;

-- name: policies-of-holder-with-last-claim
-- worthwhile: no
-- why: a handful of policies, each with its last claim by the index
-- calls: 1500
SELECT p.id, p.policy_no, k.claim_no, k.reported_at FROM policies p
LEFT JOIN LATERAL (SELECT c.claim_no, c.reported_at FROM claims c WHERE c.policy_id = p.id ORDER BY c.reported_at DESC, c.id DESC LIMIT 1) k ON true
WHERE p.holder_id = 4001;

-- name: premium-by-start-month
-- worthwhile: no
-- why: reads all policies once, as it must
SELECT date_trunc('month', starts_on) AS month, product, count(*), sum(premium_cents) FROM policies GROUP BY ROLLUP (1, 2);

-- name: policies-by-several-numbers
-- worthwhile: no
-- why: a list of keys is looked up by the index
-- calls: 400
SELECT id, policy_no, status FROM policies WHERE policy_no IN ('P00007919', 'P00015838', 'P00023757', 'P00031676') AND status <> 'cancelled';
