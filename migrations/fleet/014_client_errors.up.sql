-- Errors that browsers report while a person looks at the dashboard.
CREATE TABLE IF NOT EXISTS client_errors (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id     uuid REFERENCES users (id) ON DELETE SET NULL,
    agent_id    uuid REFERENCES agents (id) ON DELETE CASCADE,
    subsystem   text NOT NULL,
    error_type  text NOT NULL CHECK (error_type IN ('javascript_error', 'api_error', 'ui_error', 'logic_error')),
    message     text NOT NULL,
    stack_trace text,
    url         text NOT NULL,
    metadata    jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS client_errors_user_id_idx ON client_errors (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS client_errors_agent_id_created_at_idx ON client_errors (agent_id, created_at DESC);
