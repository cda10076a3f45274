import type { StrictCase } from './strict-case.js';

const VISIT = 'CREATE TABLE visit (id bigint PRIMARY KEY, at timestamptz NOT NULL, day date);';
const MOOD = `CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood);`;
const TOTALS =
  'CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(total) AS total FROM invoice GROUP BY 1;\nCREATE UNIQUE INDEX totals_customer ON totals (customer_id);';
const JOURNAL = `CREATE TABLE journal (id bigint PRIMARY KEY, note text);
CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal is only added to'; END $$;
CREATE TRIGGER journal_kept BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION kept();`;

/** Changes of rows, locks that are kept, and what depends on the time zone. */
export const rowsAndLocks: readonly StrictCase[] = [
  [
    'rows that are changed under the lock of a new column',
    "ALTER TABLE customer ADD COLUMN IF NOT EXISTS tier text;\nUPDATE customer SET tier = 'basic' WHERE tier IS NULL;",
    ['blocking-lock:2'],
  ],
  [
    'a block that changes the table and then its rows',
    'DO $$ BEGIN\n  ALTER TABLE customer ADD COLUMN IF NOT EXISTS rank integer;\n  UPDATE customer SET rank = credit / 10;\nEND $$;',
    ['blocking-lock:1'],
  ],
  ['a table that is locked by hand', 'LOCK TABLE customer;', ['blocking-lock:1']],
  ['a lock that stops nobody', 'LOCK TABLE customer IN ROW SHARE MODE;', []],
  ['rows that are changed without another lock', 'UPDATE customer SET name = trim(name) WHERE name <> trim(name);', []],
  [
    'a wait for a lock that is bounded',
    "SET LOCAL lock_timeout = '2s';\nALTER TABLE customer ADD COLUMN IF NOT EXISTS nick text;",
    [],
  ],
  ['a view that is filled again', 'REFRESH MATERIALIZED VIEW totals;', ['blocking-lock:1'], { before: TOTALS }],
  [
    'a view that is filled again by CONCURRENTLY',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
    [],
    { before: TOTALS },
  ],
  [
    'rows of a table that the file makes',
    "CREATE TABLE IF NOT EXISTS tag (id bigint PRIMARY KEY, label text NOT NULL);\nINSERT INTO tag VALUES (1, 'new'), (2, 'old') ON CONFLICT DO NOTHING;\nUPDATE tag SET label = upper(label);",
    [],
  ],
  ['rows that are added each time', "INSERT INTO customer (email) VALUES ('a@example.org');", ['not-idempotent:1']],
  [
    'rows that are added where they are missing',
    "INSERT INTO customer (email) SELECT 'a@example.org' WHERE NOT EXISTS (SELECT FROM customer WHERE email = 'a@example.org');",
    [],
  ],
  ['all rows that go', 'DELETE FROM invoice;', ['destroys-data:1']],
  ['a table that is emptied', 'TRUNCATE invoice;', ['destroys-data:1']],
  ['a table that is emptied, and those that lead to it', 'TRUNCATE customer CASCADE;', ['destroys-data:1']],
  ['old rows that go', "DELETE FROM invoice WHERE paid AND issued_at < now() - interval '10 years';", []],
  [
    'a change of what can never be there',
    "UPDATE customer SET status = 'active' WHERE status = 'pending';",
    ['dead-backfill:1'],
  ],
  ['a change of what may be there', "UPDATE customer SET status = 'blocked' WHERE status = 'closed';", []],
  [
    'a change that the old check forbids',
    "UPDATE customer SET status = 'paused' WHERE status = 'blocked';",
    ['fails-on-data:1'],
  ],
  [
    'a change of a table that is only added to',
    "UPDATE journal SET note = '' WHERE note IS NULL;",
    ['fails-on-data:1'],
    { before: JOURNAL },
  ],
  [
    'a row for a table that is only added to',
    "INSERT INTO journal VALUES (-1, 'begun') ON CONFLICT DO NOTHING;",
    [],
    { before: JOURNAL },
  ],
  [
    'all rows of a large table',
    'UPDATE customer SET credit = credit + 1;',
    ['unbatched-backfill:1'],
    { production: { 'public.customer': { rows: 5_000_000, tableBytes: 2_000_000_000, indexBytes: 500_000_000 } } },
  ],
  [
    'all rows of a small table',
    'UPDATE customer SET credit = credit + 1;',
    [],
    { production: { 'public.customer': { rows: 200, tableBytes: 65_536, indexBytes: 16_384 } } },
  ],
  // Enums.
  ['a value of an enum', "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm';", [], { before: MOOD }],
  [
    'a renamed value of an enum',
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';",
    ['breaks-old-code:1', 'not-idempotent:1'],
    { before: MOOD },
  ],
  [
    'a value of an enum that is used at once',
    "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm';\nINSERT INTO person (mood) VALUES ('calm');",
    ['fails-on-replay:2'],
    { before: MOOD },
  ],
  // Time zones.
  [
    'a constant without a zone',
    "INSERT INTO visit VALUES (-1, '2026-03-01 12:00', NULL) ON CONFLICT DO NOTHING;",
    ['time-zone-dependent:1'],
    { before: VISIT },
  ],
  [
    'a constant with a zone',
    "INSERT INTO visit VALUES (-1, '2026-03-01 12:00+01', NULL) ON CONFLICT DO NOTHING;",
    [],
    { before: VISIT },
  ],
  [
    'the day of a moment where the session is',
    'UPDATE visit SET day = at::date WHERE day IS NULL;',
    ['time-zone-dependent:1'],
    { before: VISIT },
  ],
  [
    'the day of a moment in UTC',
    "UPDATE visit SET day = (at AT TIME ZONE 'UTC')::date WHERE day IS NULL;",
    [],
    { before: VISIT },
  ],
  [
    'partitions that begin where the session is',
    "CREATE TABLE IF NOT EXISTS log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
    ['time-zone-dependent:1'],
    { before: 'CREATE TABLE log (id bigint, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);' },
  ],
  [
    'partitions that begin in UTC',
    "CREATE TABLE IF NOT EXISTS log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00+00');",
    [],
    { before: 'CREATE TABLE log (id bigint, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);' },
  ],
];
