-- Lets agent_commands.status say that a command was timed out. The new list holds the old one, so no row has to be
-- read: NOT VALID keeps the exclusive lock short. To mark it as valid later:
-- ALTER TABLE agent_commands VALIDATE CONSTRAINT agent_commands_status_check;
SET LOCAL lock_timeout = '3s';
ALTER TABLE agent_commands
    DROP CONSTRAINT IF EXISTS agent_commands_status_check,
    ADD CONSTRAINT agent_commands_status_check CHECK (status IN (
        'pending', 'sent', 'running', 'completed', 'failed', 'timed_out', 'cancelled', 'archived_failed')) NOT VALID;
