import type { AnalyzedStatement } from '../../../src/advisors/advisor.js';
import { WorkloadCosts } from '../../../src/advisors/index-selection/workload-costs.js';
import { type IndexSpec, indexSpecKey, type PlanCost, type Planner } from '../../../src/model/planner.js';

/** What a statement costs with an index, by what the index is called; without one of these it costs 100. */
export type Prices = Readonly<Record<string, number>>;

/**
 * Gives costs of a planner that uses the index which is cheapest for a statement, and what it was asked:
 * `2 under agents(name), commands(kind)`. After `hold` each request waits until it is answered by its place.
 */
export async function pricedCosts(statements: readonly AnalyzedStatement[], prices: Prices = {}) {
  const asked: string[] = [];
  let held: (() => void)[] | null = null;
  const costs = async (texts: readonly string[], indexes: readonly IndexSpec[]): Promise<readonly PlanCost[]> => {
    asked.push(`${texts.length} under ${indexes.map(nameOf).sort().join(', ')}`);
    if (held !== null) await new Promise<void>((answer) => held?.push(answer));
    return texts.map((text) =>
      cheapest(
        indexes.filter(({ table }) => text.includes(table.name)),
        prices,
      ),
    );
  };
  const workload = await WorkloadCosts.open({ costs } as unknown as Planner, statements);
  asked.length = 0;
  const hold = () => {
    const answers: (() => void)[] = [];
    held = answers;
    return async (place: number) => {
      answers[place]?.();
      // What waits for the answer has its turn before the next one comes.
      await new Promise(setImmediate);
    };
  };
  return { workload, asked, hold };
}

/** `agents(name,status)` */
export function nameOf({ table, keys }: IndexSpec): string {
  return `${table.name}(${keys.map(({ sql }) => sql).join()})`;
}

function cheapest(indexes: readonly IndexSpec[], prices: Prices): PlanCost {
  const priced = indexes.map((index) => ({ index, price: prices[nameOf(index)] ?? 100 }));
  const [best] = priced.filter(({ price }) => price < 100).sort((one, other) => one.price - other.price);
  return {
    totalCost: best?.price ?? 100,
    scatterCost: 0,
    hypotheticalUsed: best === undefined ? [] : [indexSpecKey(best.index)],
    existingUsed: [],
  };
}
