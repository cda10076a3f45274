import type { PlanNode } from '../../model/plan.js';

/** Tells whether a plan reads every row of what bears an alias; the partitions of a table bear its alias with a number. */
export function readsAll({ nodeType, alias, indexCondition, children }: PlanNode, wanted: string): boolean {
  const isIt = alias !== null && (alias === wanted || alias.replace(/_\d+$/, '') === wanted);
  const isWhole = nodeType === 'Seq Scan' || (/^Index (Only )?Scan$/.test(nodeType) && indexCondition === null);
  return (isIt && isWhole) || children.some((child) => readsAll(child, wanted));
}
