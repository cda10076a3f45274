import type { Evidence } from '../advisor.js';

/** Gives the schema-qualified names of the indexes that the workload's statements plan with, as the database is. */
export async function plannedIndexes({ statements, planner }: Evidence): Promise<ReadonlySet<string>> {
  const texts = statements.flatMap(({ plannable }) => plannable.bindings.map(({ sql }) => sql));
  const costs = await planner.costs(texts, []);
  return new Set(costs.flatMap((cost) => (cost instanceof Error ? [] : cost.existingUsed)));
}
