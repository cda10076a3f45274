-- The schools of a district: students in classes, assessments with grades, attendance, incidents, messages to guardians.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 6151) & 9007199254740991) % $3)::integer';

CREATE TABLE schools (id integer PRIMARY KEY, name text NOT NULL, district text NOT NULL, opened_on date);
INSERT INTO schools SELECT i, 'School ' || i, (ARRAY['north', 'south', 'east', 'harbour'])[1 + i % 4], CASE WHEN i % 5 > 0 THEN date '1950-08-01' + i * 400 END
FROM generate_series(1, 60) i;

CREATE TABLE terms (id integer PRIMARY KEY, name text NOT NULL UNIQUE, starts_on date NOT NULL, ends_on date NOT NULL);
INSERT INTO terms SELECT i, 'T' || i, date '2021-08-16' + (i - 1) * 120, date '2021-08-16' + (i - 1) * 120 + 105 FROM generate_series(1, 9) i;

CREATE TABLE teachers (id integer PRIMARY KEY, school_id integer NOT NULL REFERENCES schools, name text NOT NULL, email text NOT NULL UNIQUE, hired_on date NOT NULL, is_active boolean NOT NULL);
INSERT INTO teachers SELECT i, 1 + pick(i, 1, 60), 'Teacher ' || i, 'teacher' || i || '@school.example', date '1995-01-01' + pick(i, 2, 10000), pick(i, 3, 12) > 0
FROM generate_series(1, 2200) i;

CREATE TABLE students (
  id integer PRIMARY KEY,
  school_id integer NOT NULL REFERENCES schools,
  student_no text NOT NULL UNIQUE,
  first_name text NOT NULL,
  last_name text NOT NULL,
  born_on date,
  guardian_phone text,
  enrolled_on date NOT NULL,
  left_on date
);
INSERT INTO students
SELECT i, CASE WHEN pick(i, 11, 12) = 0 THEN 7 ELSE 1 + pick(i, 12, 60) END, 'S' || 500000 + i, (ARRAY['Mila', 'Noah', 'Emma', 'Leon', 'Aylin', 'Jonas', 'Zoe'])[1 + pick(i, 13, 7)],
       (ARRAY['Meier', 'Schmidt', 'Yilmaz', 'Kowalski', 'Braun', 'Nguyen', 'Lopez', 'Fischer'])[1 + pick(i, 14, 8)] || chr(97 + pick(i, 15, 26)) || chr(97 + pick(i, 16, 26)),
       CASE WHEN pick(i, 17, 25) > 0 THEN date '2004-01-01' + pick(i, 18, 4400) END, CASE WHEN pick(i, 19, 9) > 0 THEN '+49 30 ' || 100000 + pick(i, 20, 38000) END,
       date '2018-08-01' + i / 30, CASE WHEN pick(i, 21, 6) = 0 THEN date '2018-08-01' + i / 30 + 200 + pick(i, 22, 900) END
FROM generate_series(1, 60000) i;
CREATE INDEX students_school_idx ON students (school_id);

CREATE TABLE classes (id integer PRIMARY KEY, school_id integer NOT NULL REFERENCES schools, term_id integer NOT NULL REFERENCES terms, teacher_id integer REFERENCES teachers, subject text NOT NULL, room text);
INSERT INTO classes
SELECT i, 1 + pick(i, 31, 60), 1 + pick(i, 32, 9), CASE WHEN pick(i, 33, 40) > 0 THEN 1 + pick(i, 34, 2200) END, (ARRAY['maths', 'german', 'english', 'biology', 'physics', 'history', 'art', 'sports'])[1 + pick(i, 35, 8)],
       CASE WHEN pick(i, 36, 7) > 0 THEN 'R' || pick(i, 37, 300) END
FROM generate_series(1, 8000) i;
CREATE INDEX classes_school_idx ON classes (school_id, term_id);
CREATE INDEX classes_teacher_idx ON classes (teacher_id);

CREATE TABLE class_students (class_id integer NOT NULL REFERENCES classes, student_id integer NOT NULL REFERENCES students, joined_on date NOT NULL, left_on date, PRIMARY KEY (class_id, student_id));
INSERT INTO class_students
SELECT 1 + i % 8000, 1 + pick(i, 41, 60000), date '2021-08-16' + pick(i, 42, 900), CASE WHEN pick(i, 43, 15) = 0 THEN date '2024-02-01' + pick(i, 44, 200) END
FROM generate_series(1, 200000) i ON CONFLICT DO NOTHING;

CREATE TABLE assessments (id integer PRIMARY KEY, class_id integer REFERENCES classes, title text NOT NULL, kind text NOT NULL, max_points numeric(6, 1) NOT NULL CHECK (max_points > 0), due_on date);
INSERT INTO assessments
SELECT i, CASE WHEN i > 25 THEN 1 + pick(i, 51, 8000) END, 'Assessment ' || i, CASE WHEN i <= 25 THEN 'district' ELSE (ARRAY['quiz', 'quiz', 'test', 'essay', 'oral'])[1 + pick(i, 52, 5)] END, 10 + pick(i, 53, 10) * 10, CASE WHEN pick(i, 54, 30) > 0 THEN date '2021-08-20' + i / 28 END
FROM generate_series(1, 30000) i;
CREATE INDEX assessments_class_idx ON assessments (class_id);

CREATE TABLE grades (id integer PRIMARY KEY, assessment_id integer NOT NULL REFERENCES assessments, student_id integer NOT NULL REFERENCES students, points numeric(6, 1), grader_id integer REFERENCES teachers, graded_at timestamp);
INSERT INTO grades
SELECT i, CASE WHEN pick(i, 61, 25) = 0 THEN 1 + pick(i, 62, 25) ELSE 26 + pick(i, 63, 29975) END, 1 + pick(i, 64, 60000), CASE WHEN pick(i, 65, 14) > 0 THEN pick(i, 66, 200) / 2.0 END,
       CASE WHEN pick(i, 67, 30) > 0 THEN 1 + pick(i, 68, 47) * pick(i, 69, 46) END, CASE WHEN pick(i, 65, 14) > 0 THEN timestamp '2021-08-21' + make_interval(mins => i * 5) END
FROM generate_series(1, 280000) i;
CREATE INDEX grades_assessment_idx ON grades (assessment_id);
CREATE INDEX grades_student_idx ON grades (student_id);

CREATE TABLE attendance (id integer PRIMARY KEY, student_id integer NOT NULL REFERENCES students, class_id integer NOT NULL REFERENCES classes, held_on date NOT NULL, status text NOT NULL, note text);
INSERT INTO attendance
SELECT i, 1 + pick(i, 71, 60000), 1 + pick(i, 72, 8000), date '2021-08-16' + i / 270, CASE WHEN pick(i, 73, 100) < 88 THEN 'present' WHEN pick(i, 73, 100) < 93 THEN 'absent' WHEN pick(i, 73, 100) < 97 THEN 'late' ELSE 'excused' END, CASE WHEN pick(i, 74, 20) = 0 THEN 'note ' || i END
FROM generate_series(1, 290000) i;
CREATE INDEX attendance_student_idx ON attendance (student_id);
CREATE INDEX attendance_held_idx ON attendance (held_on);

CREATE TABLE incidents (id integer PRIMARY KEY, student_id integer NOT NULL REFERENCES students, teacher_id integer REFERENCES teachers, kind text NOT NULL, points integer NOT NULL, happened_at timestamp NOT NULL);
INSERT INTO incidents
SELECT i, 1 + pick(i, 81, 60) * pick(i, 83, 1000), CASE WHEN pick(i, 84, 8) > 0 THEN 1 + pick(i, 85, 2200) END, (ARRAY['merit', 'merit', 'late', 'disruption', 'homework'])[1 + pick(i, 86, 5)], pick(i, 87, 9) - 4, timestamp '2021-08-16' + make_interval(mins => i * 18)
FROM generate_series(1, 80000) i;
CREATE INDEX incidents_student_idx ON incidents (student_id);

CREATE TABLE guardian_messages (id integer PRIMARY KEY, student_id integer NOT NULL REFERENCES students, teacher_id integer REFERENCES teachers, body text NOT NULL, sent_at timestamp NOT NULL, read_at timestamp);
INSERT INTO guardian_messages
SELECT i, 1 + pick(i, 91, 60000), CASE WHEN pick(i, 92, 5) > 0 THEN 1 + pick(i, 93, 2200) END, 'Dear guardian, ' || repeat('please note ', 1 + pick(i, 94, 8)), timestamp '2021-09-01' + make_interval(mins => i * 14), CASE WHEN pick(i, 95, 60) > 0 THEN timestamp '2021-09-01' + make_interval(mins => i * 14 + pick(i, 96, 5000)) END
FROM generate_series(1, 100000) i;
DROP FUNCTION pick;
