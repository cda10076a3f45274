DROP TABLE leases, schema_migration_progress, schema_migration_attempts, schema_migrations;
DROP FUNCTION refuse_change();
