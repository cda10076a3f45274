/** What pg_stat_statements has counted of a statement since it began. */
export interface StatementCount {
  readonly calls: number;
  readonly rows: number;
  readonly totalTimeMs: number;
}

/** By query id. */
export type StatementCounts = ReadonlyMap<string, StatementCount>;

/** What a statement did in each window. */
export interface Series {
  readonly calls: readonly number[];
  readonly rows: readonly number[];
  /** Of all windows. */
  readonly totalTimeMs: number;
}

/** Statements that are followed at most. */
const STATEMENTS_MOST = 5000;
const NOTHING: StatementCount = { calls: 0, rows: 0, totalTimeMs: 0 };

/** Makes of counts that only grow what was done in each window. */
export class WindowSeries {
  private before: StatementCounts | null = null;
  private readonly windows: Map<string, StatementCount>[] = [];
  private readonly ids = new Set<string>();

  get length(): number {
    return this.windows.length;
  }

  /** Takes the counts at the end of a window; the first call begins the first one. */
  add(counts: StatementCounts): void {
    const { before } = this;
    this.before = counts;
    if (before === null) return;
    const window = new Map<string, StatementCount>();
    for (const [id, count] of counts) {
      const known = before.get(id) ?? NOTHING;
      // Counts that were reset within a window tell nothing of it.
      if (count.calls < known.calls) return;
      if (count.calls === known.calls || !this.isFollowed(id)) continue;
      const [calls, rows] = [count.calls - known.calls, Math.max(count.rows - known.rows, 0)];
      window.set(id, { calls, rows, totalTimeMs: Math.max(count.totalTimeMs - known.totalTimeMs, 0) });
    }
    this.windows.push(window);
  }

  /** Gives what each statement did that ran in any window. */
  series(): ReadonlyMap<string, Series> {
    return new Map([...this.ids].map((id) => [id, this.seriesOf(id)]));
  }

  private isFollowed(id: string): boolean {
    if (this.ids.has(id)) return true;
    if (this.ids.size >= STATEMENTS_MOST) return false;
    this.ids.add(id);
    return true;
  }

  private seriesOf(id: string): Series {
    const counts = this.windows.map((window) => window.get(id) ?? NOTHING);
    return {
      calls: counts.map(({ calls }) => calls),
      rows: counts.map(({ rows }) => rows),
      totalTimeMs: counts.reduce((sum, { totalTimeMs }) => sum + totalTimeMs, 0),
    };
  }
}
