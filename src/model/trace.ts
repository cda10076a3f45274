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
}
