-- Every package that any agent has ever reported; what agents have installed stands in current_package_state.
CREATE TABLE IF NOT EXISTS update_packages (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    package_type text NOT NULL,
    package_name text NOT NULL,
    description  text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (package_type, package_name)
);

-- What was done, by whom asked and with which outcome. An agent with a history cannot be deleted (RESTRICT). Commands
-- are kept for a shorter time than their log, so a purged command leaves its rows here without a command_id.
CREATE TABLE IF NOT EXISTS update_logs (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id          uuid NOT NULL REFERENCES agents (id) ON DELETE RESTRICT,
    command_id        uuid REFERENCES agent_commands (id) ON DELETE SET NULL,
    update_package_id uuid REFERENCES update_packages (id) ON DELETE SET NULL,
    action            text NOT NULL,
    result            text NOT NULL CHECK (result IN ('success', 'failed', 'partial', 'timed_out')),
    message           text,
    metadata          jsonb NOT NULL DEFAULT '{}',
    stdout            text,
    stderr            text,
    exit_code         integer,
    duration_seconds  integer CHECK (duration_seconds >= 0),
    executed_at       timestamptz NOT NULL DEFAULT now(),
    created_at        timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS update_logs_agent_id_created_at_idx ON update_logs (agent_id, created_at DESC);
CREATE INDEX IF NOT EXISTS update_logs_command_id_idx ON update_logs (command_id) WHERE command_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS update_logs_update_package_id_idx ON update_logs (update_package_id) WHERE update_package_id IS NOT NULL;

-- Reports list the time-outs of a period: about one log row in a hundred.
CREATE INDEX IF NOT EXISTS update_logs_timed_out_created_at_idx ON update_logs (created_at) WHERE result = 'timed_out';
