import type { Node } from '@pgsql/types';
import { parseStatement } from './parse.js';
import { asParseFailure } from './parse-failure.js';
import { bodyOf } from './walk.js';

/** Gives a copy of a tree with another node in the place of one of its own, which may be named by its fields alone. */
export function withNode(tree: Node, target: object, by: Node): Node {
  return withNodes(tree, new Map([[target, by]]));
}

/** Likewise with several, none of which stands within another. */
export function withNodes(tree: Node, replacements: ReadonlyMap<object, Node>): Node {
  return replaced(tree, replacements) as Node;
}

/** Gives a copy of a tree with other fields in the place of a node’s own; an arm of UNION is such fields alone. */
export function withBody<Body extends object>(tree: Node, target: Body, by: Body): Node {
  return replaced(tree, new Map([[target, by]]), false) as Node;
}

function replaced(value: unknown, replacements: ReadonlyMap<unknown, object>, isWrapped = true): unknown {
  const by = replacements.get(value);
  if (by !== undefined) return by;
  if (Array.isArray(value)) return value.map((item) => replaced(item, replacements, isWrapped));
  if (typeof value !== 'object' || value === null) return value;
  const [only, second] = Object.values(value);
  const byFields = isWrapped && second === undefined ? replacements.get(only) : undefined;
  if (byFields !== undefined) return byFields;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, replaced(child, replacements, isWrapped)]),
  );
}

/** Reads SQL of one condition; null where it is none. */
export function conditionNode(sql: string): Node | null {
  try {
    return bodyOf(parseStatement(`SELECT WHERE ${sql}`).tree, 'SelectStmt')?.whereClause ?? null;
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}
