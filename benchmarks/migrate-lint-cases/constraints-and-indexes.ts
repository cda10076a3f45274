import type { StrictCase } from './strict-case.js';

const SHIPPER = `CREATE TABLE shipper (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
ALTER TABLE invoice ADD COLUMN shipper_id bigint;
CREATE INDEX invoice_shipper ON invoice (shipper_id);`;
const MEASURES = `CREATE TABLE measure (id bigint PRIMARY KEY, value integer) PARTITION BY RANGE (id);
CREATE TABLE measure_1 PARTITION OF measure FOR VALUES FROM (1) TO (1000);`;
const STANDING = 'CREATE TABLE measure_2 (id bigint PRIMARY KEY, value integer);';

/** Changes of constraints, indexes and partitions. */
export const constraintsAndIndexes: readonly StrictCase[] = [
  // Checks and NOT NULL.
  [
    'NOT NULL over what may be NULL',
    'ALTER TABLE customer ALTER COLUMN phone SET NOT NULL;',
    ['fails-on-data:1', 'validating-scan:1'],
  ],
  [
    'NOT NULL that a valid check proves',
    'ALTER TABLE customer ALTER COLUMN phone SET NOT NULL;',
    [],
    { before: 'ALTER TABLE customer ADD CONSTRAINT phone_there CHECK (phone IS NOT NULL);' },
  ],
  [
    'a check that is not looked at yet',
    'ALTER TABLE invoice ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;',
    ['not-idempotent:1'],
  ],
  [
    'a check that is looked at in the transaction that made it',
    'ALTER TABLE invoice ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;\nALTER TABLE invoice VALIDATE CONSTRAINT total_positive;',
    ['validating-scan:2', 'fails-on-data:2', 'not-idempotent:1'],
  ],
  [
    'a check that is looked at later',
    'ALTER TABLE invoice VALIDATE CONSTRAINT total_positive;',
    [],
    { before: 'ALTER TABLE invoice ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;' },
  ],
  [
    'a check that admits less than before',
    "ALTER TABLE customer DROP CONSTRAINT customer_status_check,\n  ADD CONSTRAINT customer_status_check CHECK (status IN ('active', 'closed'));",
    ['fails-on-data:1', 'validating-scan:1'],
  ],
  [
    'a check that admits more than before',
    "ALTER TABLE customer DROP CONSTRAINT customer_status_check,\n  ADD CONSTRAINT customer_status_check CHECK (status IN ('active', 'blocked', 'closed', 'paused'));",
    ['validating-scan:1'],
  ],
  [
    'a check that admits more and is not looked at yet',
    "ALTER TABLE customer DROP CONSTRAINT customer_status_check,\n  ADD CONSTRAINT customer_status_check CHECK (status IN ('active', 'blocked', 'closed', 'paused')) NOT VALID;",
    [],
  ],
  ['a constraint that goes', 'ALTER TABLE invoice DROP CONSTRAINT IF EXISTS invoice_customer_id_fkey;', []],
  [
    'a check on a domain that a table has',
    "ALTER DOMAIN mail ADD CONSTRAINT mail_at CHECK (VALUE LIKE '%@%');",
    ['validating-scan:1', 'fails-on-data:1', 'not-idempotent:1'],
    { before: 'CREATE DOMAIN mail AS text; CREATE TABLE sender (id bigint PRIMARY KEY, mail mail);' },
  ],
  [
    'a check on a domain that is not looked at yet',
    "ALTER DOMAIN mail ADD CONSTRAINT mail_at CHECK (VALUE LIKE '%@%') NOT VALID;",
    ['not-idempotent:1'],
    { before: 'CREATE DOMAIN mail AS text; CREATE TABLE sender (id bigint PRIMARY KEY, mail mail);' },
  ],
  // Foreign keys.
  [
    'a foreign key over numbers that were free',
    'ALTER TABLE invoice ADD CONSTRAINT shipped_by FOREIGN KEY (shipper_id) REFERENCES shipper (id) ON DELETE SET NULL;',
    ['fails-on-data:1', 'validating-scan:1', 'not-idempotent:1'],
    { before: SHIPPER },
  ],
  [
    'a foreign key that is not looked at yet',
    'ALTER TABLE invoice ADD CONSTRAINT shipped_by FOREIGN KEY (shipper_id) REFERENCES shipper (id) ON DELETE SET NULL NOT VALID;',
    ['not-idempotent:1'],
    { before: SHIPPER },
  ],
  [
    'a foreign key whose index leaves out NULLs',
    'CREATE TABLE IF NOT EXISTS refund (id bigint PRIMARY KEY, invoice_id bigint REFERENCES invoice (id) ON DELETE CASCADE);\nCREATE INDEX IF NOT EXISTS refund_invoice ON refund (invoice_id) WHERE invoice_id IS NOT NULL;',
    [],
  ],
  [
    'a foreign key without an index',
    'CREATE TABLE IF NOT EXISTS refund (id bigint PRIMARY KEY, invoice_id bigint REFERENCES invoice (id) ON DELETE CASCADE);',
    ['foreign-key-without-index:1'],
  ],
  [
    'a foreign key that does not say what becomes of it',
    'CREATE TABLE IF NOT EXISTS refund (id bigint PRIMARY KEY, invoice_id bigint REFERENCES invoice (id));\nCREATE INDEX IF NOT EXISTS refund_invoice ON refund (invoice_id);',
    ['implicit-on-delete:1'],
  ],
  [
    'a foreign key that is the head of a longer key',
    'CREATE TABLE IF NOT EXISTS line (invoice_id bigint REFERENCES invoice (id) ON DELETE CASCADE, place integer, PRIMARY KEY (invoice_id, place));',
    [],
  ],
  // Keys and indexes.
  ['an index', 'CREATE INDEX customer_email ON customer (email);', ['index-not-concurrent:1', 'not-idempotent:1']],
  [
    'a unique index over what may be there twice',
    'CREATE UNIQUE INDEX IF NOT EXISTS customer_email ON customer (email);',
    ['fails-on-data:1', 'index-not-concurrent:1'],
  ],
  [
    'a unique index by CONCURRENTLY over what may be there twice',
    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customer_email ON customer (email);',
    ['fails-on-data:1'],
  ],
  ['an index by CONCURRENTLY', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS invoice_issued ON invoice (issued_at);', []],
  [
    'two indexes by CONCURRENTLY in a file without a transaction',
    '-- pgsteward: no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS invoice_issued ON invoice (issued_at);\nCREATE INDEX CONCURRENTLY IF NOT EXISTS invoice_note ON invoice (note);',
    [],
  ],
  [
    'CONCURRENTLY beside a new column',
    'ALTER TABLE invoice ADD COLUMN IF NOT EXISTS due date;\nCREATE INDEX CONCURRENTLY IF NOT EXISTS invoice_due ON invoice (due);',
    ['concurrently-in-transaction:2'],
  ],
  [
    'an index that is there under another name',
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS invoice_by_customer ON invoice (customer_id);',
    ['duplicate-index:1'],
  ],
  [
    'a unique index over a part beside a plain one',
    'CREATE TABLE IF NOT EXISTS device (id bigint PRIMARY KEY, serial text NOT NULL, retired boolean NOT NULL DEFAULT false);\nCREATE INDEX IF NOT EXISTS device_serial ON device (serial);\nCREATE UNIQUE INDEX IF NOT EXISTS device_serial_live ON device (serial) WHERE NOT retired;',
    [],
  ],
  [
    'a key of an index that stands',
    'ALTER TABLE customer ADD CONSTRAINT customer_email_key UNIQUE USING INDEX customer_email;',
    ['not-idempotent:1'],
    { before: 'CREATE UNIQUE INDEX customer_email ON customer (email);' },
  ],
  [
    'a primary key for a table that had none',
    'ALTER TABLE seat ADD PRIMARY KEY (line, place);',
    ['index-not-concurrent:1', 'fails-on-data:1', 'not-idempotent:1'],
    { before: 'CREATE TABLE seat (line integer NOT NULL, place integer NOT NULL);' },
  ],
  [
    'a unique key by name',
    'ALTER TABLE customer ADD CONSTRAINT customer_email_key UNIQUE (email);',
    ['index-not-concurrent:1', 'fails-on-data:1', 'not-idempotent:1'],
  ],
  [
    'no two at a time',
    'ALTER TABLE booking ADD CONSTRAINT booking_once EXCLUDE USING gist (during WITH &&);',
    ['blocking-lock:1', 'fails-on-data:1', 'not-idempotent:1'],
    { before: 'CREATE TABLE booking (id bigint PRIMARY KEY, during tstzrange NOT NULL);' },
  ],
  [
    'an index that goes',
    'DROP INDEX IF EXISTS invoice_note;',
    ['index-not-concurrent:1'],
    { before: 'CREATE INDEX invoice_note ON invoice (note);' },
  ],
  [
    'an index that goes by CONCURRENTLY',
    'DROP INDEX CONCURRENTLY IF EXISTS invoice_note;',
    [],
    { before: 'CREATE INDEX invoice_note ON invoice (note);' },
  ],
  ['indexes that are built anew', 'REINDEX TABLE invoice;', ['index-not-concurrent:1']],
  ['indexes that are built anew by CONCURRENTLY', 'REINDEX TABLE CONCURRENTLY invoice;', []],
  [
    'statistics',
    'CREATE STATISTICS IF NOT EXISTS invoice_paid ON customer_id, paid FROM invoice;\nANALYZE invoice;',
    [],
  ],
  // Partitions.
  [
    'a partition for what is to come',
    'CREATE TABLE IF NOT EXISTS measure_2 PARTITION OF measure FOR VALUES FROM (1000) TO (2000);',
    [],
    { before: MEASURES },
  ],
  [
    'a partition for rows that may lie in the default one',
    'CREATE TABLE IF NOT EXISTS measure_2 PARTITION OF measure FOR VALUES FROM (1000) TO (2000);',
    ['validating-scan:1', 'fails-on-data:1'],
    { before: `${MEASURES}\nCREATE TABLE measure_rest PARTITION OF measure DEFAULT;` },
  ],
  [
    'a table that becomes a partition',
    'ALTER TABLE measure ATTACH PARTITION measure_2 FOR VALUES FROM (1000) TO (2000);',
    ['validating-scan:1', 'fails-on-data:1', 'not-idempotent:1'],
    { before: `${MEASURES}\n${STANDING}` },
  ],
  [
    'a table that becomes a partition and says by a check that it may',
    'ALTER TABLE measure ATTACH PARTITION measure_2 FOR VALUES FROM (1000) TO (2000);',
    ['not-idempotent:1'],
    { before: `${MEASURES}\n${STANDING}\nALTER TABLE measure_2 ADD CHECK (id >= 1000 AND id < 2000);` },
  ],
  [
    'an index on a table of partitions',
    'CREATE INDEX IF NOT EXISTS measure_value ON measure (value);',
    ['index-not-concurrent:1'],
    { before: MEASURES },
  ],
];
