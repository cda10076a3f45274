import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a key of a new table',
    sql: '\nCREATE TABLE n (id bigint PRIMARY KEY, t_id bigint REFERENCES t (id));',
    finds: ['implicit-on-delete:2'],
    message:
      'The key from public.n (t_id) to t has no ON DELETE action, so a row of t cannot be deleted while one of public.n leads to it. Say what is meant: RESTRICT, CASCADE or SET NULL.',
  },
  {
    name: 'a key that comes later',
    sql: 'ALTER TABLE u ADD CONSTRAINT u_t FOREIGN KEY (t_id) REFERENCES t (id) NOT VALID;',
    finds: ['implicit-on-delete:1'],
  },
  {
    name: 'silent: CASCADE',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, t_id bigint REFERENCES t (id) ON DELETE CASCADE);',
    finds: [],
  },
  {
    name: 'silent: NO ACTION, as it says',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, t_id bigint REFERENCES t (id) ON DELETE NO ACTION);',
    finds: [],
  },
  {
    name: 'silent: a key that a later file drops',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, t_id bigint REFERENCES t (id));',
    files: { '0003_drop.up.sql': 'ALTER TABLE n DROP CONSTRAINT n_t_id_fkey;' },
    finds: [],
  },
];
