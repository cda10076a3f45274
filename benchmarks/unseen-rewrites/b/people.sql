-- name: manager-columns
-- worthwhile: rewrite
-- why: the same manager is probed three times for each employee
SELECT e.id, e.badge,
       (SELECT m.badge FROM employees m WHERE m.id = e.manager_id) AS manager_badge,
       (SELECT m.job_title FROM employees m WHERE m.id = e.manager_id) AS manager_title,
       (SELECT m.email FROM employees m WHERE m.id = e.manager_id) AS manager_email
FROM employees e;
-- better:
SELECT e.id, e.badge, m.badge AS manager_badge, m.job_title AS manager_title, m.email AS manager_email
FROM employees e LEFT JOIN employees m ON m.id = e.manager_id;

-- name: second-highest-pay
-- worthwhile: rewrite
-- why: each employee counts the distinct salaries above in the department
SELECT e.department_id, e.badge, e.base_salary FROM employees e
WHERE 2 = (SELECT count(DISTINCT x.base_salary) FROM employees x WHERE x.department_id = e.department_id AND x.base_salary >= e.base_salary);
-- better:
SELECT department_id, badge, base_salary
FROM (SELECT department_id, badge, base_salary, dense_rank() OVER (PARTITION BY department_id ORDER BY base_salary DESC) AS place
      FROM employees WHERE department_id IS NOT NULL AND base_salary IS NOT NULL) e
WHERE place = 2;

-- name: often-sick
-- worthwhile: rewrite
-- why: sick days are added up for each employee anew
SELECT e.id, e.badge FROM employees e
WHERE (SELECT coalesce(sum(a.ends_on - a.starts_on + 1), 0) FROM absences a WHERE a.employee_id = e.id AND a.kind = 'sick') > 30;
-- better:
SELECT e.id, e.badge FROM employees e
WHERE e.id IN (SELECT a.employee_id FROM absences a WHERE a.kind = 'sick' GROUP BY a.employee_id HAVING sum(a.ends_on - a.starts_on + 1) > 30);

-- name: drop-early-enrolments
-- worthwhile: rewrite
-- why: the employee is probed for each of the enrolments
DELETE FROM enrolments n
WHERE n.enrolled_on < (SELECT e.hired_on FROM employees e WHERE e.id = n.employee_id);
-- better:
DELETE FROM enrolments n USING employees e WHERE e.id = n.employee_id AND n.enrolled_on < e.hired_on;

-- name: badge-series
-- worthwhile: index
-- why: substr() on the column
-- calls: 800
SELECT id, badge, job_title FROM employees WHERE substr(badge, 1, 5) = 'B0012';
-- index:
CREATE INDEX ON employees (substr(badge, 1, 5));

-- name: people-of-named-department
-- worthwhile: rewrite
-- why: the department's name is probed for each employee, to be compared with one name
SELECT e.id, e.badge FROM employees e
WHERE (SELECT d.name FROM departments d WHERE d.id = e.department_id) = 'Department 9';
-- better:
SELECT e.id, e.badge FROM employees e JOIN departments d ON d.id = e.department_id WHERE d.name = 'Department 9';

-- name: approvals-open
-- worthwhile: index
-- why: the foreign key to the approver has no index
-- calls: 2500
SELECT a.id, a.employee_id, a.starts_on FROM absences a WHERE a.approved_by = 17 AND a.ends_on IS NULL;
-- index:
CREATE INDEX ON absences (approved_by);

-- name: course-statistics
-- worthwhile: rewrite
-- why: four walks over the enrolments of each course
SELECT c.id, c.title,
       (SELECT count(*) FROM enrolments n WHERE n.course_id = c.id) AS enrolled,
       (SELECT count(*) FROM enrolments n WHERE n.course_id = c.id AND n.completed_on IS NOT NULL) AS completed,
       (SELECT avg(n.mark) FROM enrolments n WHERE n.course_id = c.id) AS mean_mark,
       (SELECT max(n.enrolled_on) FROM enrolments n WHERE n.course_id = c.id) AS latest
FROM courses c ORDER BY c.id;
-- better:
SELECT c.id, c.title, coalesce(n.enrolled, 0) AS enrolled, coalesce(n.completed, 0) AS completed, n.mean_mark, n.latest
FROM courses c LEFT JOIN (SELECT course_id, count(*) AS enrolled, count(completed_on) AS completed, avg(mark) AS mean_mark, max(enrolled_on) AS latest
                          FROM enrolments GROUP BY course_id) n ON n.course_id = c.id
ORDER BY c.id;

-- name: raise-of-each
-- worthwhile: rewrite
-- why: the salary before is searched for each salary; its date is part of the key
SELECT s.employee_id, s.effective_on,
       s.amount - (SELECT p.amount FROM salaries p WHERE p.employee_id = s.employee_id AND p.effective_on < s.effective_on ORDER BY p.effective_on DESC LIMIT 1) AS raise
FROM salaries s;
-- better:
SELECT employee_id, effective_on, amount - lag(amount) OVER (PARTITION BY employee_id ORDER BY effective_on) AS raise FROM salaries;

-- name: leaderboard
-- worthwhile: no
-- why: the planner stops the window after the tenth place, and the sort is needed either way
SELECT x.id, x.badge, x.base_salary
FROM (SELECT e.id, e.badge, e.base_salary, rank() OVER (ORDER BY e.base_salary DESC NULLS LAST) AS place FROM employees e) x
WHERE x.place <= 10;

-- name: hours-of-hard-courses
-- worthwhile: no
-- why: a semi-join; a plain join would add an hour once for each enrolment
SELECT sum(c.hours) FROM courses c WHERE c.id IN (SELECT n.course_id FROM enrolments n WHERE n.mark > 97);

-- name: salary-steps-of-one
-- worthwhile: no
-- why: the condition is on the partition key and goes below the window
SELECT * FROM (SELECT s.employee_id, s.effective_on, s.amount, lag(s.amount) OVER (PARTITION BY s.employee_id ORDER BY s.effective_on) AS before FROM salaries s) x
WHERE x.employee_id = 77;

-- name: paid-above-manager
-- worthwhile: no
-- why: a hash join
SELECT e.id, e.badge FROM employees e JOIN employees m ON m.id = e.manager_id WHERE e.base_salary > m.base_salary AND e.department_id IS DISTINCT FROM m.department_id;

-- name: department-branch
-- worthwhile: no
-- why: a tree is walked by recursion
WITH RECURSIVE branch AS (
  SELECT id, name FROM departments WHERE id = 3
  UNION ALL
  SELECT d.id, d.name FROM departments d JOIN branch b ON d.parent_id = b.id
)
SELECT b.name, (SELECT count(*) FROM employees e WHERE e.department_id = b.id) AS people FROM branch b;

-- name: salary-at-hiring
-- worthwhile: no
-- why: few people; and several salaries from one day on would be an error here
SELECT e.id, (SELECT s.amount FROM salaries s WHERE s.employee_id = e.id AND s.reason = 'promotion' AND s.effective_on >= DATE '2023-06-01') AS promoted_to
FROM employees e WHERE e.department_id = 12 AND e.job_title = 'driver' AND e.id > 9000;
