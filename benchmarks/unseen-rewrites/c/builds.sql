-- name: projects-with-last-pipeline
-- worthwhile: index
-- why: the newest pipeline of a quiet project is far down the key, and the project's index knows no order
-- calls: 1500
SELECT pr.id, pr.name,
       (SELECT p.status FROM pipelines p WHERE p.project_id = pr.id ORDER BY p.id DESC LIMIT 1) AS last_status,
       (SELECT p.created_at FROM pipelines p WHERE p.project_id = pr.id ORDER BY p.id DESC LIMIT 1) AS last_run_at
FROM projects pr
WHERE pr.archived_at IS NULL
ORDER BY pr.name;
-- index:
CREATE INDEX ON pipelines (project_id, id);
-- variation:
UPDATE pipelines SET project_id = 1 WHERE project_id BETWEEN 2 AND 6;

-- name: pipelines-of-project-with-stats
-- worthwhile: rewrite
-- why: the CTE groups all jobs of all projects for twenty pipelines
-- calls: 2000
-- ordered: yes
WITH stats AS (
  SELECT j.pipeline_id, count(*) AS jobs, count(*) FILTER (WHERE j.status = 'failed') AS failed, max(j.finished_at) AS last_finished_at
  FROM jobs j
  GROUP BY j.pipeline_id
)
SELECT p.id, p.ref, p.status, s.jobs, s.failed, s.last_finished_at
FROM pipelines p LEFT JOIN stats s ON s.pipeline_id = p.id
WHERE p.project_id = 31
ORDER BY p.id DESC
LIMIT 20;
-- better:
SELECT p.id, p.ref, p.status, s.jobs, s.failed, s.last_finished_at
FROM pipelines p
LEFT JOIN LATERAL (SELECT count(*) AS jobs, count(*) FILTER (WHERE j.status = 'failed') AS failed, max(j.finished_at) AS last_finished_at
                   FROM jobs j WHERE j.pipeline_id = p.id HAVING count(*) > 0) s ON true
WHERE p.project_id = 31
ORDER BY p.id DESC
LIMIT 20;
-- variation:
UPDATE jobs SET pipeline_id = 1 WHERE pipeline_id IN (SELECT id FROM pipelines WHERE project_id = 31 ORDER BY id DESC LIMIT 5);

-- name: flaky-tests
-- worthwhile: rewrite
-- why: pairs every failure with every pass of the same test to show its name once
SELECT DISTINCT f.test_name
FROM test_results f JOIN test_results p ON p.test_name = f.test_name
WHERE f.outcome = 'failed' AND p.outcome = 'passed';
-- better:
SELECT DISTINCT f.test_name
FROM test_results f
WHERE f.outcome = 'failed' AND f.test_name IN (SELECT p.test_name FROM test_results p WHERE p.outcome = 'passed');
-- variation:
UPDATE test_results SET outcome = 'failed' WHERE test_name IN ('spec/api/case_12', 'spec/models/case_12');

-- name: next-queued-jobs
-- worthwhile: index
-- why: every poll reads all jobs for the few that wait
-- calls: 40000
-- ordered: yes
SELECT j.id, j.pipeline_id, j.name, j.queued_at
FROM jobs j
WHERE j.status = 'queued'
ORDER BY j.queued_at, j.id
LIMIT 10;
-- index:
CREATE INDEX ON jobs (queued_at, id) WHERE status = 'queued';

-- name: remove-expired-artifacts
-- worthwhile: index
-- why: the purge looks through all artifacts for each of its batches
-- calls: 200
DELETE FROM artifacts
WHERE id IN (SELECT a.id FROM artifacts a WHERE a.removed_at IS NULL AND a.expires_at < '2024-08-01 00:00+00' ORDER BY a.expires_at, a.id LIMIT 100);
-- index:
CREATE INDEX ON artifacts (expires_at, id) WHERE removed_at IS NULL;

-- name: artifact-sizes-of-pipeline
-- worthwhile: index
-- why: the foreign key of the artifacts has no index
-- calls: 3000
SELECT j.id, j.name, j.status, (SELECT coalesce(sum(a.size_bytes), 0) FROM artifacts a WHERE a.job_id = j.id AND a.removed_at IS NULL) AS bytes
FROM jobs j WHERE j.pipeline_id = 41234 ORDER BY j.id;
-- index:
CREATE INDEX ON artifacts (job_id);

-- name: jobs-of-runner
-- worthwhile: index
-- why: IS NOT DISTINCT FROM uses no index, and the runner has none
-- calls: 150
SELECT j.id, j.name, j.status, j.finished_at FROM jobs j WHERE j.runner_id IS NOT DISTINCT FROM 78 AND j.status = 'failed';
-- better:
SELECT j.id, j.name, j.status, j.finished_at FROM jobs j WHERE j.runner_id = 78 AND j.status = 'failed';
-- index:
CREATE INDEX ON jobs (runner_id, status);
-- variation:
UPDATE jobs SET runner_id = NULL WHERE runner_id = 78 AND id % 2 = 0;

-- name: long-jobs
-- worthwhile: index
-- why: the difference of two columns can only be found by an index on it
-- calls: 48
SELECT id, pipeline_id, name, started_at, finished_at FROM jobs WHERE finished_at - started_at > interval '110 minutes';
-- index:
CREATE INDEX ON jobs ((finished_at - started_at));

-- name: runner-load
-- worthwhile: rewrite
-- why: all jobs are read twice for each shared runner, where one pass counts for all
-- calls: 24
SELECT r.id, r.name,
       (SELECT count(*) FROM jobs j WHERE j.runner_id = r.id) AS jobs,
       (SELECT count(*) FROM jobs j WHERE j.runner_id = r.id AND j.status = 'failed') AS failed
FROM runners r
WHERE r.kind = 'shared';
-- better:
SELECT r.id, r.name, coalesce(j.jobs, 0) AS jobs, coalesce(j.failed, 0) AS failed
FROM runners r
LEFT JOIN (SELECT runner_id, count(*) AS jobs, count(*) FILTER (WHERE status = 'failed') AS failed FROM jobs GROUP BY runner_id) j ON j.runner_id = r.id
WHERE r.kind = 'shared';
-- variation:
UPDATE jobs SET runner_id = NULL WHERE runner_id IN (5, 10, 25);

-- name: pipeline-by-short-sha
-- worthwhile: index
-- why: neither the hash nor its beginning is indexed
-- calls: 2500
SELECT id, project_id, status, ref FROM pipelines WHERE left(sha, 8) = '3c59dc04';
-- index:
CREATE INDEX ON pipelines (left(sha, 8));

-- name: touch-runners
-- worthwhile: rewrite
-- why: all jobs are read for each runner
UPDATE runners SET last_job_at = (SELECT max(j.finished_at) FROM jobs j WHERE j.runner_id = runners.id) WHERE kind = 'shared';
-- better:
UPDATE runners SET last_job_at = j.last_job_at
FROM runners r LEFT JOIN (SELECT runner_id, max(finished_at) AS last_job_at FROM jobs GROUP BY runner_id) j ON j.runner_id = r.id
WHERE r.id = runners.id AND runners.kind = 'shared';
-- variation:
UPDATE jobs SET runner_id = NULL WHERE runner_id IN (5, 10, 25);

-- name: drop-results-without-time
-- worthwhile: rewrite
-- why: too many jobs for a hash table, so the list is read through for each result
DELETE FROM test_results WHERE seconds IS NULL AND id < 60000 AND job_id NOT IN (SELECT j.id FROM jobs j WHERE j.status <> 'failed');
-- better:
DELETE FROM test_results WHERE seconds IS NULL AND id < 60000 AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.status <> 'failed' AND j.id = test_results.job_id);
-- variation:
UPDATE jobs SET status = 'failed' WHERE id % 30 = 0;

-- name: last-attempts-of-author
-- worthwhile: rewrite
-- why: all jobs are numbered, as the condition on the pipeline comes from a join
-- calls: 400
SELECT p.id, a.name, a.status
FROM pipelines p JOIN job_attempts a ON a.pipeline_id = p.id
WHERE p.author_id = 925 AND a.attempt = 1;
-- better:
SELECT p.id, a.name, a.status
FROM pipelines p
CROSS JOIN LATERAL (SELECT DISTINCT ON (j.name) j.name, j.status FROM jobs j WHERE j.pipeline_id = p.id ORDER BY j.name, j.id DESC) a
WHERE p.author_id = 925;
-- variation:
UPDATE pipelines SET author_id = 925 WHERE id < 100;

-- name: scheduled-pipelines
-- worthwhile: index
-- why: a field inside the document, which only an index on the expression finds
-- calls: 700
SELECT id, project_id, status, created_at FROM pipelines WHERE payload ->> 'source' = 'schedule';
-- index:
CREATE INDEX ON pipelines ((payload ->> 'source'));

-- name: pipeline-of-tag
-- worthwhile: index
-- why: containment in a document wants a GIN index
-- calls: 900
SELECT id, project_id, status FROM pipelines WHERE payload @> '{"tag": "v412"}';
-- index:
CREATE INDEX ON pipelines USING gin (payload jsonb_path_ops);

-- name: pipelines-of-today
-- worthwhile: rewrite
-- why: the cast of the column keeps its index from use
-- calls: 600
SELECT pr.name, count(*) AS runs, count(*) FILTER (WHERE p.status = 'failed') AS failed
FROM pipelines p JOIN projects pr ON pr.id = p.project_id
WHERE date(p.created_at) BETWEEN '2024-12-01' AND '2024-12-02'
GROUP BY pr.name;
-- better:
SELECT pr.name, count(*) AS runs, count(*) FILTER (WHERE p.status = 'failed') AS failed
FROM pipelines p JOIN projects pr ON pr.id = p.project_id
WHERE p.created_at >= DATE '2024-12-01' AND p.created_at < DATE '2024-12-03'
GROUP BY pr.name;
-- variation:
UPDATE pipelines SET created_at = timestamptz '2024-12-03 00:00+00' WHERE created_at >= '2024-12-02 12:00+00' AND created_at < '2024-12-03 12:00+00';

-- name: pipelines-with-only-green-jobs
-- worthwhile: rewrite
-- why: both counts are of the same jobs, and the jobs of each pipeline are fetched twice
SELECT p.id, p.project_id, p.ref
FROM pipelines p
WHERE p.ref = 'main'
  AND (SELECT count(*) FROM jobs j WHERE j.pipeline_id = p.id) = (SELECT count(*) FROM jobs j WHERE j.pipeline_id = p.id AND j.status = 'success');
-- better:
SELECT p.id, p.project_id, p.ref
FROM pipelines p
WHERE p.ref = 'main' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.pipeline_id = p.id AND j.status <> 'success');
-- variation:
UPDATE jobs SET pipeline_id = 3 WHERE pipeline_id BETWEEN 10 AND 200;

-- name: jobs-of-failed
-- worthwhile: no
-- why: IN is planned as a semi-join, by hash
SELECT j.name, count(*) AS n FROM jobs j WHERE j.pipeline_id IN (SELECT p.id FROM pipelines p WHERE p.status = 'failed') GROUP BY j.name;
-- variation:
UPDATE pipelines SET status = 'failed' WHERE id % 40 = 0;

-- name: weekly-success
-- worthwhile: no
-- why: counts everything: date_trunc is in the grouping
SELECT project_id, date_trunc('week', created_at) AS week, count(*) AS runs, count(*) FILTER (WHERE status = 'success') AS green FROM pipelines GROUP BY 1, 2;

-- name: busiest-projects
-- worthwhile: no
-- why: counting by the index alone is no dearer than grouping
SELECT pr.id, pr.name, (SELECT count(*) FROM pipelines p WHERE p.project_id = pr.id) AS runs FROM projects pr ORDER BY runs DESC, pr.id LIMIT 10;

-- name: finish-newest-pipelines
-- worthwhile: no
-- why: few pipelines, and each finds its jobs by the index
UPDATE pipelines SET finished_at = (SELECT max(j.finished_at) FROM jobs j WHERE j.pipeline_id = pipelines.id) WHERE id > 59800;
-- variation:
UPDATE jobs SET finished_at = NULL WHERE pipeline_id > 59900;

-- name: running-of-project
-- worthwhile: no
-- why: EXISTS stops at the first job, by the index
-- calls: 1000
SELECT p.id, p.ref FROM pipelines p WHERE p.project_id = 5 AND EXISTS (SELECT 1 FROM jobs j WHERE j.pipeline_id = p.id AND j.status = 'failed');
-- variation:
UPDATE jobs SET status = 'failed' WHERE pipeline_id < 100;

-- name: people-without-pipeline
-- worthwhile: no
-- why: pipelines of bots have no author: NOT IN answers nothing, and NOT EXISTS would not be the same
SELECT u.id, u.login FROM people u WHERE u.id NOT IN (SELECT p.author_id FROM pipelines p);
-- variation:
UPDATE pipelines SET author_id = 1 WHERE author_id IS NULL;

-- name: number-of-tests
-- worthwhile: no
-- why: the whole table has to be read to count it
SELECT count(*) AS results, count(DISTINCT outcome) AS outcomes FROM test_results;

-- name: tests-without-message
-- worthwhile: no
-- why: nearly all results have no message: an index would not be used
SELECT outcome, count(*) AS n FROM test_results WHERE coalesce(message, '') = '' GROUP BY outcome;
