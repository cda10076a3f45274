import type { Catalog } from '../../model/catalog.js';
import { spellStars } from './column-names.js';
import { relationOf, relationsOf } from './level-names.js';
import { columnNode, joinedFrom } from './nodes.js';
import type { SubquerySite } from './subquery-sites.js';
import type { JoinedColumn, LevelJoin } from './technique.js';

/** The side of the join around a subquery to whose rows alone it is tied; null where it is to both, or to none. */
export function tiedSide({ join, level, references }: SubquerySite, catalog: Catalog): 'larg' | 'rarg' | null {
  const context = { catalog, commonTables: level.commonTables };
  const isIn = (side: 'larg' | 'rarg') => {
    const item = join?.[side];
    const relations = item === undefined ? [] : relationsOf([item], context);
    return references.length > 0 && references.every((reference) => relationOf(reference, relations) !== null);
  };
  return isIn('larg') ? 'larg' : isIn('rarg') ? 'rarg' : null;
}

/** Joins one more relation to the side of a join whose condition holds the subqueries; null where stars cannot be spelled. */
export function joinToSide(
  site: SubquerySite,
  { relation, alias, on }: LevelJoin,
  catalog: Catalog,
): JoinedColumn | null {
  const { join, level } = site;
  const side = tiedSide(site, catalog);
  const item = side === null ? undefined : join?.[side];
  if (join === null || side === null || item === undefined) return null;
  const isSelect = level.kind === 'select';
  const targets = isSelect ? level.body.targetList : level.body.returningClause?.exprs;
  if (!spellStars(targets, isSelect ? (level.body.fromClause ?? []) : [], level.relations)) return null;
  join[side] = joinedFrom([item], { jointype: 'JOIN_LEFT', rarg: relation, quals: on })[0] ?? item;
  return (column) => columnNode(alias, column);
}
