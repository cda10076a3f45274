-- A hosted job scheduler: tenants, queues, schedules and what they wait for, workers, runs with retries, their logs, tags and alerts.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE tenants (id integer PRIMARY KEY, name text NOT NULL, plan text NOT NULL);
INSERT INTO tenants SELECT i, 'Tenant ' || i, (ARRAY['free', 'free', 'team', 'business'])[1 + i % 4] FROM generate_series(1, 400) i;

CREATE TABLE queues (id integer PRIMARY KEY, name text NOT NULL UNIQUE, paused_at timestamp);
INSERT INTO queues SELECT i, 'queue-' || i, CASE WHEN i % 13 = 0 THEN timestamp '2024-04-01' END FROM generate_series(1, 40) i;

CREATE TABLE workers (id integer PRIMARY KEY, host text NOT NULL, version text NOT NULL, heartbeat_at timestamp NOT NULL);
INSERT INTO workers SELECT i, 'host-' || i, '4.' || i % 7, timestamp '2024-05-31 12:00' - make_interval(secs => pick(i, 1, 900)) FROM generate_series(1, 600) i;

CREATE TABLE schedules (id integer PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenants, queue_id integer NOT NULL REFERENCES queues, name text NOT NULL, cron text NOT NULL, is_enabled boolean NOT NULL, failures integer NOT NULL DEFAULT 0, settings jsonb);
INSERT INTO schedules SELECT i, 1 + pick(i, 2, 20) * pick(i, 3, 20), 1 + pick(i, 4, 40), 'schedule ' || i, pick(i, 5, 60) || ' * * * *', pick(i, 6, 10) > 0, 0, CASE WHEN pick(i, 7, 3) > 0 THEN jsonb_build_object('timeout', pick(i, 8, 900), 'retries', pick(i, 9, 5)) END FROM generate_series(1, 5000) i;
CREATE INDEX schedules_tenant_idx ON schedules (tenant_id);

CREATE TABLE schedule_needs (schedule_id integer NOT NULL REFERENCES schedules, needs_id integer NOT NULL REFERENCES schedules, PRIMARY KEY (schedule_id, needs_id));
INSERT INTO schedule_needs SELECT 1 + pick(i, 11, 5000), 1 + pick(i, 12, 5000) FROM generate_series(1, 6000) i ON CONFLICT DO NOTHING;

CREATE TABLE runs (
  id integer PRIMARY KEY,
  schedule_id integer NOT NULL REFERENCES schedules,
  tenant_id integer NOT NULL REFERENCES tenants,
  queue_id integer NOT NULL REFERENCES queues,
  worker_id integer REFERENCES workers,
  retry_of_id integer REFERENCES runs,
  state text NOT NULL,
  priority smallint NOT NULL,
  attempt smallint NOT NULL,
  enqueued_at timestamp NOT NULL,
  started_at timestamp,
  finished_at timestamp CHECK (finished_at BETWEEN '2000-01-01' AND '2100-01-01'),
  error_class text,
  payload jsonb
);
INSERT INTO runs
SELECT i, s.id, s.tenant_id, s.queue_id, CASE WHEN i < 257500 AND state <> 'cancelled' THEN 1 + pick(i, 22, 600) END, CASE WHEN i > 100 AND pick(i, 23, 6) = 0 THEN i - 1 - pick(i, 24, 90) END, state, pick(i, 26, 3) * pick(i, 27, 4), 1 + pick(i, 28, 2) * pick(i, 29, 4), at,
       CASE WHEN state IN ('done', 'failed', 'running') THEN at + make_interval(secs => pick(i, 30, 600)) END, CASE WHEN state IN ('done', 'failed') THEN at + make_interval(secs => 600 + pick(i, 31, 4000)) END,
       CASE WHEN state = 'failed' THEN (ARRAY['Timeout', 'Timeout', 'Timeout', 'Network', 'Network', 'OutOfMemory', 'Conflict', 'Denied'])[1 + pick(i, 32, 8)] END, CASE WHEN pick(i, 33, 3) > 0 THEN jsonb_build_object('batch', pick(i, 34, 4000), 'source', 'source ' || pick(i, 35, 90)) END
FROM (
  SELECT i, 1 + pick(i, 21, 70) * pick(i, 20, 71) AS schedule, timestamp '2021-06-01' + make_interval(mins => i * 6) AS at,
         CASE WHEN i > 258500 THEN 'queued' WHEN i > 257500 THEN 'running' WHEN pick(i, 25, 12) = 0 THEN 'failed' WHEN pick(i, 25, 12) = 1 AND pick(i, 36, 3) = 0 THEN 'cancelled' ELSE 'done' END AS state
  FROM generate_series(1, 260000) i
) r JOIN schedules s ON s.id = r.schedule;
CREATE INDEX runs_schedule_idx ON runs (schedule_id, enqueued_at DESC, id DESC);
CREATE INDEX runs_tenant_idx ON runs (tenant_id, enqueued_at, id);
CREATE INDEX runs_queue_idx ON runs (queue_id);
CREATE INDEX runs_enqueued_idx ON runs (enqueued_at, id);
CREATE INDEX runs_finished_idx ON runs (finished_at);
CREATE INDEX runs_retry_idx ON runs (retry_of_id);

CREATE TABLE run_logs (id integer PRIMARY KEY, run_id integer NOT NULL REFERENCES runs, at timestamp NOT NULL CHECK (at BETWEEN '2000-01-01' AND '2100-01-01'), level text NOT NULL, message text NOT NULL);
INSERT INTO run_logs SELECT i, 1 + pick(i, 41, 260000), timestamp '2021-06-01' + make_interval(mins => i * 8), (ARRAY['info', 'info', 'info', 'warning', 'error'])[1 + pick(i, 42, 5)], 'step ' || pick(i, 43, 40) || ' took ' || pick(i, 44, 9000) || ' ms' FROM generate_series(1, 190000) i;
CREATE INDEX run_logs_run_idx ON run_logs (run_id);
CREATE INDEX run_logs_at_idx ON run_logs (at);

CREATE TABLE run_tags (run_id integer NOT NULL REFERENCES runs, tag text NOT NULL, PRIMARY KEY (run_id, tag));
INSERT INTO run_tags SELECT 1 + pick(i, 51, 260000), CASE WHEN pick(i, 52, 300) = 0 THEN 'incident' ELSE 'tag ' || pick(i, 53, 30) * pick(i, 54, 30) END FROM generate_series(1, 160000) i ON CONFLICT DO NOTHING;

CREATE TABLE alerts (id integer PRIMARY KEY, run_id integer NOT NULL REFERENCES runs, raised_at timestamp NOT NULL, acknowledged_at timestamp, channel text NOT NULL);
INSERT INTO alerts SELECT i, 1 + pick(i, 61, 260000), timestamp '2021-06-02' + make_interval(mins => i * 60), CASE WHEN pick(i, 62, 80) > 0 THEN timestamp '2021-06-03' + make_interval(mins => i * 60) END, (ARRAY['mail', 'chat', 'pager'])[1 + pick(i, 63, 3)] FROM generate_series(1, 25000) i;
CREATE INDEX alerts_run_idx ON alerts (run_id);
DROP FUNCTION pick;
