CREATE TABLE security_incidents (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id      uuid REFERENCES agents (id) ON DELETE SET NULL,
    incident_type text NOT NULL,
    severity      text NOT NULL CHECK (severity IN ('critical', 'important', 'moderate', 'low')),
    description   text NOT NULL,
    metadata      jsonb NOT NULL DEFAULT '{}',
    resolved_at   timestamptz,
    resolved_by   uuid REFERENCES users (id),
    created_at    timestamptz NOT NULL DEFAULT now()
);

INSERT INTO schema_migrations (version) VALUES ('017_security_incidents') ON CONFLICT DO NOTHING;
