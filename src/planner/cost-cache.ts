import { type IndexSpec, indexSpecKey, type PlanCost } from '../model/planner.js';

/** Costs by statement and by the indexes that can matter to it. */
export class CostCache {
  private readonly costs = new Map<string, Map<string, PlanCost | Error>>();

  get(statement: string, relevant: readonly IndexSpec[]): PlanCost | Error | undefined {
    return this.costs.get(statement)?.get(setKey(relevant.map(indexSpecKey)));
  }

  /**
   * Keeps a cost under all relevant indexes, and under those alone that the plan uses: it stays the best when the
   * others vanish. Unique ones are another matter, since they tell the planner something even where it does not scan
   * them.
   */
  set(statement: string, relevant: readonly IndexSpec[], cost: PlanCost | Error): void {
    const ofStatement = this.costs.get(statement) ?? new Map<string, PlanCost | Error>();
    this.costs.set(statement, ofStatement);
    ofStatement.set(setKey(relevant.map(indexSpecKey)), cost);
    if (cost instanceof Error || relevant.some(({ unique }) => unique)) return;
    const usedKey = setKey(cost.hypotheticalUsed);
    if (!ofStatement.has(usedKey)) ofStatement.set(usedKey, cost);
  }
}

function setKey(keys: readonly string[]): string {
  return JSON.stringify([...new Set(keys)].sort());
}
