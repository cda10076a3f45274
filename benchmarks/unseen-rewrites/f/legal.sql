-- name: matters-that-one-may-see
-- worthwhile: rewrite
-- why: his own beside those shared with him: the OR has each matter tested, where both kinds are few and indexed
-- calls: 5000
SELECT m.id, m.number, m.title, m.status FROM matters m
WHERE m.responsible_id = 157 OR EXISTS (SELECT 1 FROM matter_access a WHERE a.matter_id = m.id AND a.lawyer_id = 157);
-- better:
SELECT m.id, m.number, m.title, m.status FROM matters m WHERE m.responsible_id = 157
UNION
SELECT m.id, m.number, m.title, m.status FROM matters m JOIN matter_access a ON a.matter_id = m.id WHERE a.lawyer_id = 157;

-- name: entries-of-month
-- worthwhile: rewrite
-- why: the month is written out as text for each entry, where two bounds of the indexed day say it
-- calls: 200
SELECT t.lawyer_id, count(*) AS entries, sum(t.minutes) AS minutes FROM time_entries t
WHERE to_char(t.worked_on, 'YYYY-MM') = '2022-03' GROUP BY t.lawyer_id;
-- better:
SELECT t.lawyer_id, count(*) AS entries, sum(t.minutes) AS minutes FROM time_entries t
WHERE t.worked_on >= '2022-03-01' AND t.worked_on < '2022-04-01' GROUP BY t.lawyer_id;
-- variation:
UPDATE time_entries SET worked_on = date '2022-03-31' + id % 2 WHERE id % 50 = 0;

-- name: family-of-matter
-- worthwhile: rewrite
-- why: the trees of all matters are walked and one is kept; the walk can begin at it
-- calls: 350
WITH RECURSIVE tree AS (
  SELECT m.id, m.id AS root_id, 0 AS depth FROM matters m WHERE m.parent_id IS NULL
  UNION ALL
  SELECT c.id, t.root_id, t.depth + 1 FROM matters c JOIN tree t ON c.parent_id = t.id
)
SELECT t.root_id, count(*) AS entries, sum(e.minutes) AS minutes, max(t.depth) AS depth
FROM tree t JOIN time_entries e ON e.matter_id = t.id
WHERE t.root_id = 4
GROUP BY t.root_id;
-- better:
WITH RECURSIVE tree AS (
  SELECT m.id, m.id AS root_id, 0 AS depth FROM matters m WHERE m.parent_id IS NULL AND m.id = 4
  UNION ALL
  SELECT c.id, t.root_id, t.depth + 1 FROM matters c JOIN tree t ON c.parent_id = t.id
)
SELECT t.root_id, count(*) AS entries, sum(e.minutes) AS minutes, max(t.depth) AS depth
FROM tree t JOIN time_entries e ON e.matter_id = t.id
GROUP BY t.root_id;

-- name: fields-of-matters
-- worthwhile: rewrite
-- why: five looks into the fields of each matter, where one pass turns them into columns
-- calls: 40
SELECT m.id, m.number,
       (SELECT f.value FROM matter_fields f WHERE f.matter_id = m.id AND f.name = 'court') AS court,
       (SELECT f.value FROM matter_fields f WHERE f.matter_id = m.id AND f.name = 'judge') AS judge,
       (SELECT f.value FROM matter_fields f WHERE f.matter_id = m.id AND f.name = 'language') AS language,
       (SELECT f.value FROM matter_fields f WHERE f.matter_id = m.id AND f.name = 'insurer') AS insurer,
       (SELECT f.value FROM matter_fields f WHERE f.matter_id = m.id AND f.name = 'case_kind') AS case_kind
FROM matters m;
-- better:
SELECT m.id, m.number, f.court, f.judge, f.language, f.insurer, f.case_kind
FROM matters m
LEFT JOIN (SELECT matter_id, max(value) FILTER (WHERE name = 'court') AS court, max(value) FILTER (WHERE name = 'judge') AS judge,
                  max(value) FILTER (WHERE name = 'language') AS language, max(value) FILTER (WHERE name = 'insurer') AS insurer,
                  max(value) FILTER (WHERE name = 'case_kind') AS case_kind
           FROM matter_fields GROUP BY matter_id) f ON f.matter_id = m.id;

-- name: unbilled-time
-- worthwhile: rewrite
-- why: coalesce hides the column from its index, which knows the entries without invoice
-- calls: 300
SELECT t.matter_id, sum(t.minutes) AS minutes, sum(t.minutes * t.rate / 60) AS worth FROM time_entries t
WHERE coalesce(t.invoice_id, 0) = 0 GROUP BY t.matter_id;
-- better:
SELECT t.matter_id, sum(t.minutes) AS minutes, sum(t.minutes * t.rate / 60) AS worth FROM time_entries t
WHERE t.invoice_id IS NULL OR t.invoice_id = 0 GROUP BY t.matter_id;
-- variation:
INSERT INTO invoices SELECT 0, client_id, matter_id, 'INV-0', issued_on, due_on, total, status FROM invoices WHERE id = 1; UPDATE time_entries SET invoice_id = 0 WHERE id % 100 = 0;

-- name: hours-by-lawyer-and-month
-- worthwhile: rewrite
-- why: a month's entries are read again for each lawyer; one pass groups them
-- calls: 20
SELECT l.id, l.name, mo.first_day::date AS month,
       (SELECT sum(t.minutes) FROM time_entries t WHERE t.lawyer_id = l.id AND t.worked_on >= mo.first_day AND t.worked_on < mo.first_day + interval '1 month') AS minutes
FROM lawyers l CROSS JOIN generate_series(timestamp '2023-01-01', timestamp '2023-03-01', interval '1 month') AS mo(first_day)
WHERE l.office = 'Wien';
-- better:
SELECT l.id, l.name, mo.first_day::date AS month, t.minutes
FROM lawyers l CROSS JOIN generate_series(timestamp '2023-01-01', timestamp '2023-03-01', interval '1 month') AS mo(first_day)
LEFT JOIN (SELECT lawyer_id, date_trunc('month', worked_on::timestamp) AS month, sum(minutes) AS minutes
           FROM time_entries WHERE worked_on >= '2023-01-01' AND worked_on < '2023-04-01' GROUP BY 1, 2) t
       ON t.lawyer_id = l.id AND t.month = mo.first_day
WHERE l.office = 'Wien';
-- variation:
DELETE FROM time_entries WHERE lawyer_id % 2 = 0 AND worked_on < '2023-02-15';

-- name: newest-matters
-- worthwhile: rewrite
-- why: documents and entries are counted for all matters before twenty-five are kept
-- calls: 1700
-- ordered: yes
SELECT m.id, m.number, m.title, c.name AS client, count(d.id) AS documents, max(d.created_at) AS last_document
FROM matters m JOIN clients c ON c.id = m.client_id LEFT JOIN documents d ON d.matter_id = m.id
GROUP BY m.id, c.id
ORDER BY m.opened_on DESC, m.id DESC LIMIT 25;
-- better:
SELECT m.id, m.number, m.title, c.name AS client, d.documents, d.last_document
FROM (SELECT * FROM matters ORDER BY opened_on DESC, id DESC LIMIT 25) m
JOIN clients c ON c.id = m.client_id
CROSS JOIN LATERAL (SELECT count(*) AS documents, max(d.created_at) AS last_document FROM documents d WHERE d.matter_id = m.id) d
ORDER BY m.opened_on DESC, m.id DESC;

-- name: balance-of-client
-- worthwhile: rewrite
-- why: the view sums up all clients before the join keeps the one that is asked for by name
-- calls: 900
SELECT c.id, c.name, b.invoices, b.invoiced, b.open, b.last_due
FROM clients c JOIN client_balances b ON b.client_id = c.id
WHERE c.name = 'Alpen AG 4201';
-- better:
SELECT c.id, c.name, b.invoices, b.invoiced, b.open, b.last_due
FROM clients c
CROSS JOIN LATERAL (SELECT count(*) AS invoices, sum(i.total) AS invoiced, sum(i.total) FILTER (WHERE i.status = 'open') AS open, max(i.due_on) AS last_due
                    FROM invoices i WHERE i.client_id = c.id HAVING count(*) > 0) b
WHERE c.name = 'Alpen AG 4201';
-- variation:
DELETE FROM time_entries; DELETE FROM payments; DELETE FROM invoices WHERE client_id = 4201;
-- variation:
UPDATE clients SET name = 'Alpen AG 4201' WHERE id < 40;

-- name: client-by-end-of-phone
-- worthwhile: rewrite
-- why: the last digits of a number begin it when it is read backwards, and that can be indexed
-- calls: 700
SELECT id, name, phone FROM clients WHERE phone LIKE '%29749';
-- better:
SELECT id, name, phone FROM clients WHERE reverse(phone) LIKE '94792%';
-- index:
CREATE INDEX ON clients (reverse(phone) text_pattern_ops);

-- name: deadlines-coming-up
-- worthwhile: rewrite
-- why: the reminder's day is computed of each deadline; moved to the other side it leaves the indexed day alone
-- calls: 1000
SELECT d.id, d.matter_id, d.kind, d.due_on, d.owner_id FROM deadlines d
WHERE d.due_on - interval '14 days' >= timestamp '2024-03-01' AND d.due_on - interval '14 days' < timestamp '2024-03-02';
-- better:
SELECT d.id, d.matter_id, d.kind, d.due_on, d.owner_id FROM deadlines d
WHERE d.due_on >= date '2024-03-15' AND d.due_on < date '2024-03-16';

-- name: clash-of-interests
-- worthwhile: index
-- why: a name within a name, which trigrams find
-- calls: 300
SELECT p.id, p.name, p.role, m.number FROM parties p JOIN matters m ON m.id = p.matter_id WHERE p.name ILIKE '%c8661b%';
-- index:
CREATE EXTENSION pg_trgm;
-- index:
CREATE INDEX ON parties USING gin (name gin_trgm_ops);

-- name: overdue-deadlines
-- worthwhile: index
-- why: the few that are not done lie among many that are
-- calls: 2500
-- ordered: yes
SELECT d.id, d.matter_id, d.kind, d.due_on FROM deadlines d WHERE d.done_at IS NULL AND d.due_on < '2024-05-01' ORDER BY d.due_on, d.id LIMIT 200;
-- index:
CREATE INDEX ON deadlines (due_on, id) WHERE done_at IS NULL;

-- name: partly-paid-of-month
-- worthwhile: index
-- why: payments have no index for the invoice that they are for
-- calls: 60
SELECT i.id, i.number, i.total, i.due_on FROM invoices i
WHERE i.issued_on >= '2021-06-01' AND i.issued_on < '2021-06-15' AND i.total > (SELECT coalesce(sum(p.amount), 0) FROM payments p WHERE p.invoice_id = i.id);
-- index:
CREATE INDEX ON payments (invoice_id);

-- name: current-documents-of-matter
-- worthwhile: no
-- why: few documents of a matter, and an anti-join that goes within them
-- calls: 2800
SELECT d.id, d.title, d.kind, d.created_at FROM documents d
WHERE d.matter_id = 30303 AND NOT EXISTS (SELECT FROM documents n WHERE n.matter_id = 30303 AND n.supersedes_id = d.id);

-- name: entries-of-week
-- worthwhile: no
-- why: the bounds are computed once
-- calls: 900
SELECT t.id, t.lawyer_id, t.minutes FROM time_entries t
WHERE t.worked_on >= date_trunc('week', timestamp '2023-05-10')::date AND t.worked_on < (date_trunc('week', timestamp '2023-05-10') + interval '7 days')::date;

-- name: path-to-root
-- worthwhile: no
-- why: the walk begins at one matter and goes by the key
-- calls: 1500
WITH RECURSIVE up AS (
  SELECT id, parent_id, number, 0 AS height FROM matters WHERE id = 59876
  UNION ALL
  SELECT m.id, m.parent_id, m.number, u.height + 1 FROM matters m JOIN up u ON m.id = u.parent_id
)
SELECT id, number, height FROM up;

-- name: lawyers-box
-- worthwhile: no
-- why: a table of two hundred rows
-- calls: 9000
SELECT id, name FROM lawyers WHERE coalesce(left_on, date '9999-12-31') > '2024-01-01' AND lower(name) LIKE '%er 1%' ORDER BY name;

-- name: areas-by-year
-- worthwhile: no
-- why: counts all matters
-- calls: 8
SELECT extract(year FROM opened_on) AS year, area, count(*) AS matters, count(closed_on) AS closed FROM matters GROUP BY 1, 2;

-- name: client-file
-- worthwhile: no
-- why: DISTINCT over the handful of rows of one client
-- calls: 1100
SELECT DISTINCT l.id, l.name, l.email FROM matters m JOIN lawyers l ON l.id = m.responsible_id WHERE m.client_id = 1201;

-- name: move-entries
-- worthwhile: no
-- why: the rows of one matter, by its index
-- calls: 50
UPDATE time_entries SET matter_id = 511 WHERE matter_id = 31311 AND invoice_id IS NULL;
