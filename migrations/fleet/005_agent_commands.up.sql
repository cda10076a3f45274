-- What agents are told to do. A command waits as pending, is sent when its agent polls, and ends in one of the other
-- states; whatever waits too long is timed out.
CREATE TABLE IF NOT EXISTS agent_commands (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id        uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    command_type    text NOT NULL,
    params          jsonb NOT NULL DEFAULT '{}',
    status          text NOT NULL DEFAULT 'pending' CHECK (status IN (
                        'pending', 'sent', 'running', 'completed', 'failed', 'timed_out', 'cancelled', 'archived_failed')),
    result          jsonb,
    retried_from_id uuid REFERENCES agent_commands (id) ON DELETE SET NULL,
    retry_count     integer NOT NULL DEFAULT 0 CHECK (retry_count BETWEEN 0 AND 5),
    idempotency_key text,
    key_id          text REFERENCES signing_keys (key_id) ON DELETE RESTRICT,
    signature       text,
    signed_at       timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    sent_at         timestamptz,
    completed_at    timestamptz,
    expires_at      timestamptz NOT NULL DEFAULT now() + interval '4 hours',
    CONSTRAINT agent_commands_sent_dated CHECK (status NOT IN ('sent', 'running') OR sent_at IS NOT NULL),
    CONSTRAINT agent_commands_completion_dated CHECK (status <> 'completed' OR completed_at IS NOT NULL)
);

-- The history of one agent, and the foreign key.
CREATE INDEX IF NOT EXISTS agent_commands_agent_id_created_at_idx ON agent_commands (agent_id, created_at DESC);

-- Of all commands a few hundred are open. Partial indexes hold just these: the sweep for stuck commands and an agent's
-- poll read a page or two, and a finished command costs no index write.
CREATE INDEX IF NOT EXISTS agent_commands_pending_created_at_idx ON agent_commands (created_at) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS agent_commands_sent_sent_at_idx ON agent_commands (sent_at) WHERE status = 'sent';
CREATE INDEX IF NOT EXISTS agent_commands_pending_agent_id_idx ON agent_commands (agent_id, created_at) WHERE status = 'pending';

-- Few commands are retries, and only signed ones have a key. NULLs never take part in a foreign key check.
CREATE INDEX IF NOT EXISTS agent_commands_retried_from_id_idx ON agent_commands (retried_from_id) WHERE retried_from_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS agent_commands_key_id_idx ON agent_commands (key_id) WHERE key_id IS NOT NULL;

-- The same request, sent twice, creates one command.
CREATE UNIQUE INDEX IF NOT EXISTS agent_commands_idempotency_idx ON agent_commands (agent_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
