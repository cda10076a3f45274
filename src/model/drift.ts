/** A database's schema as its own catalogs print it: named objects with attributes. */
export interface ObservedSchema {
  /** ISO-8601, the database's clock. */
  readonly readAt: string;
  readonly objects: readonly ObservedObject[];
}

export interface ObservedObject {
  /** `table`, `column`, `index`. */
  readonly type: string;
  /** With its schema, and with its table where it has no name of its own without: `public.agents.status`. */
  readonly name: string;
  /** Type and name of the object without which it would not be: `table public.agents`; null for none. */
  readonly parent: string | null;
  /** PostgreSQL made the name up, so that another database may have another one. */
  readonly systemNamed: boolean;
  /** What tells it from its like where the name does not; null where only the name does. */
  readonly alike: string | null;
  /** Null where it has none of that. */
  readonly attributes: ObservedAttributes;
  /** Attributes whose differences nothing depends on: comments, versions, the order of columns. */
  readonly notes: ObservedAttributes;
}

type ObservedAttributes = Readonly<Record<string, string | null>>;

/** One thing in which a schema is not what is expected. */
export interface Difference {
  readonly kind: 'missing' | 'unexpected' | 'changed';
  readonly objectType: string;
  readonly object: string;
  /** What of the object differs; `existence` where the whole of it is missing or unexpected. */
  readonly attribute: string;
  /** Null where there should be none. */
  readonly expected: string | null;
  /** Null where there is none. */
  readonly actual: string | null;
  readonly severity: 'info' | 'error';
}

/** A difference that is known and left alone for a time. */
export interface AllowedDrift {
  /** The object's name; `*` stands for any part of it. */
  readonly object: string;
  /** Any attribute where not given. */
  readonly attribute?: string | undefined;
  /** The last day on which it is allowed, in UTC: `2026-12-31`. */
  readonly until: string;
  readonly reason: string;
}

/** What `migrate drift` prints. */
export interface DriftReport {
  readonly differences: readonly Difference[];
  /** Differences that the configuration allows for now. */
  readonly allowed: readonly (Difference & Pick<AllowedDrift, 'until' | 'reason'>)[];
  /** Files that the database has not applied, so that nothing of them is expected. */
  readonly pending: readonly string[];
  /** How many files were replayed. */
  readonly files: number;
  /** Version of the PostgreSQL on which they were: `18.4`. */
  readonly replayedOn: string;
  readonly warnings: readonly string[];
}
