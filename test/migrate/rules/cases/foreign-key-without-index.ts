import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a key that no index serves',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, t_id bigint REFERENCES t (id) ON DELETE CASCADE);',
    finds: ['foreign-key-without-index:1'],
    message:
      'Deleting a row of t reads all of public.n for rows that lead to it by t_id. Build an index, in a file of its own where the table is in use.',
    fix: ['CREATE INDEX CONCURRENTLY ON public.n (t_id)'],
  },
  {
    name: 'an index in which the column comes second',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, a int, t_id bigint REFERENCES t (id) ON DELETE CASCADE); CREATE INDEX n_a ON n (a, t_id);',
    finds: ['foreign-key-without-index:1'],
  },
  {
    name: 'a partial index that leaves out more than NULLs',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, a int, t_id bigint REFERENCES t (id) ON DELETE CASCADE); CREATE INDEX n_a ON n (t_id) WHERE a > 0;',
    finds: ['foreign-key-without-index:1'],
  },
  {
    name: 'silent: an index that leaves out NULLs',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, t_id bigint REFERENCES t (id) ON DELETE CASCADE); CREATE INDEX n_t ON n (t_id) WHERE t_id IS NOT NULL;',
    finds: [],
  },
  {
    name: 'silent: the first column of the primary key',
    sql: 'CREATE TABLE n (t_id bigint REFERENCES t (id) ON DELETE CASCADE, a int, PRIMARY KEY (t_id, a));',
    finds: [],
  },
];
