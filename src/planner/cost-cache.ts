import { type IndexSpec, indexSpecKey, type PlanCost } from '../model/planner.js';

/** Costs by statement and by the indexes that can matter to it. */
export class CostCache {
  private readonly costs = new Map<string, Map<string, PlanCost | Error>>();
  /** Of each index by its key: a set of dozens is kept for each of tens of thousands of plans. */
  private readonly numbers = new Map<string, number>();
  private readonly keys = new WeakMap<readonly IndexSpec[], string>();

  get(statement: string, relevant: readonly IndexSpec[]): PlanCost | Error | undefined {
    return this.costs.get(statement)?.get(this.keyOf(relevant));
  }

  /**
   * Keeps a cost under all relevant indexes, and under those alone that the plan uses: it stays the best when the
   * others vanish. Unique ones are another matter, since they tell the planner something even where it does not scan
   * them.
   */
  set(statement: string, relevant: readonly IndexSpec[], cost: PlanCost | Error): void {
    const ofStatement = this.costs.get(statement) ?? new Map<string, PlanCost | Error>();
    this.costs.set(statement, ofStatement);
    ofStatement.set(this.keyOf(relevant), cost);
    if (cost instanceof Error || relevant.some(({ unique }) => unique)) return;
    const usedKey = this.setKey(cost.hypotheticalUsed);
    if (!ofStatement.has(usedKey)) ofStatement.set(usedKey, cost);
  }

  /** Many statements are asked for with one list. */
  private keyOf(relevant: readonly IndexSpec[]): string {
    const key = this.keys.get(relevant) ?? this.setKey(relevant.map(indexSpecKey));
    this.keys.set(relevant, key);
    return key;
  }

  private setKey(keys: readonly string[]): string {
    const numbers = new Set(keys.map((key) => this.numberOf(key)));
    return [...numbers].sort((one, other) => one - other).join();
  }

  private numberOf(key: string): number {
    const known = this.numbers.get(key) ?? this.numbers.size;
    this.numbers.set(key, known);
    return known;
  }
}
