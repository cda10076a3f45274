ALTER TABLE agent_commands DROP CONSTRAINT agent_commands_status_check;
ALTER TABLE agent_commands ADD CONSTRAINT agent_commands_status_check CHECK (status IN (
    'pending', 'sent', 'running', 'completed', 'failed', 'timed_out', 'cancelled', 'archived_failed'));
