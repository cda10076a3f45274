import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'char(n)',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, code char(8));',
    finds: ['padded-text:1'],
    message:
      'Shorter values of public.n.code are filled up with spaces. Make it text, with a CHECK where the length matters.',
  },
  {
    name: 'silent: one letter, varchar and text',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, a char, b varchar(8), c text);',
    finds: [],
  },
];
