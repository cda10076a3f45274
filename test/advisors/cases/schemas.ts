import type { SchemaCase } from '../schema/check-schema-cases.js';

const filled = (table: string, columns: string, rows = 2000) =>
  `INSERT INTO ${table} SELECT ${columns} FROM generate_series(1, ${rows}) AS n; ANALYZE ${table};`;

/** Numbers that run out, and those that only look so. */
const KEYS: readonly SchemaCase[] = [
  {
    name: 'finds a key that counts down',
    sql: `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (INCREMENT -1) PRIMARY KEY); SELECT setval('t_id_seq', -2000000000)`,
    finds: ['error public.t.id'],
  },
  {
    name: 'is silent about a key that counts up from below zero',
    sql: `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (MINVALUE -2147483648 START -2147483648) PRIMARY KEY); SELECT setval('t_id_seq', -900000000)`,
    finds: [],
  },
  {
    name: 'is silent about one row that stands for none, beside a sequence',
    sql: `CREATE TABLE t (id serial PRIMARY KEY, n int); ${filled('t (n)', 'n')} INSERT INTO t VALUES (2147483647, 0); ANALYZE t`,
    finds: [],
  },
  {
    name: 'is silent about hashes',
    sql: `CREATE TABLE t (id bigserial PRIMARY KEY, crc int NOT NULL UNIQUE); ${filled('t (crc)', 'hashint4(n)')}`,
    finds: [],
  },
  {
    name: 'is silent about what refers to a hash, or to one row that stands for none',
    sql: `CREATE TABLE t (id serial PRIMARY KEY); ${filled('t', 'n')} INSERT INTO t VALUES (2147483647); SELECT setval('t_id_seq', 2000);
      CREATE TABLE child (id bigserial PRIMARY KEY, t_id int REFERENCES t); ${filled('child (t_id)', '2147483647')}`,
    finds: [],
  },
  {
    name: 'is silent about numbers of a year, a port or a code',
    sql: `CREATE TABLE t (year smallint, port int, PRIMARY KEY (year, port)); ${filled('t', '2000 + n % 26, 65535 - n')}`,
    finds: [],
  },
  {
    name: 'finds a key of a partitioned table by its sequence, whoever has analyzed it',
    sql: `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
      CREATE TABLE t1 PARTITION OF t DEFAULT; SELECT setval('t_id_seq', 2000000000)`,
    finds: ['error public.t.id'],
  },
  {
    name: 'finds a key of a domain by the sequence of its default, with what refers to it',
    sql: `CREATE DOMAIN number AS int DEFAULT 0 NOT NULL CHECK (VALUE > 0); CREATE SEQUENCE numbers; CREATE TABLE t (id number PRIMARY KEY DEFAULT nextval('numbers'));
      SELECT setval('numbers', 2000000000); CREATE TABLE child (id bigserial PRIMARY KEY, t_id number REFERENCES t UNIQUE); CREATE TABLE grandchild (id bigserial PRIMARY KEY, t_id int REFERENCES child (t_id))`,
    finds: ['error public.t.id'],
  },
  {
    name: 'is silent about a key of a domain over bigint, or over such a domain',
    sql: `CREATE DOMAIN wide AS bigint; CREATE DOMAIN wider AS wide; CREATE TABLE t (id wider PRIMARY KEY, other wide UNIQUE); ${filled('t', '2000000000 + n, 2000000000 + n')}`,
    finds: [],
  },
  { name: 'is silent about an empty table', sql: 'CREATE TABLE t (id smallint PRIMARY KEY)', finds: [] },
];

const SEQUENCES: readonly SchemaCase[] = [
  {
    name: 'finds a bigint that counts down',
    sql: `CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT -1) PRIMARY KEY); SELECT setval('t_id_seq', -9000000000000000000)`,
    finds: ['error public.t_id_seq'],
  },
  {
    name: 'is silent about one that begins again',
    sql: "CREATE SEQUENCE s MAXVALUE 100 CYCLE; SELECT setval('s', 99)",
    finds: [],
  },
  {
    name: 'is silent about one that counts up to zero from below',
    sql: "CREATE SEQUENCE s MINVALUE -1000 MAXVALUE 1000000 START -1000; SELECT setval('s', -990)",
    finds: [],
  },
  {
    name: 'finds one that no column owns, by a quoted name',
    sql: `CREATE SEQUENCE "Numbers of Cases" MAXVALUE 1000; SELECT setval('"Numbers of Cases"', 990)`,
    finds: ['error public."Numbers of Cases"'],
  },
];

const TOKENS = 'id bigint, token text, expires_at timestamptz';
const EXPIRED = "n, 't', now() - n * interval '1 hour'";

/** Tables that grow, and those that do not. */
const GROWTH: readonly SchemaCase[] = [
  {
    name: 'is silent where rows are thrown away all at once',
    sql: `CREATE TABLE t (${TOKENS}); ${filled('t', EXPIRED)} TRUNCATE t; ${filled('t', EXPIRED)} TRUNCATE t; ${filled('t', EXPIRED)}`,
    finds: [],
  },
  {
    name: 'is silent about versions that are valid from one day to another',
    sql: `CREATE TABLE prices (id bigint, valid_from date, valid_to date); ${filled('prices', 'n, current_date - n, current_date - n + 1')}`,
    finds: [],
  },
  {
    name: 'is silent where a few deletions keep pace with few insertions',
    sql: `CREATE TABLE t (${TOKENS}); ${filled('t', EXPIRED, 20_000)} DELETE FROM t WHERE id <= 300; ANALYZE t`,
    finds: [],
  },
  {
    name: 'finds it where a few rows were corrected',
    sql: `CREATE TABLE t (${TOKENS}); ${filled('t', EXPIRED, 20_000)} DELETE FROM t WHERE id <= 30; ANALYZE t`,
    finds: ['warn public.t'],
  },
  {
    name: 'is silent about a table that has been inherited from, or inherits',
    sql: `CREATE TABLE t (${TOKENS}); CREATE TABLE u () INHERITS (t); ${filled('u', EXPIRED)}`,
    finds: [],
  },
  {
    name: 'is silent where almost no row ever expires, by a day that stands for never',
    sql: `CREATE TABLE t (${TOKENS}); ${filled('t', "n, 't', timestamptz '9999-12-31'")}`,
    finds: [],
  },
  {
    name: 'is silent about a table that nobody has analyzed',
    sql: `CREATE TABLE t (${TOKENS}) WITH (autovacuum_enabled = off); INSERT INTO t SELECT ${EXPIRED} FROM generate_series(1, 2000) AS n`,
    finds: [],
  },
  {
    name: 'is silent about a view that holds rows',
    sql: `CREATE TABLE t (id bigint); CREATE MATERIALIZED VIEW m AS SELECT n AS id, now() AS expires_at FROM generate_series(1, 2000) AS n; ANALYZE`,
    finds: [],
  },
];

/** Keys that say nothing of what is to happen on DELETE, and those that could not. */
const DELETES: readonly SchemaCase[] = [
  {
    name: 'finds one key to a partitioned table, once',
    sql: `CREATE TABLE p (id int, PRIMARY KEY (id)) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
      CREATE TABLE p2 PARTITION OF p DEFAULT; CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p)`,
    finds: ['info public.p'],
  },
  {
    name: 'finds one key of a partitioned table, once',
    sql: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int, p_id int REFERENCES p, PRIMARY KEY (id)) PARTITION BY RANGE (id);
      CREATE TABLE c1 PARTITION OF c DEFAULT`,
    finds: ['info public.p'],
  },
  {
    name: 'finds a tree',
    sql: 'CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t)',
    finds: ['info public.t'],
  },
  {
    name: 'finds a key of a computed column, which cannot become NULL',
    sql: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (n int, p_id int GENERATED ALWAYS AS (n % 10) STORED REFERENCES p)`,
    finds: ['info public.p'],
  },
  {
    name: 'finds a key of several columns, by quoted names',
    sql: `CREATE TABLE "P" ("A" int, b int, PRIMARY KEY ("A", b)); CREATE TABLE c (a int, "B" int NOT NULL, FOREIGN KEY (a, "B") REFERENCES "P" MATCH FULL)`,
    finds: ['info public."P"'],
  },
  {
    name: 'is silent about a key that waits for COMMIT',
    sql: 'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p DEFERRABLE INITIALLY DEFERRED)',
    finds: [],
  },
  {
    name: 'is silent about a key that is not enforced',
    sql: 'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p NOT ENFORCED)',
    finds: [],
  },
  {
    name: 'is silent about a key over periods, which takes no other action',
    sql: `CREATE EXTENSION IF NOT EXISTS btree_gist;
      CREATE TABLE p (id int, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
      CREATE TABLE c (p_id int, during daterange, FOREIGN KEY (p_id, PERIOD during) REFERENCES p (id, PERIOD during))`,
    finds: [],
  },
];

/** Values that a CHECK allows, lengths, and defaults. */
const LITERALS: readonly SchemaCase[] = [
  {
    name: 'is silent about blanks at the end of char(n)',
    sql: "CREATE TABLE t (kind char(2) CHECK (kind IN ('a    ', 'b')))",
    finds: [],
  },
  {
    name: 'is silent about a list of what is refused',
    sql: "CREATE TABLE t (kind varchar(2) CHECK (kind NOT IN ('none', 'null')))",
    finds: [],
  },
  {
    name: 'is silent about another column’s list',
    sql: "CREATE TABLE t (kind varchar(2), word text, CHECK (word IN ('one', 'three') OR kind = 'x'))",
    finds: [],
  },
  {
    name: 'is silent about a type of its own with a CHECK',
    sql: "CREATE DOMAIN word AS varchar(20) CHECK (VALUE IN ('one', 'three')); CREATE TABLE t (kind word)",
    finds: [],
  },
  {
    name: 'finds a quoted column with an accent in its value',
    sql: `CREATE TABLE t ("Größe" varchar(4) CHECK ("Größe" IN ('groß', 'größer')))`,
    finds: ['warn public.t."Größe"'],
  },
];

const DEFAULTS: readonly SchemaCase[] = [
  {
    name: 'is silent about a CHECK that is not enforced',
    sql: "CREATE TABLE t (kind text DEFAULT 'z', CONSTRAINT k CHECK (kind IN ('a', 'b')) NOT ENFORCED)",
    finds: [],
  },
  {
    name: 'is silent about a default by a function',
    sql: "CREATE TABLE t (kind text DEFAULT lower('Z'), at date DEFAULT current_date, CHECK (kind = 'z'), CHECK (at > '2000-01-01'))",
    finds: [],
  },
  {
    name: 'is silent about a default that is NULL, which passes',
    sql: "CREATE TABLE t (kind text DEFAULT NULL CHECK (kind IN ('a', 'b')))",
    finds: [],
  },
  {
    name: 'finds a label of an enum that the CHECK leaves out',
    sql: "CREATE TYPE s AS ENUM ('a', 'b', 'c'); CREATE TABLE t (kind s DEFAULT 'c' CHECK (kind IN ('a', 'b')))",
    finds: ['warn public.t.kind'],
  },
  {
    name: 'is silent about a computed column',
    sql: "CREATE TABLE t (n int, kind text GENERATED ALWAYS AS ('z') STORED CHECK (kind <> 'z' OR n IS NULL))",
    finds: [],
  },
];

/** Keys, times and updates. */
const PRIMARY_KEYS: readonly SchemaCase[] = [
  {
    name: 'is silent where replication goes by an index',
    sql: 'CREATE TABLE t (a int NOT NULL UNIQUE); ALTER TABLE t REPLICA IDENTITY USING INDEX t_a_key; INSERT INTO t VALUES (1); UPDATE t SET a = 2',
    finds: [],
  },
  {
    name: 'finds a partitioned table by the rows of its partitions',
    sql: 'CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT; INSERT INTO p VALUES (1)',
    finds: ['info public.p'],
  },
  {
    name: 'is silent about a partition and a child, which are as their parents are',
    sql: 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c () INHERITS (p); INSERT INTO c VALUES (1)',
    finds: [],
  },
];

const TIMES: readonly SchemaCase[] = [
  {
    name: 'finds the column of a partition key, of which the type stays',
    sql: 'CREATE TABLE t (at timestamp, made_at timestamptz) PARTITION BY RANGE (at)',
    finds: ['warn public.t'],
  },
  {
    name: 'finds a time in UTC by default, beside an index and a computed column',
    sql: `CREATE TABLE t (at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'utc'), seen timestamp(0) DEFAULT timezone('utc', now()), made_at timestamptz);
      CREATE INDEX ON t (at); INSERT INTO t DEFAULT VALUES`,
    finds: ['warn public.t'],
  },
  {
    name: 'is silent about dates and times of day',
    sql: 'CREATE TABLE t (day date, opens time, closes timetz, made_at timestamptz)',
    finds: [],
  },
  {
    name: 'is silent about a view',
    sql: 'CREATE TABLE t (made_at timestamptz); CREATE VIEW v AS SELECT made_at::timestamp FROM t; CREATE MATERIALIZED VIEW m AS TABLE v',
    finds: [],
  },
];

const UPDATED = (columns: string) => `CREATE TABLE t (id int PRIMARY KEY, seen int, kind text);
  INSERT INTO t SELECT n, 0, ${columns} FROM generate_series(1, 10000) AS n; UPDATE t SET seen = 1; VACUUM ANALYZE t`;

const UPDATES: readonly SchemaCase[] = [
  {
    name: 'is silent about rows so wide that no room suffices',
    sql: UPDATED("(SELECT string_agg(md5(n::text || m), '') FROM generate_series(1, 60) AS m)"),
    workload: [{ sql: 'UPDATE t SET seen = $2 WHERE id = $1' }],
    finds: [],
  },
  {
    name: 'is silent where an index covers the column by INCLUDE',
    sql: `${UPDATED("'k'")}; CREATE INDEX ON t (kind) INCLUDE (seen)`,
    workload: [{ sql: 'UPDATE t SET seen = $2 WHERE id = $1' }],
    finds: [],
  },
];

/** All of them, by the rule that they are about. */
export const SCHEMA_CASES: Readonly<Record<string, readonly SchemaCase[]>> = {
  'exhausting-key': KEYS,
  'exhausting-sequence': SEQUENCES,
  'unbounded-table': GROWTH,
  'implicit-on-delete': DELETES,
  'check-literal-too-long': LITERALS,
  'default-outside-check': DEFAULTS,
  'missing-primary-key': PRIMARY_KEYS,
  'mixed-timestamp-types': TIMES,
  'missed-hot-updates': UPDATES,
};
