import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../../model/catalog.js';
import { bodyOf, visit } from '../../walk.js';
import { columnIn, type LevelRelation, relationIn } from '../level-names.js';
import { columnNode, comparisonOf, partsOf, referenceOf, replaceNode } from '../nodes.js';
import { type SubquerySite, subquerySites } from '../subquery-sites.js';

/**
 * Ties subqueries of subqueries to the row right around them where that row is equal, in the column, to the one further
 * out that they name.
 */
export function nearTies(tree: Node, catalog: Catalog): void {
  const sites = subquerySites(tree, catalog);
  for (const site of sites) {
    const { level } = site;
    const middle = sites.find(({ select }) => select === level.body);
    if (middle === undefined || level.kind !== 'select') continue;
    for (const reference of site.references) {
      const near = nearOf(reference, site, middle);
      if (near !== null) replaceNode(reference, near);
    }
  }
}

function nearOf(reference: Node, { level, select }: SubquerySite, middle: SubquerySite): Node | null {
  const far = columnOf(reference, middle.level.relations);
  if (far === null || columnOf(reference, level.relations) !== null) return null;
  for (const part of partsOf(level.body.whereClause)) {
    const { operator, left, right } = comparisonOf(part) ?? {};
    if (operator !== '=' || left === undefined || right === undefined) continue;
    for (const [inner, outer] of [
      [left, right],
      [right, left],
    ] as const) {
      const own = columnOf(inner, level.relations);
      const around = columnOf(outer, level.relations) === null ? columnOf(outer, middle.level.relations) : null;
      if (own === null || around === null || around.alias !== far.alias || around.name !== far.name) continue;
      if (isAlike(own, far) && !namesAlias(select, own.alias)) return columnNode(own.alias, own.name);
    }
  }
  return null;
}

interface NamedColumn {
  readonly alias: string;
  readonly name: string;
  readonly baseType: string | null;
  readonly collation: string | null;
}

function columnOf(node: Node, relations: readonly LevelRelation[]): NamedColumn | null {
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  const relation = named === null ? null : relationIn(relations, named);
  if (named === null || relation === null) return null;
  const column = columnIn(relations, named);
  return {
    alias: relation.alias,
    name: named.name,
    baseType: column?.baseType ?? null,
    collation: column?.collation ?? null,
  };
}

/** Equal values of one type and collation meet the same. */
function isAlike(one: NamedColumn, other: NamedColumn): boolean {
  return one.baseType !== null && one.baseType === other.baseType && one.collation === other.collation;
}

function namesAlias(select: SelectStmt, alias: string): boolean {
  let found = false;
  visit(select, (kind, body) => {
    if (kind === 'RangeVar') found ||= body['relname'] === alias;
    if (kind === 'Alias') found ||= body['aliasname'] === alias;
    return !found;
  });
  return found;
}
