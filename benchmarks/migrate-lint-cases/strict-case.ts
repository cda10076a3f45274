import type { LintCase } from '../../test/migrate/rules/lint-case.js';

/** Tables without a fault, of which each case changes something. */
const CLEAN_TABLES = `CREATE TABLE customer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, name varchar(80), phone text,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'blocked', 'closed')),
  credit integer NOT NULL DEFAULT 0, born date, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE invoice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customer (id) ON DELETE RESTRICT, total numeric(10,2) NOT NULL,
  paid boolean NOT NULL DEFAULT false, note text, issued_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX invoice_customer ON invoice (customer_id);
`;

/** A folder of which every finding is labelled: `rule:line`, or `rule:file:line` of another file than the judged one. */
export type StrictCase = readonly [name: string, sql: string, finds: readonly string[], more?: MoreOfCase];

/** What most folders do without; `before` comes behind the usual tables. */
export type MoreOfCase = Pick<LintCase, 'before' | 'files' | 'production'>;

/** Gives the folder as the tests of the rules have theirs, with a down file. */
export function asLintCase([name, sql, finds, more = {}]: StrictCase): LintCase {
  return { ...more, name, sql, finds, before: CLEAN_TABLES + (more.before ?? ''), down: 'SELECT 1;' };
}
