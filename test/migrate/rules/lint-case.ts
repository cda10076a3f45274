import type { TableSize } from '../../../src/migrate/lint/production.js';

/** One folder of migrations and what the linter says of it. */
export interface LintCase {
  /** A sentence about behaviour. */
  readonly name: string;
  /** The migration before: the usual tables where not given. */
  readonly before?: string;
  /** The migration that is judged: `0002_change.up.sql`. */
  readonly sql: string;
  /** Its down file; it says that there is none where not given. */
  readonly down?: string;
  /** Further files by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** `rule:line` of the judged file, `rule:file:line` of others; none where the linter is to be silent. */
  readonly finds: readonly string[];
  /** The message of the first finding, word by word. */
  readonly message?: string;
  /** The statements of the first finding's fix. */
  readonly fix?: readonly string[];
  /** Rows and bytes of production's tables. */
  readonly production?: Readonly<Record<string, TableSize>>;
  /** What a named database has applied, and its roles. */
  readonly known?: { readonly applied: Readonly<Record<string, string>>; readonly roles?: readonly string[] };
}

/** Tables that most cases begin with. */
export const TABLES = `CREATE TABLE t (
  id bigint PRIMARY KEY, name text, state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'open', 'done')),
  amount integer NOT NULL, note varchar(50), at timestamptz NOT NULL DEFAULT now());
CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint, label text NOT NULL);`;

/** Rules that say something of nearly every small folder, or of tables that cases make short. */
export const USUAL: readonly string[] = [
  ...['missing-down', 'not-idempotent', 'no-primary-key', 'foreign-key-without-index', 'narrow-key', 'serial-column'],
  ...['timestamp-without-time-zone', 'json-column', 'time-zone-dependent'],
];
