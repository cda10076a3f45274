-- name: salaries-as-of-a-day
-- worthwhile: rewrite
-- why: the contract of each employee that holds on the day is told by a maximum that is sought for every contract
-- calls: 40
SELECT e.id, e.number, e.last_name, c.salary_cents, c.weekly_hours
FROM employees e
JOIN contracts c ON c.employee_id = e.id
WHERE c.valid_from = (SELECT max(v.valid_from) FROM contracts v WHERE v.employee_id = e.id AND v.valid_from <= '2024-01-31')
  AND (e.left_on IS NULL OR e.left_on > '2024-01-31');
-- better:
SELECT e.id, e.number, e.last_name, c.salary_cents, c.weekly_hours
FROM employees e
JOIN (
  SELECT DISTINCT ON (employee_id) employee_id, salary_cents, weekly_hours
  FROM contracts
  WHERE valid_from <= '2024-01-31'
  ORDER BY employee_id, valid_from DESC
) c ON c.employee_id = e.id
WHERE e.left_on IS NULL OR e.left_on > '2024-01-31';

-- name: lines-of-a-pay-run-side-by-side
-- worthwhile: rewrite
-- why: the lines are joined once for each column of the sheet
-- calls: 50
SELECT s.id, s.employee_id, s.gross_cents,
       (SELECT sum(l.amount_cents) FROM payslip_lines l WHERE l.payslip_id = s.id AND l.code = 'BASE') AS base,
       (SELECT sum(l.amount_cents) FROM payslip_lines l WHERE l.payslip_id = s.id AND l.code = 'TAX') AS tax,
       (SELECT sum(l.amount_cents) FROM payslip_lines l WHERE l.payslip_id = s.id AND l.code = 'SOCIAL') AS social,
       (SELECT sum(l.amount_cents) FROM payslip_lines l WHERE l.payslip_id = s.id AND l.code = 'BONUS') AS bonus,
       (SELECT sum(l.amount_cents) FROM payslip_lines l WHERE l.payslip_id = s.id AND l.code = 'TRAVEL') AS travel
FROM payslips s
WHERE s.pay_run_id = 15;
-- better:
SELECT s.id, s.employee_id, s.gross_cents, l.base, l.tax, l.social, l.bonus, l.travel
FROM payslips s
LEFT JOIN (
  SELECT l.payslip_id,
         sum(l.amount_cents) FILTER (WHERE l.code = 'BASE') AS base,
         sum(l.amount_cents) FILTER (WHERE l.code = 'TAX') AS tax,
         sum(l.amount_cents) FILTER (WHERE l.code = 'SOCIAL') AS social,
         sum(l.amount_cents) FILTER (WHERE l.code = 'BONUS') AS bonus,
         sum(l.amount_cents) FILTER (WHERE l.code = 'TRAVEL') AS travel
  FROM payslip_lines l
  JOIN payslips o ON o.id = l.payslip_id AND o.pay_run_id = 15
  GROUP BY l.payslip_id
) l ON l.payslip_id = s.id
WHERE s.pay_run_id = 15;
-- variation:
UPDATE payslip_lines SET code = 'BASE' WHERE payslip_id % 3 = 0;

-- name: place-by-pay-in-the-department
-- worthwhile: rewrite
-- why: for each payslip those that are higher are counted
-- calls: 30
SELECT s.employee_id, e.department_id, s.gross_cents,
       (SELECT count(*) + 1 FROM payslips o JOIN employees f ON f.id = o.employee_id
        WHERE o.pay_run_id = 16 AND f.department_id = e.department_id AND o.gross_cents > s.gross_cents) AS place
FROM payslips s
JOIN employees e ON e.id = s.employee_id
WHERE s.pay_run_id = 16 AND e.department_id = 37;
-- better:
SELECT s.employee_id, e.department_id, s.gross_cents,
       rank() OVER (ORDER BY s.gross_cents DESC) AS place
FROM payslips s
JOIN employees e ON e.id = s.employee_id
WHERE s.pay_run_id = 16 AND e.department_id = 37;
-- variation:
UPDATE payslips SET gross_cents = 300000 WHERE employee_id % 2 = 0;

-- name: share-of-a-project-in-its-hours
-- worthwhile: rewrite
-- why: the hours of the week are summed anew for every project
-- calls: 80
SELECT t.project_id, p.code, sum(t.hours) AS hours,
       round(100 * sum(t.hours) / (SELECT sum(a.hours) FROM timesheets a JOIN projects q ON q.id = a.project_id
                                   WHERE q.department_id = p.department_id AND a.worked_on >= '2023-09-01' AND a.worked_on < '2023-09-08'), 2) AS percent
FROM timesheets t
JOIN projects p ON p.id = t.project_id
WHERE t.worked_on >= '2023-09-01' AND t.worked_on < '2023-09-08'
GROUP BY t.project_id, p.code, p.department_id;
-- better:
SELECT t.project_id, p.code, t.hours, round(100 * t.hours / sum(t.hours) OVER (PARTITION BY p.department_id), 2) AS percent
FROM (
  SELECT project_id, sum(hours) AS hours
  FROM timesheets
  WHERE worked_on >= '2023-09-01' AND worked_on < '2023-09-08'
  GROUP BY project_id
) t
JOIN projects p ON p.id = t.project_id;

-- name: hours-of-a-month-by-employee
-- worthwhile: rewrite
-- why: year and month are taken out of each day, so that the index by day is of no use
-- calls: 300
SELECT t.employee_id, sum(t.hours) AS hours, count(DISTINCT t.worked_on) AS days
FROM timesheets t
WHERE extract(year FROM t.worked_on) = 2023 AND extract(month FROM t.worked_on) = 11
GROUP BY t.employee_id;
-- better:
SELECT t.employee_id, sum(t.hours) AS hours, count(DISTINCT t.worked_on) AS days
FROM timesheets t
WHERE t.worked_on >= '2023-11-01' AND t.worked_on < '2023-12-01'
GROUP BY t.employee_id;
-- variation:
UPDATE timesheets SET worked_on = CASE id % 4 WHEN 0 THEN date '2023-11-30' WHEN 1 THEN date '2023-12-01' WHEN 2 THEN 'infinity' ELSE date '2022-11-05' END WHERE id % 50 < 4;

-- name: absent-on-each-day
-- worthwhile: rewrite
-- why: every absence is compared with every day of the month
-- calls: 120
-- ordered: yes
SELECT d::date AS day, count(a.id) AS absent
FROM generate_series(date '2024-01-01', date '2024-01-31', interval '1 day') d
LEFT JOIN absences a ON d BETWEEN a.starts_on AND a.ends_on AND a.state = 'granted'
GROUP BY d
ORDER BY d;
-- better:
SELECT d::date AS day, count(a.id) AS absent
FROM generate_series(date '2024-01-01', date '2024-01-31', interval '1 day') d
LEFT JOIN (
  SELECT id, starts_on, ends_on FROM absences
  WHERE state = 'granted' AND ends_on >= '2024-01-01' AND starts_on <= '2024-01-31'
) a ON d BETWEEN a.starts_on AND a.ends_on
GROUP BY d
ORDER BY d;
-- variation:
UPDATE absences SET starts_on = '2023-12-30', ends_on = date '2024-01-01' + id % 40 WHERE id % 500 = 0;

-- name: projects-end-with-their-last-hours
-- worthwhile: rewrite
-- why: the entries of each project are sought in the whole table, one project at a time
-- calls: 12
UPDATE projects p
SET closed_on = (SELECT max(t.worked_on) FROM timesheets t WHERE t.project_id = p.id)
WHERE p.closed_on IS NULL AND NOT p.is_billable AND p.department_id <= 30;
-- better:
UPDATE projects p
SET closed_on = t.last_on
FROM projects o
LEFT JOIN (SELECT project_id, max(worked_on) AS last_on FROM timesheets GROUP BY project_id) t ON t.project_id = o.id
WHERE o.id = p.id AND p.closed_on IS NULL AND NOT p.is_billable AND p.department_id <= 30;
-- variation:
DELETE FROM timesheets WHERE project_id % 3 = 0;

-- name: employees-who-stopped-entering-hours
-- worthwhile: rewrite
-- why: all entries are grouped to find who has none since a day
-- calls: 30
SELECT e.id, e.number, e.last_name
FROM employees e
LEFT JOIN timesheets t ON t.employee_id = e.id
WHERE e.left_on IS NULL AND e.hired_on < '2015-01-01'
GROUP BY e.id, e.number, e.last_name
HAVING max(t.worked_on) IS NULL OR max(t.worked_on) < '2024-10-01';
-- better:
SELECT e.id, e.number, e.last_name
FROM employees e
WHERE e.left_on IS NULL AND e.hired_on < '2015-01-01'
  AND NOT EXISTS (SELECT 1 FROM timesheets t WHERE t.employee_id = e.id AND t.worked_on >= '2024-10-01');
-- variation:
UPDATE timesheets SET worked_on = '2024-10-01' WHERE id % 20 = 0;

-- name: hours-entered-twice
-- worthwhile: rewrite
-- why: a table is joined to itself to find what stands there more than once
-- calls: 20
SELECT DISTINCT a.employee_id, a.project_id, a.worked_on
FROM timesheets a
JOIN timesheets b ON b.employee_id = a.employee_id AND b.project_id = a.project_id AND b.worked_on = a.worked_on AND b.id <> a.id
WHERE a.worked_on >= '2024-09-01';
-- better:
SELECT employee_id, project_id, worked_on
FROM timesheets
WHERE worked_on >= '2024-09-01' AND project_id IS NOT NULL
GROUP BY employee_id, project_id, worked_on
HAVING count(*) > 1;
-- variation:
UPDATE timesheets SET employee_id = 7, project_id = CASE WHEN id % 3 > 0 THEN id % 4 + 1 END WHERE id % 100 = 0;

-- name: hours-to-be-approved
-- worthwhile: index
-- why: the few entries that nobody has approved are picked from all
-- calls: 900
-- ordered: yes
SELECT t.id, t.employee_id, t.project_id, t.worked_on, t.hours
FROM timesheets t
WHERE t.approved_by IS NULL
ORDER BY t.entered_at, t.id
LIMIT 100;
-- index:
CREATE INDEX ON timesheets (entered_at, id) WHERE approved_by IS NULL;

-- name: project-costs-by-month
-- worthwhile: index
-- why: the entries have no index by project
-- calls: 500
SELECT date_trunc('month', t.worked_on) AS month, count(*) AS entries, sum(t.hours) AS hours
FROM timesheets t
WHERE t.project_id = 1037
GROUP BY 1;
-- index:
CREATE INDEX ON timesheets (project_id);

-- name: employees-by-the-start-of-their-name
-- worthwhile: index
-- why: names are compared in small letters, which no index holds
-- calls: 4000
SELECT e.id, e.number, e.first_name, e.last_name FROM employees e WHERE lower(e.last_name) LIKE 'santos39%' ORDER BY e.last_name, e.id LIMIT 20;
-- index:
CREATE INDEX ON employees (lower(last_name) text_pattern_ops);

-- name: payslips-of-an-employee
-- worthwhile: no
-- why: the unique key answers it
-- calls: 3000
SELECT r.period, s.gross_cents, s.net_cents, s.opened_at
FROM payslips s
JOIN pay_runs r ON r.id = s.pay_run_id
WHERE s.employee_id = 5123
ORDER BY r.period DESC;

-- name: contract-of-an-employee-today
-- worthwhile: no
-- why: one row by the unique key
-- calls: 5000
SELECT c.salary_cents, c.weekly_hours, c.kind FROM contracts c WHERE c.employee_id = 20201 AND c.valid_from <= '2024-01-31' ORDER BY c.valid_from DESC LIMIT 1;

-- name: hours-of-a-week
-- worthwhile: no
-- why: a range of the index, and what it reads it sums up
-- calls: 400
SELECT t.employee_id, sum(t.hours) AS hours FROM timesheets t WHERE t.worked_on BETWEEN '2023-05-08' AND '2023-05-14' GROUP BY t.employee_id HAVING sum(t.hours) > 30;

-- name: chain-of-managers
-- worthwhile: no
-- why: the recursion begins with one employee
-- calls: 700
WITH RECURSIVE chain AS (
  SELECT id, last_name, manager_id, 0 AS depth FROM employees WHERE id = 30111
  UNION ALL
  SELECT m.id, m.last_name, m.manager_id, c.depth + 1 FROM chain c JOIN employees m ON m.id = c.manager_id
)
SELECT id, last_name, depth FROM chain ORDER BY depth;

-- name: team-with-latest-contract
-- worthwhile: no
-- why: a look by the unique key for each of a few
-- calls: 1100
SELECT e.id, e.last_name, c.salary_cents
FROM employees e
LEFT JOIN LATERAL (SELECT salary_cents FROM contracts WHERE employee_id = e.id ORDER BY valid_from DESC LIMIT 1) c ON true
WHERE e.manager_id = 311;

-- name: totals-of-all-pay-runs
-- worthwhile: no
-- why: each payslip counts
-- calls: 10
SELECT r.period, count(*) AS slips, sum(s.gross_cents) AS gross, sum(s.net_cents) AS net
FROM pay_runs r
JOIN payslips s ON s.pay_run_id = r.id
GROUP BY r.period;

-- name: team-outside-of-some-departments
-- worthwhile: no
-- why: NOT IN over a handful of departments, hashed once, for a few employees
-- calls: 350
SELECT e.id, e.number, e.last_name
FROM employees e
WHERE e.manager_id = 311 AND e.department_id NOT IN (SELECT d.id FROM departments d WHERE d.parent_id = 3);
