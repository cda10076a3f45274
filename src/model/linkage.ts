import type { RelationName } from './relation-name.js';
import type { CallOrigin, RecordedRows, ValueForm } from './trace.js';
import type { SourceLocation } from './workload.js';

/** One call of a statement, as far as it matters for what it was called for. */
export interface RecordedCall {
  /** Equal for statements of one database that differ in values alone. */
  readonly shape: string;
  /** As it was sent, without comments around it. */
  readonly text: string;
  /** Values of `$1`, `$2` …, or the constants of a text that has none, in their order. */
  readonly values: readonly (string | null)[];
  /** True where the values stand in the text itself. */
  readonly isInline: boolean;
  /** Ms since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs: number | null;
  readonly database: string | null;
  readonly session: string;
  /** How many statements the session ran before it. */
  readonly place: number;
  /** Id of the trace that it belongs to, or null. */
  readonly trace: string | null;
  /** Null outside explicit transactions. */
  readonly transaction: string | null;
  /** Not given where nothing tells it. */
  readonly origin?: CallOrigin;
  /** Not given where the values are the application's own. */
  readonly valueForm?: ValueForm;
  /** Of its result, where it was recorded. */
  readonly rows?: RecordedRows;
}

/** A statement that a function or a trigger runs again and again within one call of the client's. */
export interface InnerLoop {
  /** As the server names it: `reprice(integer)`. */
  readonly routine: string;
  /** Line of its body; null for a function in SQL. */
  readonly line: number | null;
  /** As it stands in the body, with the body's variables. */
  readonly text: string;
  /** The query of the FOR loop around it, with its rows of the last occurrence; null where none is known. */
  readonly source: { readonly text: string; readonly rows: number | null } | null;
  readonly occurrences: number;
  /** Of all occurrences. */
  readonly calls: number;
  readonly callsMost: number;
  readonly totalTimeMs: number;
}

/** How the calls of one statement follow the rows of another over windows of time. */
export interface WindowRegression {
  readonly windows: number;
  /** Of calls and rows. */
  readonly correlation: number;
  /** What is left of it once the other statement's calls are known. */
  readonly partial: number;
  /** Calls for a row. */
  readonly slope: number;
}

/** Calls of one statement that came close together, with the queries whose rows they may have been made for. */
export interface Stretch {
  /** Equal for statements that differ in values alone. */
  readonly shape: string;
  /** In the order in which they ended. */
  readonly calls: readonly RecordedCall[];
  /** Queries that ran shortly before or between them, oldest first. */
  readonly sources: readonly RecordedCall[];
}

export type LoopKind = 'select' | 'insert' | 'update' | 'delete' | 'upsert' | 'repeat';

/** A statement that is called in a loop, and the query whose rows the loop goes through. */
export interface Linkage {
  /** What is called; `repeat` for one query with the same values again and again. */
  readonly kind: LoopKind;
  readonly child: LoopStatement;
  /** Null where no query is known that gives the loop its values. */
  readonly parent: LoopStatement | null;
  /** The parent is itself called in a loop. */
  readonly isNested: boolean;
  /** The child reads through a table that connects two others. */
  readonly isThroughJunction: boolean;
  /** What holds the calls of one loop together: `trace`, `transaction`, `session`, or time alone. */
  readonly scope: 'trace' | 'transaction' | 'session' | 'time';
  readonly occurrences: number;
  /** Of all occurrences. */
  readonly calls: number;
  readonly callsMost: number;
  /** Time of those calls; null where the source does not measure it. */
  readonly totalTimeMs: number | null;
  /** The values that change from call to call. */
  readonly keys: readonly LoopKey[];
  /** Tables that the child names, those it writes first. */
  readonly relations: readonly RelationName[];
  /** Probability, at most, that values agree so by chance; null without a parent. */
  readonly chance: number | null;
  /** How the parent's values are known: it was run again, or its result was recorded; not given without them. */
  readonly linkedBy?: 'replay' | 'recording';
  /** What the values of the calls are; not given where they are the application's own. */
  readonly valueForm?: ValueForm;
  /** Id of the trace of the longest occurrence; not given where nothing tells. */
  readonly trace?: string;
  /** From which the calls came, the most frequent first; not given where nothing tells. */
  readonly routes?: readonly string[];
  /** The line that made most of the calls; not given where nothing tells. */
  readonly location?: SourceLocation;
  /** One statement in place of the loop; null where none is known. */
  readonly batch: Batch | null;
  /** Why none is known; not given where one is, or where nothing tells. */
  readonly noBatch?: string;
  /** Where the loop is one within the database: no client takes part in it. */
  readonly inner?: InnerLoop;
  /** Where only counters over windows suggest the loop. */
  readonly windows?: WindowRegression & { readonly windowMs: number };
}

/** A value of the child that changes from call to call, with where it comes from. */
export interface LoopKey {
  /** Number of `$n` in the child's text. */
  readonly number: number;
  /** `public.comments.post_id`; null where it is compared with no column. */
  readonly column: string | null;
  /** The parent's column that gives it; null where none is known. */
  readonly source: string | null;
}

export interface LoopStatement {
  readonly fingerprint: string;
  readonly text: string;
}

/** One statement that does what a loop does. */
export interface Batch {
  readonly sql: string;
  /** What differs from the loop beyond the rows. */
  readonly hazards: readonly string[];
  readonly verdict: BatchVerdict;
  /** It was tried on keys of the database, since the values of the calls are not known; not given where it was on those. */
  readonly keys?: 'sampled';
}

/** What running a batch beside its loop has shown. */
export type BatchVerdict =
  | {
      readonly kind: 'equal';
      /** `target 18.4`, `scratch 18.4`. */
      readonly ranOn: string;
      readonly calls: number;
      readonly rows: number;
      readonly loopMs: number;
      readonly batchMs: number;
    }
  | { readonly kind: 'differs' | 'not run'; readonly reason: string };
