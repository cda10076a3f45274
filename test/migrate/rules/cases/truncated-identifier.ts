import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a long name',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, a int);\nCREATE INDEX nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn ON n (a);',
    finds: ['truncated-identifier:2'],
    message:
      'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn has 64 bytes, of which PostgreSQL keeps 63. Give it a shorter one.',
  },
  {
    name: 'bytes, not letters',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, "ääääääääääääääääääääääääääääääää" int);',
    finds: ['truncated-identifier:1'],
  },
  {
    name: 'silent: 63 bytes, and a long text',
    sql: "CREATE TABLE n (id bigint PRIMARY KEY, nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn text DEFAULT 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn');",
    finds: [],
  },
];
