import type { Table } from '../../model/catalog.js';
import type { PlanNode } from '../../model/plan.js';

/** A subquery that a plan runs for each row of what is around it. */
export interface PerRowPlan {
  readonly plan: PlanNode;
  /** How often it is run, as estimated. */
  readonly loopsEstimate: number;
  /** It is run once, and looked up as often. */
  readonly isHashed: boolean;
  /** That is what it costs: a list that rows must not be in is read as a whole, however few they are. */
  readonly isOnce: boolean;
  /** Share of the whole plan's cost, 0–1. */
  readonly costShare: number;
  /**
   * Planner units of a run that finds no row where it reads in order until it has enough, which the planner takes for
   * soon; null where it does not read so.
   */
  readonly vainCost: number | null;
  /** Each run is a look into an index, and all runs together meet but few of the table's rows. */
  readonly isSelective: boolean;
}

/**
 * Rows of the table for each run from which on reading them all is known to lose: for 10 rows around, a join on GROUP BY
 * took 16 times as long as looks into an index.
 */
const ROWS_A_RUN_SELECTIVE = 100;

/** Gives the subqueries that a plan runs again and again, the dearest first; those that it hashes once are none. */
export function perRowPlans(plan: PlanNode, tables: readonly Table[]): readonly PerRowPlan[] {
  const found: PerRowPlan[] = [];
  /** How often the node itself is run, as estimated. */
  const read = (node: PlanNode, times: number) => {
    const [outer] = node.children;
    for (const child of node.children) {
      const isInner = node.nodeType === 'Nested Loop' && child !== outer && child.parentRelationship === 'Inner';
      const own = perRowOf(child, node, tables);
      if (own !== null) {
        const loopsEstimate = own.loops * times;
        const runs = own.isOnce ? 1 : loopsEstimate;
        const cost = Math.min(runs * child.totalCost, node.totalCost * times);
        found.push({
          plan: child,
          loopsEstimate,
          isHashed: own.isHashed,
          isOnce: own.isOnce,
          costShare: plan.totalCost === 0 ? 0 : Math.min(1, cost / plan.totalCost),
          vainCost: vainCostOf(child),
          isSelective: isSelective(child, loopsEstimate, tables),
        });
      }
      const isRescanned = isInner && child.nodeType !== 'Materialize' && child.nodeType !== 'Memoize';
      read(child, isRescanned ? times * Math.max(1, outer?.rowsEstimate ?? 1) : times);
    }
  };
  read(plan, 1);
  return found.sort((a, b) => b.costShare - a.costShare);
}

/** How often a node runs one of its children for its rows, as estimated; null for a child that it does not run so. */
function perRowOf(
  child: PlanNode,
  node: PlanNode,
  tables: readonly Table[],
): { readonly loops: number; readonly isHashed: boolean; readonly isOnce: boolean } | null {
  const isRun = { isHashed: false, isOnce: false };
  if (isLateral(child, node)) return { loops: Math.max(1, node.children[0]?.rowsEstimate ?? 1), ...isRun };
  const name = child.subplanName ?? '';
  if (child.parentRelationship !== 'SubPlan' || name.startsWith('CTE ')) return null;
  if (!isHashed(name, node)) return { loops: loopsOf(node, child, tables), ...isRun };
  // What is hashed once is still looked up for each pair where it is asked of two tables' rows.
  const isOfPairs = node.nodeType === 'Nested Loop' && String(node.details['Join Filter']).includes(name);
  const [outer, inner] = node.children;
  if (isOfPairs)
    return { loops: (outer?.rowsEstimate ?? 1) * (inner?.rowsEstimate ?? 1), isHashed: true, isOnce: false };
  // Half of the rows are expected not to be in a list.
  return isDenied(name, node) ? { loops: Math.max(1, 2 * node.rowsEstimate), isHashed: true, isOnce: true } : null;
}

/** `NOT (hashed SubPlan 1)`, and from version 17 on `NOT (ANY (x = (hashed SubPlan 1).col1))`. */
function isDenied(name: string, { filter, details }: PlanNode): boolean {
  const conditions = JSON.stringify([filter, details['Join Filter']]);
  return (
    conditions.includes(`NOT (hashed ${name})`) ||
    new RegExp(`NOT \\(ANY \\([^()]*= \\(hashed ${name}\\)`).test(conditions)
  );
}

function isHashed(name: string, { filter, indexCondition, details }: PlanNode): boolean {
  return JSON.stringify([filter, indexCondition, details]).includes(`hashed ${name}`);
}

/** A LATERAL query that gives one row, or one at most, is run for each row of the other side. */
function isLateral(child: PlanNode, node: PlanNode): boolean {
  if (node.nodeType !== 'Nested Loop' || child !== node.children[1]) return false;
  let top = child;
  for (let [next] = top.children; next !== undefined && PASSED_ON.includes(top.nodeType); [next] = top.children)
    top = next;
  return top.nodeType === 'Aggregate' || top.nodeType === 'Limit';
}

const PASSED_ON = ['Subquery Scan', 'Memoize', 'Result'];

/** A condition is asked of the rows that are read, what is selected is computed for those that are left. */
function loopsOf(node: PlanNode, child: PlanNode, tables: readonly Table[]): number {
  const { 'Join Filter': joinFilter, 'Hash Cond': hashCondition, 'Merge Cond': mergeCondition } = node.details;
  const isAsked = /SubPlan \d/.test(JSON.stringify([node.filter, joinFilter, hashCondition, mergeCondition]));
  const table = tables.find(({ name, schema }) => name === node.relation && (node.schema ?? schema) === schema);
  const below = node.children.filter(({ parentRelationship }) => /^(Outer|Inner)$/.test(parentRelationship ?? ''));
  const input = below.reduce((most, { rowsEstimate }) => Math.max(most, rowsEstimate), 0);
  // How many rows an index finds before they are asked is not told; what they cost is part of the node's cost.
  const found = /^(Index|Bitmap)/.test(node.nodeType) ? node.totalCost / Math.max(child.totalCost, 0.01) / 2 : input;
  const read = isAsked && node.nodeType === 'Seq Scan' ? Math.max(table?.storage.tuples ?? 0, 0) : found;
  // What an aggregate takes in is computed for each row that it reads.
  const given = node.nodeType === 'Aggregate' ? Math.max(input, node.rowsEstimate) : node.rowsEstimate;
  return Math.max(1, isAsked ? Math.max(read, node.rowsEstimate) : given);
}

function isSelective(plan: PlanNode, loops: number, tables: readonly Table[]): boolean {
  const leaves = leavesOf(plan);
  const rows = leaves.map(({ relation }) => tables.find(({ name }) => name === relation)?.storage.tuples ?? 0);
  return (
    leaves.every(({ nodeType }) => /^(Index|Bitmap)/.test(nodeType)) &&
    Math.max(...rows) >= loops * ROWS_A_RUN_SELECTIVE
  );
}

function leavesOf(plan: PlanNode): readonly PlanNode[] {
  return plan.children.length === 0 ? [plan] : plan.children.flatMap(leavesOf);
}

/** A node that is stopped early shows what it costs when it is not. */
function vainCostOf(plan: PlanNode): number | null {
  if (plan.nodeType !== 'Limit') return null;
  const [input] = plan.children;
  if (input === undefined || input.filter === null || !/Scan/.test(input.nodeType)) return null;
  return input.totalCost > plan.totalCost ? input.totalCost : null;
}
