-- The fast view of update_events: one row per agent and package.
CREATE TABLE IF NOT EXISTS current_package_state (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id           uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    package_type       text NOT NULL,
    package_name       text NOT NULL,
    current_version    text,
    available_version  text,
    severity           text NOT NULL DEFAULT 'moderate' CHECK (severity IN ('critical', 'important', 'moderate', 'low')),
    status             text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'updated', 'failed', 'ignored')),
    approved_by        uuid REFERENCES users (id) ON DELETE SET NULL,
    approved_at        timestamptz,
    last_discovered_at timestamptz,
    last_updated_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (agent_id, package_type, package_name)
) WITH (fillfactor = 90);

-- The list of updates is filtered by these three and shown newest first; id makes its pages stable.
CREATE INDEX IF NOT EXISTS current_package_state_filter_idx
    ON current_package_state (status, severity, package_type, last_discovered_at DESC, id);
CREATE INDEX IF NOT EXISTS current_package_state_approved_by_idx ON current_package_state (approved_by)
    WHERE approved_by IS NOT NULL;

-- What was really installed.
CREATE TABLE IF NOT EXISTS update_version_history (
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

CREATE INDEX IF NOT EXISTS update_version_history_package_idx
    ON update_version_history (agent_id, package_type, package_name, created_at DESC);
CREATE INDEX IF NOT EXISTS update_version_history_command_id_idx ON update_version_history (command_id)
    WHERE command_id IS NOT NULL;
