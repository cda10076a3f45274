-- Load of the hosts, as samples.
CREATE TABLE IF NOT EXISTS metrics (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id           uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    cpu_percent        double precision CHECK (cpu_percent BETWEEN 0 AND 100),
    memory_used_bytes  bigint CHECK (memory_used_bytes >= 0),
    memory_total_bytes bigint CHECK (memory_total_bytes >= 0),
    uptime_seconds     bigint CHECK (uptime_seconds >= 0),
    created_at         timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS metrics_agent_id_created_at_idx ON metrics (agent_id, created_at DESC);

-- Fill of their disks; one row per mount point and sample.
CREATE TABLE IF NOT EXISTS storage_metrics (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id        uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    mountpoint      text NOT NULL,
    device          text,
    filesystem      text,
    total_bytes     bigint NOT NULL CHECK (total_bytes >= 0),
    used_bytes      bigint NOT NULL CHECK (used_bytes >= 0),
    available_bytes bigint NOT NULL CHECK (available_bytes >= 0),
    severity        text NOT NULL DEFAULT 'low' CHECK (severity IN ('critical', 'important', 'moderate', 'low')),
    created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS storage_metrics_agent_id_mountpoint_idx ON storage_metrics (agent_id, mountpoint, created_at DESC);
