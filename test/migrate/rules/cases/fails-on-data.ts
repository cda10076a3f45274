import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a unique index over duplicates',
    sql: 'CREATE UNIQUE INDEX t_name ON t (name);',
    finds: ['fails-on-data:1', 'index-not-concurrent:1'],
    message:
      'Rows that the schema before this file allows make it fail: could not create unique index "t_name" (t_name); without them it goes through. Merge or delete the duplicates first, and stop new ones before that.',
  },
  {
    name: 'a narrower CHECK',
    sql: "ALTER TABLE t DROP CONSTRAINT t_state_check;\nALTER TABLE t ADD CONSTRAINT t_state_check CHECK (state IN ('new', 'open'));",
    finds: ['fails-on-data:2', 'validating-scan:2'],
  },
  {
    name: 'a new column that has to be filled',
    sql: 'ALTER TABLE t ADD COLUMN kind text NOT NULL;',
    finds: ['fails-on-data:1'],
  },
  {
    name: 'a unique index by CONCURRENTLY over duplicates',
    sql: 'CREATE UNIQUE INDEX CONCURRENTLY t_amount ON t (amount);',
    finds: ['fails-on-data:1'],
  },
  {
    name: 'a condition of a domain that a table has',
    before: 'CREATE DOMAIN mail AS text; CREATE TABLE k (id bigint PRIMARY KEY, mail mail);',
    sql: "ALTER DOMAIN mail ADD CONSTRAINT mail_at CHECK (VALUE LIKE '%@%');",
    finds: ['fails-on-data:1', 'validating-scan:1'],
  },
  {
    name: 'a number that may be below zero',
    sql: 'ALTER TABLE t ADD CONSTRAINT t_amount CHECK (amount >= 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT t_amount;',
    finds: ['fails-on-data:2', 'validating-scan:2'],
  },
  {
    name: 'an UPDATE to a value that the CHECK forbids',
    sql: "UPDATE t SET state = 'closed' WHERE state = 'done';",
    finds: ['fails-on-data:1'],
  },
  {
    name: 'a cast that texts do not take',
    sql: 'ALTER TABLE t ALTER COLUMN name TYPE integer USING name::integer;',
    finds: ['breaks-old-code:1', 'fails-on-data:1', 'table-rewrite:1'],
  },
  {
    name: 'a shorter varchar',
    sql: 'ALTER TABLE t ALTER COLUMN name TYPE varchar(20);',
    finds: ['breaks-old-code:1', 'fails-on-data:1', 'table-rewrite:1'],
  },
  {
    name: 'a foreign key over rows that lead nowhere',
    sql: 'ALTER TABLE u ADD CONSTRAINT u_t FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE;',
    finds: ['fails-on-data:1', 'validating-scan:1'],
  },
  {
    name: 'a smaller type',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, size bigint NOT NULL);',
    sql: 'ALTER TABLE k ALTER COLUMN size TYPE smallint;',
    finds: ['breaks-old-code:1', 'fails-on-data:1', 'table-rewrite:1'],
  },
  {
    name: 'a primary key over NULLs',
    before: 'CREATE TABLE k (id bigint, name text);',
    sql: 'ALTER TABLE k ADD PRIMARY KEY (id);',
    finds: ['fails-on-data:1', 'index-not-concurrent:1'],
  },
  {
    name: 'a change that a trigger refuses, as of an append-only table',
    before:
      "CREATE TABLE k (id bigint PRIMARY KEY, a text); CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$; CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON k FOR EACH ROW EXECUTE FUNCTION keep();",
    sql: "UPDATE k SET a = 'b';",
    finds: ['fails-on-data:1'],
    message:
      'Rows that the schema before this file allows make it fail: append-only; without them it goes through. A trigger or a function of yours refuses it. Leave these rows alone, or disable the trigger for this change and enable it again in the same file.',
  },
  {
    name: 'silent: a trigger that is disabled for the change',
    before:
      "CREATE TABLE k (id bigint PRIMARY KEY, a text); CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$; CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON k FOR EACH ROW EXECUTE FUNCTION keep();",
    sql: "ALTER TABLE k DISABLE TRIGGER keep;\nUPDATE k SET a = 'b';\nALTER TABLE k ENABLE TRIGGER keep;",
    finds: ['blocking-lock:2'],
  },
  {
    name: 'silent: a unique index behind the removal of duplicates',
    sql: 'DELETE FROM u WHERE id NOT IN (SELECT min(id) FROM u GROUP BY label);\nCREATE UNIQUE INDEX CONCURRENTLY u_label ON u (label);',
    finds: ['concurrently-in-transaction:2'],
  },
  {
    name: 'silent: a wider CHECK',
    sql: "ALTER TABLE t DROP CONSTRAINT t_state_check;\nALTER TABLE t ADD CONSTRAINT t_state_check CHECK (state IN ('new', 'open', 'done', 'lost')) NOT VALID;",
    finds: [],
  },
  {
    name: 'silent: a partial unique index that is stricter than the plain one',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, kind text NOT NULL UNIQUE, off boolean NOT NULL);',
    sql: 'CREATE UNIQUE INDEX CONCURRENTLY k_on ON k (kind) WHERE NOT off;',
    finds: [],
  },
  {
    name: 'silent: rows that no constraint of several forbids',
    before:
      'CREATE TABLE k (id bigint PRIMARY KEY, used int NOT NULL, seats int NOT NULL CHECK (seats > 0), gone boolean NOT NULL, gone_at timestamptz, CHECK (used <= seats), CHECK (gone = (gone_at IS NOT NULL)));',
    sql: 'ALTER TABLE k ADD CONSTRAINT k_again CHECK (used <= seats AND gone = (gone_at IS NOT NULL)) NOT VALID;',
    files: { '0003_validate.up.sql': 'ALTER TABLE k VALIDATE CONSTRAINT k_again;' },
    finds: [],
  },
];
