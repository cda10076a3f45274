/**
 * What `pgsteward tap` writes: UTF-8, one JSON object a line. Each file begins with a `recording` line and stands by
 * itself, also where a recording was rotated; a file that was appended to holds several of them. A last line may be cut
 * off where the tap was killed or the disk was full, and lines may be empty.
 */
export type TapRecord = TapRecording | TapExecution | TapSessionEnd | TapEnd;

/** Begins a file, and what a later run appends to it. */
export interface TapRecording {
  readonly kind: 'recording';
  readonly version: 1;
  /** Equal in all files of one run; stand-ins of one run can be compared with each other and with no others. */
  readonly recording: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** `127.0.0.1:5432`, or the path of a Unix socket. */
  readonly upstream: string;
  /** Whether values stand as stand-ins, 16 hex digits under a key that is kept nowhere, or as they are. */
  readonly values: 'hashed' | 'plain';
  /** Share of the sessions that are recorded, 0 to 1. */
  readonly sample: number;
}

/** One statement that the server has run to its end, to an error, or to the rows that a client asked for. */
export interface TapExecution {
  readonly kind: 'execution';
  /** Which connection; unique over recordings. */
  readonly session: string;
  /** Order in which a session's executions ended, from 1. */
  readonly sequence: number;
  /** When the server may have begun with it: it was sent, and what was sent before it had ended. Ms since 1970, with a fraction. */
  readonly startedAtMs: number;
  /** Until the last byte of its answer had come, as the tap saw it. */
  readonly durationMs: number;
  readonly protocol: 'simple' | 'extended';
  /**
   * As the client sent it, comments included; one statement of several that came in one message. Where values are hashed,
   * its constants are replaced by `$n` that follow those already there.
   */
  readonly text: string;
  /** False where a long text is cut off. */
  readonly textComplete: boolean;
  /**
   * Values of `$1`, `$2` … of `text`, the constants that were replaced included; an entry is null for NULL. Null as a
   * whole where they stand in the text, were too long to be read, or are more than 2,000.
   */
  readonly parameters: readonly (string | null)[] | null;
  /** Rows returned or affected, until the error where there is one. */
  readonly rows: number;
  /** SQLSTATE, or null. */
  readonly error: string | null;
  /** Null where the statement returns no rows, or where the client never asked what it returns. */
  readonly columns: readonly TapColumn[] | null;
  /** Which of the columns can be keys, as places in `columns`, from 0: integers, uuid, short texts. */
  readonly keyColumns: readonly number[];
  /** Of each row, the first ones where there are many: the values of the key columns; null for NULL and for texts over 64 bytes. */
  readonly keys: readonly (readonly (string | null)[])[];
  /** True where every row stands in `keys`, with each of its key columns. */
  readonly keysComplete: boolean;
  /** True for the further rows of a portal that was run before. */
  readonly fetch: boolean;
  /** Unique over recordings; null outside explicit transactions. */
  readonly transaction: string | null;
  readonly user: string | null;
  readonly database: string | null;
  readonly application: string | null;
}

/** A column of a result, as the server describes it. */
export interface TapColumn {
  readonly name: string;
  /** Object id of the table that it is a column of; 0 for an expression. */
  readonly table: number;
  /** Its number in that table (`pg_attribute.attnum`); 0 for an expression. */
  readonly attribute: number;
  /** Object id of its type; of a domain, of the type below it. */
  readonly type: number;
}

/** A connection has ended, or the recording of it. */
export interface TapSessionEnd {
  readonly kind: 'session';
  readonly session: string;
  /** How many of its executions were recorded; of a dropped one the last of them may be lost where the disk was full. */
  readonly executions: number;
  /** Why nothing of the session is recorded from here on. */
  readonly end: 'closed' | 'dropped' | 'unreadable';
}

/** The tap has ended and every line before this one is whole. */
export interface TapEnd extends TapCounts {
  readonly kind: 'end';
  /** ISO 8601. */
  readonly endedAt: string;
}

/** What a tap has seen until now. */
export interface TapCounts {
  readonly executions: number;
  /** Connections that came in, cancel requests included. */
  readonly connections: number;
  /** Sessions of which something is recorded. */
  readonly recorded: number;
  /** Sessions that were left out by `--sample`. */
  readonly sampledOut: number;
  /** Connections that were encrypted, so that nothing could be seen. */
  readonly encrypted: number;
  /** Sessions that were passed on unread from some point, because they could not be followed. */
  readonly unreadable: number;
  /** Sessions that the recording could not keep up with, or had no room for. */
  readonly dropped: number;
}
