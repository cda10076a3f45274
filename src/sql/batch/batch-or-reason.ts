/** One write in place of a loop's, with what is different in it. */
export interface WriteBatch {
  readonly sql: string;
  readonly hazards: readonly string[];
  /** Of several calls that change one row it does what the last one does; else each row is to be changed once. */
  readonly keepsLast?: boolean;
}

/** Why no statement is known in a loop's place. */
export interface NoBatch {
  readonly reason: string;
}
