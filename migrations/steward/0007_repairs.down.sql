ALTER TABLE schema_migration_attempts
    DROP COLUMN reason,
    DROP CONSTRAINT schema_migration_attempts_event_check,
    -- Rows are never taken out of the history, so those of repairs stay.
    ADD CONSTRAINT schema_migration_attempts_event_check
        CHECK (event IN ('started', 'succeeded', 'failed', 'skipped', 'rolled_back')) NOT VALID;
