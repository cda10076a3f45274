CREATE TABLE update_logs (
    id                uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    agent_id          uuid NOT NULL REFERENCES agents (id) ON DELETE RESTRICT,
    command_id        uuid REFERENCES agent_commands (id) ON DELETE SET NULL,
    update_package_id uuid REFERENCES update_packages (id) ON DELETE SET NULL,
    action            text NOT NULL,
    result            text NOT NULL CHECK (result IN ('success', 'failed', 'partial')),
    message           text,
    metadata          jsonb NOT NULL DEFAULT '{}',
    stdout            text,
    stderr            text,
    exit_code         integer,
    duration_seconds  integer CHECK (duration_seconds >= 0),
    executed_at       timestamptz NOT NULL DEFAULT now(),
    created_at        timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_update_logs_agent_id ON update_logs (agent_id);
CREATE INDEX idx_update_logs_command_id ON update_logs (command_id);
CREATE INDEX idx_update_logs_result ON update_logs (result);
