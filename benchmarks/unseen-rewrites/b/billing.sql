-- name: running-amount
-- worthwhile: rewrite
-- why: each invoice adds up the earlier ones of its account
SELECT i.id, i.account_id, i.issued_on,
       (SELECT sum(x.amount) FROM invoices x WHERE x.account_id = i.account_id AND x.issued_on <= i.issued_on) AS so_far
FROM invoices i WHERE i.account_id > 6000;
-- better:
SELECT id, account_id, issued_on, sum(amount) OVER (PARTITION BY account_id ORDER BY issued_on) AS so_far FROM invoices WHERE account_id > 6000;

-- name: invoices-of-february
-- worthwhile: rewrite
-- why: extract() twice on the indexed column
SELECT id, number, amount FROM invoices WHERE extract(year FROM issued_on) = 2024 AND extract(month FROM issued_on) = 2 AND status = 'overdue';
-- better:
SELECT id, number, amount FROM invoices WHERE issued_on >= DATE '2024-02-01' AND issued_on < DATE '2024-03-01' AND status = 'overdue';

-- name: grace-period
-- worthwhile: rewrite
-- why: days are added to the column instead of taken from the date
SELECT id, number, amount FROM invoices WHERE issued_on + 14 > DATE '2025-04-25' AND status <> 'paid';
-- better:
SELECT id, number, amount FROM invoices WHERE issued_on > DATE '2025-04-25' - 14 AND status <> 'paid';

-- name: account-family
-- worthwhile: rewrite
-- why: an OR in the join condition
SELECT a.id, p.id AS relative, p.name
FROM accounts a JOIN accounts p ON p.id = a.parent_id OR p.parent_id = a.id
WHERE a.currency = 'GBP';
-- better:
SELECT a.id, p.id AS relative, p.name FROM accounts a JOIN accounts p ON p.id = a.parent_id WHERE a.currency = 'GBP'
UNION ALL
SELECT a.id, p.id, p.name FROM accounts a JOIN accounts p ON p.parent_id = a.id WHERE a.currency = 'GBP' AND p.id IS DISTINCT FROM a.parent_id;

-- name: worst-overdue
-- worthwhile: rewrite
-- why: the largest overdue amount of an account is searched for each of its overdue invoices
SELECT i.account_id, i.id, i.amount FROM invoices i
WHERE i.status = 'overdue'
  AND i.amount = (SELECT max(m.amount) FROM invoices m WHERE m.account_id = i.account_id AND m.status = 'overdue');
-- better:
SELECT account_id, id, amount
FROM (SELECT account_id, id, amount, rank() OVER (PARTITION BY account_id ORDER BY amount DESC NULLS LAST) AS place FROM invoices WHERE status = 'overdue') i
WHERE place = 1 AND amount IS NOT NULL;

-- name: settle-balances
-- worthwhile: rewrite
-- why: the nightly update walks the invoices of each account
UPDATE accounts SET balance = (SELECT coalesce(sum(i.amount), 0) FROM invoices i WHERE i.account_id = accounts.id AND i.status IN ('open', 'overdue'));
-- better:
UPDATE accounts a SET balance = coalesce(i.due, 0)
FROM accounts b LEFT JOIN (SELECT account_id, sum(amount) AS due FROM invoices WHERE status IN ('open', 'overdue') GROUP BY account_id) i ON i.account_id = b.id
WHERE b.id = a.id;

-- name: accounts-of-rep
-- worthwhile: index
-- why: a list read all day, of 1 in 36 accounts
-- calls: 9000
SELECT id, name, opened_on FROM accounts WHERE sales_rep = 'rep4' ORDER BY opened_on DESC LIMIT 10;
-- index:
CREATE INDEX ON accounts (sales_rep, opened_on DESC);

-- name: invoice-by-decimal
-- worthwhile: rewrite
-- why: a driver sends the key as numeric, which its bigint index does not serve
-- calls: 2500
SELECT number, amount, status FROM invoices WHERE id = 47110.0;
-- better:
SELECT number, amount, status FROM invoices WHERE id = 47110;

-- name: monthly-recurring
-- worthwhile: rewrite
-- why: the price of the plan is probed for each subscription
SELECT sum(s.seats * (SELECT p.monthly FROM plans p WHERE p.code = s.plan_code)) AS mrr
FROM subscriptions s WHERE s.ended_on IS NULL;
-- better:
SELECT sum(s.seats * p.monthly) AS mrr FROM subscriptions s LEFT JOIN plans p ON p.code = s.plan_code WHERE s.ended_on IS NULL;

-- name: credited-by-lines
-- worthwhile: rewrite
-- why: the lines of all invoices are added up to serve those of one account
-- calls: 1200
SELECT i.id, i.number, l.total
FROM invoices i INNER JOIN (SELECT invoice_id, sum(quantity * unit_amount) AS total FROM invoice_lines GROUP BY invoice_id) AS l ON l.invoice_id = i.id
WHERE i.account_id = 5120;
-- better:
SELECT i.id, i.number, l.total
FROM invoices i CROSS JOIN LATERAL (SELECT sum(quantity * unit_amount) AS total FROM invoice_lines x WHERE x.invoice_id = i.id GROUP BY x.invoice_id) l
WHERE i.account_id = 5120;

-- name: credited-flag
-- worthwhile: no
-- why: EXISTS in the SELECT list is hashed by itself
SELECT i.id, EXISTS (SELECT 1 FROM credit_notes c WHERE c.invoice_id = i.id) AS credited FROM invoices i WHERE i.status = 'open';

-- name: rep-invoices
-- worthwhile: no
-- why: the array is made once and serves the index
SELECT i.id, i.amount FROM invoices i WHERE i.account_id = ANY (ARRAY(SELECT a.id FROM accounts a WHERE a.sales_rep = 'rep3' AND a.currency = 'USD'));

-- name: credits-without-payment
-- worthwhile: no
-- why: invoice_id of payments holds NULL, so nothing is deleted
DELETE FROM credit_notes WHERE invoice_id NOT IN (SELECT p.invoice_id FROM payments p WHERE p.method = 'wire');
-- variation:
UPDATE payments SET invoice_id = 1 WHERE invoice_id IS NULL;

-- name: invoices-per-plan
-- worthwhile: no
-- why: count(DISTINCT) is what it takes where lines repeat an invoice
SELECT l.plan_code, count(DISTINCT l.invoice_id) FROM invoice_lines l WHERE l.invoice_id BETWEEN 61000 AND 62000 GROUP BY l.plan_code;

-- name: bill-of-account
-- worthwhile: no
-- why: one account
-- calls: 6000
SELECT a.name, (SELECT sum(i.amount) FROM invoices i WHERE i.account_id = a.id AND i.status = 'open') AS open,
       (SELECT count(*) FROM subscriptions s WHERE s.account_id = a.id AND s.ended_on IS NULL) AS running
FROM accounts a WHERE a.id = 3131;
