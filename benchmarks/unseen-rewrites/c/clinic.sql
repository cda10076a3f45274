-- name: high-at-last-test
-- worthwhile: rewrite
-- why: looks up the newest of the patient for each result, where one pass over the test's results ranks them
SELECT l.patient_id, l.result, l.flag, l.taken_at
FROM lab_results l
WHERE l.test_code = 'HBA1C' AND l.flag = 'H'
  AND l.taken_at = (SELECT max(l2.taken_at) FROM lab_results l2 WHERE l2.patient_id = l.patient_id AND l2.test_code = l.test_code);
-- better:
SELECT patient_id, result, flag, taken_at
FROM (SELECT l.*, rank() OVER (PARTITION BY l.patient_id ORDER BY l.taken_at DESC) AS place FROM lab_results l WHERE l.test_code = 'HBA1C') x
WHERE place = 1 AND flag = 'H';
-- variation:
UPDATE lab_results SET taken_at = date_trunc('month', taken_at) WHERE test_code = 'HBA1C' AND patient_id < 1000;

-- name: patient-list-with-visits
-- worthwhile: rewrite
-- why: three probes of the appointments for each patient instead of one pass
SELECT p.id, p.last_name, p.first_name,
       (SELECT MAX(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.status = 'done') AS last_visit,
       (SELECT MIN(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.status = 'booked') AS next_visit,
       (SELECT COUNT(*) FROM appointments a WHERE a.patient_id = p.id AND a.status = 'no_show') AS no_shows
FROM patients p
WHERE p.merged_into IS NULL
ORDER BY p.last_name, p.first_name, p.id;
-- better:
SELECT p.id, p.last_name, p.first_name, a.last_visit, a.next_visit, coalesce(a.no_shows, 0) AS no_shows
FROM patients p
LEFT JOIN (SELECT patient_id, max(starts_at) FILTER (WHERE status = 'done') AS last_visit, min(starts_at) FILTER (WHERE status = 'booked') AS next_visit,
                  count(*) FILTER (WHERE status = 'no_show') AS no_shows FROM appointments GROUP BY patient_id) a ON a.patient_id = p.id
WHERE p.merged_into IS NULL
ORDER BY p.last_name, p.first_name, p.id;
-- variation:
UPDATE appointments SET status = 'cancelled' WHERE patient_id BETWEEN 3000 AND 4000;

-- name: doctor-year-summary
-- worthwhile: rewrite
-- why: the appointments of each doctor are read three times, by the index and in no order
SELECT d.id, d.name,
       (SELECT count(*) FROM appointments a WHERE a.doctor_id = d.id AND a.starts_at >= '2023-01-01' AND a.starts_at < '2024-01-01' AND a.status = 'done') AS done,
       (SELECT count(*) FROM appointments a WHERE a.doctor_id = d.id AND a.starts_at >= '2023-01-01' AND a.starts_at < '2024-01-01' AND a.status = 'no_show') AS missed,
       (SELECT sum(a.minutes) FROM appointments a WHERE a.doctor_id = d.id AND a.starts_at >= '2023-01-01' AND a.starts_at < '2024-01-01' AND a.status = 'done') AS minutes
FROM doctors d
ORDER BY d.name;
-- better:
SELECT d.id, d.name, coalesce(a.done, 0) AS done, coalesce(a.missed, 0) AS missed, a.minutes
FROM doctors d
LEFT JOIN (SELECT doctor_id, count(*) FILTER (WHERE status = 'done') AS done, count(*) FILTER (WHERE status = 'no_show') AS missed,
                  sum(minutes) FILTER (WHERE status = 'done') AS minutes
           FROM appointments WHERE starts_at >= '2023-01-01' AND starts_at < '2024-01-01' AND status IN ('done', 'no_show') GROUP BY doctor_id) a ON a.doctor_id = d.id
ORDER BY d.name;
-- variation:
UPDATE appointments SET minutes = NULL WHERE doctor_id IN (43, 57);

-- name: appointments-of-month
-- worthwhile: rewrite
-- why: date_trunc over the column keeps its index from use
-- calls: 20
SELECT d.name, a.status, count(*) AS n
FROM appointments a JOIN doctors d ON d.id = a.doctor_id
WHERE date_trunc('month', a.starts_at) = timestamp '2024-05-01'
GROUP BY d.name, a.status;
-- better:
SELECT d.name, a.status, count(*) AS n
FROM appointments a JOIN doctors d ON d.id = a.doctor_id
WHERE a.starts_at >= timestamp '2024-05-01' AND a.starts_at < timestamp '2024-06-01'
GROUP BY d.name, a.status;
-- variation:
UPDATE appointments SET starts_at = timestamp '2024-06-01' WHERE starts_at >= '2024-05-20' AND starts_at < '2024-06-03';

-- name: born-in-year
-- worthwhile: index
-- why: extract over the column, which has no index
SELECT id, last_name, first_name, born_on FROM patients WHERE extract(year FROM born_on) = 1984;
-- better:
SELECT id, last_name, first_name, born_on FROM patients WHERE born_on >= DATE '1984-01-01' AND born_on < DATE '1985-01-01';
-- index:
CREATE INDEX ON patients (born_on);
-- variation:
UPDATE patients SET born_on = DATE '1984-12-31' WHERE id % 500 = 0;

-- name: unreviewed-high-results
-- worthwhile: index
-- why: a work list of few rows is searched for in all results
-- calls: 2000
-- ordered: yes
SELECT l.id, l.patient_id, p.last_name, l.test_code, l.result, l.taken_at
FROM lab_results l JOIN patients p ON p.id = l.patient_id
WHERE l.reviewed_by IS NULL AND l.flag = 'H'
ORDER BY l.taken_at, l.id
LIMIT 20;
-- index:
CREATE INDEX ON lab_results (taken_at, id) WHERE reviewed_by IS NULL AND flag = 'H';

-- name: patients-without-results
-- worthwhile: no
-- why: both arms of the OR use the index for each patient; two anti-joins would read all results twice
SELECT p.id, p.last_name, p.merged_into
FROM patients p
WHERE NOT EXISTS (SELECT 1 FROM lab_results l WHERE l.patient_id = p.id OR l.patient_id = p.merged_into);
-- variation:
UPDATE patients SET merged_into = NULL WHERE merged_into IS NOT NULL;

-- name: nightly-patient-counters
-- worthwhile: rewrite
-- why: three subqueries for each patient, where one grouping gives all
UPDATE patients p SET
  last_visit_on = (SELECT max(a.starts_at)::date FROM appointments a WHERE a.patient_id = p.id AND a.status = 'done'),
  visit_count = (SELECT count(*) FROM appointments a WHERE a.patient_id = p.id AND a.status = 'done'),
  no_show_count = (SELECT count(*) FROM appointments a WHERE a.patient_id = p.id AND a.status = 'no_show');
-- better:
UPDATE patients p SET last_visit_on = t.last_visit_on, visit_count = t.visits, no_show_count = t.no_shows
FROM (SELECT q.id, max(a.starts_at) FILTER (WHERE a.status = 'done')::date AS last_visit_on, count(a.id) FILTER (WHERE a.status = 'done') AS visits,
             count(a.id) FILTER (WHERE a.status = 'no_show') AS no_shows
      FROM patients q LEFT JOIN appointments a ON a.patient_id = q.id GROUP BY q.id) t
WHERE t.id = p.id;
-- variation:
UPDATE appointments SET status = 'cancelled' WHERE patient_id BETWEEN 3000 AND 4000;

-- name: counts-by-fan-out
-- worthwhile: rewrite
-- why: appointments times results times prescriptions for each patient, only to be counted apart again
SELECT p.id, p.last_name, count(DISTINCT a.id) AS visits, count(DISTINCT l.id) AS results, count(DISTINCT r.id) AS prescriptions
FROM patients p
LEFT JOIN appointments a ON a.patient_id = p.id AND a.status = 'done'
LEFT JOIN lab_results l ON l.patient_id = p.id
LEFT JOIN prescriptions r ON r.patient_id = p.id
WHERE p.gp_id = 17
GROUP BY p.id, p.last_name;
-- better:
SELECT p.id, p.last_name,
       (SELECT count(*) FROM appointments a WHERE a.patient_id = p.id AND a.status = 'done') AS visits,
       (SELECT count(*) FROM lab_results l WHERE l.patient_id = p.id) AS results,
       (SELECT count(*) FROM prescriptions r WHERE r.patient_id = p.id) AS prescriptions
FROM patients p
WHERE p.gp_id = 17;
-- variation:
UPDATE patients SET gp_id = 17 WHERE id > 19990;

-- name: search-patient-by-name-part
-- worthwhile: index
-- why: a pattern that begins with a wildcard can only be found by trigrams
-- calls: 700
SELECT id, last_name, first_name, born_on FROM patients WHERE last_name ILIKE '%-77%';
-- index:
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- index:
CREATE INDEX ON patients USING gin (last_name gin_trgm_ops);

-- name: appointment-dashboard
-- worthwhile: rewrite
-- why: five passes over the appointments, where one counts all
-- calls: 96
SELECT (SELECT count(*) FROM appointments) AS total,
       (SELECT count(*) FROM appointments WHERE status = 'done') AS done,
       (SELECT count(*) FROM appointments WHERE status = 'cancelled') AS cancelled,
       (SELECT count(*) FROM appointments WHERE status = 'no_show') AS no_show,
       (SELECT avg(minutes)::numeric(6, 2) FROM appointments WHERE status = 'done') AS minutes;
-- better:
SELECT count(*) AS total, count(*) FILTER (WHERE status = 'done') AS done, count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
       count(*) FILTER (WHERE status = 'no_show') AS no_show, (avg(minutes) FILTER (WHERE status = 'done'))::numeric(6, 2) AS minutes
FROM appointments;

-- name: days-since-visit-before
-- worthwhile: rewrite
-- why: each visit searches for the one before; a window has it at hand
SELECT a.id, a.patient_id, a.starts_at,
       (SELECT max(b.starts_at) FROM appointments b WHERE b.patient_id = a.patient_id AND b.starts_at < a.starts_at) AS visit_before
FROM appointments a
WHERE a.patient_id >= 15000;
-- better:
SELECT a.id, a.patient_id, a.starts_at,
       max(a.starts_at) OVER (PARTITION BY a.patient_id ORDER BY a.starts_at GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS visit_before
FROM appointments a
WHERE a.patient_id >= 15000;

-- name: one-patient-activity
-- worthwhile: rewrite
-- why: the view groups all appointments and all results for one patient
-- calls: 1500
SELECT v.last_name, v.visits, v.last_visit, v.results, v.flagged
FROM patient_activity v
WHERE v.gp_id = 42 AND v.last_name LIKE 'Rossi-%';
-- better:
SELECT p.last_name, a.visits, a.last_visit, l.results, l.flagged
FROM patients p
LEFT JOIN LATERAL (SELECT count(*) AS visits, max(starts_at) AS last_visit FROM appointments WHERE status = 'done' AND patient_id = p.id HAVING count(*) > 0) a ON true
LEFT JOIN LATERAL (SELECT count(*) AS results, count(*) FILTER (WHERE flag IN ('H', 'L')) AS flagged FROM lab_results WHERE patient_id = p.id HAVING count(*) > 0) l ON true
WHERE p.gp_id = 42 AND p.last_name LIKE 'Rossi-%';
-- variation:
UPDATE patients SET gp_id = 42, last_name = 'Rossi-1' WHERE id > 19980;

-- name: patients-with-visit-and-flag
-- worthwhile: rewrite
-- why: builds all pairs of visit and result of a patient to show the patient once
SELECT DISTINCT p.id, p.last_name, p.first_name, p.gp_id
FROM patients p
JOIN appointments a ON a.patient_id = p.id
JOIN lab_results l ON l.patient_id = p.id
WHERE a.status = 'done' AND l.flag IN ('H', 'L');
-- better:
SELECT p.id, p.last_name, p.first_name, p.gp_id
FROM patients p
WHERE EXISTS (SELECT 1 FROM appointments a WHERE a.patient_id = p.id AND a.status = 'done')
  AND EXISTS (SELECT 1 FROM lab_results l WHERE l.patient_id = p.id AND l.flag IN ('H', 'L'));
-- variation:
UPDATE lab_results SET flag = NULL WHERE patient_id BETWEEN 1000 AND 1500;

-- name: day-sheet
-- worthwhile: no
-- why: some twenty appointments: the probes are few
-- calls: 4000
SELECT a.id, a.starts_at, p.last_name,
       (SELECT max(b.starts_at) FROM appointments b WHERE b.patient_id = a.patient_id AND b.status = 'done') AS last_visit,
       (SELECT count(*) FROM prescriptions r WHERE r.patient_id = a.patient_id AND r.ended_on IS NULL) AS open_prescriptions
FROM appointments a JOIN patients p ON p.id = a.patient_id
WHERE a.starts_at >= '2024-09-02' AND a.starts_at < '2024-09-03'
ORDER BY a.starts_at, a.id;

-- name: not-flagged-or-normal
-- worthwhile: no
-- why: most results are normal or have no flag: no index would be used, and OR is no faster than coalesce
SELECT test_code, count(*) AS n, avg(result)::numeric(10, 3) AS mean FROM lab_results WHERE coalesce(flag, 'N') = 'N' GROUP BY test_code;
-- variation:
UPDATE lab_results SET flag = NULL, result = NULL WHERE id % 50 = 0;

-- name: patients-without-visit
-- worthwhile: no
-- why: the list is hashed, as patient_id has no NULL it equals an anti-join in rows and in time
SELECT p.id, p.last_name, p.email FROM patients p WHERE p.id NOT IN (SELECT a.patient_id FROM appointments a);

-- name: prescription-flags
-- worthwhile: no
-- why: EXISTS in the list of results is hashed by the planner
SELECT p.id, p.last_name,
       EXISTS (SELECT 1 FROM prescriptions r WHERE r.patient_id = p.id AND r.ended_on IS NULL) AS has_open,
       EXISTS (SELECT 1 FROM prescriptions r WHERE r.patient_id = p.id AND r.refills > 0) AS has_refills
FROM patients p;
-- variation:
DELETE FROM prescriptions WHERE patient_id < 3000;

-- name: newest-results-of-a-patient
-- worthwhile: no
-- why: patient_id is in the PARTITION BY, so the condition gets below the window by itself
-- calls: 3000
SELECT test_code, result, flag, taken_at FROM ranked_results WHERE patient_id = 481 AND rn = 1;
-- variation:
UPDATE lab_results SET taken_at = timestamp '2024-01-01' WHERE patient_id = 481;

-- name: patient-search-optional
-- worthwhile: no
-- why: conditions on given values fold away when the statement is planned with them
SELECT id, last_name, first_name, insurance_no
FROM patients
WHERE (CAST(NULL AS text) IS NULL OR last_name = CAST(NULL AS text))
  AND (4711 IS NULL OR id = 4711)
  AND (CAST(NULL AS date) IS NULL OR born_on = CAST(NULL AS date));

-- name: appointments-by-doctor
-- worthwhile: no
-- why: doctors without an appointment must be there, with nought
SELECT d.id, d.name, count(a.id) AS appointments
FROM doctors d LEFT JOIN appointments a ON a.doctor_id = d.id AND a.status = 'done'
GROUP BY d.id, d.name
ORDER BY appointments DESC, d.id;

-- name: survey-sample
-- worthwhile: no
-- why: a random sample: any other form gives other rows
-- volatile: yes
SELECT id, email FROM patients WHERE email IS NOT NULL ORDER BY random() LIMIT 100;

-- name: appointments-of-named-doctor
-- worthwhile: no
-- why: the subquery is worked out once, and must fail where two doctors bear the name
SELECT a.id, a.starts_at, a.room FROM appointments a WHERE a.doctor_id = (SELECT d.id FROM doctors d WHERE d.name = 'Dr. Brown 43');
-- variation:
UPDATE doctors SET name = 'Dr. Brown 43' WHERE id IN (43, 49);
