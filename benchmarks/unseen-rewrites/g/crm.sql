-- name: companies-of-group
-- worthwhile: rewrite
-- why: the trees of all groups are walked to keep those of one
-- calls: 1200
WITH RECURSIVE tree AS (
  SELECT c.id, c.id AS root_id, 0 AS depth FROM companies c WHERE c.parent_id IS NULL
  UNION ALL
  SELECT c.id, t.root_id, t.depth + 1 FROM companies c JOIN tree t ON c.parent_id = t.id
)
SELECT c.id, c.name, t.depth
FROM tree t JOIN companies c ON c.id = t.id
WHERE t.root_id = 17;
-- better:
WITH RECURSIVE tree AS (
  SELECT c.id, 0 AS depth FROM companies c WHERE c.id = 17 AND c.parent_id IS NULL
  UNION ALL
  SELECT c.id, t.depth + 1 FROM companies c JOIN tree t ON c.parent_id = t.id
)
SELECT c.id, c.name, t.depth
FROM tree t JOIN companies c ON c.id = t.id;

-- name: deals-that-i-may-see
-- worthwhile: rewrite
-- why: mine or shared with me: the OR asks of each deal of the firm
-- calls: 4700
SELECT d.id, d.name, d.stage, d.amount
FROM deals d
WHERE d.owner_id = 494 OR EXISTS (SELECT 1 FROM shares s WHERE s.deal_id = d.id AND s.staff_id = 494);
-- better:
SELECT d.id, d.name, d.stage, d.amount FROM deals d WHERE d.owner_id = 494
UNION
SELECT d.id, d.name, d.stage, d.amount FROM deals d JOIN shares s ON s.deal_id = d.id WHERE s.staff_id = 494;

-- name: companies-gone-quiet
-- worthwhile: rewrite
-- why: all that was ever done is joined and grouped to ask for the last of it, where an index says whether there is any before and none since
-- calls: 35
SELECT c.id, c.name
FROM companies c JOIN activities a ON a.company_id = c.id
WHERE c.owner_id = 1
GROUP BY c.id, c.name
HAVING max(a.done_at) < '2023-06-01';
-- better:
SELECT c.id, c.name
FROM companies c
WHERE c.owner_id = 1
  AND EXISTS (SELECT 1 FROM activities a WHERE a.company_id = c.id AND a.done_at < '2023-06-01')
  AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.company_id = c.id AND a.done_at >= '2023-06-01');

-- name: my-open-tasks
-- worthwhile: rewrite
-- why: all tasks of a busy rep are joined with four tables before the first thirty are kept
-- calls: 8200
-- ordered: yes
SELECT a.id, a.subject, a.due_at, c.name AS company, p.first_name, p.last_name, d.name AS deal, d.stage, s.name AS rep
FROM activities a
JOIN companies c ON c.id = a.company_id
JOIN staff s ON s.id = a.staff_id
LEFT JOIN contacts p ON p.id = a.contact_id
LEFT JOIN deals d ON d.id = a.deal_id
WHERE a.staff_id = 1 AND a.done_at IS NULL
ORDER BY a.kind, a.due_at, a.id
LIMIT 30;
-- better:
SELECT a.id, a.subject, a.due_at, c.name AS company, p.first_name, p.last_name, d.name AS deal, d.stage, s.name AS rep
FROM (SELECT * FROM activities WHERE staff_id = 1 AND done_at IS NULL ORDER BY kind, due_at, id LIMIT 30) a
JOIN companies c ON c.id = a.company_id
JOIN staff s ON s.id = a.staff_id
LEFT JOIN contacts p ON p.id = a.contact_id
LEFT JOIN deals d ON d.id = a.deal_id
ORDER BY a.kind, a.due_at, a.id;

-- name: biggest-deals-of-my-companies
-- worthwhile: rewrite
-- why: the biggest deal is sought for all companies to be kept for those of one rep
-- calls: 640
SELECT d.id, d.name, d.amount, c.name AS company
FROM deals d JOIN companies c ON c.id = d.company_id
WHERE c.owner_id = 77 AND (d.company_id, d.amount) IN (SELECT o.company_id, max(o.amount) FROM deals o GROUP BY o.company_id);
-- better:
SELECT d.id, d.name, d.amount, c.name AS company
FROM companies c
CROSS JOIN LATERAL (SELECT max(o.amount) AS amount FROM deals o WHERE o.company_id = c.id) m
JOIN deals d ON d.company_id = c.id AND d.amount = m.amount
WHERE c.owner_id = 77;

-- name: domain-prefix
-- worthwhile: rewrite
-- why: left() of each domain is compared, where LIKE has an index
-- calls: 5200
SELECT c.id, c.name, c.domain FROM companies c WHERE left(c.domain, 6) = 'acme1f';
-- better:
SELECT c.id, c.name, c.domain FROM companies c WHERE c.domain LIKE 'acme1f%';

-- name: due-within-three-days
-- worthwhile: rewrite
-- why: three days are taken from each due time, instead of being added to the time that it is compared with
-- calls: 2600
SELECT a.id, a.staff_id, a.kind, a.subject, a.due_at
FROM activities a
WHERE a.due_at - interval '3 days' >= '2024-05-01' AND a.due_at - interval '3 days' < '2024-05-02';
-- better:
SELECT a.id, a.staff_id, a.kind, a.subject, a.due_at
FROM activities a
WHERE a.due_at >= '2024-05-04' AND a.due_at < '2024-05-05';

-- name: forecast-of-month
-- worthwhile: rewrite
-- why: the day that counts is put together of two columns, each of which has an index
-- calls: 380
SELECT d.owner_id, d.stage, count(*) AS deals, sum(d.amount) AS amount
FROM deals d
WHERE coalesce(d.closed_on, d.expected_on) BETWEEN '2023-02-01' AND '2023-02-14'
GROUP BY d.owner_id, d.stage;
-- better:
SELECT d.owner_id, d.stage, count(*) AS deals, sum(d.amount) AS amount
FROM deals d
WHERE d.closed_on BETWEEN '2023-02-01' AND '2023-02-14'
   OR (d.closed_on IS NULL AND d.expected_on BETWEEN '2023-02-01' AND '2023-02-14')
GROUP BY d.owner_id, d.stage;

-- name: refresh-last-contact
-- worthwhile: rewrite
-- why: the activities of all companies are grouped to refresh those of one rep
-- calls: 600
WITH last AS (SELECT a.company_id, max(a.done_at) AS at FROM activities a GROUP BY a.company_id)
UPDATE companies c SET last_contacted_at = last.at
FROM last
WHERE last.company_id = c.id AND c.owner_id = 494 AND c.last_contacted_at IS DISTINCT FROM last.at;
-- better:
UPDATE companies c SET last_contacted_at = last.at
FROM companies k
CROSS JOIN LATERAL (SELECT max(a.done_at) AS at FROM activities a WHERE a.company_id = k.id HAVING count(*) > 0) last
WHERE k.id = c.id AND k.owner_id = 494 AND c.owner_id = 494 AND c.last_contacted_at IS DISTINCT FROM last.at;
-- variation:
UPDATE activities SET done_at = NULL WHERE company_id % 3 = 0;

-- name: log-of-deal
-- worthwhile: index
-- why: the deal of an activity has no index
-- calls: 9100
-- ordered: yes
SELECT a.id, a.kind, a.subject, a.done_at FROM activities a WHERE a.deal_id = 51234 ORDER BY a.due_at DESC, a.id;
-- index:
CREATE INDEX ON activities (deal_id, due_at DESC, id) WHERE deal_id IS NOT NULL;

-- name: contacts-at-domain
-- worthwhile: index
-- why: the part of the address after the @ has no index
-- calls: 1700
SELECT p.id, p.first_name, p.last_name, p.email, p.company_id FROM contacts p WHERE split_part(p.email, '@', 2) = 'firm1234.example';
-- index:
CREATE INDEX ON contacts (split_part(email, '@', 2));

-- name: company-list-by-last-contact
-- worthwhile: index
-- why: all companies are sorted by a time that is put together of two, for one page
-- calls: 6300
-- ordered: yes
SELECT c.id, c.name, c.industry, coalesce(c.last_contacted_at, c.created_at) AS touched_at
FROM companies c ORDER BY coalesce(c.last_contacted_at, c.created_at) DESC, c.id DESC LIMIT 25;
-- index:
CREATE INDEX ON companies (coalesce(last_contacted_at, created_at) DESC, id DESC);

-- name: company-page
-- worthwhile: no
-- why: counts by index for one company
-- calls: 17000
SELECT c.id, c.name,
       (SELECT count(*) FROM contacts p WHERE p.company_id = c.id) AS contacts,
       (SELECT count(*) FROM deals d WHERE d.company_id = c.id AND d.stage = 'won') AS won,
       (SELECT max(a.done_at) FROM activities a WHERE a.company_id = c.id) AS last_done
FROM companies c WHERE c.id = 20101;

-- name: my-reports
-- worthwhile: no
-- why: a recursion through six hundred rows from one of them
-- calls: 6000
WITH RECURSIVE below AS (
  SELECT id FROM staff WHERE id = 7 UNION ALL SELECT s.id FROM staff s JOIN below b ON s.manager_id = b.id
)
SELECT id FROM below;

-- name: pipeline
-- worthwhile: no
-- why: every deal counts
-- calls: 60
SELECT d.stage, count(*), sum(d.amount), max(d.closed_on) FROM deals d GROUP BY d.stage;

-- name: parents-of-company
-- worthwhile: no
-- why: a walk upwards by the primary key
-- calls: 3100
WITH RECURSIVE up AS (
  SELECT c.id, c.parent_id, 0 AS height FROM companies c WHERE c.id = 44123
  UNION ALL
  SELECT c.id, c.parent_id, u.height + 1 FROM companies c JOIN up u ON c.id = u.parent_id
)
SELECT c.name, u.height FROM up u JOIN companies c ON c.id = u.id;

-- name: names-given-twice
-- worthwhile: no
-- why: all names have to be compared, which a hash does
-- calls: 2
SELECT p.first_name, p.last_name, min(p.id), count(*) FROM contacts p GROUP BY p.first_name, p.last_name HAVING count(*) > 9;

-- name: reply-rates
-- worthwhile: no
-- why: every mail counts, once
-- calls: 10
SELECT s.id, s.name, count(*) AS sent, count(m.opened_at) AS opened, count(m.replied_at) AS replied
FROM mails m JOIN staff s ON s.id = m.staff_id WHERE s.is_active GROUP BY s.id;

-- name: due-of-day
-- worthwhile: no
-- why: a range of the indexed time
-- calls: 4000
SELECT a.id, a.staff_id, a.subject FROM activities a WHERE a.due_at >= '2024-04-02' AND a.due_at < '2024-04-03' AND a.done_at IS NULL;

-- name: people-around-company
-- worthwhile: no
-- why: the same person may be of the company and of its activities, so that UNION is needed
-- calls: 1900
SELECT p.id FROM contacts p WHERE p.company_id = 2017
UNION
SELECT a.contact_id FROM activities a WHERE a.company_id = 2017 AND a.contact_id IS NOT NULL;
