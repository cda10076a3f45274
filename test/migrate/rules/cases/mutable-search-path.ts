import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'SECURITY DEFINER alone',
    sql: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';",
    finds: ['mutable-search-path:1'],
    fix: ['ALTER ROUTINE public.f(a integer) SET search_path = public, pg_temp'],
  },
  {
    name: 'silent: with a search_path, and without SECURITY DEFINER',
    sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT 1'; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';",
    finds: [],
  },
  {
    name: 'silent: a search_path that comes later',
    sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; ALTER FUNCTION f() SET search_path = '';",
    finds: [],
  },
];
