/** Ledgers of this program and of others, by the names that they give them. */
export const LEDGER_NAMES: ReadonlySet<string> = new Set([
  'schema_migrations',
  'schema_migration_attempts',
  'schema_migration_progress',
  'flyway_schema_history',
  'goose_db_version',
  'databasechangelog',
  'knex_migrations',
  'pgmigrations',
  'alembic_version',
  'django_migrations',
  '_prisma_migrations',
  '__diesel_schema_migrations',
  '_sqlx_migrations',
  '__efmigrationshistory',
  'atlas_schema_revisions',
  'gorp_migrations',
]);
