-- A clinic: departments, doctors, patients, their appointments and diagnoses, laboratory results, prescriptions.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE departments (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO departments SELECT i, 'Department ' || i FROM generate_series(1, 15) i;

CREATE TABLE doctors (id integer PRIMARY KEY, name text NOT NULL, department_id integer NOT NULL REFERENCES departments, left_on date);
INSERT INTO doctors SELECT i, 'Dr. ' || (ARRAY['Adler', 'Brown', 'Costa', 'Dubois', 'Egger', 'Fontana'])[1 + i % 6] || ' ' || i, 1 + pick(i, 1, 15),
       CASE WHEN i % 9 = 0 THEN date '2023-02-01' + i END FROM generate_series(1, 120) i;

CREATE TABLE patients (
  id integer PRIMARY KEY,
  last_name text NOT NULL,
  first_name text NOT NULL,
  born_on date NOT NULL,
  insurance_no text,
  email text,
  merged_into integer REFERENCES patients,
  gp_id integer REFERENCES doctors,
  last_visit_on date,
  visit_count integer NOT NULL DEFAULT 0,
  no_show_count integer NOT NULL DEFAULT 0
);
INSERT INTO patients
SELECT i, (ARRAY['Meyer', 'Johnson', 'Rossi', 'Novak', 'Larsen', 'Petit', 'Silva', 'Kovac'])[1 + pick(i, 2, 8)] || CASE WHEN pick(i, 3, 3) = 0 THEN '-' || pick(i, 4, 900) ELSE '' END,
       (ARRAY['Anna', 'Ben', 'Carla', 'David', 'Eva', 'Felix', 'Greta'])[1 + pick(i, 5, 7)], date '1930-01-01' + pick(i, 6, 33000),
       CASE WHEN pick(i, 7, 12) > 0 THEN 'V' || lpad((i * 37)::text, 9, '0') END, CASE WHEN pick(i, 8, 3) > 0 THEN 'patient' || i || '@mail.example' END,
       CASE WHEN i > 500 AND pick(i, 9, 60) = 0 THEN 1 + pick(i, 10, 500) END, CASE WHEN pick(i, 11, 5) > 0 THEN 1 + pick(i, 12, 100) END, NULL, 0, 0
FROM generate_series(1, 20000) i;

CREATE TABLE appointments (
  id integer PRIMARY KEY,
  patient_id integer NOT NULL REFERENCES patients,
  doctor_id integer NOT NULL REFERENCES doctors,
  status text NOT NULL,
  room text,
  booked_at timestamp NOT NULL,
  starts_at timestamp NOT NULL,
  minutes smallint
);
INSERT INTO appointments
SELECT i, 1 + pick(i, 21, 140) * pick(i, 22, 140), 1 + pick(i, 23, 11) * pick(i, 24, 11),
       CASE WHEN i > 147000 THEN 'booked' ELSE (ARRAY['done', 'done', 'done', 'done', 'done', 'done', 'cancelled', 'no_show'])[1 + pick(i, 25, 8)] END,
       CASE WHEN pick(i, 26, 4) > 0 THEN 'R' || 1 + pick(i, 27, 60) END, timestamp '2021-01-01' + make_interval(mins => i * 14 - pick(i, 28, 90000)),
       date_trunc('minute', timestamp '2021-01-01' + make_interval(mins => (i * 14 / 15) * 15)), CASE WHEN pick(i, 29, 10) > 0 THEN (ARRAY[10, 15, 20, 30, 45])[1 + pick(i, 30, 5)] END
FROM generate_series(1, 150000) i;
CREATE INDEX appointments_patient_idx ON appointments (patient_id);
CREATE INDEX appointments_doctor_idx ON appointments (doctor_id);
CREATE INDEX appointments_starts_idx ON appointments (starts_at);

CREATE TABLE diagnoses (id integer PRIMARY KEY, code text NOT NULL UNIQUE, title text NOT NULL);
INSERT INTO diagnoses SELECT i, chr(65 + i % 20) || lpad((i % 90)::text, 2, '0') || '.' || i / 90, 'Diagnosis ' || i FROM generate_series(1, 500) i;
CREATE TABLE visit_diagnoses (
  appointment_id integer NOT NULL REFERENCES appointments,
  diagnosis_id integer NOT NULL REFERENCES diagnoses,
  is_main boolean NOT NULL,
  PRIMARY KEY (appointment_id, diagnosis_id)
);
INSERT INTO visit_diagnoses
SELECT DISTINCT ON (a, d) a, d, m FROM (SELECT 1 + pick(i, 31, 147000) AS a, 1 + pick(i, 32, 22) * pick(i, 33, 22) AS d, i % 2 = 0 AS m FROM generate_series(1, 110000) i) x
ORDER BY a, d, m;

CREATE TABLE lab_results (
  id bigint PRIMARY KEY,
  patient_id integer NOT NULL REFERENCES patients,
  test_code varchar(10) NOT NULL,
  result numeric(8, 2),
  flag char(1),
  taken_at timestamp NOT NULL,
  reviewed_by integer REFERENCES doctors
);
INSERT INTO lab_results
SELECT i, 1 + pick(i, 41, 120) * pick(i, 42, 160), (ARRAY['HBA1C', 'CRP', 'TSH', 'K', 'NA', 'HB', 'LDL', 'ALT', 'CREA', 'INR', 'FERR', 'PSA'])[1 + pick(i, 43, 12)],
       CASE WHEN pick(i, 44, 30) > 0 THEN pick(i, 45, 20000) / 100.0 END, CASE WHEN pick(i, 46, 8) = 0 THEN 'H' WHEN pick(i, 46, 8) = 1 THEN 'L' WHEN pick(i, 46, 8) < 6 THEN 'N' END,
       timestamp '2021-01-01' + make_interval(mins => i * 10 + pick(i, 47, 600)), CASE WHEN i < 198000 AND pick(i, 48, 50) > 0 THEN 1 + pick(i, 49, 110) END
FROM generate_series(1, 200000) i;
CREATE INDEX lab_results_patient_idx ON lab_results (patient_id);

CREATE TABLE prescriptions (
  id integer PRIMARY KEY,
  patient_id integer NOT NULL REFERENCES patients,
  doctor_id integer NOT NULL REFERENCES doctors,
  drug text NOT NULL,
  started_on date NOT NULL,
  ended_on date,
  refills smallint NOT NULL
);
INSERT INTO prescriptions
SELECT i, 1 + pick(i, 51, 19000), 1 + pick(i, 52, 110), 'drug ' || pick(i, 53, 17) * pick(i, 54, 17), date '2021-01-01' + i / 60, CASE WHEN pick(i, 55, 5) > 0 THEN date '2021-01-01' + i / 60 + pick(i, 56, 200) END, pick(i, 57, 4)::smallint
FROM generate_series(1, 80000) i;
CREATE INDEX prescriptions_patient_idx ON prescriptions (patient_id);

CREATE VIEW ranked_results AS
SELECT l.*, row_number() OVER (PARTITION BY patient_id, test_code ORDER BY taken_at DESC, id DESC) AS rn FROM lab_results l;
CREATE VIEW patient_activity AS
SELECT p.id AS patient_id, p.last_name, p.gp_id, a.visits, a.last_visit, l.results, l.flagged
FROM patients p
LEFT JOIN (SELECT patient_id, count(*) AS visits, max(starts_at) AS last_visit FROM appointments WHERE status = 'done' GROUP BY patient_id) a ON a.patient_id = p.id
LEFT JOIN (SELECT patient_id, count(*) AS results, count(*) FILTER (WHERE flag IN ('H', 'L')) AS flagged FROM lab_results GROUP BY patient_id) l ON l.patient_id = p.id;
DROP FUNCTION pick;
