import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'an integer key by serial',
    sql: 'CREATE TABLE n (id serial PRIMARY KEY);',
    finds: ['narrow-key:1'],
    message:
      'The key id of public.n is an integer, which ends at 2,147,483,647. Make it bigint GENERATED ALWAYS AS IDENTITY from the start: four or six bytes more a row.',
  },
  {
    name: 'a smallint identity',
    sql: 'CREATE TABLE n (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);',
    finds: ['narrow-key:1'],
  },
  { name: 'silent: bigint', sql: 'CREATE TABLE n (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);', finds: [] },
  { name: 'silent: an integer that nothing counts up', sql: 'CREATE TABLE n (id int PRIMARY KEY);', finds: [] },
  {
    name: 'silent: a key of several columns',
    sql: 'CREATE TABLE n (id int GENERATED ALWAYS AS IDENTITY, a int, PRIMARY KEY (a, id));',
    finds: [],
  },
];
