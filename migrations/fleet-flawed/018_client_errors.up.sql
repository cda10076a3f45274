CREATE TABLE client_errors (
    id          uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id     uuid REFERENCES users (id),
    agent_id    uuid REFERENCES agents (id) ON DELETE CASCADE,
    subsystem   text NOT NULL,
    error_type  text NOT NULL CHECK (error_type IN ('javascript_error', 'api_error', 'ui_error', 'logic_error')),
    message     text NOT NULL,
    stack_trace text,
    url         text NOT NULL,
    metadata    jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now()
);
