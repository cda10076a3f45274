/** Something in the chain, or in its rows, that is not as it was. */
export interface Broken {
  /** The row's key, or `entry 12` where the chain itself is broken. */
  readonly row: string;
  readonly reason: string;
  /** The audit table; null where the chain itself is broken. */
  readonly table: string | null;
  /** The entry that covers the row; null where none does. */
  readonly entry: string | null;
}

/** How many are listed; the rest is counted. */
const BROKEN_MOST = 1000;

/** What a verification has found, in bounded memory. */
export class BrokenRows {
  readonly listed: Broken[] = [];
  total = 0;

  add(broken: Broken): void {
    this.total += 1;
    if (this.listed.length < BROKEN_MOST) this.listed.push(broken);
  }

  /** `seq` null for the chain as a whole. */
  addEntry(seq: string | null, reason: string): void {
    this.add({ row: seq === null ? 'chain' : `entry ${seq}`, reason, table: null, entry: seq });
  }
}
