import type { BrokenAudit } from '../model/audit.js';

/** How many are listed; the rest is counted. */
const BROKEN_MOST = 1000;

/** What a verification has found, in bounded memory. */
export class BrokenRows {
  readonly listed: BrokenAudit[] = [];
  total = 0;

  add(broken: BrokenAudit): void {
    this.total += 1;
    if (this.listed.length < BROKEN_MOST) this.listed.push(broken);
  }

  /** `seq` null for the chain as a whole. */
  addEntry(seq: string | null, reason: string): void {
    this.add({ row: seq === null ? 'chain' : `entry ${seq}`, reason, table: null, entry: seq });
  }
}
