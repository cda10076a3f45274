CREATE TABLE storage_metrics (
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

CREATE INDEX idx_storage_metrics_agent_id ON storage_metrics (agent_id);
