-- An online school: instructors, learners, courses of lessons, enrolments and progress, graded submissions, reviews, certificates.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE instructors (id integer PRIMARY KEY, name text NOT NULL, email text, bio text);
INSERT INTO instructors SELECT i, 'Instructor ' || i, CASE WHEN i % 8 > 0 THEN 'i' || i || '@school.example' END, repeat('teaches since long ', 1 + i % 9) FROM generate_series(1, 250) i;

CREATE TABLE courses (
  id integer PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  title text NOT NULL,
  instructor_id integer REFERENCES instructors,
  category text NOT NULL,
  tags text[],
  price_cents integer,
  published_at timestamp,
  description text NOT NULL
);
INSERT INTO courses
SELECT i, 'course-' || i, 'Course ' || i % 1100, CASE WHEN i % 17 > 0 THEN 1 + pick(i, 1, 15) * pick(i, 2, 16) END,
       (ARRAY['design', 'code', 'code', 'music', 'business', 'languages'])[1 + pick(i, 3, 6)],
       CASE WHEN i % 11 > 0 THEN ARRAY['t' || pick(i, 4, 12) * pick(i, 5, 12), 't' || pick(i, 6, 90)] END,
       CASE WHEN i % 9 > 0 THEN 900 + pick(i, 7, 90) * 100 END,
       CASE WHEN i % 10 > 0 THEN timestamp '2022-01-01' + make_interval(hours => i * 13) END, repeat('what you will learn here ', 8 + i % 40)
FROM generate_series(1, 1300) i;

CREATE TABLE lessons (id integer PRIMARY KEY, course_id integer NOT NULL REFERENCES courses, ordinal integer NOT NULL, title text NOT NULL, kind text NOT NULL, minutes integer, meta jsonb NOT NULL, UNIQUE (course_id, ordinal));
INSERT INTO lessons
SELECT i, 1 + (i - 1) / 12, 1 + (i - 1) % 12, 'Lesson ' || i % 700, (ARRAY['video', 'video', 'text', 'quiz', 'task'])[1 + pick(i, 11, 5)], CASE WHEN pick(i, 12, 9) > 0 THEN 2 + pick(i, 13, 40) END,
       jsonb_build_object('captions', pick(i, 14, 3) > 0, 'codec', (ARRAY['h264', 'av1'])[1 + pick(i, 15, 2)])
FROM generate_series(1, 15600) i;

CREATE TABLE learners (
  id integer PRIMARY KEY,
  email text NOT NULL UNIQUE,
  first_name text NOT NULL,
  last_name text,
  country varchar(2),
  referrer_id integer REFERENCES learners,
  created_at timestamp NOT NULL,
  last_seen_at timestamp,
  course_count integer NOT NULL DEFAULT 0
);
INSERT INTO learners
SELECT i, 'Learner' || i || '@Mail' || i % 300 || '.example', 'Fn' || pick(i, 21, 900), CASE WHEN i % 19 > 0 THEN 'Ln' || pick(i, 22, 5000) END,
       CASE WHEN i % 7 > 0 THEN (ARRAY['DE', 'FR', 'US', 'IN', 'BR', 'NL', 'LU'])[1 + pick(i, 23, 3) + pick(i, 24, 5)] END,
       CASE WHEN i > 100 AND i % 6 = 0 THEN 1 + pick(i, 25, 90) END,
       timestamp '2022-01-01' + make_interval(mins => i * 30), CASE WHEN pick(i, 26, 4) > 0 THEN timestamp '2022-02-01' + make_interval(mins => i * 30 + pick(i, 27, 90000)) END, 0
FROM generate_series(1, 40000) i;

CREATE TABLE enrolments (
  id integer PRIMARY KEY,
  learner_id integer NOT NULL REFERENCES learners,
  course_id integer NOT NULL REFERENCES courses,
  source text,
  paid_cents integer NOT NULL,
  enrolled_at timestamp NOT NULL,
  completed_at timestamp
);
INSERT INTO enrolments
SELECT i, 1 + pick(i, 31, 190) * pick(i, 32, 200), 1 + pick(i, 33, 34) * pick(i, 34, 35), CASE WHEN pick(i, 35, 5) > 0 THEN (ARRAY['ad', 'search', 'friend', 'mail'])[1 + pick(i, 36, 4)] END,
       pick(i, 37, 90) * 100, timestamp '2022-02-01' + make_interval(mins => i * 9), CASE WHEN pick(i, 38, 10) < 3 THEN timestamp '2022-03-01' + make_interval(mins => i * 9 + pick(i, 39, 60000)) END
FROM generate_series(1, 140000) i;
CREATE INDEX enrolments_learner_idx ON enrolments (learner_id);
CREATE INDEX enrolments_enrolled_idx ON enrolments (enrolled_at);

CREATE TABLE lesson_progress (
  id integer PRIMARY KEY,
  enrolment_id integer NOT NULL REFERENCES enrolments,
  lesson_id integer NOT NULL REFERENCES lessons,
  state text NOT NULL,
  watched_s integer,
  updated_at timestamp NOT NULL
);
INSERT INTO lesson_progress
SELECT i, 1 + (i / 3) % 139000, 1 + (pick(i / 3, 33, 34) * pick(i / 3, 34, 35)) * 12 + i % 12, (ARRAY['started', 'done', 'done', 'done', 'skipped'])[1 + pick(i, 42, 5)], CASE WHEN pick(i, 43, 6) > 0 THEN pick(i, 44, 2400) END,
       timestamp '2022-02-02' + make_interval(mins => i * 4)
FROM generate_series(1, 240000) i;
CREATE INDEX lesson_progress_enrolment_idx ON lesson_progress (enrolment_id);
CREATE INDEX lesson_progress_updated_idx ON lesson_progress (updated_at);

CREATE TABLE submissions (
  id integer PRIMARY KEY,
  learner_id integer NOT NULL REFERENCES learners,
  lesson_id integer NOT NULL REFERENCES lessons,
  attempt integer NOT NULL,
  state text NOT NULL,
  grade numeric(5, 2),
  submitted_at timestamp NOT NULL,
  graded_by integer REFERENCES instructors
);
INSERT INTO submissions
SELECT i, 1 + pick(i, 51, 190) * pick(i, 52, 200), 1 + pick(i, 53, 120) * pick(i, 54, 128), 1 + pick(i, 55, 3), CASE WHEN i > 119300 THEN 'waiting' ELSE (ARRAY['graded', 'graded', 'graded', 'returned'])[1 + pick(i, 56, 4)] END,
       CASE WHEN i <= 119300 AND pick(i, 57, 12) > 0 THEN pick(i, 58, 10000) / 100.0 END, timestamp '2022-03-01' + make_interval(mins => i * 10), CASE WHEN i <= 119300 THEN 1 + pick(i, 59, 240) END
FROM generate_series(1, 120000) i;
CREATE INDEX submissions_lesson_idx ON submissions (lesson_id);

CREATE TABLE reviews (id integer PRIMARY KEY, course_id integer NOT NULL REFERENCES courses, learner_id integer REFERENCES learners, rating integer NOT NULL, body text, created_at timestamp NOT NULL);
INSERT INTO reviews SELECT i, 1 + pick(i, 61, 34) * pick(i, 62, 35), CASE WHEN i % 15 > 0 THEN 1 + pick(i, 63, 39000) END, 1 + pick(i, 64, 5), CASE WHEN i % 3 > 0 THEN repeat('good course ', 1 + i % 30) END,
       timestamp '2022-03-01' + make_interval(mins => i * 25) FROM generate_series(1, 40000) i;
CREATE INDEX reviews_course_idx ON reviews (course_id);

CREATE TABLE certificates (id integer PRIMARY KEY, enrolment_id integer NOT NULL REFERENCES enrolments, code varchar(20) NOT NULL, issued_on date NOT NULL);
INSERT INTO certificates SELECT i, 1 + pick(i, 71, 139000), 'C' || upper(substr(md5(i::text), 1, 10)), date '2022-05-01' + i / 100 FROM generate_series(1, 90000) i;
CREATE INDEX certificates_enrolment_idx ON certificates (enrolment_id);
UPDATE learners SET course_count = n.n FROM (SELECT learner_id, count(*) AS n FROM enrolments GROUP BY learner_id) n WHERE n.learner_id = learners.id AND learners.id % 60 > 0;
DROP FUNCTION pick;
