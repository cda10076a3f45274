-- A job board: companies and their postings, candidates and skills, applications with their changes of stage, interviews, messages.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE companies (id integer PRIMARY KEY, name text NOT NULL, industry text, employees integer);
INSERT INTO companies SELECT i, 'Company ' || i, CASE WHEN i % 9 > 0 THEN (ARRAY['retail', 'health', 'software', 'energy'])[1 + i % 4] END, CASE WHEN i % 5 > 0 THEN 5 + pick(i, 1, 70) * pick(i, 2, 70) END FROM generate_series(1, 1500) i;

CREATE TABLE skills (id integer PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO skills SELECT i, 'skill ' || i FROM generate_series(1, 420) i;

CREATE TABLE recruiters (id integer PRIMARY KEY, company_id integer NOT NULL REFERENCES companies, name text NOT NULL, email text);
INSERT INTO recruiters SELECT i, 1 + pick(i, 3, 1500), 'Recruiter ' || i, CASE WHEN i % 8 > 0 THEN 'r' || i || '@hire.example' END FROM generate_series(1, 700) i;

CREATE TABLE postings (
  id integer PRIMARY KEY,
  company_id integer NOT NULL REFERENCES companies,
  title text NOT NULL,
  city text,
  is_remote boolean NOT NULL,
  is_featured boolean NOT NULL,
  status text NOT NULL,
  salary_from integer,
  salary_to integer,
  description text NOT NULL,
  posted_at timestamp NOT NULL,
  closed_at timestamp
);
INSERT INTO postings
SELECT i, 1 + pick(i, 11, 38) * pick(i, 12, 39), (ARRAY['Engineer ', 'Nurse ', 'Clerk ', 'Analyst ', 'Driver '])[1 + pick(i, 13, 5)] || pick(i, 14, 400), CASE WHEN pick(i, 15, 6) > 0 THEN 'City ' || pick(i, 16, 30) * pick(i, 17, 30) END,
       pick(i, 18, 4) = 0, pick(i, 19, 60) = 0, CASE WHEN i > 34000 THEN (ARRAY['open', 'open', 'paused'])[1 + i % 3] ELSE (ARRAY['closed', 'filled', 'filled', 'expired'])[1 + pick(i, 20, 4)] END,
       CASE WHEN pick(i, 21, 3) > 0 THEN 20000 + pick(i, 22, 60) * 1000 END, CASE WHEN pick(i, 21, 3) > 1 THEN 82000 + pick(i, 23, 60) * 1000 END, repeat('you will work with us ', 6 + i % 20),
       timestamp '2022-01-01' + make_interval(mins => i * 40), CASE WHEN i <= 34000 THEN timestamp '2022-02-01' + make_interval(mins => i * 40 + pick(i, 24, 40000)) END
FROM generate_series(1, 36000) i;
CREATE INDEX postings_company_idx ON postings (company_id);
CREATE INDEX postings_posted_idx ON postings (posted_at);

CREATE TABLE candidates (id integer PRIMARY KEY, email text NOT NULL, full_name text NOT NULL, city text, years integer, created_at timestamp NOT NULL);
INSERT INTO candidates SELECT i, 'Cand' || (CASE WHEN i % 400 = 0 THEN i - 7 ELSE i END) || '@Mail.example', 'Name ' || pick(i, 31, 9000), CASE WHEN i % 7 > 0 THEN 'City ' || pick(i, 32, 30) * pick(i, 33, 30) END, CASE WHEN i % 4 > 0 THEN pick(i, 34, 35) END, timestamp '2021-06-01' + make_interval(mins => i * 30)
FROM generate_series(1, 45000) i;

CREATE TABLE candidate_skills (candidate_id integer NOT NULL REFERENCES candidates, skill_id integer NOT NULL REFERENCES skills, level integer, PRIMARY KEY (candidate_id, skill_id));
INSERT INTO candidate_skills SELECT 1 + i / 4, 1 + (pick(i / 4, 41, 15) * 7 + (i % 4) * (1 + pick(i / 4, 42, 20))) % 420, CASE WHEN pick(i, 43, 3) > 0 THEN 1 + pick(i, 44, 5) END FROM generate_series(1, 170000) i ON CONFLICT DO NOTHING;

CREATE TABLE applications (
  id integer PRIMARY KEY,
  posting_id integer NOT NULL REFERENCES postings,
  candidate_id integer NOT NULL REFERENCES candidates,
  stage text NOT NULL,
  source text,
  score numeric(5, 2),
  cover_letter text,
  applied_at timestamp NOT NULL
);
INSERT INTO applications
SELECT i, 1 + pick(i, 51, 189) * pick(i, 52, 190), 1 + pick(i, 53, 210) * pick(i, 54, 214), CASE WHEN pick(i, 55, 250) = 0 THEN 'hired' WHEN pick(i, 55, 250) < 4 THEN 'offer' ELSE (ARRAY['new', 'screen', 'rejected', 'rejected', 'rejected', 'withdrawn'])[1 + pick(i, 56, 6)] END,
       CASE WHEN pick(i, 57, 5) > 0 THEN (ARRAY['board', 'referral', 'agency'])[1 + pick(i, 58, 3)] END, CASE WHEN pick(i, 59, 6) > 0 THEN pick(i, 60, 10000) / 100.0 END, CASE WHEN pick(i, 61, 3) = 0 THEN repeat('I would like to ', 1 + i % 20) END,
       timestamp '2022-01-10' + make_interval(mins => i * 14)
FROM generate_series(1, 110000) i;
CREATE INDEX applications_posting_idx ON applications (posting_id);
CREATE INDEX applications_candidate_idx ON applications (candidate_id);
CREATE INDEX applications_stage_idx ON applications (stage);
CREATE INDEX applications_applied_idx ON applications (applied_at);

CREATE TABLE stage_changes (id integer PRIMARY KEY, application_id integer NOT NULL REFERENCES applications, to_stage text NOT NULL, changed_by integer REFERENCES recruiters, changed_at timestamp NOT NULL, UNIQUE (application_id, changed_at));
INSERT INTO stage_changes SELECT i, 1 + i * 3 / 5 % 109000, (ARRAY['new', 'screen', 'interview', 'rejected', 'offer'])[1 + pick(i, 71, 5)], CASE WHEN pick(i, 72, 6) > 0 THEN 1 + pick(i, 73, 690) END, timestamp '2022-01-11' + make_interval(secs => i * 500 + pick(i, 74, 400)) FROM generate_series(1, 180000) i;

CREATE TABLE interviews (id integer PRIMARY KEY, application_id integer NOT NULL REFERENCES applications, recruiter_id integer REFERENCES recruiters, starts_at timestamp NOT NULL, ends_at timestamp NOT NULL, verdict text, CHECK (ends_at >= starts_at));
INSERT INTO interviews SELECT i, 1 + pick(i, 81, 108000), CASE WHEN pick(i, 82, 12) > 0 THEN 1 + pick(i, 83, 690) END, timestamp '2022-02-01 08:00' + make_interval(mins => i * 25), timestamp '2022-02-01 08:00' + make_interval(mins => i * 25 + 20 + pick(i, 84, 60)),
       CASE WHEN pick(i, 85, 4) > 0 THEN (ARRAY['yes', 'no', 'no', 'unsure'])[1 + pick(i, 86, 4)] END FROM generate_series(1, 60000) i;
CREATE INDEX interviews_application_idx ON interviews (application_id);

CREATE TABLE messages (id integer PRIMARY KEY, candidate_id integer NOT NULL REFERENCES candidates, recruiter_id integer NOT NULL REFERENCES recruiters, body text NOT NULL, sent_at timestamp NOT NULL, read_at timestamp);
INSERT INTO messages SELECT i, 1 + pick(i, 91, 210) * pick(i, 92, 214), 1 + pick(i, 93, 26) * pick(i, 94, 26), 'about your application ' || md5(i::text), timestamp '2022-02-01' + make_interval(mins => i * 15), CASE WHEN pick(i, 95, 60) > 0 THEN timestamp '2022-02-02' + make_interval(mins => i * 15) END
FROM generate_series(1, 100000) i;
CREATE INDEX messages_recruiter_idx ON messages (recruiter_id);

CREATE VIEW posting_figures AS
SELECT p.id, p.company_id, p.title, p.status, a.applications, i.interviews
FROM postings p
LEFT JOIN (SELECT posting_id, count(*) AS applications FROM applications GROUP BY posting_id) a ON a.posting_id = p.id
LEFT JOIN (SELECT x.posting_id, count(*) AS interviews FROM interviews y JOIN applications x ON x.id = y.application_id GROUP BY x.posting_id) i ON i.posting_id = p.id;
DROP FUNCTION pick;
