/** A cost, and what its plan used of the indexes that it was offered, a bit each. */
interface Entry<Cost> {
  readonly offered: bigint;
  readonly used: bigint;
  readonly cost: Cost;
}

/**
 * Remembers what one text costs under sets of indexes, a bit each. A cost also holds for every set between the indexes
 * that the plan uses and those that it was offered: what was not used may go, and the plan stays the best.
 */
export class CostMemo<Cost> {
  private entries: Entry<Cost>[] = [];
  /** Sets that no entry answered, and how many entries there were. */
  private readonly misses = new Map<bigint, number>();

  /** Gives the first cost that holds for the set. */
  get(wanted: bigint): Cost | undefined {
    for (let place = this.misses.get(wanted) ?? 0; place < this.entries.length; place += 1) {
      const entry = this.entries[place];
      if (entry !== undefined && isWithin(entry.used, wanted) && isWithin(wanted, entry.offered)) return entry.cost;
    }
    this.misses.set(wanted, this.entries.length);
    return undefined;
  }

  set(offered: bigint, used: bigint, cost: Cost): void {
    this.entries.push({ offered, used, cost });
  }

  /** Forgets what it knows of sets of indexes where the cost is such a one; of none it stays known. */
  forget(isSuch: (cost: Cost) => boolean): void {
    this.entries = this.entries.filter(({ offered, cost }) => offered === 0n || !isSuch(cost));
    this.misses.clear();
  }
}

function isWithin(part: bigint, whole: bigint): boolean {
  return (part & whole) === part;
}
