/** A cost with the indexes that its plans use, by their keys. */
interface Used {
  readonly used: ReadonlySet<string>;
}

/**
 * Remembers what one statement costs under sets of indexes. A cost also holds for every set between the indexes that
 * the plan uses and those that it was offered: what was not used may go, and the plan stays the best.
 */
export class CostMemo<Cost extends Used> {
  private readonly exact = new Map<string, Cost>();
  private readonly entries: { readonly offered: ReadonlySet<string>; readonly cost: Cost }[] = [];
  /** Sets that no entry answered, and how many entries there were. */
  private readonly misses = new Map<string, number>();

  get(keys: readonly string[]): Cost | undefined {
    const name = nameOf(keys);
    const known = this.exact.get(name);
    if (known !== undefined) return known;
    const found = this.answer(new Set(keys), this.misses.get(name) ?? 0);
    if (found === undefined) this.misses.set(name, this.entries.length);
    else this.exact.set(name, found);
    return found;
  }

  set(keys: readonly string[], cost: Cost): void {
    this.exact.set(nameOf(keys), cost);
    this.entries.push({ offered: new Set(keys), cost });
  }

  private answer(wanted: ReadonlySet<string>, from: number): Cost | undefined {
    for (let place = from; place < this.entries.length; place += 1) {
      const entry = this.entries[place];
      if (entry === undefined || entry.cost.used.size > wanted.size || wanted.size > entry.offered.size) continue;
      if (within(entry.cost.used, wanted) && within(wanted, entry.offered)) return entry.cost;
    }
    return undefined;
  }
}

function nameOf(keys: readonly string[]): string {
  return [...keys].sort().join('\n');
}

function within(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  for (const key of part) if (!whole.has(key)) return false;
  return true;
}
