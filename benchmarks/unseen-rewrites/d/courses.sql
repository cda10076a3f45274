-- name: catalogue-with-ratings
-- worthwhile: rewrite
-- why: ratings of all courses are summed up and sorted although only the twelve newest courses are shown
-- calls: 900
-- ordered: yes
SELECT c.id, c.slug, c.title, c.price_cents, r.reviews, r.rating
FROM courses c
LEFT JOIN (SELECT course_id, count(*) AS reviews, round(avg(rating), 2) AS rating FROM reviews GROUP BY course_id) r ON r.course_id = c.id
WHERE c.published_at IS NOT NULL
ORDER BY c.published_at DESC, c.id DESC
LIMIT 12;
-- better:
SELECT c.id, c.slug, c.title, c.price_cents, r.reviews, r.rating
FROM (SELECT * FROM courses WHERE published_at IS NOT NULL ORDER BY published_at DESC, id DESC LIMIT 12) c
LEFT JOIN LATERAL (SELECT count(*) AS reviews, round(avg(rating), 2) AS rating FROM reviews v WHERE v.course_id = c.id GROUP BY v.course_id) r ON true
ORDER BY c.published_at DESC, c.id DESC;
-- variation:
DELETE FROM reviews WHERE course_id > 1000;

-- name: eager-load-page-ids
-- worthwhile: rewrite
-- why: the mapper joins lessons and reviews only to throw them away by DISTINCT
-- calls: 400
-- ordered: yes
SELECT DISTINCT c.id, c.published_at AS alias_0
FROM courses c
LEFT OUTER JOIN lessons l ON l.course_id = c.id
LEFT OUTER JOIN reviews r ON r.course_id = c.id
WHERE c.category = 'code'
ORDER BY c.published_at DESC, c.id
LIMIT 24;
-- better:
SELECT c.id, c.published_at AS alias_0 FROM courses c WHERE c.category = 'code' ORDER BY c.published_at DESC, c.id LIMIT 24;
-- variation:
DELETE FROM reviews WHERE course_id % 2 = 0;

-- name: instructor-totals-fan-out
-- worthwhile: rewrite
-- why: enrolments and reviews of a course are multiplied with each other and taken apart again by DISTINCT
SELECT i.id, i.name, count(DISTINCT e.id) AS enrolments, count(DISTINCT r.id) AS reviews
FROM instructors i
JOIN courses c ON c.instructor_id = i.id
LEFT JOIN enrolments e ON e.course_id = c.id AND e.enrolled_at >= '2024-06-15'
LEFT JOIN reviews r ON r.course_id = c.id
GROUP BY i.id, i.name;
-- better:
SELECT i.id, i.name, sum(coalesce(e.n, 0))::bigint AS enrolments, sum(coalesce(r.n, 0))::bigint AS reviews
FROM instructors i
JOIN courses c ON c.instructor_id = i.id
LEFT JOIN (SELECT course_id, count(*) AS n FROM enrolments WHERE enrolled_at >= '2024-06-15' GROUP BY course_id) e ON e.course_id = c.id
LEFT JOIN (SELECT course_id, count(*) AS n FROM reviews GROUP BY course_id) r ON r.course_id = c.id
GROUP BY i.id, i.name;
-- variation:
DELETE FROM reviews WHERE rating < 5;

-- name: login-by-mail
-- worthwhile: index
-- why: the address is compared without regard to case
-- calls: 5000
SELECT id, email, first_name, last_name FROM learners WHERE lower(email) = lower('learner31337@Mail137.example');
-- index:
CREATE INDEX ON learners (lower(email));

-- name: grading-queue
-- worthwhile: index
-- why: few submissions wait among many that are graded
-- calls: 700
-- ordered: yes
SELECT s.id, s.submitted_at, s.attempt, l.title, u.first_name, u.last_name
FROM submissions s
JOIN lessons l ON l.id = s.lesson_id
JOIN learners u ON u.id = s.learner_id
WHERE s.state = 'waiting'
ORDER BY s.submitted_at, s.id
LIMIT 25;
-- index:
CREATE INDEX ON submissions (submitted_at, id) WHERE state = 'waiting';
-- variation:
UPDATE submissions SET state = 'waiting' WHERE id < 10;

-- name: enrolments-of-one-day
-- worthwhile: rewrite
-- why: the cast hides the indexed time
-- calls: 60
SELECT e.course_id, count(*) AS enrolled, sum(e.paid_cents) AS cents FROM enrolments e WHERE e.enrolled_at::date = '2024-02-14' GROUP BY e.course_id;
-- better:
SELECT e.course_id, count(*) AS enrolled, sum(e.paid_cents) AS cents FROM enrolments e
WHERE e.enrolled_at >= date '2024-02-14' AND e.enrolled_at < date '2024-02-15' GROUP BY e.course_id;
-- variation:
UPDATE enrolments SET enrolled_at = '2024-02-15' WHERE id < 50;

-- name: learners-who-completed-nothing
-- worthwhile: rewrite
-- why: counts what each learner completed only to know whether there is anything
SELECT u.id, u.email, u.created_at FROM learners u WHERE (SELECT count(*) FROM enrolments e WHERE e.learner_id = u.id AND e.completed_at IS NOT NULL) = 0;
-- better:
SELECT u.id, u.email, u.created_at FROM learners u WHERE NOT EXISTS (SELECT FROM enrolments e WHERE e.learner_id = u.id AND e.completed_at IS NOT NULL);
-- variation:
UPDATE enrolments SET completed_at = NULL WHERE learner_id < 2000;

-- name: best-grade-per-attempted-lesson
-- worthwhile: rewrite
-- why: looks for the best grade of the lesson anew for each submission of the last weeks
SELECT s.id, s.learner_id, s.grade,
       (SELECT max(x.grade) FROM submissions x WHERE x.lesson_id = s.lesson_id) AS best,
       (SELECT round(avg(x.grade), 1) FROM submissions x WHERE x.lesson_id = s.lesson_id) AS mean
FROM submissions s
WHERE s.submitted_at >= '2024-05-25';
-- better:
SELECT s.id, s.learner_id, s.grade, x.best, x.mean
FROM submissions s
JOIN (SELECT lesson_id, max(grade) AS best, round(avg(grade), 1) AS mean FROM submissions GROUP BY lesson_id) x ON x.lesson_id = s.lesson_id
WHERE s.submitted_at >= '2024-05-25';
-- variation:
UPDATE submissions SET grade = NULL WHERE lesson_id < 300;

-- name: recount-of-learner
-- worthwhile: no
-- why: one learner is counted, by the index
-- calls: 900
UPDATE learners SET course_count = (SELECT count(*) FROM enrolments e WHERE e.learner_id = learners.id) WHERE id = 361;

-- name: tagged-courses-of-a-learner
-- worthwhile: no
-- why: few courses stand behind the learner's enrolments, which the index gives
-- calls: 1200
SELECT DISTINCT c.id, c.title FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE e.learner_id = 361 AND 't6' = ANY (c.tags);

-- name: progress-of-enrolment
-- worthwhile: no
-- why: one enrolment's lessons, each found by its key
-- calls: 4000
-- ordered: yes
SELECT l.ordinal, l.title, p.state, coalesce(p.watched_s, 0) AS watched_s
FROM enrolments e
JOIN lessons l ON l.course_id = e.course_id
LEFT JOIN lesson_progress p ON p.enrolment_id = e.id AND p.lesson_id = l.id
WHERE e.id = 60123
ORDER BY l.ordinal, p.id;

-- name: a-quarter-of-the-course-done
-- worthwhile: rewrite
-- why: two counts for every enrolment of the year, where one pass over the progress and one over the lessons give both
SELECT e.id, e.learner_id FROM enrolments e
WHERE e.enrolled_at >= '2023-01-01'
  AND 4 * (SELECT count(*) FROM lesson_progress p WHERE p.enrolment_id = e.id AND p.state = 'done') >= (SELECT count(*) FROM lessons l WHERE l.course_id = e.course_id);
-- better:
SELECT e.id, e.learner_id
FROM enrolments e
LEFT JOIN (SELECT enrolment_id, count(*) AS n FROM lesson_progress WHERE state = 'done' GROUP BY enrolment_id) d ON d.enrolment_id = e.id
LEFT JOIN (SELECT course_id, count(*) AS n FROM lessons GROUP BY course_id) l ON l.course_id = e.course_id
WHERE e.enrolled_at >= '2023-01-01' AND 4 * coalesce(d.n, 0) >= coalesce(l.n, 0);
-- variation:
UPDATE lesson_progress SET state = 'done' WHERE id % 5 = 0;

-- name: monthly-enrolments-by-source
-- worthwhile: no
-- why: a report over everything has to read everything once
SELECT date_trunc('month', enrolled_at) AS month, coalesce(source, 'direct') AS source, count(*) AS enrolled, sum(paid_cents) AS cents
FROM enrolments GROUP BY 1, 2;

-- name: category-dashboard
-- worthwhile: no
-- why: counts with FILTER, in one pass
SELECT c.category, count(*) AS enrolled, count(*) FILTER (WHERE e.completed_at IS NOT NULL) AS completed, count(*) FILTER (WHERE e.source = 'ad') AS by_ad
FROM enrolments e JOIN courses c ON c.id = e.course_id GROUP BY c.category;

-- name: newest-reviews-of-course
-- worthwhile: no
-- why: one course's reviews come from the index and are few
-- calls: 2500
-- ordered: yes
SELECT r.id, r.rating, r.body, u.first_name FROM reviews r LEFT JOIN learners u ON u.id = r.learner_id
WHERE r.course_id = 1024 ORDER BY r.created_at DESC, r.id DESC LIMIT 10;

-- name: certificate-check
-- worthwhile: index
-- why: anybody may look up a code, for which there is no index
-- calls: 3000
SELECT ce.code, ce.issued_on, c.title FROM certificates ce JOIN enrolments e ON e.id = ce.enrolment_id JOIN courses c ON c.id = e.course_id WHERE ce.code = 'C' || upper(substr(md5('28123'), 1, 10));
-- index:
CREATE INDEX ON certificates (code);

-- name: funnel-cards
-- worthwhile: rewrite
-- why: four cards of a dashboard join the same rows four times
-- calls: 100
SELECT (SELECT count(*) FROM lesson_progress p JOIN lessons l ON l.id = p.lesson_id WHERE l.kind = 'video' AND p.state = 'started') AS started,
       (SELECT count(*) FROM lesson_progress p JOIN lessons l ON l.id = p.lesson_id WHERE l.kind = 'video' AND p.state = 'done') AS done,
       (SELECT count(*) FROM lesson_progress p JOIN lessons l ON l.id = p.lesson_id WHERE l.kind = 'video' AND p.state = 'done' AND p.watched_s > 600) AS watched,
       (SELECT sum(p.watched_s) FROM lesson_progress p JOIN lessons l ON l.id = p.lesson_id WHERE l.kind = 'video') AS watched_s;
-- better:
SELECT count(*) FILTER (WHERE p.state = 'started') AS started, count(*) FILTER (WHERE p.state = 'done') AS done,
       count(*) FILTER (WHERE p.state = 'done' AND p.watched_s > 600) AS watched, sum(p.watched_s) AS watched_s
FROM lesson_progress p JOIN lessons l ON l.id = p.lesson_id WHERE l.kind = 'video';
-- variation:
UPDATE lesson_progress SET watched_s = NULL WHERE state = 'done';

-- name: referrers-without-country
-- worthwhile: no
-- why: the anti-join hashes one side once
SELECT u.id, u.email FROM learners u WHERE u.country IS NULL AND NOT EXISTS (SELECT FROM learners r WHERE r.referrer_id = u.id);

-- name: course-page-export
-- worthwhile: no
-- why: the numbers are looked for after the limit, for ten courses
-- calls: 300
-- ordered: yes
SELECT c.id, c.title, (SELECT count(*) FROM reviews r WHERE r.course_id = c.id) AS reviews, (SELECT count(*) FROM lessons l WHERE l.course_id = c.id) AS lessons
FROM courses c ORDER BY c.id DESC LIMIT 10;

-- name: late-progress-of-finished
-- worthwhile: index
-- why: a missing index on a foreign key lets each lesson of the course read all progress
-- calls: 80
SELECT l.id, l.title, count(p.id) AS steps, max(p.updated_at) AS last_step
FROM lessons l LEFT JOIN lesson_progress p ON p.lesson_id = l.id AND p.state = 'skipped'
WHERE l.course_id = 611
GROUP BY l.id;
-- index:
CREATE INDEX ON lesson_progress (lesson_id);
