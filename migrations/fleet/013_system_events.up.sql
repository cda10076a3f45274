-- What happened to agents and to the server itself (agent_id NULL).
CREATE TABLE IF NOT EXISTS system_events (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id      uuid REFERENCES agents (id) ON DELETE CASCADE,
    event_type    text NOT NULL,
    event_subtype text,
    severity      text NOT NULL CHECK (severity IN ('debug', 'info', 'warning', 'error', 'critical')),
    component     text NOT NULL,
    message       text,
    metadata      jsonb NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS system_events_agent_id_created_at_idx ON system_events (agent_id, created_at DESC);
CREATE INDEX IF NOT EXISTS system_events_error_created_at_idx ON system_events (created_at DESC)
    WHERE severity IN ('error', 'critical');
