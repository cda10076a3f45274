-- name: balance-list
-- worthwhile: rewrite
-- why: two sums for each of all the open accounts, each read in the order of accounts, where one grouping does
SELECT a.id, a.iban,
       COALESCE((SELECT SUM(e.amount_cents) FROM entries e WHERE e.account_id = a.id), 0) AS balance_cents,
       (SELECT SUM(e.amount_cents) FROM entries e WHERE e.account_id = a.id AND e.kind = 'fee') AS fee_cents
FROM accounts a
WHERE a.status = 'open';
-- better:
SELECT a.id, a.iban, COALESCE(e.balance_cents, 0) AS balance_cents, e.fee_cents
FROM accounts a
LEFT JOIN (SELECT account_id, SUM(amount_cents) AS balance_cents, SUM(amount_cents) FILTER (WHERE kind = 'fee') AS fee_cents FROM entries GROUP BY account_id) e
  ON e.account_id = a.id
WHERE a.status = 'open';
-- variation:
UPDATE entries SET kind = 'card' WHERE kind = 'fee' AND account_id < 9000;

-- name: statement-with-running-balance
-- worthwhile: rewrite
-- why: sums all entries before each entry, which a window does in passing
-- calls: 30
SELECT e.id, e.booked_on, e.amount_cents, e.memo,
       (SELECT sum(x.amount_cents) FROM entries x
        WHERE x.account_id = e.account_id AND (x.booked_on < e.booked_on OR (x.booked_on = e.booked_on AND x.id <= e.id))) AS balance_cents
FROM entries e
WHERE e.account_id = 7 AND e.booked_on >= DATE '2024-11-01'
ORDER BY e.booked_on, e.id;
-- better:
SELECT e.id, e.booked_on, e.amount_cents, e.memo, e.balance_cents
FROM (SELECT id, booked_on, amount_cents, memo, sum(amount_cents) OVER (ORDER BY booked_on, id) AS balance_cents FROM entries WHERE account_id = 7) e
WHERE e.booked_on >= DATE '2024-11-01'
ORDER BY e.booked_on, e.id;
-- variation:
UPDATE entries SET booked_on = DATE '2024-11-15' WHERE account_id = 7 AND booked_on >= '2024-10-20';

-- name: month-by-extract
-- worthwhile: rewrite
-- why: two functions over the column keep its index from use
SELECT e.kind, count(*) AS n, sum(e.amount_cents) AS cents
FROM entries e
WHERE EXTRACT(YEAR FROM e.booked_on) = 2024 AND EXTRACT(MONTH FROM e.booked_on) = 3
GROUP BY e.kind;
-- better:
SELECT e.kind, count(*) AS n, sum(e.amount_cents) AS cents
FROM entries e
WHERE e.booked_on >= DATE '2024-03-01' AND e.booked_on < DATE '2024-04-01'
GROUP BY e.kind;
-- variation:
UPDATE entries SET booked_on = DATE '2024-03-31' WHERE account_id = 7;

-- name: account-id-as-text
-- worthwhile: rewrite
-- why: the cast of the column keeps its index from use
-- calls: 2500
SELECT id, booked_on, amount_cents, kind FROM entries WHERE account_id::text = '1234';
-- better:
SELECT id, booked_on, amount_cents, kind FROM entries WHERE account_id = 1234;

-- name: entry-by-numeric-key
-- worthwhile: rewrite
-- why: a numeric literal against a bigint key cannot use the key
-- calls: 8000
SELECT e.id, e.booked_on, e.amount_cents, a.iban FROM entries e JOIN accounts a ON a.id = e.account_id WHERE e.id = 123456.0;
-- better:
SELECT e.id, e.booked_on, e.amount_cents, a.iban FROM entries e JOIN accounts a ON a.id = e.account_id WHERE e.id = 123456;

-- name: transfers-of-an-account
-- worthwhile: index
-- why: only one side of the OR has an index
-- calls: 3000
-- ordered: yes
SELECT t.id, t.from_account_id, t.to_account_id, t.amount_cents, t.execute_on
FROM transfers t
WHERE t.from_account_id = 811 OR t.to_account_id = 811
ORDER BY t.execute_on DESC, t.id DESC;
-- index:
CREATE INDEX ON transfers (to_account_id);
-- variation:
UPDATE transfers SET to_account_id = 811, from_account_id = 811 WHERE id <= 20;

-- name: branch-turnover
-- worthwhile: rewrite
-- why: OR in the join condition leaves nothing but a nested loop
SELECT a.product, count(*) AS transfers, sum(t.amount_cents) AS cents
FROM accounts a
JOIN transfers t ON t.from_account_id = a.id OR t.to_account_id = a.id
WHERE a.branch_id = 31 AND t.status = 'done'
GROUP BY a.product;
-- better:
SELECT x.product, count(*) AS transfers, sum(x.amount_cents) AS cents
FROM (SELECT a.product, t.amount_cents FROM accounts a JOIN transfers t ON t.from_account_id = a.id WHERE a.branch_id = 31 AND t.status = 'done'
      UNION ALL
      SELECT a.product, t.amount_cents FROM accounts a JOIN transfers t ON t.to_account_id = a.id AND t.from_account_id <> a.id WHERE a.branch_id = 31 AND t.status = 'done') x
GROUP BY x.product;
-- variation:
UPDATE transfers SET to_account_id = from_account_id WHERE id % 25 = 0;

-- name: quiet-accounts
-- worthwhile: rewrite
-- why: <> ALL reads the list for each account; an anti-join hashes it
SELECT a.id, a.iban, a.opened_on
FROM accounts a
WHERE a.branch_id = 25 AND a.product = 'deposit' AND a.status = 'open'
  AND a.id <> ALL (SELECT e.account_id FROM entries e WHERE e.booked_on >= '2024-06-01');
-- better:
SELECT a.id, a.iban, a.opened_on
FROM accounts a
WHERE a.branch_id = 25 AND a.product = 'deposit' AND a.status = 'open'
  AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.booked_on >= '2024-06-01' AND e.account_id = a.id);
-- variation:
UPDATE accounts SET branch_id = 25 WHERE id > 24600;

-- name: client-accounts-with-totals
-- worthwhile: rewrite
-- why: all entries are grouped for the few accounts of one client
-- calls: 1200
SELECT a.iban, a.product, t.entries, t.turnover_cents
FROM accounts a
LEFT JOIN (SELECT account_id, count(*) AS entries, sum(abs(amount_cents)) AS turnover_cents FROM entries GROUP BY account_id) t ON t.account_id = a.id
WHERE a.client_id = 4401;
-- better:
SELECT a.iban, a.product, t.entries, t.turnover_cents
FROM accounts a
LEFT JOIN LATERAL (SELECT count(*) AS entries, sum(abs(amount_cents)) AS turnover_cents FROM entries WHERE account_id = a.id HAVING count(*) > 0) t ON true
WHERE a.client_id = 4401;
-- variation:
UPDATE accounts SET client_id = 4401 WHERE id > 24990;

-- name: totals-view-of-business-clients
-- worthwhile: rewrite
-- why: the view groups all entries, although few accounts are asked for
-- calls: 50
SELECT c.name, a.iban, v.entries, v.credit_cents, v.debit_cents
FROM clients c
JOIN accounts a ON a.client_id = c.id
JOIN entry_totals v ON v.account_id = a.id
WHERE c.advisor = 'advisor 12' AND c.kind = 'business';
-- better:
SELECT c.name, a.iban, v.entries, v.credit_cents, v.debit_cents
FROM clients c
JOIN accounts a ON a.client_id = c.id
CROSS JOIN LATERAL (SELECT count(*) AS entries, sum(e.amount_cents) FILTER (WHERE e.amount_cents > 0) AS credit_cents, sum(e.amount_cents) FILTER (WHERE e.amount_cents < 0) AS debit_cents
                    FROM entries e WHERE e.account_id = a.id HAVING count(*) > 0) v
WHERE c.advisor = 'advisor 12' AND c.kind = 'business';
-- variation:
UPDATE accounts SET client_id = (SELECT min(id) FROM clients WHERE advisor = 'advisor 12' AND kind = 'business') WHERE id > 24480;

-- name: last-three-entries
-- worthwhile: rewrite
-- why: numbers all entries of all accounts to keep three of a few
-- calls: 40
SELECT a.iban, x.booked_on, x.amount_cents, x.kind
FROM accounts a
JOIN (SELECT e.*, row_number() OVER (PARTITION BY e.account_id ORDER BY e.booked_on DESC, e.id DESC) AS rn FROM entries e) x ON x.account_id = a.id
WHERE x.rn <= 3 AND a.branch_id = 37;
-- better:
SELECT a.iban, x.booked_on, x.amount_cents, x.kind
FROM accounts a
CROSS JOIN LATERAL (SELECT e.* FROM entries e WHERE e.account_id = a.id ORDER BY e.booked_on DESC, e.id DESC LIMIT 3) x
WHERE a.branch_id = 37;
-- variation:
UPDATE accounts SET branch_id = 37 WHERE id > 24400;

-- name: purge-failed-transfers
-- worthwhile: index
-- why: neither the count nor the foreign key's own check has an index to look into
DELETE FROM transfers t WHERE t.status = 'failed' AND t.id < 4000 AND (SELECT count(*) FROM entries e WHERE e.transfer_id = t.id) = 0;
-- index:
CREATE INDEX ON entries (transfer_id);

-- name: due-transfers
-- worthwhile: index
-- why: few transfers are pending, and none of the indexes knows them
-- calls: 1440
-- ordered: yes
SELECT t.id, t.from_account_id, t.amount_cents
FROM transfers t
WHERE t.status = 'pending' AND t.execute_on <= DATE '2024-12-02'
ORDER BY t.execute_on, t.id
LIMIT 100;
-- index:
CREATE INDEX ON transfers (execute_on, id) WHERE status = 'pending';

-- name: movements-of-clients
-- worthwhile: rewrite
-- why: both halves are told apart by their first column and have their key in them: UNION sorts them for nothing
SELECT 'out' AS direction, t.id, t.from_account_id AS account_id, t.amount_cents, t.reference FROM transfers t WHERE t.status = 'done'
UNION
SELECT 'in', t.id, t.to_account_id, t.amount_cents, t.reference FROM transfers t WHERE t.status = 'done';
-- better:
SELECT 'out' AS direction, t.id, t.from_account_id AS account_id, t.amount_cents, t.reference FROM transfers t WHERE t.status = 'done'
UNION ALL
SELECT 'in', t.id, t.to_account_id, t.amount_cents, t.reference FROM transfers t WHERE t.status = 'done';
-- variation:
UPDATE transfers SET to_account_id = NULL, reference = NULL WHERE id % 30 = 0;

-- name: client-by-email
-- worthwhile: index
-- why: mails are compared without case, and nothing is indexed for that
-- calls: 6000
SELECT id, name, kind FROM clients WHERE lower(email) = 'client8124@mail.example';
-- index:
CREATE INDEX ON clients (lower(email));

-- name: blocked-card-accounts
-- worthwhile: no
-- why: the planner hashes each EXISTS beside OR; a union of keys is no faster
SELECT a.id, a.iban, a.status
FROM accounts a
WHERE a.status = 'blocked'
   OR EXISTS (SELECT 1 FROM cards k WHERE k.account_id = a.id AND k.blocked_at >= '2024-11-01')
   OR EXISTS (SELECT 1 FROM entries e WHERE e.account_id = a.id AND e.booked_on >= '2024-12-10' AND e.amount_cents < -260000);
-- variation:
UPDATE cards SET blocked_at = NULL WHERE id % 10 = 0;

-- name: entries-above-mean
-- worthwhile: no
-- why: the subquery depends on nothing and is worked out once
SELECT account_id, count(*) AS n FROM entries WHERE amount_cents > (SELECT avg(amount_cents) FROM entries) GROUP BY account_id;

-- name: balance-of-one-iban
-- worthwhile: no
-- why: the condition is on a grouping column of the view and gets below the grouping by itself
-- calls: 9000
SELECT balance_cents, last_booked_on FROM account_balances WHERE iban = 'XX000000000009985859';

-- name: drop-cards-of-closed
-- worthwhile: no
-- why: IN is planned as a semi-join already
DELETE FROM cards WHERE account_id IN (SELECT id FROM accounts WHERE status = 'closed');
-- variation:
UPDATE accounts SET status = 'closed' WHERE id % 20 = 0;

-- name: done-without-entry
-- worthwhile: no
-- why: NULL is kept out of the list, which is hashed
SELECT t.id, t.reference FROM transfers t WHERE t.status = 'done' AND t.id NOT IN (SELECT e.transfer_id FROM entries e WHERE e.transfer_id IS NOT NULL);
-- variation:
UPDATE entries SET transfer_id = NULL WHERE transfer_id < 4000;

-- name: blocked-cards-without-incoming
-- worthwhile: no
-- why: a transfer to elsewhere has no account, and then NOT IN answers nothing; NOT EXISTS would
SELECT k.id, k.expires_on FROM cards k WHERE k.blocked_at IS NOT NULL AND k.account_id NOT IN (SELECT t.to_account_id FROM transfers t WHERE t.status = 'done');
-- variation:
UPDATE transfers SET to_account_id = 1 WHERE to_account_id IS NULL;

-- name: value-in-euro
-- worthwhile: no
-- why: one account's entries: each finds its rate at the key's end
-- calls: 200
SELECT e.id, e.booked_on, e.amount_cents,
       (SELECT r.rate FROM rates r WHERE r.currency = 'USD' AND r.valid_on <= e.booked_on ORDER BY r.valid_on DESC LIMIT 1) AS rate
FROM entries e WHERE e.account_id = 5120;
-- variation:
DELETE FROM rates WHERE valid_on < '2024-01-01';

-- name: open-on-a-day
-- worthwhile: no
-- why: nearly all accounts qualify: no index would be used
SELECT branch_id, count(*) AS accounts FROM accounts WHERE coalesce(closed_on, DATE '9999-12-31') > DATE '2024-01-01' GROUP BY branch_id;

-- name: large-entries-in-units
-- worthwhile: no
-- why: the division drops cents: the bare column against the multiplied limit keeps other rows
SELECT kind, count(*) AS n FROM entries WHERE amount_cents / 100 > 1000 GROUP BY kind;

-- name: clients-by-turnover
-- worthwhile: no
-- why: clients without an account stay in the report, with NULL
SELECT c.advisor, count(DISTINCT c.id) AS clients, sum(e.amount_cents) AS cents
FROM clients c
LEFT JOIN accounts a ON a.client_id = c.id
LEFT JOIN entries e ON e.account_id = a.id AND e.booked_on >= '2024-12-01'
GROUP BY c.advisor;

-- name: clients-with-dollar-account
-- worthwhile: no
-- why: a client may have several such accounts: a join alone shows the client twice
SELECT c.id, c.name FROM clients c WHERE c.id IN (SELECT a.client_id FROM accounts a WHERE a.currency = 'USD' AND a.status = 'open');
