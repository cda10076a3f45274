/** A place in the audit chain and what it hashes to: noted elsewhere, it shows later that nothing before it was changed. */
export interface AuditAnchor {
  /** Int8 as text. */
  readonly seq: string;
  /** 64 hex digits. */
  readonly hash: string;
}

/** Something in the chain, or in its rows, that is not as it was. */
export interface BrokenAudit {
  /** The row's key, or `entry 12` where the chain itself is broken. */
  readonly row: string;
  readonly reason: string;
  /** The audit table; null where the chain itself is broken. */
  readonly table: string | null;
  /** The entry that covers the row; null where none does. */
  readonly entry: string | null;
}

/** What a verification of the chain came to: the answer of `audit verify`. */
export interface AuditVerification {
  readonly ok: boolean;
  /** Rows in the chain. */
  readonly rows: number;
  readonly entries: number;
  /** The first thousand. */
  readonly broken: readonly BrokenAudit[];
  readonly brokenTotal: number;
  /** Where the chain ends: note it elsewhere, and give it back as an anchor. */
  readonly head: AuditAnchor;
  /** The last entry that retention has taken away; null for a chain that is whole. */
  readonly cutThrough: string | null;
}
