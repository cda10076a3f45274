import type { PlanNode } from '../model/plan.js';

/**
 * Gives what a plan costs beyond its estimate when some of its scans do: of a scan below a LIMIT the part that is read.
 * Scans that run several times, once for each row of another, are passed by: what they visit may be cached by then.
 */
export function extraCostOf(plan: PlanNode, extraOfScan: (node: PlanNode) => number): number {
  const { startup, run } = extraOf(plan, extraOfScan);
  return startup + run;
}

/** Before the first row, and from there to the last. */
interface Extra {
  readonly startup: number;
  readonly run: number;
}

function extraOf(node: PlanNode, extraOfScan: (node: PlanNode) => number): Extra {
  let startup = 0;
  let run = extraOfScan(node);
  for (const child of node.children) {
    if (isRepeated(child, node)) continue;
    const extra = extraOf(child, extraOfScan);
    startup += extra.startup + (child.parentRelationship === 'InitPlan' ? extra.run : 0);
    run += child.parentRelationship === 'InitPlan' ? 0 : extra.run;
  }
  if (isBlocking(node)) return { startup: startup + run, run: 0 };
  return { startup, run: run * shareRead(node) };
}

function isRepeated(child: PlanNode, parent: PlanNode): boolean {
  const isInner = parent.nodeType === 'Nested Loop' && child.parentRelationship === 'Inner';
  return isInner || child.parentRelationship === 'SubPlan';
}

/** True where the last row is read before the first one is given. */
function isBlocking({ nodeType, details }: PlanNode): boolean {
  if (nodeType === 'Aggregate') return details['Strategy'] === 'Plain' || details['Strategy'] === 'Hashed';
  return nodeType === 'Sort' || nodeType === 'Hash';
}

/** The part of its rows that a LIMIT asks for. */
function shareRead({ nodeType, totalCost, children: [child] }: PlanNode): number {
  if (nodeType !== 'Limit' || child === undefined || child.totalCost <= child.startupCost) return 1;
  return Math.min(1, Math.max(0, (totalCost - child.startupCost) / (child.totalCost - child.startupCost)));
}
