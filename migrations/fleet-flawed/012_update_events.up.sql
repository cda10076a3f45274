CREATE TABLE update_events (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id     uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    package_type text NOT NULL,
    package_name text NOT NULL,
    version_from text,
    version_to   text,
    severity     text NOT NULL DEFAULT 'moderate' CHECK (severity IN ('critical', 'important', 'moderate', 'low')),
    event_type   text NOT NULL CHECK (event_type IN ('discovered', 'updated', 'failed', 'ignored')),
    metadata     jsonb NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_update_events_agent_id ON update_events (agent_id);
CREATE INDEX idx_update_events_package_name ON update_events (package_name);
