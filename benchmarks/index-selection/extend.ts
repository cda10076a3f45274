import { type IndexSpec, indexSpecKey, type Planner } from '../../src/model/planner.js';
import { plainIndex } from './published-sets.js';

export interface ExtendOptions {
  readonly budgetBytes: number;
  /** Most columns of an index. */
  readonly width: number;
}

/**
 * Extend as its paper tells it (Schlosser, Kossmann, Boissier: Efficient Scalable Multi-attribute Index Selection
 * Using Recursive Strategies, ICDE 2019): step by step, the new one-column index or the column appended to a chosen
 * index that saves most cost a byte, until nothing that saves fits. No INCLUDE, no predicate, no order but ascending.
 */
export async function extend(
  planner: Planner,
  workload: readonly { readonly sql: string; readonly columns: ReadonlyMap<string, readonly string[]> }[],
  { budgetBytes, width }: ExtendOptions,
): Promise<readonly IndexSpec[]> {
  const costOf = async (set: readonly IndexSpec[]) => {
    const costs = await planner.costs(
      workload.map(({ sql }) => sql),
      set,
    );
    return costs.reduce((sum, cost) => sum + (cost instanceof Error ? 0 : cost.totalCost), 0);
  };
  const columns = new Map<string, Set<string>>();
  for (const statement of workload)
    for (const [table, names] of statement.columns) {
      const known = columns.get(table) ?? new Set<string>();
      for (const name of names) known.add(name);
      columns.set(table, known);
    }
  let set: readonly IndexSpec[] = [];
  let cost = await costOf(set);
  for (;;) {
    let best: { readonly set: readonly IndexSpec[]; readonly cost: number; readonly ratio: number } | null = null;
    const used = await sizeOf(planner, set);
    for (const next of stepsFrom(set, columns, width)) {
      const grown = (await sizeOf(planner, next)) - used;
      if (used + grown > budgetBytes) continue;
      const nextCost = await costOf(next);
      const ratio = (cost - nextCost) / Math.max(grown, 1);
      if (cost - nextCost > cost * 1e-6 && (best === null || ratio > best.ratio))
        best = { set: next, cost: nextCost, ratio };
    }
    if (best === null) return set;
    ({ set, cost } = best);
  }
}

function* stepsFrom(
  set: readonly IndexSpec[],
  columns: ReadonlyMap<string, ReadonlySet<string>>,
  width: number,
): Generator<readonly IndexSpec[]> {
  const keys = new Set(set.map(indexSpecKey));
  for (const [table, names] of columns)
    for (const name of names) {
      const single = plainIndex(table, [name]);
      if (!keys.has(indexSpecKey(single))) yield [...set, single];
      for (const index of set) {
        const own = index.keys.map(({ sql }) => sql);
        if (index.table.name !== table || own.includes(name) || own.length >= width) continue;
        yield [...set.filter((other) => other !== index), plainIndex(table, [...own, name])];
      }
    }
}

/** Bytes of a set by the planner's own estimate: the ruler for all. */
export async function sizeOf(planner: Planner, set: readonly IndexSpec[]): Promise<number> {
  let bytes = 0;
  for (const index of set) bytes += (await planner.size(index)).sizeBytes;
  return bytes;
}
