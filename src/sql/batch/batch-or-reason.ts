/** One write in place of a loop's, with what is different in it. */
export interface WriteBatch {
  readonly sql: string;
  readonly hazards: readonly string[];
}

/** Why no statement is known in a loop's place. */
export interface NoBatch {
  readonly reason: string;
}
