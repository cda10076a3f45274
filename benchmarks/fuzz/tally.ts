/** Counts of judgements by the rule that has written what they are about. */
export class Tally {
  private readonly counts = new Map<string, Map<string, number>>();

  add(form: string, kind: string): void {
    const own = this.counts.get(form) ?? new Map<string, number>();
    own.set(kind, (own.get(kind) ?? 0) + 1);
    this.counts.set(form, own);
  }

  /** All of them together, such as `12 equal, 3 refuted`. */
  text(): string {
    const all = new Map<string, number>();
    for (const own of this.counts.values())
      for (const [kind, count] of own) all.set(kind, (all.get(kind) ?? 0) + count);
    return countsText(all);
  }

  /** In the order of the names. */
  byForm(): readonly (readonly [form: string, counts: ReadonlyMap<string, number>])[] {
    return [...this.counts].sort(([one], [other]) => (one < other ? -1 : 1));
  }
}

/** Writes counts as `12 equal, 3 refuted`. */
export function countsText(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
