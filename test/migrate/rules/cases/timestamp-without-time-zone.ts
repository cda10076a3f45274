import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'timestamp',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, at timestamp);',
    finds: ['timestamp-without-time-zone:1'],
    message:
      'public.n.at is a timestamp without time zone, so which moment it means depends on the session that wrote it. Make it timestamptz, which takes no more room.',
  },
  {
    name: 'with a precision',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, at timestamp(3));',
    finds: ['timestamp-without-time-zone:1'],
  },
  {
    name: 'silent: timestamptz, date and time',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, at timestamptz, day date, opens time);',
    finds: [],
  },
];
