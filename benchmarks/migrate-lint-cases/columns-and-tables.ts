import type { StrictCase } from './strict-case.js';

/** Changes of columns, types and whole tables. */
export const columnsAndTables: readonly StrictCase[] = [
  // Columns that are added.
  ['a constant default', "ALTER TABLE customer ADD COLUMN IF NOT EXISTS tier text NOT NULL DEFAULT 'basic';", []],
  [
    'a default that is the moment of the change',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS seen_at timestamptz NOT NULL DEFAULT now();',
    [],
  ],
  [
    'a default that is another moment for each row',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS seen_at timestamptz NOT NULL DEFAULT clock_timestamp();',
    ['table-rewrite:1'],
  ],
  [
    'a number for each row',
    'ALTER TABLE invoice ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;',
    ['table-rewrite:1', 'not-idempotent:1'],
  ],
  [
    'a number by serial',
    'ALTER TABLE invoice ADD COLUMN IF NOT EXISTS number bigserial;',
    ['table-rewrite:1', 'serial-column:1'],
  ],
  [
    'a generated column that is stored',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS shouted text GENERATED ALWAYS AS (upper(email)) STORED;',
    ['table-rewrite:1'],
  ],
  [
    'a generated column that is computed when it is read',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS shouted text GENERATED ALWAYS AS (upper(email)) VIRTUAL;',
    [],
  ],
  [
    'a domain with a condition, whose default is checked for each row',
    'ALTER TABLE invoice ADD COLUMN IF NOT EXISTS pages positive DEFAULT 1;',
    ['table-rewrite:1'],
    { before: 'CREATE DOMAIN positive AS integer CHECK (VALUE > 0);' },
  ],
  [
    'a column that must not be NULL, without a default',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS tier text NOT NULL;',
    ['fails-on-data:1'],
  ],
  [
    'a column with a check of its own',
    'ALTER TABLE invoice ADD COLUMN IF NOT EXISTS pages integer CHECK (pages > 0);',
    ['validating-scan:1'],
  ],
  [
    'a nullable column that leads to another table',
    'ALTER TABLE invoice ADD COLUMN IF NOT EXISTS payer_id bigint REFERENCES customer (id) ON DELETE SET NULL;',
    ['foreign-key-without-index:1'],
  ],
  ['a plain nullable column', 'ALTER TABLE invoice ADD COLUMN reference text;', ['not-idempotent:1']],
  // Types that change.
  ['integer to bigint', 'ALTER TABLE customer ALTER COLUMN credit TYPE bigint;', ['table-rewrite:1']],
  ['a wider varchar', 'ALTER TABLE customer ALTER COLUMN name TYPE varchar(120);', []],
  [
    'a wider varchar that has an index',
    'ALTER TABLE customer ALTER COLUMN name TYPE varchar(120);',
    [],
    { before: 'CREATE INDEX customer_name ON customer (name);' },
  ],
  [
    'varchar to text with an index',
    'ALTER TABLE customer ALTER COLUMN name TYPE text;',
    [],
    { before: 'CREATE INDEX customer_name ON customer (name);' },
  ],
  ['a numeric of more digits', 'ALTER TABLE invoice ALTER COLUMN total TYPE numeric(14,2);', []],
  [
    'a varchar that holds less',
    'ALTER TABLE customer ALTER COLUMN name TYPE varchar(20);',
    ['fails-on-data:1', 'table-rewrite:1', 'breaks-old-code:1'],
  ],
  [
    'text that becomes a number',
    'ALTER TABLE customer ALTER COLUMN phone TYPE bigint USING phone::bigint;',
    ['fails-on-data:1', 'table-rewrite:1', 'breaks-old-code:1'],
  ],
  [
    'a moment that becomes a day',
    'ALTER TABLE invoice ALTER COLUMN issued_at TYPE date;',
    ['destroys-data:1', 'table-rewrite:1', 'breaks-old-code:1', 'time-zone-dependent:1'],
  ],
  [
    'a timestamp that becomes a timestamptz in the zone of whoever runs it',
    'ALTER TABLE visit ALTER COLUMN at TYPE timestamptz;',
    ['table-rewrite:1', 'breaks-old-code:1', 'time-zone-dependent:1'],
    { before: 'CREATE TABLE visit (id bigint PRIMARY KEY, at timestamp);' },
  ],
  [
    'a timestamptz that becomes a timestamp in the zone of whoever runs it',
    'ALTER TABLE invoice ALTER COLUMN issued_at TYPE timestamp;',
    ['table-rewrite:1', 'breaks-old-code:1', 'time-zone-dependent:1', 'timestamp-without-time-zone:1'],
  ],
  [
    'a timestamp that becomes a timestamptz in UTC, which is stored alike',
    "SET LOCAL TimeZone = 'UTC';\nALTER TABLE visit ALTER COLUMN at TYPE timestamptz;",
    ['breaks-old-code:2'],
    { before: 'CREATE TABLE visit (id bigint PRIMARY KEY, at timestamp);' },
  ],
  [
    'a timestamp that becomes a timestamptz by a computation',
    "ALTER TABLE visit ALTER COLUMN at TYPE timestamptz USING at AT TIME ZONE 'UTC';",
    ['table-rewrite:1', 'breaks-old-code:1'],
    { before: 'CREATE TABLE visit (id bigint PRIMARY KEY, at timestamp);' },
  ],
  [
    'a collation that has an index built anew',
    'ALTER TABLE invoice ALTER COLUMN note TYPE text COLLATE "C";',
    ['index-not-concurrent:1'],
    { before: 'CREATE INDEX invoice_note ON invoice (note);' },
  ],
  // Columns that change otherwise.
  ['a default alone', 'ALTER TABLE invoice ALTER COLUMN id RESTART, ALTER COLUMN note SET DEFAULT random()::text;', []],
  ['NULL that is allowed', 'ALTER TABLE customer ALTER COLUMN email DROP NOT NULL;', ['breaks-old-code:1']],
  ['a target of statistics', 'ALTER TABLE customer ALTER COLUMN email SET STATISTICS 500;', []],
  ['options of storage', 'ALTER TABLE invoice SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);', []],
  [
    'a renamed column',
    'ALTER TABLE customer RENAME COLUMN phone TO phone_number;',
    ['breaks-old-code:1', 'not-idempotent:1'],
  ],
  ['a column that goes', 'ALTER TABLE customer DROP COLUMN IF EXISTS phone;', ['destroys-data:1', 'breaks-old-code:1']],
  [
    'a column that goes and on which a view stands',
    'ALTER TABLE customer DROP COLUMN IF EXISTS phone;',
    ['fails-on-replay:1'],
    { before: 'CREATE VIEW phones AS SELECT id, phone FROM customer;' },
  ],
  [
    'a column that takes its view along',
    'ALTER TABLE customer DROP COLUMN IF EXISTS phone CASCADE;',
    ['destroys-data:1', 'breaks-old-code:1'],
    { before: 'CREATE VIEW phones AS SELECT id, phone FROM customer;' },
  ],
  // Tables.
  ['a renamed table', 'ALTER TABLE invoice RENAME TO bill;', ['breaks-old-code:1', 'not-idempotent:1']],
  [
    'a renamed table that leaves a view behind',
    'ALTER TABLE invoice RENAME TO bill;\nCREATE VIEW invoice AS SELECT * FROM bill;',
    ['not-idempotent:1'],
  ],
  [
    'a table that moves to another schema',
    'CREATE SCHEMA IF NOT EXISTS archive;\nALTER TABLE invoice SET SCHEMA archive;',
    ['breaks-old-code:2', 'not-idempotent:2'],
  ],
  ['a table that goes', 'DROP TABLE IF EXISTS invoice;', ['destroys-data:1']],
  [
    'a schema that goes with its tables',
    'DROP SCHEMA IF EXISTS old CASCADE;',
    ['destroys-data:1'],
    { before: 'CREATE SCHEMA old; CREATE TABLE old.note (id bigint PRIMARY KEY);' },
  ],
  [
    'a table that is made anew',
    'DROP TABLE IF EXISTS digest;\nCREATE TABLE digest (id bigint PRIMARY KEY, body text);',
    ['destroys-data:1'],
    { before: 'CREATE TABLE digest (id bigint PRIMARY KEY, body text);' },
  ],
  ['a table without a log', 'ALTER TABLE invoice SET UNLOGGED;', ['table-rewrite:1']],
  ['a table in the order of its key', 'CLUSTER invoice USING invoice_pkey;', ['table-rewrite:1']],
  ['plain VACUUM', 'VACUUM (ANALYZE) invoice;', []],
  [
    'a view that goes',
    'DROP VIEW IF EXISTS emails;',
    ['breaks-old-code:1'],
    { before: 'CREATE VIEW emails AS SELECT email FROM customer;' },
  ],
  [
    'a view that is made anew as it was, and one column more',
    'DROP VIEW IF EXISTS emails;\nCREATE VIEW emails AS SELECT email, name FROM customer;',
    [],
    { before: 'CREATE VIEW emails AS SELECT email FROM customer;' },
  ],
  [
    'a view that is made anew with one column less',
    'DROP VIEW IF EXISTS emails;\nCREATE VIEW emails AS SELECT email FROM customer;',
    ['breaks-old-code:1'],
    { before: 'CREATE VIEW emails AS SELECT email, name FROM customer;' },
  ],
  [
    'a materialized view of what is there',
    'CREATE MATERIALIZED VIEW IF NOT EXISTS totals AS SELECT customer_id, sum(total) AS total FROM invoice GROUP BY 1;',
    [],
  ],
];
