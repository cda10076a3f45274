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

  get(keys: readonly string[]): Cost | undefined {
    const name = nameOf(keys);
    const known = this.exact.get(name);
    if (known !== undefined) return known;
    const wanted = new Set(keys);
    const found = this.entries.find(
      ({ offered, cost }) =>
        cost.used.size <= wanted.size &&
        wanted.size <= offered.size &&
        within(cost.used, wanted) &&
        within(wanted, offered),
    );
    if (found !== undefined) this.exact.set(name, found.cost);
    return found?.cost;
  }

  set(keys: readonly string[], cost: Cost): void {
    this.exact.set(nameOf(keys), cost);
    this.entries.push({ offered: new Set(keys), cost });
  }
}

function nameOf(keys: readonly string[]): string {
  return [...keys].sort().join('\n');
}

function within(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  for (const key of part) if (!whole.has(key)) return false;
  return true;
}
