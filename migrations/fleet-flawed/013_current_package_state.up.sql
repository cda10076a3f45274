CREATE TABLE current_package_state (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id           uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    package_type       text NOT NULL,
    package_name       text NOT NULL,
    current_version    text,
    available_version  text,
    severity           text NOT NULL DEFAULT 'moderate' CHECK (severity IN ('critical', 'important', 'moderate', 'low')),
    status             text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'updated', 'failed', 'ignored')),
    approved_by        uuid REFERENCES users (id),
    approved_at        timestamptz,
    last_discovered_at timestamptz,
    last_updated_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (agent_id, package_type, package_name)
) WITH (fillfactor = 90);

CREATE INDEX idx_current_package_state_agent_id ON current_package_state (agent_id);
CREATE INDEX idx_current_package_state_severity ON current_package_state (severity);
