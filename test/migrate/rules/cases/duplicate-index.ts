import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'an index beside the one of a unique constraint',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, a int UNIQUE);\nCREATE UNIQUE INDEX n_again ON n (a);',
    finds: ['duplicate-index:2'],
    message:
      'public.n_again and public.n_a_key of public.n are alike. Drop public.n_again, in a file of its own where the table is in use.',
    fix: ['DROP INDEX CONCURRENTLY public.n_again'],
  },
  {
    name: 'two of one expression',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, a text);\nCREATE INDEX n_1 ON n (lower(a));\nCREATE INDEX n_2 ON n (lower(a));',
    finds: ['duplicate-index:3'],
  },
  {
    name: 'silent: another order, another predicate, another method',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, a text); CREATE INDEX n_1 ON n (a); CREATE INDEX n_2 ON n (a DESC); CREATE INDEX n_3 ON n (a) WHERE id > 0; CREATE INDEX n_4 ON n USING hash (a);',
    finds: [],
  },
  {
    name: 'silent: a unique partial index that is stricter than the plain one',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, a text, gone boolean); CREATE INDEX n_1 ON n (a); CREATE UNIQUE INDEX n_2 ON n (a) WHERE NOT gone;',
    finds: [],
  },
];
