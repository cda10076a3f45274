CREATE INDEX idx_agent_commands_created_at ON agent_commands (created_at);
CREATE INDEX idx_update_events_created_at ON update_events (created_at);
CREATE INDEX idx_update_logs_created_at ON update_logs (created_at);
CREATE INDEX idx_current_package_state_status ON current_package_state (status);
