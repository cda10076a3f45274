-- Lets update_logs.result say that a command was timed out. The new list holds the old one, so no row has to be read:
-- NOT VALID keeps the exclusive lock short. To mark it as valid later, at any time and without stopping anybody:
-- ALTER TABLE update_logs VALIDATE CONSTRAINT update_logs_result_check;
SET LOCAL lock_timeout = '3s';
ALTER TABLE update_logs
    DROP CONSTRAINT IF EXISTS update_logs_result_check,
    ADD CONSTRAINT update_logs_result_check CHECK (result IN ('success', 'failed', 'partial', 'timed_out')) NOT VALID;
