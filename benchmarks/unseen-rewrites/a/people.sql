-- name: above-department-mean
-- worthwhile: rewrite
-- why: the mean of a department is worked out once for each of its people
SELECT e.id, e.badge, e.base_salary
FROM employees e
WHERE e.left_on IS NULL
  AND e.base_salary > (SELECT avg(peer.base_salary) FROM employees peer WHERE peer.department_id = e.department_id AND peer.left_on IS NULL);
-- better:
SELECT e.id, e.badge, e.base_salary
FROM employees e JOIN (SELECT department_id, avg(base_salary) AS mean FROM employees WHERE left_on IS NULL GROUP BY department_id) d ON d.department_id = e.department_id
WHERE e.left_on IS NULL AND e.base_salary > d.mean;

-- name: payroll
-- worthwhile: rewrite
-- why: the view probes the key once for every salary ever paid
SELECT e.badge, e.job_title, c.amount, c.effective_on
FROM employees e JOIN current_salaries c ON c.employee_id = e.id WHERE e.left_on IS NULL;
-- better:
SELECT e.badge, e.job_title, c.amount, c.effective_on
FROM employees e JOIN (SELECT DISTINCT ON (employee_id) employee_id, amount, effective_on FROM salaries ORDER BY employee_id, effective_on DESC) c ON c.employee_id = e.id
WHERE e.left_on IS NULL;

-- name: department-sheet
-- worthwhile: rewrite
-- why: three walks over the people of each department
SELECT d.id, d.name,
       (SELECT count(*) FROM employees e WHERE e.department_id = d.id) AS ever,
       (SELECT count(*) FROM employees e WHERE e.department_id = d.id AND e.left_on IS NULL) AS present,
       (SELECT avg(e.base_salary) FROM employees e WHERE e.department_id = d.id AND e.left_on IS NULL) AS mean
FROM departments d;
-- better:
SELECT d.id, d.name, coalesce(e.ever, 0), coalesce(e.present, 0), e.mean
FROM departments d LEFT JOIN (
  SELECT department_id, count(*) AS ever, count(*) FILTER (WHERE left_on IS NULL) AS present, avg(base_salary) FILTER (WHERE left_on IS NULL) AS mean
  FROM employees GROUP BY department_id) e ON e.department_id = d.id;

-- name: all-mandatory-courses-done
-- worthwhile: rewrite
-- why: a double negation runs a subplan for each pair of employee and course
SELECT e.id, e.badge FROM employees e
WHERE NOT EXISTS (SELECT 1 FROM courses c WHERE c.mandatory
                  AND NOT EXISTS (SELECT 1 FROM enrolments n WHERE n.course_id = c.id AND n.employee_id = e.id AND n.completed_on IS NOT NULL));
-- better:
SELECT e.id, e.badge FROM employees e
LEFT JOIN (SELECT n.employee_id, count(*) AS done FROM enrolments n JOIN courses c ON c.id = n.course_id
           WHERE c.mandatory AND n.completed_on IS NOT NULL GROUP BY n.employee_id) n ON n.employee_id = e.id
WHERE coalesce(n.done, 0) = (SELECT count(*) FROM courses WHERE mandatory);

-- name: best-salary-before
-- worthwhile: rewrite
-- why: each salary searches the earlier ones of its employee; the key makes a window exact
SELECT s.employee_id, s.effective_on, s.amount,
       (SELECT max(p.amount) FROM salaries p WHERE p.employee_id = s.employee_id AND p.effective_on < s.effective_on) AS best_before
FROM salaries s;
-- better:
SELECT employee_id, effective_on, amount,
       max(amount) OVER (PARTITION BY employee_id ORDER BY effective_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
FROM salaries;

-- name: count-training
-- worthwhile: index
-- why: the key begins with the course, so the enrolments of each employee are searched course by course
UPDATE employees
SET training_hours = (SELECT sum(c.hours) FROM enrolments n JOIN courses c ON c.id = n.course_id WHERE n.employee_id = employees.id AND n.completed_on IS NOT NULL)
WHERE department_id = 7
  AND EXISTS (SELECT 1 FROM enrolments n WHERE n.employee_id = employees.id AND n.completed_on IS NOT NULL);
-- index:
CREATE INDEX ON enrolments (employee_id);

-- name: hired-in-year
-- worthwhile: index
-- why: extract() on a column without index
-- calls: 500
SELECT id, badge, hired_on FROM employees WHERE extract(year FROM hired_on) = 2019 AND extract(month FROM hired_on) = 4;
-- index:
CREATE INDEX ON employees (extract(year FROM hired_on), extract(month FROM hired_on));

-- name: courses-of-employee
-- worthwhile: index
-- why: the key begins with the course
-- calls: 4000
SELECT c.title, n.completed_on, n.mark FROM enrolments n JOIN courses c ON c.id = n.course_id WHERE n.employee_id = 815;
-- index:
CREATE INDEX ON enrolments (employee_id);

-- name: best-paid-of-department
-- worthwhile: no
-- why: a pair IN a grouped query is one hashed semi-join; ties must stay
SELECT e.department_id, e.badge, e.base_salary FROM employees e
WHERE (e.department_id, e.base_salary) IN (SELECT x.department_id, max(x.base_salary) FROM employees x GROUP BY x.department_id);
-- variation:
UPDATE employees SET base_salary = 90000 WHERE base_salary > 80000;

-- name: salary-of-one
-- worthwhile: no
-- why: one employee: the key answers
SELECT amount, effective_on FROM current_salaries WHERE employee_id = 4242;

-- name: overlapping-absences
-- worthwhile: no
-- why: hashed on the employee
SELECT a.id, a.employee_id FROM absences a
WHERE EXISTS (SELECT 1 FROM absences b WHERE b.employee_id = a.employee_id AND b.id <> a.id AND b.starts_on <= a.ends_on AND b.ends_on >= a.starts_on);

-- name: absence-on-new-year
-- worthwhile: no
-- why: two absences from one day on are an error here and two rows in a join
SELECT e.badge, (SELECT a.kind FROM absences a WHERE a.employee_id = e.id AND a.starts_on = DATE '2024-12-31') AS kind FROM employees e WHERE e.department_id = 11;
-- variation:
INSERT INTO absences SELECT 900000 + e.id * 2 + n, e.id, 'sick', DATE '2024-12-31', NULL, NULL FROM employees e, generate_series(0, 1) n WHERE e.department_id = 11;

-- name: not-in-mandatory-course
-- worthwhile: no
-- why: employee_id is never NULL and the list is hashed once
SELECT id, badge FROM employees WHERE id NOT IN (SELECT n.employee_id FROM enrolments n JOIN courses c ON c.id = n.course_id WHERE c.mandatory);
