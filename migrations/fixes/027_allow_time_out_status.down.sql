-- Commands that were timed out keep their status: NOT VALID leaves them alone.
SET LOCAL lock_timeout = '3s';
ALTER TABLE agent_commands
    DROP CONSTRAINT IF EXISTS agent_commands_status_check,
    ADD CONSTRAINT agent_commands_status_check CHECK (status IN (
        'pending', 'sent', 'running', 'completed', 'failed', 'cancelled')) NOT VALID;
