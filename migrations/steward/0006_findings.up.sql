-- What the job `advise` has found in this database, and since when. Texts of statements are not kept.

CREATE TABLE findings (
    job text NOT NULL,
    -- Stable between runs: `missing-index:public.t(a,b)`.
    finding_key text COLLATE "C" NOT NULL,
    rule_id text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('info', 'warn', 'error')),
    title text NOT NULL,
    message text NOT NULL,
    relations text[] NOT NULL,
    proof jsonb NOT NULL,
    -- Null where none is known.
    fix jsonb,
    first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- When a run no longer found it; null while it is open. Found again, it is new again.
    resolved_at timestamptz,
    -- When somebody was told; null until then.
    announced_at timestamptz,
    PRIMARY KEY (job, finding_key)
);

CREATE INDEX findings_first_seen_at_idx ON findings (first_seen_at DESC, job COLLATE "C" DESC, finding_key DESC);
