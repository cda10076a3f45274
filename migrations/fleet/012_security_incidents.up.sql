-- Refused signatures, replayed commands, reused tokens. The incident stays when its agent goes.
CREATE TABLE IF NOT EXISTS security_incidents (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id      uuid REFERENCES agents (id) ON DELETE SET NULL,
    incident_type text NOT NULL,
    severity      text NOT NULL CHECK (severity IN ('critical', 'important', 'moderate', 'low')),
    description   text NOT NULL,
    metadata      jsonb NOT NULL DEFAULT '{}',
    resolved_at   timestamptz,
    resolved_by   uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS security_incidents_agent_id_created_at_idx ON security_incidents (agent_id, created_at DESC);
CREATE INDEX IF NOT EXISTS security_incidents_resolved_by_idx ON security_incidents (resolved_by) WHERE resolved_by IS NOT NULL;
CREATE INDEX IF NOT EXISTS security_incidents_open_idx ON security_incidents (severity, created_at DESC) WHERE resolved_at IS NULL;
