CREATE INDEX idx_update_events_last_scan ON update_events (agent_id, scanned_at DESC);
