ALTER TABLE agent_commands ADD COLUMN retried_from_id uuid REFERENCES agent_commands (id) ON DELETE SET NULL;
ALTER TABLE agent_commands ADD COLUMN retry_count integer NOT NULL DEFAULT 0 CHECK (retry_count BETWEEN 0 AND 5);
ALTER TABLE agent_commands ADD COLUMN idempotency_key text;

CREATE UNIQUE INDEX idx_agent_commands_idempotency ON agent_commands (agent_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
