import { StewardError } from '../errors.js';
import type { SkippedStatements, Workload } from '../model/workload.js';
import type { Session } from '../postgres/session.js';
import { FOREIGN_MESSAGE, readLogWorkload } from './log/log-workload.js';
import { NO_MESSAGE } from './log/record-feed.js';
import { mergeStatements } from './merge-statements.js';
import { HIDDEN_TEXT, readPgStatStatements, type StatementsRead } from './pg-stat-statements.js';
import { SkipTally } from './skip-tally.js';
import { parseWorkloadSpec, type WorkloadSpec } from './spec.js';
import { readSqlFiles } from './sql-files.js';
import { readTraceWorkload } from './trace/trace-workload.js';

export interface WorkloadContext {
  /** The database whose statistics `pgss` reads; null where there is none. */
  readonly session: Session | null;
  /** What a snapshot kept of `pgss`, in place of a session. */
  readonly kept?: StatementsRead;
  /** What was read before of SPECs that were followed. */
  readonly followed?: ReadonlyMap<string, StatementsRead>;
}

/**
 * Reads the workload of all SPECs; statements with one fingerprint become one. A StewardError where a SPEC cannot be
 * read or where no statement is left.
 */
export async function readWorkload(specs: readonly string[], context: WorkloadContext): Promise<Workload> {
  const parsed = specs.map(parseWorkloadSpec);
  const parts: StatementsRead[] = [];
  for (const [place, spec] of parsed.entries())
    parts.push(context.followed?.get(specs[place] ?? '') ?? (await readSpec(spec, context)));
  const statements = mergeStatements(parts.flatMap((part) => part.statements));
  const tally = new SkipTally();
  for (const part of parts) tally.addAll(part.skipped);
  const skipped = tally.list();
  if (statements.length === 0 && !skipped.some(isWorthReporting)) throw emptyWorkload(specs, skipped);
  const stretches = parts.flatMap((part) => part.stretches ?? []);
  const innerLoops = parts.flatMap((part) => part.innerLoops ?? []);
  return {
    ...{ sources: specs, statements, skipped },
    ...(stretches.length === 0 ? {} : { stretches }),
    ...(innerLoops.length === 0 ? {} : { innerLoops }),
  };
}

async function readSpec(spec: WorkloadSpec, { session, kept }: WorkloadContext): Promise<StatementsRead> {
  if (spec.kind === 'sql') return readSqlFiles(spec.path);
  if (spec.kind === 'log') return readLogWorkload(spec.path);
  if (spec.kind === 'trace') return readTraceWorkload(spec.path);
  if (kept !== undefined) return kept;
  if (session !== null) return readPgStatStatements(session);
  throw new StewardError('usage', 'the workload "pgss" needs a database to read pg_stat_statements from', {
    hint: 'pass --database-url URL, or read statements from files with --workload sql:PATH',
  });
}

/** What somebody wrote and nobody could read is an answer in itself; all else that is left out was never of use. */
function isWorthReporting({ reason }: SkippedStatements): boolean {
  return reason.startsWith('does not parse');
}

function emptyWorkload(specs: readonly string[], skipped: Workload['skipped']): StewardError {
  const hidden = skipped.find(({ reason }) => reason === HIDDEN_TEXT);
  if (hidden !== undefined) {
    return new StewardError(
      'database',
      `this role may not read the text of ${hidden.count} statements in pg_stat_statements, and has none of its own there`,
      { hint: 'as a superuser, GRANT pg_read_all_stats to it, or connect as the role that runs the application' },
    );
  }
  const reasons = skipped.map(({ reason, count }) => `${count} × ${reason}`).join('; ');
  const found = reasons === '' ? 'no statement at all' : `no statement of the application, only ${reasons}`;
  return new StewardError('usage', `the workload ${specs.join(', ')} holds ${found}`, {
    hint: hintFor(specs, skipped),
  });
}

/** What to do next depends on what was found in place of statements. */
function hintFor(specs: readonly string[], skipped: Workload['skipped']): string {
  if (!specs.some((spec) => spec.startsWith('log:')))
    return 'let the application run for a while and try again, or pass its statements with --workload sql:PATH';
  const has = (wanted: string) => skipped.some(({ reason }) => reason === wanted);
  if (has(FOREIGN_MESSAGE)) return "let the server log in English, ALTER SYSTEM SET lc_messages = 'C', and try again";
  if (has(NO_MESSAGE) && skipped.length === 1)
    return 'name the log of a PostgreSQL server, as jsonlog, csvlog or stderr writes it, with --workload log:PATH';
  return 'let the server log each statement for a few minutes, ALTER ROLE app SET log_min_duration_statement = 0, and try again';
}
