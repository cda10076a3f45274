-- A build service: projects and people, pipelines of jobs on runners, test results, artifacts.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE people (id integer PRIMARY KEY, login text NOT NULL UNIQUE, email text, is_bot boolean NOT NULL);
INSERT INTO people SELECT i, 'dev' || i, CASE WHEN i % 6 > 0 THEN 'dev' || i || '@corp.example' END, i % 50 = 0 FROM generate_series(1, 1200) i;

CREATE TABLE projects (id integer PRIMARY KEY, name text NOT NULL, owner_id integer REFERENCES people, archived_at timestamptz, last_green_id integer);
INSERT INTO projects SELECT i, 'project-' || i, CASE WHEN i % 7 > 0 THEN 1 + pick(i, 1, 1100) END, CASE WHEN i % 9 = 0 THEN timestamptz '2024-02-01 00:00+00' + make_interval(days => i) END, NULL FROM generate_series(1, 220) i;

CREATE TABLE runners (id integer PRIMARY KEY, name text NOT NULL, kind text NOT NULL, version text, last_job_at timestamptz);
INSERT INTO runners SELECT i, 'runner-' || i, CASE WHEN i % 5 = 0 THEN 'shared' ELSE 'group' END, CASE WHEN i % 11 > 0 THEN '16.' || i % 9 END, NULL FROM generate_series(1, 150) i;

CREATE TABLE pipelines (
  id integer PRIMARY KEY,
  project_id integer NOT NULL REFERENCES projects,
  author_id integer REFERENCES people,
  sha text NOT NULL,
  ref text NOT NULL,
  status text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
INSERT INTO pipelines
SELECT i, CASE WHEN i < 5000 AND i % 6 = 0 THEN 201 + i % 20 ELSE 1 + pick(i, 11, 14) * pick(i, 12, 15) END, CASE WHEN pick(i, 13, 9) > 0 THEN 1 + pick(i, 14, 34) * pick(i, 15, 34) END, md5(i::text) || substr(md5((i + 7)::text), 1, 8),
       CASE WHEN pick(i, 16, 3) = 0 THEN 'main' ELSE 'feature/' || pick(i, 17, 4000) END,
       CASE WHEN i > 59800 THEN 'running' ELSE (ARRAY['success', 'success', 'success', 'success', 'failed', 'failed', 'canceled'])[1 + pick(i, 18, 7)] END,
       jsonb_build_object('source', CASE WHEN pick(i, 19, 900) = 0 THEN 'schedule' ELSE (ARRAY['push', 'push', 'merge_request', 'api'])[1 + pick(i, 20, 4)] END, 'attempt', pick(i, 21, 3), 'tag', CASE WHEN pick(i, 22, 40) = 0 THEN 'v' || i / 100 END),
       timestamptz '2024-01-01 00:00+00' + make_interval(mins => i * 9), CASE WHEN i <= 59800 THEN timestamptz '2024-01-01 00:00+00' + make_interval(mins => i * 9 + 2 + pick(i, 23, 90)) END
FROM generate_series(1, 60000) i;
CREATE INDEX pipelines_project_idx ON pipelines (project_id);
CREATE INDEX pipelines_created_idx ON pipelines (created_at);

CREATE TABLE jobs (
  id integer PRIMARY KEY,
  pipeline_id integer NOT NULL REFERENCES pipelines,
  runner_id integer REFERENCES runners,
  name text NOT NULL,
  status text NOT NULL,
  queued_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz
);
INSERT INTO jobs
SELECT i, 1 + (i - 1) / 5, CASE WHEN i <= 299500 AND pick(i, 31, 12) > 0 THEN 1 + pick(i, 32, 12) * pick(i, 33, 13) END, (ARRAY['build', 'lint', 'unit', 'unit', 'deploy'])[1 + i % 5],
       CASE WHEN i > 299500 THEN CASE WHEN pick(i, 34, 3) = 0 THEN 'queued' ELSE 'running' END ELSE (ARRAY['success', 'success', 'success', 'success', 'success', 'success', 'success', 'success', 'failed', 'skipped'])[1 + pick(i, 34, 10)] END,
       timestamptz '2024-01-01 00:00+00' + make_interval(secs => i * 108), CASE WHEN pick(i, 34, 10) < 9 OR i > 299500 THEN timestamptz '2024-01-01 00:00+00' + make_interval(secs => i * 108 + pick(i, 35, 200)) END,
       CASE WHEN i <= 299500 AND pick(i, 34, 10) < 9 THEN timestamptz '2024-01-01 00:00+00' + make_interval(secs => i * 108 + 200 + pick(i, 36, 60) * pick(i, 37, 60) + CASE WHEN pick(i, 38, 700) = 0 THEN 7000 ELSE 0 END) END
FROM generate_series(1, 300000) i;
CREATE INDEX jobs_pipeline_idx ON jobs (pipeline_id);

CREATE TABLE test_results (id integer PRIMARY KEY, job_id integer NOT NULL REFERENCES jobs, test_name text NOT NULL, outcome text NOT NULL, seconds numeric(8, 3), message text);
INSERT INTO test_results
SELECT i, greatest(1, i * 6 / 5 - pick(i, 41, 50)), 'spec/' || (CASE WHEN i % 3 = 0 THEN 'models' ELSE 'api' END) || '/case_' || pick(i, 42, 40) * pick(i, 43, 45), CASE WHEN pick(i, 44, 60) = 0 THEN 'failed' WHEN pick(i, 44, 60) < 4 THEN 'skipped' ELSE 'passed' END,
       CASE WHEN pick(i, 45, 900) > 0 THEN pick(i, 46, 90000) / 1000.0 END, CASE WHEN pick(i, 44, 60) = 0 THEN 'expected ' || pick(i, 47, 50) END
FROM generate_series(1, 240000) i;
CREATE INDEX test_results_job_idx ON test_results (job_id);

CREATE TABLE artifacts (id integer PRIMARY KEY, job_id integer NOT NULL REFERENCES jobs, kind text NOT NULL, size_bytes bigint NOT NULL, expires_at timestamptz, removed_at timestamptz);
INSERT INTO artifacts
SELECT i, 1 + pick(i, 51, 298000), (ARRAY['log', 'log', 'archive', 'report'])[1 + pick(i, 52, 4)], pick(i, 53, 9000)::bigint * pick(i, 54, 9000), CASE WHEN pick(i, 55, 4) > 0 THEN timestamptz '2024-02-01 00:00+00' + make_interval(mins => i * 4) END,
       CASE WHEN i < 90000 AND pick(i, 56, 200) > 0 THEN timestamptz '2024-02-02 00:00+00' + make_interval(mins => i * 4) END
FROM generate_series(1, 120000) i;

CREATE VIEW job_attempts AS
SELECT j.id, j.pipeline_id, j.name, j.status, j.runner_id, row_number() OVER (PARTITION BY j.pipeline_id, j.name ORDER BY j.id DESC) AS attempt FROM jobs j;
DROP FUNCTION pick;
