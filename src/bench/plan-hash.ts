import { createHash } from 'node:crypto';

/** One plan node as `EXPLAIN (FORMAT JSON)` prints it. */
export interface RawPlanNode {
  readonly [key: string]: unknown;
  readonly Plans?: readonly RawPlanNode[];
}

/** What makes the shape of a node: how it works and on what, never what it cost or returned. */
const SHAPE_KEYS = [
  'Node Type',
  'Strategy',
  'Partial Mode',
  'Operation',
  'Parent Relationship',
  'Subplan Name',
  'CTE Name',
  'Schema',
  'Relation Name',
  'Index Name',
  'Scan Direction',
  'Join Type',
  'Inner Unique',
  'Parallel Aware',
  'Command',
];

const CONDITION_KEYS = [
  'Index Cond',
  'Recheck Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'TID Cond',
  'Filter',
  'One-Time Filter',
  'Sort Key',
  'Presorted Key',
  'Group Key',
  'Cache Key',
  'Order By',
];

/** Gives 16 hexadecimal digits that are equal for plans of one shape, in the order of their parameter sets. */
export function hashPlans(roots: readonly RawPlanNode[]): string {
  const shapes = roots.map((root) => shapeOf(root));
  return createHash('sha256').update(JSON.stringify(shapes)).digest('hex').slice(0, 16);
}

/** Says whether a node of the plan, or a child of it, satisfies the test. */
export function somePlanNode(node: RawPlanNode, test: (node: RawPlanNode) => boolean): boolean {
  return test(node) || (node.Plans ?? []).some((child) => somePlanNode(child, test));
}

function shapeOf(node: RawPlanNode): readonly unknown[] {
  const shape = SHAPE_KEYS.filter((key) => node[key] !== undefined).map((key) => [key, node[key]]);
  const conditions = CONDITION_KEYS.filter((key) => node[key] !== undefined).map((key) => [
    key,
    withoutLiterals(JSON.stringify(node[key])),
  ]);
  return [...shape, ...conditions, (node.Plans ?? []).map(shapeOf)];
}

/** A custom plan holds the values of its call where a generic plan holds `$n`: both become `?`. */
function withoutLiterals(condition: string): string {
  return condition
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/\$\d+/g, '?')
    .replace(/(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)/gi, '?');
}
