-- What a person has put right in the ledger stands in the history too, with the reason that was given.

ALTER TABLE schema_migration_attempts DROP CONSTRAINT schema_migration_attempts_event_check;
ALTER TABLE schema_migration_attempts
    ADD CONSTRAINT schema_migration_attempts_event_check
        CHECK (event IN ('started', 'succeeded', 'failed', 'skipped', 'rolled_back', 'repaired')),
    ADD COLUMN reason text,
    ADD CONSTRAINT schema_migration_attempts_reason_check CHECK ((event = 'repaired') = (reason IS NOT NULL));
