CREATE TABLE agent_commands (
    id              uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    agent_id        uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    command_type    text NOT NULL,
    params          jsonb NOT NULL DEFAULT '{}',
    status          text NOT NULL DEFAULT 'pending' CHECK (status IN (
                        'pending', 'sent', 'running', 'completed', 'failed', 'cancelled')),
    result          jsonb,
    created_at      timestamptz NOT NULL DEFAULT now(),
    sent_at         timestamptz,
    completed_at    timestamptz,
    expires_at      timestamptz NOT NULL DEFAULT now() + interval '4 hours',
    CONSTRAINT agent_commands_sent_dated CHECK (status NOT IN ('sent', 'running') OR sent_at IS NOT NULL),
    CONSTRAINT agent_commands_completion_dated CHECK (status <> 'completed' OR completed_at IS NOT NULL)
);

CREATE INDEX idx_agent_commands_agent_id ON agent_commands (agent_id);
