-- name: gave-last-year-but-not-this
-- worthwhile: rewrite
-- why: the year is taken out of each time, twice, where bounds of the indexed time say it
-- calls: 18
SELECT donor_id FROM donations WHERE extract(year FROM donated_at) = 2019 AND extract(month FROM donated_at) = 12 AND donor_id IS NOT NULL
EXCEPT
SELECT donor_id FROM donations WHERE extract(year FROM donated_at) = 2020 AND extract(month FROM donated_at) = 12;
-- better:
SELECT donor_id FROM donations WHERE donated_at >= '2019-12-01' AND donated_at < '2020-01-01' AND donor_id IS NOT NULL
EXCEPT
SELECT donor_id FROM donations WHERE donated_at >= '2020-12-01' AND donated_at < '2021-01-01';
-- variation:
UPDATE donations SET donor_id = NULL WHERE id % 5 = 0;

-- name: summary-of-donors
-- worthwhile: rewrite
-- why: gifts, pledges and contacts of a donor multiply each other; each is counted alone by its index
-- calls: 150
SELECT d.id, d.last_name, count(DISTINCT g.id) AS gifts, count(DISTINCT p.id) AS pledges, count(DISTINCT c.id) AS contacts
FROM donors d
LEFT JOIN donations g ON g.donor_id = d.id
LEFT JOIN pledges p ON p.donor_id = d.id
LEFT JOIN contacts c ON c.donor_id = d.id
WHERE d.joined_at < '2016-02-15'
GROUP BY d.id, d.last_name;
-- better:
SELECT d.id, d.last_name,
       (SELECT count(*) FROM donations g WHERE g.donor_id = d.id) AS gifts,
       (SELECT count(*) FROM pledges p WHERE p.donor_id = d.id) AS pledges,
       (SELECT count(*) FROM contacts c WHERE c.donor_id = d.id) AS contacts
FROM donors d WHERE d.joined_at < '2016-02-15';
-- variation:
DELETE FROM contacts WHERE donor_id % 2 = 0;

-- name: gifts-above-average-of-appeal
-- worthwhile: rewrite
-- why: the average of an appeal is computed again for each of its gifts
-- calls: 36
SELECT g.id, g.donor_id, g.appeal_id, g.amount FROM donations g
WHERE g.donated_at >= '2022-03-01' AND g.donated_at < '2022-03-03'
  AND g.amount > (SELECT 3 * avg(x.amount) FROM donations x WHERE x.appeal_id = g.appeal_id AND x.refunded_at IS NULL);
-- better:
SELECT g.id, g.donor_id, g.appeal_id, g.amount
FROM donations g
JOIN (SELECT appeal_id, 3 * avg(amount) AS high FROM donations WHERE refunded_at IS NULL GROUP BY appeal_id) a ON a.appeal_id = g.appeal_id
WHERE g.donated_at >= '2022-03-01' AND g.donated_at < '2022-03-03' AND g.amount > a.high;
-- variation:
UPDATE donations SET refunded_at = donated_at WHERE appeal_id % 2 = 0;

-- name: best-gifts-of-autumn-appeals
-- worthwhile: rewrite
-- why: the gifts of all appeals are numbered for the few of one autumn
-- calls: 260
SELECT a.id, a.name, x.id AS donation_id, x.amount
FROM (SELECT g.id, g.appeal_id, g.amount, row_number() OVER (PARTITION BY g.appeal_id ORDER BY g.amount DESC, g.id) AS place FROM donations g) x
JOIN appeals a ON a.id = x.appeal_id
WHERE x.place <= 3 AND a.starts_on BETWEEN '2022-09-01' AND '2022-11-30';
-- better:
SELECT a.id, a.name, x.id AS donation_id, x.amount
FROM appeals a
CROSS JOIN LATERAL (SELECT g.id, g.amount FROM donations g WHERE g.appeal_id = a.id ORDER BY g.amount DESC, g.id LIMIT 3) x
WHERE a.starts_on BETWEEN '2022-09-01' AND '2022-11-30';

-- name: same-person-perhaps
-- worthwhile: rewrite
-- why: new donors are compared with all donors, for a join by OR goes neither by hash nor by one index
-- calls: 200
SELECT a.id AS new_id, b.id AS known_id, b.email, b.last_name, b.postcode
FROM donors a JOIN donors b ON lower(b.email) = lower(a.email) OR (b.last_name = a.last_name AND b.postcode = a.postcode)
WHERE a.joined_at >= '2023-12-25' AND b.id < a.id;
-- better:
SELECT a.id AS new_id, b.id AS known_id, b.email, b.last_name, b.postcode
FROM donors a JOIN donors b ON lower(b.email) = lower(a.email)
WHERE a.joined_at >= '2023-12-25' AND b.id < a.id
UNION
SELECT a.id, b.id, b.email, b.last_name, b.postcode
FROM donors a JOIN donors b ON b.last_name = a.last_name AND b.postcode = a.postcode
WHERE a.joined_at >= '2023-12-25' AND b.id < a.id;
-- variation:
UPDATE donors SET email = 'Same@post.example', postcode = 'SW1 1AB' WHERE id % 600 = 0;

-- name: instalments-not-paid
-- worthwhile: rewrite
-- why: the foreign key says that a donation which is named exists: the column alone tells which is not paid
-- calls: 140
SELECT i.id, i.pledge_id, i.due_on, i.amount FROM instalments i
LEFT JOIN donations g ON g.id = i.donation_id
WHERE g.id IS NULL AND i.due_on < '2022-01-01';
-- better:
SELECT i.id, i.pledge_id, i.due_on, i.amount FROM instalments i
WHERE i.donation_id IS NULL AND i.due_on < '2022-01-01';

-- name: hours-of-volunteers
-- worthwhile: rewrite
-- why: the same sum stands in list, condition and order; one aggregate gives it to all
-- calls: 55
-- ordered: yes
SELECT v.id, v.name, (SELECT sum(s.hours) FROM signups s WHERE s.volunteer_id = v.id AND s.status = 'came') AS hours
FROM volunteers v
WHERE (SELECT sum(s.hours) FROM signups s WHERE s.volunteer_id = v.id AND s.status = 'came') >= 20
ORDER BY (SELECT sum(s.hours) FROM signups s WHERE s.volunteer_id = v.id AND s.status = 'came') DESC, v.id;
-- better:
SELECT v.id, v.name, s.hours
FROM (SELECT volunteer_id, sum(hours) AS hours FROM signups WHERE status = 'came' GROUP BY volunteer_id HAVING sum(hours) >= 20) s
JOIN volunteers v ON v.id = s.volunteer_id
ORDER BY s.hours DESC, v.id;

-- name: methods-box
-- worthwhile: rewrite
-- why: seven methods among all donations: from each the index steps to the next
-- calls: 2600
SELECT DISTINCT method FROM donations;
-- better:
WITH RECURSIVE methods AS (
  (SELECT method FROM donations ORDER BY method LIMIT 1)
  UNION ALL
  SELECT (SELECT g.method FROM donations g WHERE g.method > m.method ORDER BY g.method LIMIT 1) FROM methods m WHERE m.method IS NOT NULL
)
SELECT method FROM methods WHERE method IS NOT NULL;

-- name: lately-spoken-with
-- worthwhile: rewrite
-- why: seven days are added to each contact's time instead of being taken from the moment
-- calls: 900
SELECT c.id, c.donor_id, c.channel, c.happened_at FROM contacts c
WHERE c.happened_at + interval '7 days' >= timestamp '2024-04-04 12:00' AND c.channel = 'phone';
-- better:
SELECT c.id, c.donor_id, c.channel, c.happened_at FROM contacts c
WHERE c.happened_at >= timestamp '2024-03-28 12:00' AND c.channel = 'phone';

-- name: donors-with-a-large-gift
-- worthwhile: rewrite
-- why: all gifts of all donors are summed by donor to know whether one is large
-- calls: 33
SELECT d.id, d.last_name, d.postcode
FROM donors d JOIN donations g ON g.donor_id = d.id
GROUP BY d.id, d.last_name, d.postcode
HAVING sum(CASE WHEN g.amount >= 450 THEN 1 ELSE 0 END) > 0;
-- better:
SELECT d.id, d.last_name, d.postcode FROM donors d
WHERE EXISTS (SELECT FROM donations g WHERE g.donor_id = d.id AND g.amount >= 450);

-- name: donors-of-district
-- worthwhile: index
-- why: the beginning of a postcode
-- calls: 650
SELECT id, first_name, last_name, postcode FROM donors WHERE postcode LIKE 'LS17 %' AND NOT deceased;
-- index:
CREATE INDEX ON donors (postcode text_pattern_ops);

-- name: gift-by-reference
-- worthwhile: index
-- why: no index on what the bank's statement names
-- calls: 3100
SELECT id, donor_id, amount, donated_at FROM donations WHERE reference = 'WEB-2021-000880' AND refunded_at IS NULL;
-- index:
CREATE INDEX ON donations (reference);

-- name: notes-about
-- worthwhile: index
-- why: words within notes, which a GIN index over their vectors finds
-- calls: 180
SELECT id, donor_id, happened_at, note FROM contacts WHERE to_tsvector('english', note) @@ plainto_tsquery('english', 'legacy 17664');
-- index:
CREATE INDEX ON contacts USING gin (to_tsvector('english', note));

-- name: gifts-of-donor
-- worthwhile: no
-- why: one donor's gifts by their index
-- calls: 5000
-- ordered: yes
SELECT g.id, g.amount, g.donated_at, a.name FROM donations g JOIN appeals a ON a.id = g.appeal_id WHERE g.donor_id = 2401 ORDER BY g.donated_at DESC, g.id DESC LIMIT 20;

-- name: progress-of-appeals
-- worthwhile: no
-- why: sums up all gifts by appeal
-- calls: 100
SELECT a.id, a.name, a.goal, coalesce(g.total, 0) AS total, coalesce(g.gifts, 0) AS gifts
FROM appeals a LEFT JOIN (SELECT appeal_id, sum(amount) AS total, count(*) AS gifts FROM donations WHERE refunded_at IS NULL GROUP BY appeal_id) g ON g.appeal_id = a.id;

-- name: open-shifts-of-week
-- worthwhile: no
-- why: the shifts of a week and the signups of each, both by an index
-- calls: 700
SELECT s.id, s.place, s.starts_at, s.needed - (SELECT count(*) FROM signups u WHERE u.shift_id = s.id AND u.status = 'came') AS missing
FROM shifts s WHERE s.starts_at >= '2023-06-05' AND s.starts_at < '2023-06-12';

-- name: donors-without-gift-of-week
-- worthwhile: no
-- why: the donors of a week and an anti-join by index
-- calls: 50
SELECT d.id, d.last_name FROM donors d
WHERE d.joined_at >= '2022-05-02' AND d.joined_at < '2022-05-09' AND NOT EXISTS (SELECT FROM donations g WHERE g.donor_id = d.id);

-- name: known-by-email-or-name
-- worthwhile: no
-- why: an OR whose both sides are indexed, within one table
-- calls: 2200
SELECT id, first_name, last_name, email FROM donors WHERE email = 'donor4711@post.example' OR (last_name = 'Khan-77' AND postcode = 'EH7 3AB');

-- name: gifts-by-hour-of-day
-- worthwhile: no
-- why: groups all gifts; the function is what is asked for
-- calls: 5
SELECT extract(hour FROM donated_at) AS hour, method, count(*) AS gifts, sum(amount) AS amount FROM donations GROUP BY 1, 2;

-- name: close-old-pledges
-- worthwhile: no
-- why: the few pledges of one week, each with an anti-join by its index
-- calls: 4
UPDATE pledges SET ended_on = '2024-06-01' WHERE ended_on IS NULL AND started_on < '2018-01-08' AND NOT EXISTS (SELECT FROM instalments i WHERE i.pledge_id = pledges.id AND i.due_on >= '2023-09-01');
