-- Personnel: departments in a tree, employees, salaries over time, absences, courses.
CREATE FUNCTION noise(bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT (pg_catalog.hashint8extended($1, $2) & 2147483647)::integer';

CREATE TABLE departments (id integer PRIMARY KEY, name text NOT NULL, parent_id integer REFERENCES departments, cost_centre text);
INSERT INTO departments SELECT i, 'Department ' || i, CASE WHEN i > 10 THEN 1 + i % 10 END, CASE WHEN i % 5 > 0 THEN 'CC' || i % 40 END FROM generate_series(1, 130) i;

CREATE TABLE employees (
  id integer PRIMARY KEY,
  badge text NOT NULL UNIQUE,
  department_id integer REFERENCES departments,
  manager_id integer REFERENCES employees,
  job_title text NOT NULL,
  hired_on date NOT NULL,
  left_on date,
  base_salary numeric(10,2),
  email varchar(120) NOT NULL,
  training_hours integer
);
INSERT INTO employees
SELECT i, 'B' || lpad(i::text, 6, '0'), CASE WHEN noise(i, 1) % 40 > 0 THEN 1 + (noise(i, 2) % 120) END, CASE WHEN i > 20 THEN 1 + noise(i, 3) % LEAST(i - 1, 900) END,
       (ARRAY['engineer', 'engineer', 'clerk', 'analyst', 'manager', 'nurse', 'driver'])[1 + noise(i, 4) % 7], date '2005-01-01' + noise(i, 5) % 7000,
       CASE WHEN noise(i, 6) % 6 = 0 THEN date '2024-06-30' - noise(i, 7) % 300 END, CASE WHEN noise(i, 8) % 50 > 0 THEN 24000 + (noise(i, 9) % 600) * 100 END,
       'employee.' || i || '@Company.example', NULL
FROM generate_series(1, 12000) i;
CREATE INDEX employees_department_idx ON employees (department_id);

CREATE TABLE salaries (
  employee_id integer NOT NULL REFERENCES employees,
  effective_on date NOT NULL,
  amount numeric(10,2) NOT NULL,
  reason text,
  PRIMARY KEY (employee_id, effective_on)
);
INSERT INTO salaries
SELECT e, date '2016-01-01' + n * 365 + noise(e * 20 + n, 11) % 300, 24000 + n * 900 + (noise(e * 20 + n, 12) % 300) * 100, CASE WHEN noise(e * 20 + n, 13) % 3 = 0 THEN 'promotion' END
FROM generate_series(1, 11800) e, generate_series(1, 9) n WHERE n <= 1 + noise(e, 14) % 9;

CREATE TABLE absences (
  id integer PRIMARY KEY,
  employee_id integer NOT NULL REFERENCES employees,
  kind text NOT NULL,
  starts_on date NOT NULL,
  ends_on date,
  approved_by integer REFERENCES employees
);
INSERT INTO absences
SELECT i, 1 + ((noise(i, 21) % 11000)::bigint * (noise(i, 22) % 11000) / 11000)::integer, (ARRAY['holiday', 'holiday', 'holiday', 'sick', 'parental'])[1 + noise(i, 23) % 5],
       date '2022-01-01' + noise(i, 24) % 1100, CASE WHEN noise(i, 25) % 30 > 0 THEN date '2022-01-01' + noise(i, 24) % 1100 + noise(i, 26) % 20 END,
       CASE WHEN noise(i, 27) % 5 > 0 THEN 1 + noise(i, 28) % 900 END
FROM generate_series(1, 60000) i;
CREATE INDEX absences_employee_idx ON absences (employee_id);

CREATE TABLE courses (id integer PRIMARY KEY, title text NOT NULL, hours integer NOT NULL, mandatory boolean NOT NULL);
INSERT INTO courses SELECT i, 'Course ' || i, 2 + i % 14, i % 17 = 0 FROM generate_series(1, 120) i;

CREATE TABLE enrolments (
  course_id integer NOT NULL REFERENCES courses,
  employee_id integer NOT NULL REFERENCES employees,
  enrolled_on date NOT NULL,
  completed_on date,
  mark smallint,
  PRIMARY KEY (course_id, employee_id)
);
INSERT INTO enrolments
SELECT DISTINCT ON (c, e) c, e, date '2023-01-01' + noise(i, 34) % 600, CASE WHEN noise(i, 35) % 3 > 0 THEN date '2023-01-15' + noise(i, 34) % 600 END,
       CASE WHEN noise(i, 35) % 3 > 0 THEN (noise(i, 36) % 100)::smallint END
FROM (SELECT i, 1 + noise(i, 31) % 120 AS c, 1 + noise(i, 32) % 11500 AS e FROM generate_series(1, 100000) i) drawn ORDER BY c, e, i;

CREATE VIEW current_salaries AS
SELECT s.employee_id, s.amount, s.effective_on FROM salaries s
WHERE s.effective_on = (SELECT max(x.effective_on) FROM salaries x WHERE x.employee_id = s.employee_id);
DROP FUNCTION noise;
