CREATE TABLE refresh_tokens (
    id           uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    agent_id     uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    token_hash   text NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked      boolean NOT NULL DEFAULT false,
    revoked_at   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT refresh_tokens_revocation_dated CHECK (revoked = (revoked_at IS NOT NULL))
) WITH (fillfactor = 90);

CREATE INDEX idx_refresh_tokens_agent_id ON refresh_tokens (agent_id);
