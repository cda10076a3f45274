import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'the ledger of this program',
    sql: "INSERT INTO steward.schema_migrations (version) VALUES ('0002');",
    finds: ['writes-ledger:1'],
    message: 'What is applied is noted by the runner, in one transaction with the file. Leave the statement out.',
  },
  {
    name: 'a ledger that the files make',
    before: 'CREATE TABLE schema_migrations (version text PRIMARY KEY);',
    sql: "INSERT INTO schema_migrations VALUES ('0002') ON CONFLICT DO NOTHING;",
    finds: ['writes-ledger:1'],
  },
  {
    name: 'another runner’s ledger',
    sql: 'UPDATE public.flyway_schema_history SET success = true;',
    finds: ['writes-ledger:1'],
  },
  {
    name: 'a row of the ledger is deleted',
    sql: "DELETE FROM schema_migrations WHERE version = '0001';",
    finds: ['writes-ledger:1'],
  },
  {
    name: 'silent: a ledger that is made',
    sql: 'CREATE TABLE schema_migrations (version text PRIMARY KEY);',
    finds: [],
  },
  {
    name: 'silent: a table whose name is alike',
    sql: 'CREATE TABLE IF NOT EXISTS migrations_of_birds (id int PRIMARY KEY);\nINSERT INTO migrations_of_birds VALUES (1) ON CONFLICT DO NOTHING;',
    finds: [],
  },
];
