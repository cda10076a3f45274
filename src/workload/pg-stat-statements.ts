import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { InnerLoop, Stretch } from '../model/linkage.js';
import type { SkippedStatements, WorkloadStatement } from '../model/workload.js';
import type { Session } from '../postgres/session.js';
import { fingerprint } from '../sql/fingerprint.js';
import { parseStatement } from '../sql/parse.js';
import { asParseFailure } from '../sql/parse-failure.js';
import { quoteIdentifier } from '../sql/quote.js';
import { mergeStatements } from './merge-statements.js';
import { NOT_PLANNED, whyIrrelevant } from './relevance.js';
import { SkipTally } from './skip-tally.js';

export interface StatementsRead {
  readonly statements: readonly WorkloadStatement[];
  readonly skipped: readonly SkippedStatements[];
  /** Only of a source that tells of single calls. */
  readonly stretches?: readonly Stretch[];
  readonly innerLoops?: readonly InnerLoop[];
}

/** Reason for what other roles ran. */
export const HIDDEN_TEXT = 'text hidden from this role: GRANT pg_read_all_stats to it';

/**
 * Reads what pg_stat_statements counted in the session's database, the most time first; rows of several users and
 * of nested and top-level calls become one statement. A StewardError says what keeps the view from being read.
 */
export async function readPgStatStatements(session: Session): Promise<StatementsRead> {
  const view = await findView(session);
  const skipped = new SkipTally();
  const statements: WorkloadStatement[] = [];
  try {
    for await (const row of session.stream<ViewRow>(selectFrom(view))) {
      const statement = toStatement(row, skipped);
      if (statement !== null) statements.push(statement);
    }
    await countOthers(session, view, skipped);
  } catch (error) {
    throw explainViewError(error);
  }
  return { statements: mergeStatements(statements), skipped: skipped.list() };
}

interface View {
  /** Quoted. */
  readonly schema: string;
  readonly columns: ReadonlySet<string>;
}

/** Finds the view and its columns; a StewardError where the extension is not installed. */
export async function findView(session: Session): Promise<View> {
  const { rows } = await session.query<{ database: string; schema: string | null; columns: string[] | null }>(
    `SELECT pg_catalog.current_database() AS database, n.nspname AS schema,
            (SELECT pg_catalog.array_agg(a.attname::text ORDER BY a.attnum)
               FROM pg_catalog.pg_class c
               JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              WHERE c.relnamespace = n.oid AND c.relname = 'pg_stat_statements') AS columns
       FROM (SELECT 'pg_stat_statements' AS name) AS wanted
       LEFT JOIN pg_catalog.pg_extension e ON e.extname = wanted.name
       LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace`,
  );
  const row = rows[0];
  if (row?.schema == null || row.columns === null) {
    throw new StewardError('database', `pg_stat_statements is not installed in database "${row?.database ?? ''}"`, {
      hint: 'run CREATE EXTENSION pg_stat_statements; there, or read statements from files with --workload sql:PATH',
    });
  }
  return { schema: quoteIdentifier(row.schema), columns: new Set(row.columns) };
}

interface ViewRow {
  /** Null where the text file of the server is lost. */
  readonly query: string | null;
  readonly calls: number;
  readonly totalTimeMs: number;
  readonly rows: number;
  readonly sharedBuffers: number;
}

function selectFrom({ schema, columns }: View): string {
  const time = timeColumn(columns);
  return `SELECT s.query, s.calls::float8 AS calls, s.${time} AS "totalTimeMs", s.rows::float8 AS rows,
                 (s.shared_blks_hit + s.shared_blks_read)::float8 AS "sharedBuffers"
            FROM ${schema}.pg_stat_statements s
           WHERE s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d
                            WHERE d.datname = pg_catalog.current_database())
           ORDER BY s.${time} DESC, s.queryid, s.userid`;
}

/** The view shows the statements of all databases; only those of this one can be planned here. */
async function countOthers(session: Session, { schema, columns }: View, skipped: SkipTally): Promise<void> {
  const { rows } = await session.query<{ count: number; example: string | null }>(
    `WITH others AS (
       SELECT s.query, s.${timeColumn(columns)} AS time, s.queryid
         FROM ${schema}.pg_stat_statements s
        WHERE s.dbid <> (SELECT d.oid FROM pg_catalog.pg_database d
                          WHERE d.datname = pg_catalog.current_database()))
     SELECT (SELECT count(*)::float8 FROM others) AS count,
            (SELECT o.query FROM others o ORDER BY o.time DESC, o.queryid LIMIT 1) AS example`,
  );
  const { count = 0, example = null } = rows[0] ?? {};
  if (count > 0) skipped.add('a statement of another database', example ?? '', count);
}

/** Version 1.8 of the extension renamed total_time; which version is installed does not follow the server's. */
export function timeColumn(columns: ReadonlySet<string>): string {
  return columns.has('total_exec_time') ? 'total_exec_time' : 'total_time';
}

function toStatement(row: ViewRow, skipped: SkipTally): WorkloadStatement | null {
  if (row.query === null) {
    skipped.add('the server lost its text: run SELECT pg_stat_statements_reset()', `a statement of ${row.calls} calls`);
    return null;
  }
  if (row.query === '<insufficient privilege>') {
    skipped.add(HIDDEN_TEXT, row.query);
    return null;
  }
  const reason = whySkipped(row.query);
  if (reason !== null) {
    skipped.add(reason, row.query);
    return null;
  }
  const { query: text, ...figures } = row;
  return { fingerprint: fingerprint(text), text, name: null, parameterSamples: [], location: null, ...figures };
}

function whySkipped(text: string): string | null {
  try {
    return whyIrrelevant(parseStatement(text).tree, text);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    // Version 17 and later print SAVEPOINT $1 and DEALLOCATE $1.
    return UTILITY.test(text) ? NOT_PLANNED : 'does not parse as one statement of SQL';
  }
}

const UTILITY = /^\s*(savepoint|release|rollback|deallocate|prepare|set|fetch|move|close)\b/i;

/** Says what keeps the view from being read. */
export function explainViewError(error: unknown): unknown {
  switch (sqlStateOf(error)) {
    case '55000':
      return new StewardError('database', `pg_stat_statements does not run on this server: ${messageOf(error)}`, {
        hint: "set shared_preload_libraries = 'pg_stat_statements' in postgresql.conf and restart the server",
        cause: error,
      });
    case '42501':
      return new StewardError('database', `this role may not read pg_stat_statements: ${messageOf(error)}`, {
        hint: 'as a superuser, GRANT pg_read_all_stats to it, and SELECT on the view',
        cause: error,
      });
    default:
      return error;
  }
}
