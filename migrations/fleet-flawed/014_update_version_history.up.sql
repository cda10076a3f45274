CREATE TABLE update_version_history (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id     uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    command_id   uuid REFERENCES agent_commands (id) ON DELETE SET NULL,
    package_type text NOT NULL,
    package_name text NOT NULL,
    version_from text,
    version_to   text NOT NULL,
    status       text NOT NULL CHECK (status IN ('success', 'failed', 'rollback')),
    message      text,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_update_version_history_agent_id ON update_version_history (agent_id);
