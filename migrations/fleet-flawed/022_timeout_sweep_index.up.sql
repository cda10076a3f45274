CREATE INDEX idx_agent_commands_status_sent_at ON agent_commands (status, sent_at);
CREATE INDEX idx_agent_commands_status_created_at ON agent_commands (status, created_at);

GRANT SELECT ON agent_commands, update_logs TO fleet_reporting;
