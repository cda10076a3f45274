import { formatBytes, formatCount, plural } from '../units.js';

/** What a person is told of a snapshot that was written. */
export interface SnapshotSummary {
  readonly file: string;
  readonly sizeBytes: number;
  readonly database: string;
  /** `15.18`. */
  readonly serverVersion: string;
  readonly tables: number;
  /** Columns and index expressions with statistics. */
  readonly columns: number;
  readonly statements: number;
  /** Why there are no statements, or null. */
  readonly workloadUnavailable: string | null;
  /** Tables whose statistics the role could not see. */
  readonly unreadable: readonly { readonly schema: string; readonly name: string }[];
  readonly role: string;
  readonly redacted: boolean;
  /** What has no stand-in, each with its reason. */
  readonly dropped: readonly string[];
}

/** Names that one line gives; the rest are counted. */
const NAMED_MAX = 10;

/** Writes what a snapshot holds and what it lacks. */
export function renderSnapshotText(summary: SnapshotSummary): string {
  const { file, sizeBytes, database, serverVersion, tables, columns, statements, role } = summary;
  const counts = [
    plural(tables, 'table'),
    `statistics of ${plural(columns, 'column')}`,
    plural(statements, 'statement'),
  ].join(', ');
  const hidden = summary.unreadable.map(({ schema, name }) => `${schema}.${name}`);
  const lines = [
    `${file}: ${formatBytes(sizeBytes)}, database ${database} of PostgreSQL ${serverVersion}: ${counts}`,
    summary.redacted
      ? 'redacted: the values in the statistics are stand-ins; names, expressions and comments of the schema are as they were'
      : 'not redacted: the statistics hold values of rows; write it with --redact before it leaves your hands',
    ...(summary.workloadUnavailable === null ? [] : [`no statements: ${summary.workloadUnavailable}`]),
    ...(hidden.length === 0
      ? []
      : [`role ${role} may not read the statistics of ${named(hidden)}: statements on them will not be planned`]),
    ...(summary.dropped.length === 0 ? [] : [`left out, since they have no stand-in: ${named(summary.dropped)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function named(names: readonly string[]): string {
  const more = names.length > NAMED_MAX ? ` and ${formatCount(names.length - NAMED_MAX)} more` : '';
  return `${names.slice(0, NAMED_MAX).join(', ')}${more}`;
}
