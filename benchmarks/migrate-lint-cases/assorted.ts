import type { StrictCase } from './strict-case.js';

const MOOD = `CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood);`;
const MEASURES = `CREATE TABLE measure (id bigint PRIMARY KEY, value integer) PARTITION BY RANGE (id);
CREATE TABLE measure_1 PARTITION OF measure FOR VALUES FROM (1) TO (1000);`;

/** Less usual shapes of the same: several commands at once, odd names, code that changes tables, rights. */
export const assorted: readonly StrictCase[] = [
  [
    'three commands in one statement',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS a integer, ALTER COLUMN credit TYPE bigint, ALTER COLUMN phone SET NOT NULL;',
    ['table-rewrite:1', 'fails-on-data:1'],
  ],
  [
    'names that need quotes',
    'CREATE INDEX IF NOT EXISTS "by Text" ON "Order Line" ("Some Text");',
    ['index-not-concurrent:1'],
    { before: 'CREATE TABLE "Order Line" ("Line No" bigint PRIMARY KEY, "Some Text" text);' },
  ],
  [
    'a table of another schema',
    'ALTER TABLE shop.cart ALTER COLUMN n TYPE bigint;',
    ['table-rewrite:1'],
    { before: 'CREATE SCHEMA shop; CREATE TABLE shop.cart (id bigint PRIMARY KEY, n integer);' },
  ],
  [
    'a block that builds an index',
    "DO $$ BEGIN EXECUTE 'CREATE INDEX IF NOT EXISTS customer_phone ON customer (phone)'; END $$;",
    ['index-not-concurrent:1'],
  ],
  [
    'a function that drops a column',
    'SELECT forget_phones();',
    ['destroys-data:1', 'breaks-old-code:1'],
    {
      before:
        'CREATE FUNCTION forget_phones() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE customer DROP COLUMN IF EXISTS phone; END $$;',
    },
  ],
  [
    'a key that leads to its own table, and its index',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS parent_id bigint REFERENCES customer (id) ON DELETE SET NULL;\nCREATE INDEX IF NOT EXISTS customer_parent ON customer (parent_id);',
    ['index-not-concurrent:2'],
  ],
  [
    'a random value for new rows alone',
    'ALTER TABLE invoice ADD COLUMN IF NOT EXISTS token uuid;\nALTER TABLE invoice ALTER COLUMN token SET DEFAULT gen_random_uuid();',
    [],
  ],
  [
    'all rows that go within a query',
    'WITH gone AS (DELETE FROM invoice RETURNING id) SELECT count(*) FROM gone;',
    ['destroys-data:1'],
  ],
  [
    'a row that no database takes',
    "INSERT INTO customer (email, status) VALUES ('a@example.org', 'unknown');",
    ['fails-on-replay:1'],
  ],
  ['rows that others lead to', "DELETE FROM customer WHERE status = 'closed';", ['fails-on-data:1']],
  [
    'a foreign key that is made anew',
    'ALTER TABLE invoice DROP CONSTRAINT invoice_customer_id_fkey,\n  ADD CONSTRAINT invoice_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE;',
    ['validating-scan:1'],
  ],
  ['a copy of a table', 'CREATE TABLE IF NOT EXISTS copied AS SELECT * FROM customer;', ['no-primary-key:1']],
  [
    'a renamed constraint',
    'ALTER TABLE customer RENAME CONSTRAINT customer_status_check TO status_known;',
    ['not-idempotent:1'],
  ],
  ['a renamed index', 'ALTER INDEX invoice_customer RENAME TO invoice_by_customer;', ['not-idempotent:1']],
  ['a sequence that goes on elsewhere', 'ALTER SEQUENCE customer_id_seq RESTART 100000;', []],
  [
    'a type that takes a column along',
    'DROP TYPE IF EXISTS mood CASCADE;',
    ['destroys-data:1', 'breaks-old-code:1'],
    { before: MOOD },
  ],
  ['a partition that goes', 'DROP TABLE IF EXISTS measure_1;', ['destroys-data:1'], { before: MEASURES }],
  [
    'one of a kind among those of a part',
    'CREATE UNIQUE INDEX IF NOT EXISTS one_draft ON invoice (customer_id) WHERE NOT paid;',
    ['index-not-concurrent:1', 'fails-on-data:1'],
  ],
  [
    'a length that texts may exceed',
    'ALTER TABLE customer ADD CONSTRAINT email_short CHECK (length(email) < 20);',
    ['validating-scan:1', 'fails-on-data:1', 'not-idempotent:1'],
  ],
  ['rights that go', 'REVOKE ALL ON invoice FROM PUBLIC;', []],
  [
    'rights to come, of a role that nobody makes',
    'ALTER DEFAULT PRIVILEGES FOR ROLE billing GRANT SELECT ON TABLES TO PUBLIC;',
    ['missing-role:1'],
  ],
  ['a role that is taken and that nobody makes', 'SET LOCAL ROLE reporting;', ['missing-role:1']],
  [
    'two statements of one line',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS a integer; CREATE INDEX IF NOT EXISTS customer_a ON customer (a);',
    ['index-not-concurrent:1'],
  ],
  [
    'NOT NULL and a default, which old rows do not get',
    "ALTER TABLE invoice ALTER COLUMN note SET DEFAULT '', ALTER COLUMN note SET NOT NULL;",
    ['fails-on-data:1', 'validating-scan:1'],
  ],
  [
    'NOT NULL behind a change of the rows that lack it',
    "UPDATE invoice SET note = '' WHERE note IS NULL;\nALTER TABLE invoice ALTER COLUMN note SET NOT NULL;",
    ['validating-scan:2'],
  ],
  [
    'a check of a new column that is not looked at',
    "ALTER TABLE customer ADD COLUMN IF NOT EXISTS nick text;\nALTER TABLE customer ADD CONSTRAINT nick_there CHECK (nick <> '') NOT VALID;",
    ['not-idempotent:2'],
  ],
];
