import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'two functions',
    before: 'CREATE EXTENSION "uuid-ossp"; CREATE TABLE k (id uuid PRIMARY KEY DEFAULT gen_random_uuid());',
    sql: 'CREATE TABLE n (id uuid PRIMARY KEY DEFAULT uuid_generate_v4());',
    finds: ['mixed-uuid-generators:1'],
    fix: ['ALTER TABLE public.n ALTER COLUMN id SET DEFAULT gen_random_uuid()'],
  },
  {
    name: 'silent: one function',
    before: 'CREATE TABLE k (id uuid PRIMARY KEY DEFAULT gen_random_uuid());',
    sql: 'CREATE TABLE n (id uuid PRIMARY KEY DEFAULT gen_random_uuid());',
    finds: [],
  },
  {
    name: 'silent: a default that a later file changes',
    before:
      'CREATE EXTENSION "uuid-ossp"; CREATE TABLE k (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), other uuid DEFAULT gen_random_uuid());',
    sql: 'ALTER TABLE k ALTER COLUMN id SET DEFAULT gen_random_uuid();',
    finds: [],
  },
];
