import type { SourceLocation } from './workload.js';

/** One statement as it was run: what a log, a trace or a tap tells of it. */
export interface StatementEvent {
  /** When it ended or was logged, in ms since 1970; null where the source has no clock. */
  readonly atMs: number | null;
  /** Which connection ran it; unique in its source. */
  readonly session: string;
  /** Order within the session. */
  readonly sequence: number;
  /** As the client sent it: `$n` under the extended protocol, values under the simple one. */
  readonly text: string;
  /** Values of `$1`, `$2` …; null where none were logged, an entry null for NULL. */
  readonly parameters: readonly (string | null)[] | null;
  /** Null where the source did not measure it. */
  readonly durationMs: number | null;
  readonly user: string | null;
  readonly database: string | null;
  readonly application: string | null;
  /** Virtual or real transaction, or null where the statement is its own. */
  readonly transaction: string | null;
  /** A cursor's further rows: no new statement of the client's. */
  readonly isFetch: boolean;
  /** Where the application called it from; not given where the source does not tell beyond the text. */
  readonly origin?: CallOrigin;
  /** Not given where the values are the application's own. */
  readonly valueForm?: ValueForm;
  /** The values of its result that can be keys; not given where the source does not record results. */
  readonly rows?: RecordedRows;
  /** Rows returned or changed; not given where the source does not count them. */
  readonly rowCount?: number;
}

/** Where in the application a statement was called from; each part null where it is not known. */
export interface CallOrigin {
  /** Id of the trace: 32 hexadecimal digits. */
  readonly trace: string | null;
  /** `GET /orders/:id`, `orders#show`. */
  readonly route: string | null;
  readonly location: SourceLocation | null;
}

/**
 * What the values of a call are: the application's own, stand-ins that are equal where these are equal, or absent though
 * the text has parameters.
 */
export type ValueForm = 'plain' | 'stand-in' | 'absent';

/** The columns of a result that can be keys, as a recording keeps them. */
export interface RecordedRows {
  /** OID of the table and position of the column that is shown as it is; 0 where it is computed. */
  readonly columns: readonly { readonly name: string; readonly tableOid: number; readonly position: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}
