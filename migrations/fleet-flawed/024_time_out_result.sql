ALTER TABLE update_logs DROP CONSTRAINT update_logs_result_check;
ALTER TABLE update_logs ADD CONSTRAINT update_logs_result_check CHECK (result IN ('success', 'failed', 'partial', 'timed_out'));
