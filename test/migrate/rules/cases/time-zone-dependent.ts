import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a timestamp that becomes a timestamptz',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, at timestamp);',
    sql: '\nALTER TABLE k ALTER COLUMN at TYPE timestamptz;',
    finds: ['breaks-old-code:2', 'table-rewrite:2', 'time-zone-dependent:2'],
  },
  {
    name: 'a constant without a zone',
    sql: "INSERT INTO t (id, amount, at) VALUES (-1, 1, '2026-01-01 00:00');",
    finds: ['time-zone-dependent:1'],
  },
  {
    name: 'the bounds of a partition',
    before: 'CREATE TABLE k (at timestamptz PRIMARY KEY) PARTITION BY RANGE (at);',
    sql: "CREATE TABLE k1 PARTITION OF k FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
    finds: ['time-zone-dependent:1'],
  },
  {
    name: 'a default',
    sql: "CREATE TABLE n (id bigint PRIMARY KEY, since timestamptz DEFAULT '2026-01-01');",
    finds: ['time-zone-dependent:1'],
  },
  {
    name: 'the day of a moment',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, at timestamptz NOT NULL, day date);',
    sql: 'UPDATE k SET day = at::date;',
    finds: ['time-zone-dependent:1'],
  },
  {
    name: 'silent: a zone that is said',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, at timestamp);',
    sql: "ALTER TABLE k ALTER COLUMN at TYPE timestamptz USING at AT TIME ZONE 'UTC';",
    finds: ['breaks-old-code:1', 'table-rewrite:1'],
  },
  {
    name: 'silent: days, offsets, moments and random values',
    sql: "CREATE TABLE n (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), day date, since timestamptz, made timestamptz DEFAULT now());\nINSERT INTO n (day, since) VALUES ('2026-01-01', '2026-01-01 00:00+00');\nUPDATE t SET at = now() WHERE at > now() - interval '1 day';",
    finds: [],
  },
];
