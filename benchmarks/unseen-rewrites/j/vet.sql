-- name: living-diabetics
-- worthwhile: rewrite
-- why: = ANY over the column's elements passes by its GIN index
-- calls: 80
SELECT p.id, p.name, p.owner_id, p.born_on
FROM pets p
WHERE 'diabetic' = ANY (p.tags) AND p.died_on IS NULL;
-- better:
SELECT p.id, p.name, p.owner_id, p.born_on
FROM pets p
WHERE p.tags @> ARRAY['diabetic'] AND p.died_on IS NULL;
-- variation:
UPDATE pets SET tags = ARRAY[NULL, 'diabetic', NULL] WHERE id % 1000 = 0;
-- variation:
UPDATE pets SET tags = '{}' WHERE id % 2 = 0;

-- name: pets-of-an-insurer
-- worthwhile: rewrite
-- why: the key's text is compared, which the GIN index of the document cannot answer
-- calls: 150
SELECT p.id, p.name, p.chip_no, s.name AS species
FROM pets p
JOIN species s ON s.id = p.species_id
WHERE p.profile ->> 'insurer' = 'Insurer 17';
-- better:
SELECT p.id, p.name, p.chip_no, s.name AS species
FROM pets p
JOIN species s ON s.id = p.species_id
WHERE p.profile @> '{"insurer": "Insurer 17"}';
-- variation:
UPDATE pets SET profile = '["Insurer 17", {"insurer": "Insurer 17"}]' WHERE id % 500 = 0;
-- variation:
UPDATE pets SET profile = '{"insurer": ["Insurer 17"]}' WHERE id % 500 = 1;

-- name: owners-with-finished-visits
-- worthwhile: no
-- why: the index of the names gives the owners in order, and their few visits are looked up until the page is full
-- calls: 300
-- ordered: yes
SELECT DISTINCT o.name, o.id, o.email, o.city
FROM owners o
JOIN pets p ON p.owner_id = o.id
JOIN appointments a ON a.pet_id = p.id
WHERE a.status = 'done' AND a.reason = 'surgery'
ORDER BY o.name, o.id
LIMIT 30;

-- name: overdue-for-rabies
-- worthwhile: rewrite
-- why: the latest vaccination of each pet is looked for once for every vaccination
-- calls: 20
SELECT v.id, v.pet_id, v.given_on, v.next_due_on, v.lot
FROM vaccinations v
WHERE v.next_due_on < '2024-05-01'
  AND v.given_on = (SELECT max(x.given_on) FROM vaccinations x WHERE x.pet_id = v.pet_id AND x.vaccine = v.vaccine);
-- better:
SELECT v.id, v.pet_id, v.given_on, v.next_due_on, v.lot
FROM vaccinations v
JOIN (
  SELECT pet_id, vaccine, max(given_on) AS given_on FROM vaccinations GROUP BY pet_id, vaccine
) x ON x.pet_id = v.pet_id AND x.vaccine = v.vaccine AND x.given_on = v.given_on
WHERE v.next_due_on < '2024-05-01';
-- variation:
UPDATE vaccinations SET given_on = '2022-02-02' WHERE id % 3 = 0;

-- name: agenda-of-a-day-in-local-time
-- worthwhile: rewrite
-- why: the time is turned into a local date for each appointment, which hides it from its index
-- calls: 1200
SELECT a.id, a.scheduled_at, a.status, a.reason, p.name AS pet, v.name AS vet
FROM appointments a
JOIN pets p ON p.id = a.pet_id
JOIN vets v ON v.id = a.vet_id
WHERE (a.scheduled_at AT TIME ZONE 'Europe/Vienna')::date = '2024-02-13' AND a.practice_id = 7;
-- better:
SELECT a.id, a.scheduled_at, a.status, a.reason, p.name AS pet, v.name AS vet
FROM appointments a
JOIN pets p ON p.id = a.pet_id
JOIN vets v ON v.id = a.vet_id
WHERE a.scheduled_at >= timestamp '2024-02-13' AT TIME ZONE 'Europe/Vienna'
  AND a.scheduled_at < timestamp '2024-02-14' AT TIME ZONE 'Europe/Vienna'
  AND a.practice_id = 7;
-- variation:
UPDATE appointments SET scheduled_at = '2024-02-12 23:00+00' WHERE id % 2000 = 0;
-- variation:
UPDATE appointments SET scheduled_at = '2024-02-13 23:00+00' WHERE id % 2000 = 1;

-- name: appointments-after-a-bookmark
-- worthwhile: rewrite
-- why: the OR of the bookmark is no bound for the index, which is walked from its end
-- calls: 600
-- ordered: yes
SELECT a.id, a.pet_id, a.vet_id, a.scheduled_at, a.status
FROM appointments a
WHERE a.scheduled_at < '2021-08-01 10:00+00' OR (a.scheduled_at = '2021-08-01 10:00+00' AND a.id < 75700)
ORDER BY a.scheduled_at DESC, a.id DESC
LIMIT 50;
-- better:
SELECT a.id, a.pet_id, a.vet_id, a.scheduled_at, a.status
FROM appointments a
WHERE (a.scheduled_at, a.id) < ('2021-08-01 10:00+00', 75700)
ORDER BY a.scheduled_at DESC, a.id DESC
LIMIT 50;
-- variation:
UPDATE appointments SET scheduled_at = '2021-08-01 10:00+00' WHERE id BETWEEN 75000 AND 76000;

-- name: revenue-up-to-each-day
-- worthwhile: rewrite
-- why: the days before are summed anew for every day
-- calls: 15
-- ordered: yes
WITH daily AS (
  SELECT (i.issued_at AT TIME ZONE 'UTC')::date AS day, sum(i.total) AS total
  FROM invoices i
  WHERE i.practice_id = 12
  GROUP BY 1
)
SELECT d.day, d.total, (SELECT sum(x.total) FROM daily x WHERE x.day <= d.day) AS total_so_far
FROM daily d
ORDER BY d.day;
-- better:
WITH daily AS (
  SELECT (i.issued_at AT TIME ZONE 'UTC')::date AS day, sum(i.total) AS total
  FROM invoices i
  WHERE i.practice_id = 12
  GROUP BY 1
)
SELECT d.day, d.total, sum(d.total) OVER (ORDER BY d.day) AS total_so_far
FROM daily d
ORDER BY d.day;
-- variation:
UPDATE invoices SET total = 0 WHERE id % 2 = 0;

-- name: latest-three-appointments-of-the-vets-of-a-practice
-- worthwhile: rewrite
-- why: the appointments of all vets are numbered for those of one practice
-- calls: 250
SELECT v.id AS vet_id, v.name, x.id, x.scheduled_at, x.status
FROM vets v
JOIN (
  SELECT a.id, a.vet_id, a.scheduled_at, a.status,
         row_number() OVER (PARTITION BY a.vet_id ORDER BY a.scheduled_at DESC, a.id DESC) AS place
  FROM appointments a
) x ON x.vet_id = v.id
WHERE x.place <= 3 AND v.practice_id = 12 AND v.left_on IS NULL;
-- better:
SELECT v.id AS vet_id, v.name, x.id, x.scheduled_at, x.status
FROM vets v
CROSS JOIN LATERAL (
  SELECT a.id, a.scheduled_at, a.status
  FROM appointments a
  WHERE a.vet_id = v.id
  ORDER BY a.scheduled_at DESC, a.id DESC
  LIMIT 3
) x
WHERE v.practice_id = 12 AND v.left_on IS NULL;
-- variation:
UPDATE appointments SET scheduled_at = '2023-01-01 00:00+00' WHERE id % 3 = 0;

-- name: dogs-never-vaccinated
-- worthwhile: rewrite
-- why: the vaccinations of each dog are counted to see whether there is one
-- calls: 25
SELECT p.id, p.name, p.owner_id, p.born_on
FROM pets p
WHERE p.species_id = 1 AND p.died_on IS NULL
  AND (SELECT count(*) FROM vaccinations v WHERE v.pet_id = p.id AND v.vaccine = 'rabies') = 0;
-- better:
SELECT p.id, p.name, p.owner_id, p.born_on
FROM pets p
WHERE p.species_id = 1 AND p.died_on IS NULL
  AND NOT EXISTS (SELECT 1 FROM vaccinations v WHERE v.pet_id = p.id AND v.vaccine = 'rabies');
-- variation:
DELETE FROM vaccinations WHERE pet_id % 3 = 0;

-- name: what-happened-last
-- worthwhile: rewrite
-- why: UNION makes all appointments and invoices distinct, which they are, before twenty are taken
-- calls: 1500
-- ordered: yes
SELECT 'appointment' AS kind, a.id, a.scheduled_at AS at, a.status AS detail
FROM appointments a
WHERE a.scheduled_at < '2024-02-14 12:00+00'
UNION
SELECT 'invoice', i.id, i.issued_at, i.total::text
FROM invoices i
WHERE i.issued_at < '2024-02-14 12:00+00'
ORDER BY at DESC, kind, id
LIMIT 20;
-- better:
(
  SELECT 'appointment' AS kind, a.id, a.scheduled_at AS at, a.status AS detail
  FROM appointments a
  WHERE a.scheduled_at < '2024-02-14 12:00+00'
  ORDER BY a.scheduled_at DESC, a.id
  LIMIT 20
)
UNION ALL
(
  SELECT 'invoice', i.id, i.issued_at, i.total::text
  FROM invoices i
  WHERE i.issued_at < '2024-02-14 12:00+00'
  ORDER BY i.issued_at DESC, i.id
  LIMIT 20
)
ORDER BY at DESC, kind, id
LIMIT 20;
-- variation:
UPDATE invoices SET issued_at = '2024-02-14 11:00+00' WHERE id % 100 = 0;
-- variation:
UPDATE appointments SET scheduled_at = '2024-02-14 11:00+00' WHERE id % 100 = 0;

-- name: reminders-to-send
-- worthwhile: index
-- why: few reminders are still to be sent, and the index of the due dates holds them all
-- calls: 300
-- ordered: yes
SELECT r.id, r.pet_id, r.due_on
FROM reminders r
WHERE r.sent_at IS NULL AND r.kind = 'vaccination' AND r.due_on <= '2024-01-15'
ORDER BY r.due_on, r.id
LIMIT 200;
-- index:
CREATE INDEX ON reminders (kind, due_on) WHERE sent_at IS NULL;

-- name: owners-by-beginning-of-name
-- worthwhile: index
-- why: names are compared in lower case, which no index holds
-- calls: 4000
-- ordered: yes
SELECT id, name, phone, city FROM owners WHERE lower(name) LIKE 'huberc4c%' ORDER BY name, id LIMIT 15;
-- index:
CREATE INDEX ON owners (lower(name) text_pattern_ops);

-- name: invoices-of-an-owner
-- worthwhile: index
-- why: invoices have no index by owner
-- calls: 2000
-- ordered: yes
SELECT i.id, i.issued_at, i.paid_at, i.total, c.name AS practice
FROM invoices i
JOIN practices c ON c.id = i.practice_id
WHERE i.owner_id = 31415
ORDER BY i.issued_at DESC, i.id;
-- index:
CREATE INDEX ON invoices (owner_id, issued_at);

-- name: pets-with-a-tag-of-several
-- worthwhile: no
-- why: the overlap is answered by the GIN index
-- calls: 60
SELECT id, name, owner_id FROM pets WHERE tags && ARRAY['diabetic'] AND died_on IS NULL;

-- name: treatments-by-code
-- worthwhile: no
-- why: all treatments are read, each once
-- calls: 8
SELECT t.code, count(*) AS treatments, sum(t.price) AS revenue, max(t.price) AS dearest
FROM treatments t
GROUP BY t.code;

-- name: appointments-from-a-bookmark
-- worthwhile: no
-- why: the row comparison starts in the index where the page begins
-- calls: 600
-- ordered: yes
SELECT id, pet_id, vet_id, scheduled_at, status
FROM appointments
WHERE (scheduled_at, id) > ('2023-03-01 10:00+00', 151000)
ORDER BY scheduled_at, id
LIMIT 50;

-- name: owner-with-pets
-- worthwhile: no
-- why: one owner, whose pets and their next appointments have indexes
-- calls: 5000
SELECT p.id, p.name, s.name AS species, p.born_on,
       (SELECT min(a.scheduled_at) FROM appointments a WHERE a.pet_id = p.id AND a.scheduled_at >= '2024-03-01 00:00+00') AS next_appointment_at
FROM pets p
JOIN species s ON s.id = p.species_id
WHERE p.owner_id = 31415;

-- name: appointments-without-treatment
-- worthwhile: no
-- why: a week's appointments are looked up by index, and none is looked up twice
-- calls: 40
SELECT a.id, a.pet_id, a.vet_id, a.scheduled_at
FROM appointments a
WHERE a.scheduled_at >= '2024-02-05 00:00+00' AND a.scheduled_at < '2024-02-12 00:00+00' AND a.status = 'done'
  AND NOT EXISTS (SELECT 1 FROM treatments t WHERE t.appointment_id = a.id);

-- name: weights-of-a-pet-with-change
-- worthwhile: no
-- why: the pet is named inside, so that the window holds its few weights
-- calls: 900
-- ordered: yes
SELECT w.measured_on, w.grams, w.grams - lag(w.grams) OVER (ORDER BY w.measured_on) AS change
FROM weights w
WHERE w.pet_id = 27182
ORDER BY w.measured_on;

-- name: unpaid-or-recent-invoices-of-a-practice-by-month
-- worthwhile: no
-- why: a third of the invoices counts, and a scan finds them soonest
-- calls: 12
SELECT date_trunc('month', i.issued_at AT TIME ZONE 'UTC') AS month, count(*) AS invoices, sum(i.total) AS total
FROM invoices i
WHERE i.issued_at >= '2022-06-01 00:00+00' AND (i.paid_at IS NULL OR i.total > 100)
GROUP BY 1;
