import type { StrictCase } from './strict-case.js';

const LEDGER = 'CREATE TABLE schema_migrations (version text PRIMARY KEY);';
const NEXT = '-- pgsteward: irreversible it is a case\n';

/** Files as such: their names, their transactions, and positions in their text. */
export const filesAndText: readonly StrictCase[] = [
  [
    'positions behind a byte order mark, letters of several bytes and CRLF',
    '\uFEFF-- Größe: naïve 日本語 🐘\r\n\r\nCREATE INDEX customer_name ON customer (name);\r\n',
    ['index-not-concurrent:3', 'not-idempotent:3'],
  ],
  [
    'positions behind a block of several lines',
    "DO $$\nBEGIN\n  PERFORM 'größer; kleiner';\nEND $$;\n\n  /* ; */ DROP TABLE IF EXISTS invoice;",
    ['destroys-data:6'],
  ],
  [
    'a transaction that ends in the middle',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS nick text;\nCOMMIT;',
    ['embedded-transaction:2'],
  ],
  [
    'a savepoint',
    'SAVEPOINT here;\nALTER TABLE customer ADD COLUMN IF NOT EXISTS nick text;\nRELEASE SAVEPOINT here;',
    [],
  ],
  [
    'a column that is not there',
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS invoice_issued ON invoice (issued);',
    ['fails-on-replay:1'],
  ],
  ['a table that is taken', 'CREATE TABLE invoice (id bigint PRIMARY KEY);', ['fails-on-replay:1']],
  ['a psql command', 'SELECT 1;\n\\set limit 5\nSELECT 2;', ['fails-on-replay:2']],
  [
    'a broken statement in the middle',
    'SELECT 1;\nALTER TABEL invoice ADD COLUMN x int;\nSELECT 2;',
    ['fails-on-replay:2'],
  ],
  ['rows for COPY', 'COPY customer (email) FROM stdin;\na@example.org\n\\.\n', ['fails-on-replay:1']],
  [
    'a row in the ledger of a runner',
    "INSERT INTO schema_migrations VALUES ('42') ON CONFLICT DO NOTHING;",
    ['writes-ledger:1'],
    { before: LEDGER },
  ],
  ['a look into the ledger of a runner', 'SELECT count(*) FROM schema_migrations;', [], { before: LEDGER }],
  [
    'two files of one version',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS nick text;',
    ['duplicate-version:0002_other.up.sql:1'],
    { files: { '0002_other.up.sql': `${NEXT}ALTER TABLE customer ADD COLUMN IF NOT EXISTS pet text;` } },
  ],
  [
    'a file without a way back',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS nick text;',
    ['missing-down:0003_other.up.sql:1'],
    { files: { '0003_other.up.sql': 'ALTER TABLE customer ADD COLUMN IF NOT EXISTS pet text;' } },
  ],
  [
    'a file that nobody runs',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS nick text;',
    ['unrecognised-file:0003_other.sql:1'],
    { files: { '0003_other.sql': 'ALTER TABLE customer ADD COLUMN pet text;' } },
  ],
  [
    'files that are none of ours',
    'ALTER TABLE customer ADD COLUMN IF NOT EXISTS nick text;',
    [],
    { files: { 'README.md': 'read me', 'seed.sql.disabled': 'TRUNCATE invoice;' } },
  ],
  [
    'an index that a later file builds on a table of its own folder',
    'CREATE TABLE IF NOT EXISTS parcel (id bigint PRIMARY KEY, label text);',
    ['index-not-concurrent:0003_other.up.sql:2'],
    { files: { '0003_other.up.sql': `${NEXT}CREATE INDEX IF NOT EXISTS parcel_label ON parcel (label);` } },
  ],
  [
    'a function that a later file breaks',
    'CREATE OR REPLACE FUNCTION phones() RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT phone FROM customer; END $$;',
    ['broken-function-body:1', 'destroys-data:0003_other.up.sql:2', 'breaks-old-code:0003_other.up.sql:2'],
    { files: { '0003_other.up.sql': `${NEXT}ALTER TABLE customer DROP COLUMN IF EXISTS phone;` } },
  ],
  [
    'what is left out with a reason',
    '-- pgsteward: ignore index-not-concurrent forty rows\nCREATE INDEX IF NOT EXISTS customer_name ON customer (name);',
    [],
  ],
];
