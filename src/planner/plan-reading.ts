import type { PlanNode } from '../model/plan.js';
import type { RelationName } from '../model/relation-name.js';

/** Gives the relations that a plan made with VERBOSE reads or writes, each once. */
export function relationsOf(plan: PlanNode): readonly RelationName[] {
  const found = new Map<string, RelationName>();
  for (const { relation, schema } of nodesOf(plan)) {
    if (relation !== null && schema !== null) found.set(JSON.stringify([schema, relation]), { schema, name: relation });
  }
  return [...found.values()];
}

/** An index that a plan uses, with the name of its table where the plan tells it. */
export interface IndexUse {
  readonly index: string;
  readonly relation: string | null;
}

/** Gives the indexes that a plan scans or checks conflicts with. */
export function indexesOf(plan: PlanNode): readonly IndexUse[] {
  return usesBelow(plan, plan.relation);
}

function usesBelow(node: PlanNode, relationAbove: string | null): readonly IndexUse[] {
  // A bitmap index scan names no relation; the bitmap heap scan above it does.
  const relation = node.relation ?? relationAbove;
  const arbiters = node.details['Conflict Arbiter Indexes'];
  const names = [
    ...(node.index === null ? [] : [node.index]),
    ...(Array.isArray(arbiters) ? arbiters.filter((name) => typeof name === 'string') : []),
  ];
  return [
    ...names.map((index) => ({ index, relation })),
    ...node.children.flatMap((child) => usesBelow(child, relation)),
  ];
}

/** Gives what a plan compares, sorts and groups by as one text; what it merely outputs is left out. */
export function conditionsOf(plan: PlanNode): string {
  const texts = [...nodesOf(plan)].flatMap(({ filter, indexCondition, sortKeys, details }) => {
    const { Output: _, ...others } = details;
    return [filter, indexCondition, ...sortKeys, JSON.stringify(others)];
  });
  return texts.filter((text) => text !== null).join('\n');
}

function* nodesOf(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const child of plan.children) yield* nodesOf(child);
}
