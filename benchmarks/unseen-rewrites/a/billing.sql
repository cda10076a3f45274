-- name: underpaid-lately
-- worthwhile: rewrite
-- why: all payments are read for each late invoice
SELECT i.id, i.number, i.amount
FROM invoices i
WHERE i.status = 'overdue' AND i.issued_on >= DATE '2025-04-10'
  AND i.amount > (SELECT coalesce(sum(p.amount), 0) FROM payments p WHERE p.invoice_id = i.id);
-- better:
SELECT i.id, i.number, i.amount
FROM invoices i LEFT JOIN (SELECT invoice_id, sum(amount) AS paid FROM payments GROUP BY invoice_id) p ON p.invoice_id = i.id
WHERE i.status = 'overdue' AND i.issued_on >= DATE '2025-04-10' AND i.amount > coalesce(p.paid, 0);

-- name: rep-receivables
-- worthwhile: rewrite
-- why: the view groups all invoices before those of the representative's accounts are picked
SELECT a.name, b.id, b.amount, b.paid
FROM accounts a JOIN invoice_balance b ON b.account_id = a.id
WHERE a.sales_rep = 'rep7' AND b.paid < b.amount;
-- better:
SELECT a.name, i.id, i.amount, coalesce(sum(p.amount), 0)
FROM accounts a JOIN invoices i ON i.account_id = a.id LEFT JOIN payments p ON p.invoice_id = i.id
WHERE a.sales_rep = 'rep7' GROUP BY a.id, i.id HAVING coalesce(sum(p.amount), 0) < i.amount;

-- name: repeated-references
-- worthwhile: rewrite
-- why: all payments are counted for each payment of the week
SELECT p.id, p.reference, p.amount FROM payments p
WHERE p.method = 'wire' AND p.received_at >= '2025-02-22'
  AND (SELECT count(*) FROM payments q WHERE q.reference = p.reference) > 1;
-- better:
SELECT p.id, p.reference, p.amount FROM payments p
WHERE p.method = 'wire' AND p.received_at >= '2025-02-22'
  AND p.reference IN (SELECT q.reference FROM payments q GROUP BY q.reference HAVING count(*) > 1);

-- name: invoice-by-text
-- worthwhile: rewrite
-- why: the key is cast to text, so its index is of no use
-- calls: 3000
SELECT * FROM invoices WHERE id::text = '47110';
-- better:
SELECT * FROM invoices WHERE id = 47110;

-- name: payments-of-invoice
-- worthwhile: index
-- why: the foreign key has no index
-- calls: 9000
SELECT p.id, p.amount, p.received_at FROM payments p WHERE p.invoice_id = 90210;
-- index:
CREATE INDEX ON payments (invoice_id);

-- name: status-tiles
-- worthwhile: rewrite
-- why: four passes over one table
SELECT (SELECT count(*) FROM invoices WHERE status = 'open') AS open,
       (SELECT count(*) FROM invoices WHERE status = 'overdue') AS overdue,
       (SELECT sum(amount) FROM invoices WHERE status = 'paid') AS paid_amount,
       (SELECT sum(amount) FROM invoices WHERE status = 'overdue') AS overdue_amount;
-- better:
SELECT count(*) FILTER (WHERE status = 'open'), count(*) FILTER (WHERE status = 'overdue'),
       sum(amount) FILTER (WHERE status = 'paid'), sum(amount) FILTER (WHERE status = 'overdue') FROM invoices;

-- name: accounts-to-chase
-- worthwhile: rewrite
-- why: two passes over one table, united and made distinct
SELECT account_id FROM invoices WHERE status = 'overdue'
UNION
SELECT account_id FROM invoices WHERE reminder_count > 2;
-- better:
SELECT DISTINCT account_id FROM invoices WHERE status = 'overdue' OR reminder_count > 2;

-- name: dominant-lines
-- worthwhile: rewrite
-- why: the sum of an invoice is worked out once for each of its lines
SELECT l.invoice_id, l.position, l.description
FROM invoice_lines l
WHERE l.quantity * l.unit_amount > 0.8 * (SELECT sum(x.quantity * x.unit_amount) FROM invoice_lines x WHERE x.invoice_id = l.invoice_id);
-- better:
SELECT l.invoice_id, l.position, l.description
FROM invoice_lines l JOIN (SELECT invoice_id, sum(quantity * unit_amount) AS total FROM invoice_lines GROUP BY invoice_id) x ON x.invoice_id = l.invoice_id
WHERE l.quantity * l.unit_amount > 0.8 * x.total;

-- name: good-customers
-- worthwhile: no
-- why: an uncorrelated IN over a grouped query is hashed once
SELECT a.id, a.name FROM accounts a WHERE a.id IN (SELECT account_id FROM invoices GROUP BY account_id HAVING count(*) > 30);

-- name: void-of-first-accounts
-- worthwhile: no
-- why: few accounts; and a sum over nothing is NULL, never 0
SELECT a.id, (SELECT sum(i.amount) FROM invoices i WHERE i.account_id = a.id AND i.status = 'void') AS void FROM accounts a WHERE a.id BETWEEN 7000 AND 7040;
-- variation:
UPDATE invoices SET amount = NULL WHERE status = 'void' AND account_id < 7030;

-- name: drop-double-credits
-- worthwhile: no
-- why: EXISTS with two equalities and a comparison is a hashed semi-join
DELETE FROM credit_notes c
WHERE EXISTS (SELECT 1 FROM credit_notes d WHERE d.invoice_id = c.invoice_id AND d.amount = c.amount AND d.id < c.id);

-- name: accounts-without-running-subscription
-- worthwhile: no
-- why: an anti-join already
SELECT a.id, a.name FROM accounts a
WHERE NOT EXISTS (SELECT * FROM subscriptions s WHERE s.account_id = a.id AND s.ended_on IS NULL);

-- name: quarter-revenue
-- worthwhile: no
-- why: the groups need the function, and every row is read anyway
SELECT date_trunc('quarter', issued_on) AS quarter, sum(amount) FROM invoices WHERE status <> 'void' GROUP BY date_trunc('quarter', issued_on) ORDER BY 1;
