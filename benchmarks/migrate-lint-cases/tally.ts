/** What became of labels: each counts once for its folder, however many findings say it. */
interface Counts {
  readonly found: number;
  readonly missed: number;
  readonly wrong: number;
}

/** Labels of one folder that no finding bears, and findings that no label covers. */
export interface Faults {
  readonly missed: readonly string[];
  readonly wrong: readonly string[];
}

const NONE: Counts = { found: 0, missed: 0, wrong: 0 };

/** Counts labels and findings by rule. */
export class Tally {
  private readonly rules = new Map<string, Counts>();
  private folders = { positive: 0, clean: 0 };

  /** Adds one folder: what it is labelled with, and what was found in it. */
  add(labels: readonly string[], found: readonly string[]): Faults {
    const [wanted, given] = [new Set(labels), new Set(found)];
    const missed = [...wanted].filter((label) => !given.has(label));
    const wrong = [...given].filter((label) => !wanted.has(label));
    for (const label of wanted) this.count(label, given.has(label) ? { found: 1 } : { missed: 1 });
    for (const label of wrong) this.count(label, { wrong: 1 });
    if (wanted.size > 0) this.folders.positive += 1;
    else this.folders.clean += 1;
    return { missed, wrong };
  }

  /** Gives both together. */
  with(other: Tally): Tally {
    const both = new Tally();
    for (const tally of [this, other]) {
      for (const [rule, counts] of tally.rules) both.count(rule, counts);
      both.folders = {
        positive: both.folders.positive + tally.folders.positive,
        clean: both.folders.clean + tally.folders.clean,
      };
    }
    return both;
  }

  /** Gives a line for each rule. */
  byRule(): string {
    const lines = [...this.rules]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([rule, counts]) => {
        const { precision, recall } = ratiosOf(counts);
        const numbers = [counts.found, counts.missed, counts.wrong].map((count) => String(count).padStart(6)).join('');
        return `${rule.padEnd(32)}${numbers}   precision ${precision.toFixed(3)}  recall ${recall.toFixed(3)}`;
      });
    return [`${'rule'.padEnd(32)} found missed false`, ...lines].join('\n');
  }

  /** Gives the sum of all rules as one line. */
  summary(name: string): string {
    const sum = this.sum();
    const { precision, recall } = ratiosOf(sum);
    const { positive, clean } = this.folders;
    return `${name.padEnd(14)} ${positive + clean} folders (${clean} without a fault): ${sum.found} found, ${sum.missed} missed, ${sum.wrong} false: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`;
  }

  /** Tells whether both ratios of the sum are at least so large. */
  reaches(precisionLeast: number, recallLeast: number): boolean {
    const { precision, recall } = ratiosOf(this.sum());
    return precision >= precisionLeast && recall >= recallLeast;
  }

  private sum(): Counts {
    return [...this.rules.values()].reduce(added, NONE);
  }

  private count(label: string, more: Partial<Counts>): void {
    const rule = label.split(':')[0] ?? label;
    this.rules.set(rule, added(this.rules.get(rule) ?? NONE, { ...NONE, ...more }));
  }
}

function added(left: Counts, right: Counts): Counts {
  return { found: left.found + right.found, missed: left.missed + right.missed, wrong: left.wrong + right.wrong };
}

function ratiosOf({ found, missed, wrong }: Counts): { readonly precision: number; readonly recall: number } {
  return {
    precision: found + wrong === 0 ? 1 : found / (found + wrong),
    recall: found + missed === 0 ? 1 : found / (found + missed),
  };
}
