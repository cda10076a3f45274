import type { PlanNode } from '../model/plan.js';
import { type IndexSpec, indexSpecKey, type PlanCost } from '../model/planner.js';
import type { RelationName } from '../model/relation-name.js';
import type { PlanBackend } from './plan-backend.js';
import { indexesOf } from './plan-reading.js';
import type { ScatterCosts } from './scatter-costs.js';

interface PlanContext {
  /** Relations that the statement reads. */
  readonly footprint: readonly RelationName[];
  /** Hypothetical indexes that it was planned with. */
  readonly wanted: readonly IndexSpec[];
  readonly backend: PlanBackend;
  readonly scatter: ScatterCosts | null;
}

/** Gives what a plan costs and which indexes it uses. */
export function costOfPlan(plan: PlanNode, { footprint, wanted, backend, scatter }: PlanContext): PlanCost {
  const hypotheticalUsed = new Set<string>();
  const existingUsed = new Set<string>();
  for (const { index, relation } of indexesOf(plan)) {
    const key = backend.hypotheticalKey(index, wanted);
    if (key !== null) hypotheticalUsed.add(key);
    // An index lives in its table's schema; without VERBOSE the plan names the table alone.
    else
      for (const { schema } of footprint.filter(({ name }) => name === relation))
        existingUsed.add(`${schema}.${index}`);
  }
  const hypothetical = (name: string) => {
    const key = backend.hypotheticalKey(name, wanted);
    return key === null ? null : (wanted.find((spec) => indexSpecKey(spec) === key) ?? null);
  };
  return {
    totalCost: plan.totalCost,
    scatterCost: scatter?.of(plan, { relations: footprint, hypothetical }) ?? 0,
    hypotheticalUsed: [...hypotheticalUsed].sort(),
    existingUsed: [...existingUsed].sort(),
  };
}
