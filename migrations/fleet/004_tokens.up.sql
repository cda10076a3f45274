-- A registration token lets as many agents enrol as it has seats.
CREATE TABLE IF NOT EXISTS registration_tokens (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token      text NOT NULL UNIQUE,
    label      text,
    seats      integer NOT NULL DEFAULT 1 CHECK (seats > 0),
    used       integer NOT NULL DEFAULT 0 CHECK (used >= 0),
    revoked    boolean NOT NULL DEFAULT false,
    revoked_at timestamptz,
    expires_at timestamptz NOT NULL,
    created_by uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT registration_tokens_seats_suffice CHECK (used <= seats),
    CONSTRAINT registration_tokens_revocation_dated CHECK (revoked = (revoked_at IS NOT NULL))
);

CREATE INDEX IF NOT EXISTS registration_tokens_created_by_idx ON registration_tokens (created_by);

-- The 90 days of a refresh token slide: each use moves expires_at. There is no index on expires_at, because it would
-- cost every renewal its HOT update; the purge walks the heap in physical order and needs none.
CREATE TABLE IF NOT EXISTS refresh_tokens (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id     uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    token_hash   text NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked      boolean NOT NULL DEFAULT false,
    revoked_at   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT refresh_tokens_revocation_dated CHECK (revoked = (revoked_at IS NOT NULL))
) WITH (fillfactor = 90);

CREATE INDEX IF NOT EXISTS refresh_tokens_agent_id_idx ON refresh_tokens (agent_id);
