-- The ledger of jobs. A row is a run, and as long as it is `running` it is also the claim: who holds it may write.

CREATE TABLE job_runs (
    run_id uuid PRIMARY KEY,
    job text NOT NULL,
    target text NOT NULL,
    -- The scheduled time; null for a run by hand.
    fire_at timestamptz,
    status text NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled', 'skipped')),
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    -- Until when the holder may write without a heartbeat; null once the run has ended.
    lease_until timestamptz,
    -- Grows with every claim: who writes under an older one is refused.
    fence bigint GENERATED ALWAYS AS IDENTITY,
    cursor jsonb,
    counts jsonb NOT NULL DEFAULT '{}',
    error text,
    -- Which process: host, pid and a random part.
    holder text NOT NULL,
    CHECK ((status = 'running') = (finished_at IS NULL)),
    CHECK ((status = 'running') = (lease_until IS NOT NULL))
);

-- Each fire once.
CREATE UNIQUE INDEX job_runs_fire_key ON job_runs (job, target, fire_at);

-- One run of a job at a time.
CREATE UNIQUE INDEX job_runs_running_key ON job_runs (job, target) WHERE status = 'running';

CREATE INDEX job_runs_started_at_idx ON job_runs (started_at DESC, run_id DESC);
CREATE INDEX job_runs_job_idx ON job_runs (job, target, started_at DESC, run_id DESC);

-- Since when a schedule holds: fires before that are not missed ones.
CREATE TABLE job_schedules (
    job text NOT NULL,
    target text NOT NULL,
    schedule text,
    timezone text NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (job, target)
);
