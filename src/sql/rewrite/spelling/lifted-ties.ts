import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../../model/catalog.js';
import { bodyOf } from '../../walk.js';
import { relationsOf } from '../level-names.js';
import { allOf, partsOf, trueNode } from '../nodes.js';
import { subquerySites } from '../subquery-sites.js';

/** Puts conditions of inner joins within subqueries that name the row around them into WHERE, which says the same. */
export function liftTies(tree: Node, catalog: Catalog): void {
  for (const { select, level, references } of subquerySites(tree, catalog)) {
    const far = new Set(references);
    const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
    if (relations.some(({ isNullable }) => isNullable)) continue;
    for (const item of select.fromClause ?? []) liftFrom(item, { select, far });
  }
}

function liftFrom(item: Node, lift: { readonly select: SelectStmt; readonly far: ReadonlySet<Node> }): void {
  const join = bodyOf(item, 'JoinExpr');
  if (join === null) return;
  for (const side of [join.larg, join.rarg]) if (side !== undefined) liftFrom(side, lift);
  const parts = partsOf(join.quals);
  const lifted = parts.filter((part) => holdsAny(part, lift.far));
  if (lifted.length === 0) return;
  const kept = parts.filter((part) => !lifted.includes(part));
  join.quals = allOf(kept) ?? trueNode();
  lift.select.whereClause = allOf([...partsOf(lift.select.whereClause), ...lifted]) as Node;
}

function holdsAny(value: unknown, nodes: ReadonlySet<Node>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return nodes.has(value as Node) || Object.values(value).some((child) => holdsAny(child, nodes));
}
