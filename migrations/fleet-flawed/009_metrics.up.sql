CREATE TABLE metrics (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id           uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    cpu_percent        double precision CHECK (cpu_percent BETWEEN 0 AND 100),
    memory_used_bytes  bigint CHECK (memory_used_bytes >= 0),
    memory_total_bytes bigint CHECK (memory_total_bytes >= 0),
    uptime_seconds     bigint CHECK (uptime_seconds >= 0),
    created_at         timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_metrics_agent_id ON metrics (agent_id);
