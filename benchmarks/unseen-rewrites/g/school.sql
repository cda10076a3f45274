-- name: teacher-class-averages
-- worthwhile: rewrite
-- why: the grades of all classes are averaged for the few classes of one teacher
-- calls: 2400
SELECT c.id, c.subject, c.room, avgs.mean_share, avgs.graded
FROM classes c
LEFT JOIN (SELECT a.class_id, round(avg(100 * g.points / a.max_points), 1) AS mean_share, count(g.points) AS graded
           FROM assessments a JOIN grades g ON g.assessment_id = a.id
           GROUP BY a.class_id) avgs ON avgs.class_id = c.id
WHERE c.teacher_id = 311;
-- better:
SELECT c.id, c.subject, c.room, avgs.mean_share, avgs.graded
FROM classes c
LEFT JOIN LATERAL (SELECT round(avg(100 * g.points / a.max_points), 1) AS mean_share, count(g.points) AS graded
                   FROM assessments a JOIN grades g ON g.assessment_id = a.id
                   WHERE a.class_id = c.id
                   HAVING count(*) > 0) avgs ON true
WHERE c.teacher_id = 311;

-- name: district-test-places
-- worthwhile: rewrite
-- why: the place of each student is counted by a subquery over the whole test for each of its grades
-- calls: 40
SELECT g.assessment_id, g.student_id, g.points,
       (SELECT count(*) + 1 FROM grades o WHERE o.assessment_id = g.assessment_id AND o.points > g.points) AS place
FROM grades g
WHERE g.assessment_id = 9 AND g.points IS NOT NULL;
-- better:
SELECT g.assessment_id, g.student_id, g.points, rank() OVER (PARTITION BY g.assessment_id ORDER BY g.points DESC) AS place
FROM grades g
WHERE g.assessment_id = 9 AND g.points IS NOT NULL;

-- name: absences-of-month
-- worthwhile: rewrite
-- why: the month of each row is written out as text, where two bounds of the indexed day say it
-- calls: 700
SELECT s.school_id, a.status, count(*)
FROM attendance a JOIN students s ON s.id = a.student_id
WHERE to_char(a.held_on, 'YYYY-MM') = '2024-03' AND a.status <> 'present'
GROUP BY s.school_id, a.status;
-- better:
SELECT s.school_id, a.status, count(*)
FROM attendance a JOIN students s ON s.id = a.student_id
WHERE a.held_on >= '2024-03-01' AND a.held_on < '2024-04-01' AND a.status <> 'present'
GROUP BY s.school_id, a.status;
-- variation:
UPDATE attendance SET held_on = date '2024-04-01' - id % 33 WHERE id % 50 = 0;

-- name: newcomers-never-written-to
-- worthwhile: rewrite
-- why: <> ALL compares each new student with every message that was ever sent
-- calls: 60
SELECT s.id, s.student_no, s.first_name, s.last_name
FROM students s
WHERE s.enrolled_on >= '2024-01-20' AND s.id <> ALL (SELECT m.student_id FROM guardian_messages m WHERE m.sent_at >= '2022-09-01');
-- better:
SELECT s.id, s.student_no, s.first_name, s.last_name
FROM students s
WHERE s.enrolled_on >= '2024-01-20'
  AND NOT EXISTS (SELECT 1 FROM guardian_messages m WHERE m.student_id = s.id AND m.sent_at >= '2022-09-01');

-- name: attendance-sheet
-- worthwhile: rewrite
-- why: four subqueries read the same rows of attendance for each student of the school
-- calls: 300
SELECT s.id, s.last_name, s.first_name,
       (SELECT count(*) FROM attendance a WHERE a.student_id = s.id AND a.status = 'present') AS present,
       (SELECT count(*) FROM attendance a WHERE a.student_id = s.id AND a.status = 'absent') AS absent,
       (SELECT count(*) FROM attendance a WHERE a.student_id = s.id AND a.status = 'late') AS late,
       (SELECT count(*) FROM attendance a WHERE a.student_id = s.id AND a.status = 'excused') AS excused
FROM students s
WHERE s.school_id = 12;
-- better:
SELECT s.id, s.last_name, s.first_name, n.present, n.absent, n.late, n.excused
FROM students s
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE a.status = 'present') AS present, count(*) FILTER (WHERE a.status = 'absent') AS absent,
         count(*) FILTER (WHERE a.status = 'late') AS late, count(*) FILTER (WHERE a.status = 'excused') AS excused
  FROM attendance a WHERE a.student_id = s.id) n
WHERE s.school_id = 12;

-- name: report-card-counts
-- worthwhile: rewrite
-- why: three children of a student are joined at once, multiply, and are counted apart again with DISTINCT
-- calls: 150
SELECT s.id, s.student_no, count(DISTINCT g.id) AS grades, count(DISTINCT a.id) AS lessons, count(DISTINCT i.id) AS incidents
FROM students s
LEFT JOIN grades g ON g.student_id = s.id
LEFT JOIN attendance a ON a.student_id = s.id
LEFT JOIN incidents i ON i.student_id = s.id
WHERE s.school_id = 23 AND s.left_on IS NULL
GROUP BY s.id;
-- better:
SELECT s.id, s.student_no,
       (SELECT count(*) FROM grades g WHERE g.student_id = s.id) AS grades,
       (SELECT count(*) FROM attendance a WHERE a.student_id = s.id) AS lessons,
       (SELECT count(*) FROM incidents i WHERE i.student_id = s.id) AS incidents
FROM students s
WHERE s.school_id = 23 AND s.left_on IS NULL;

-- name: teachers-with-grades
-- worthwhile: rewrite
-- why: teachers are multiplied by all their assessments and grades, and made distinct again
-- calls: 90
SELECT DISTINCT t.id, t.name, t.email
FROM teachers t
JOIN classes c ON c.teacher_id = t.id
JOIN assessments a ON a.class_id = c.id
JOIN grades g ON g.assessment_id = a.id
WHERE t.is_active AND g.points IS NOT NULL;
-- better:
SELECT t.id, t.name, t.email
FROM teachers t
WHERE t.is_active AND EXISTS (
  SELECT 1 FROM classes c JOIN assessments a ON a.class_id = c.id JOIN grades g ON g.assessment_id = a.id
  WHERE c.teacher_id = t.id AND g.points IS NOT NULL);

-- name: conduct-balance
-- worthwhile: rewrite
-- why: the running balance joins each incident with all earlier ones of its student
-- calls: 20
SELECT i.student_id, i.id, i.happened_at, i.points, sum(e.points) AS balance
FROM incidents i
JOIN incidents e ON e.student_id = i.student_id AND e.id <= i.id
WHERE i.student_id BETWEEN 2 AND 1500
GROUP BY i.student_id, i.id, i.happened_at, i.points;
-- better:
SELECT i.student_id, i.id, i.happened_at, i.points, sum(i.points) OVER (PARTITION BY i.student_id ORDER BY i.id) AS balance
FROM incidents i
WHERE i.student_id BETWEEN 2 AND 1500;

-- name: unread-by-guardians
-- worthwhile: index
-- why: one message in sixty is unread; an index of those alone finds them
-- calls: 1100
SELECT m.id, m.student_id, m.sent_at
FROM guardian_messages m
WHERE m.read_at IS NULL AND m.sent_at < '2022-03-01';
-- index:
CREATE INDEX ON guardian_messages (sent_at) WHERE read_at IS NULL;

-- name: my-last-graded
-- worthwhile: index
-- why: the grades of a grader are found by a scan of all and sorted for thirty
-- calls: 3200
-- ordered: yes
SELECT g.id, g.assessment_id, g.student_id, g.points, g.graded_at
FROM grades g
WHERE g.grader_id = 812 AND g.graded_at IS NOT NULL
ORDER BY g.graded_at DESC, g.id DESC
LIMIT 30;
-- index:
CREATE INDEX ON grades (grader_id, graded_at DESC, id DESC);

-- name: student-name-typeahead
-- worthwhile: index
-- why: the box searches by the start of the name in lower case, for which there is no index
-- calls: 5200
SELECT s.id, s.student_no, s.first_name, s.last_name, s.school_id
FROM students s
WHERE lower(s.last_name) LIKE 'kowalskiq%';
-- index:
CREATE INDEX ON students (lower(last_name) text_pattern_ops);

-- name: timetable-of-student
-- worthwhile: index
-- why: the key of class_students begins with the class, so that the classes of a student are sought in all of it
-- calls: 8800
SELECT c.id, c.subject, c.room, t.name AS teacher
FROM class_students cs
JOIN classes c ON c.id = cs.class_id
LEFT JOIN teachers t ON t.id = c.teacher_id
WHERE cs.student_id = 40321 AND c.term_id = 8 AND cs.left_on IS NULL;
-- index:
CREATE INDEX ON class_students (student_id);

-- name: class-roll
-- worthwhile: no
-- why: both keys are looked up for one class
-- calls: 9000
SELECT s.id, s.first_name, s.last_name, cs.joined_on
FROM class_students cs JOIN students s ON s.id = cs.student_id
WHERE cs.class_id = 4711 AND cs.left_on IS NULL;

-- name: places-in-one-quiz
-- worthwhile: no
-- why: a window over the dozen grades of one quiz
-- calls: 4100
SELECT g.student_id, g.points, rank() OVER (ORDER BY g.points DESC NULLS LAST) AS place
FROM grades g WHERE g.assessment_id = 17002;

-- name: status-by-day-of-week
-- worthwhile: no
-- why: a report over all of attendance, which has to be read
-- calls: 5
SELECT extract(isodow FROM a.held_on) AS weekday, a.status, count(*)
FROM attendance a GROUP BY 1, 2;

-- name: classes-without-assessment
-- worthwhile: no
-- why: an anti-join of two tables, each read once
-- calls: 30
SELECT c.id, c.subject, c.school_id
FROM classes c
WHERE c.term_id = 6 AND NOT EXISTS (SELECT 1 FROM assessments a WHERE a.class_id = c.id);

-- name: students-with-note-this-week
-- worthwhile: no
-- why: a subquery with DISTINCT that is a semi-join as it is, over an indexed week
-- calls: 600
SELECT s.id, s.first_name, s.last_name
FROM students s
WHERE s.id IN (SELECT DISTINCT a.student_id FROM attendance a WHERE a.held_on BETWEEN '2024-03-04' AND '2024-03-08' AND a.note IS NOT NULL);

-- name: newest-incident-of-student
-- worthwhile: no
-- why: the few incidents of one student are looked up and sorted
-- calls: 2900
-- ordered: yes
SELECT i.id, i.kind, i.points, i.happened_at
FROM incidents i WHERE i.student_id = 2017 ORDER BY i.happened_at DESC, i.id DESC LIMIT 1;

-- name: term-of-a-day
-- worthwhile: no
-- why: nine rows
-- calls: 12000
SELECT id, name FROM terms WHERE date '2023-05-04' BETWEEN starts_on AND ends_on;

-- name: week-at-a-glance
-- worthwhile: no
-- why: one pass over an indexed week gives all the counts
-- calls: 2200
SELECT a.held_on, count(*) AS lessons, count(*) FILTER (WHERE a.status = 'absent') AS absent, count(DISTINCT a.student_id) AS students
FROM attendance a WHERE a.held_on BETWEEN '2024-02-05' AND '2024-02-09' GROUP BY a.held_on;
