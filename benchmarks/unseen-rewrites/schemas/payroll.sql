-- Payroll: departments, employees with contracts over time, time sheets, absences, pay runs with payslips and their lines.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 4241) & 9007199254740991) % $3)::integer';

CREATE TABLE departments (id integer PRIMARY KEY, name text NOT NULL, parent_id integer REFERENCES departments, cost_centre text NOT NULL);
INSERT INTO departments SELECT i, 'Department ' || i, CASE WHEN i > 8 THEN 1 + pick(i, 1, i / 4) END, 'CC' || 1000 + i FROM generate_series(1, 240) i;

CREATE TABLE employees (id integer PRIMARY KEY, number text NOT NULL UNIQUE, first_name text NOT NULL, last_name text NOT NULL, department_id integer REFERENCES departments, manager_id integer REFERENCES employees, hired_on date NOT NULL, left_on date, ytd_gross_cents bigint NOT NULL DEFAULT 0, settings jsonb NOT NULL DEFAULT '{}');
INSERT INTO employees
SELECT i, 'E' || lpad(i::text, 6, '0'), (ARRAY['Nora', 'Omar', 'Pia', 'Quin', 'Rosa', 'Sam'])[1 + pick(i, 11, 6)], (ARRAY['Keller', 'Mayer', 'Santos', 'Ito', 'Novak', 'Dubois', 'Olsen'])[1 + pick(i, 12, 7)] || pick(i, 13, 400), CASE WHEN pick(i, 14, 50) > 0 THEN 1 + pick(i, 15, 15) * pick(i, 16, 16) END, CASE WHEN i > 40 THEN 1 + pick(i, 17, i / 8) END,
       date '2010-01-01' + i / 8, CASE WHEN pick(i, 18, 6) = 0 THEN date '2012-01-01' + i / 8 + pick(i, 19, 900) END, 0, jsonb_build_object('locale', 'en', 'card', pick(i, 20, 9000))
FROM generate_series(1, 38000) i;
CREATE INDEX employees_department_idx ON employees (department_id);
CREATE INDEX employees_manager_idx ON employees (manager_id);

CREATE TABLE contracts (id integer PRIMARY KEY, employee_id integer NOT NULL REFERENCES employees, valid_from date NOT NULL, salary_cents integer NOT NULL, weekly_hours numeric(4, 1) NOT NULL, kind text NOT NULL, UNIQUE (employee_id, valid_from));
INSERT INTO contracts
SELECT row_number() OVER (ORDER BY e.id, n), e.id, e.hired_on + n * 400, 180000 + pick(e.id, 21, 400) * 1000 + n * 9000, (ARRAY[40, 40, 40, 30, 20])[1 + pick(e.id + n, 22, 5)], (ARRAY['permanent', 'permanent', 'fixed', 'trainee'])[1 + pick(e.id, 23, 4)]
FROM employees e CROSS JOIN LATERAL generate_series(0, pick(e.id, 24, 5)) n;

CREATE TABLE projects (id integer PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL, department_id integer NOT NULL REFERENCES departments, is_billable boolean NOT NULL, closed_on date);
INSERT INTO projects SELECT i, 'PR-' || i, 'Project ' || i, 1 + pick(i, 31, 240), pick(i, 32, 3) > 0, CASE WHEN pick(i, 33, 2) = 0 THEN date '2023-01-01' + pick(i, 34, 700) END FROM generate_series(1, 1600) i;

CREATE TABLE timesheets (id integer PRIMARY KEY, employee_id integer NOT NULL REFERENCES employees, project_id integer REFERENCES projects, worked_on date NOT NULL, hours numeric(4, 2) NOT NULL, note text, approved_by integer REFERENCES employees, entered_at timestamp NOT NULL);
INSERT INTO timesheets
SELECT i, 1 + pick(i, 41, 190) * pick(i, 42, 200), CASE WHEN pick(i, 43, 12) > 0 THEN 1 + pick(i, 44, 40) * pick(i, 45, 40) END, date '2022-01-01' + i / 290, 0.25 + pick(i, 46, 32) / 4.0, CASE WHEN pick(i, 47, 4) = 0 THEN 'Work on site ' || pick(i, 48, 900) END, CASE WHEN i < 285000 OR pick(i, 49, 3) > 0 THEN 1 + pick(i, 50, 4000) END, timestamp '2022-01-01 18:00' + make_interval(days => i / 290 + pick(i, 51, 4))
FROM generate_series(1, 300000) i;
CREATE INDEX timesheets_employee_idx ON timesheets (employee_id);
CREATE INDEX timesheets_worked_idx ON timesheets (worked_on);

CREATE TABLE absences (id integer PRIMARY KEY, employee_id integer NOT NULL REFERENCES employees, kind text NOT NULL, starts_on date NOT NULL, ends_on date NOT NULL, state text NOT NULL, CHECK (ends_on >= starts_on));
INSERT INTO absences SELECT i, 1 + pick(i, 61, 38000), (ARRAY['holiday', 'holiday', 'holiday', 'sick', 'parental'])[1 + pick(i, 62, 5)], date '2021-01-01' + i / 60, date '2021-01-01' + i / 60 + pick(i, 63, 5) * pick(i, 64, 5), CASE WHEN i > 88000 AND pick(i, 65, 5) = 0 THEN 'asked' ELSE 'granted' END FROM generate_series(1, 90000) i;
CREATE INDEX absences_employee_idx ON absences (employee_id);

CREATE TABLE pay_runs (id integer PRIMARY KEY, period date NOT NULL UNIQUE, closed_at timestamp);
INSERT INTO pay_runs SELECT i, (date '2021-12-01' + make_interval(months => i))::date, CASE WHEN i < 16 THEN timestamp '2021-12-28' + make_interval(months => i) END FROM generate_series(1, 16) i;

CREATE TABLE payslips (id integer PRIMARY KEY, employee_id integer NOT NULL REFERENCES employees, pay_run_id integer NOT NULL REFERENCES pay_runs, gross_cents integer NOT NULL, net_cents integer NOT NULL, opened_at timestamp, UNIQUE (employee_id, pay_run_id));
INSERT INTO payslips
SELECT (r.id - 1) * 38000 + e.id, e.id, r.id, 200000 + pick(e.id, 71, 500) * 1000, 140000 + pick(e.id, 71, 500) * 600, CASE WHEN pick(e.id + r.id, 72, 3) > 0 THEN r.period + interval '29 days' END
FROM pay_runs r JOIN employees e ON pick(e.id, 73, 3) = 0;
CREATE INDEX payslips_run_idx ON payslips (pay_run_id);

CREATE TABLE payslip_lines (payslip_id integer NOT NULL REFERENCES payslips, position smallint NOT NULL, code text NOT NULL, amount_cents integer NOT NULL, PRIMARY KEY (payslip_id, position));
INSERT INTO payslip_lines
SELECT s.id, n, (ARRAY['BASE', 'TAX', 'SOCIAL', 'BONUS', 'TRAVEL'])[n], CASE WHEN n IN (2, 3) THEN -1 ELSE 1 END * pick(s.id * 5 + n, 74, 90000)
FROM payslips s CROSS JOIN generate_series(1, 5) n WHERE s.pay_run_id > 12 AND (n < 4 OR pick(s.id * 5 + n, 75, 4) = 0);
DROP FUNCTION pick;
