import type { Node, RangeSubselect, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../../model/catalog.js';
import { canonical } from '../../canonical.js';
import { bodyOf } from '../../walk.js';
import { isGrouped } from '../aggregates.js';
import { callsWindow, type FreshNames } from '../column-names.js';
import { freeIn } from '../free-references.js';
import { isOneGroup, type SubqueryKey, tieOf } from '../keyed-subquery.js';
import { type CommonTables, type LevelRelation, relationsOf } from '../level-names.js';
import { allOf, columnNode, operatorNode, partsOf, targetNode } from '../nodes.js';
import { isReadWhole } from '../read-whole.js';
import { subquerySites } from '../subquery-sites.js';

/**
 * Hands the ties of queries in a subquery's FROM to its own WHERE: what they are equal in becomes a column of them, within
 * which they are grouped and made distinct as before.
 */
export function hoistTies(tree: Node, catalog: Catalog, names: FreshNames): void {
  for (const { select, level, link } of subquerySites(tree, catalog)) {
    const context = { catalog, commonTables: level.commonTables };
    for (const derived of derivedOf(select.fromClause ?? [])) {
      const query = bodyOf(derived.subquery, 'SelectStmt');
      const alias = derived.alias?.aliasname;
      const { targetList: _, ...others } = select;
      const holder = link.subLinkType === 'EXISTS_SUBLINK' ? others : select;
      if (query === null || alias === undefined || isReadWhole(derived, holder)) continue;
      const arms = armsOf(query).map((arm) => ({ arm, ties: tiesOf(arm, { ...context, around: level.relations }) }));
      const [first] = arms;
      const outer = first?.ties?.map((tie) => tie.outer) ?? [];
      const isAlike = arms.every(
        ({ ties }) => ties !== null && canonical(ties.map((tie) => tie.outer)) === canonical(outer),
      );
      if (outer.length === 0 || !isAlike) continue;
      for (const { arm } of arms)
        for (const { columns } of relationsOf(arm.fromClause ?? [], context)) names.keepFrom(columns?.keys() ?? []);
      const columns = outer.map(() => names.next('tie'));
      for (const { arm, ties } of arms) moveOut(arm, { ties: ties ?? [], columns, catalog });
      const moved = outer.map((node, place) =>
        operatorNode('=', columnNode(alias, columns[place] ?? ''), structuredClone(node)),
      );
      select.whereClause = allOf([...partsOf(select.whereClause), ...moved]) as Node;
    }
  }
}

/** Queries in FROM, and in its inner joins. */
function derivedOf(items: readonly Node[]): readonly RangeSubselect[] {
  return items.flatMap((item) => {
    const join = bodyOf(item, 'JoinExpr');
    if (join === null) return bodyOf(item, 'RangeSubselect') ?? [];
    if ((join.jointype ?? 'JOIN_INNER') !== 'JOIN_INNER' || join.isNatural === true) return [];
    return derivedOf([join.larg, join.rarg].flatMap((side) => side ?? []));
  });
}

function armsOf(query: SelectStmt): readonly SelectStmt[] {
  const { larg, rarg, limitCount, limitOffset } = query;
  if (larg === undefined || rarg === undefined || limitCount !== undefined || limitOffset !== undefined) return [query];
  return [larg, rarg].flatMap(armsOf);
}

/** The equalities with what stands further out; null where more ties a query, or it is cut, or all its rows make one. */
function tiesOf(
  query: SelectStmt,
  context: {
    readonly catalog: Catalog;
    readonly commonTables: CommonTables;
    readonly around: readonly LevelRelation[];
  },
): readonly Tie[] | null {
  const { distinctClause = [], targetList } = query;
  const isOneRow = isGrouped(query, context.catalog) && query.groupClause === undefined;
  const isCut = [query.limitCount, query.limitOffset, query.lockingClause, query.withClause].some(
    (each) => each !== undefined,
  );
  const isDistinctOn = distinctClause.some((node) => Object.keys(node).length > 0);
  if (isOneRow || isCut || isDistinctOn || callsWindow(targetList) || query.larg !== undefined) return null;
  if (canonical(query.groupClause ?? []).includes('"GroupingSet"')) return null;
  const relations = relationsOf(query.fromClause ?? [], context);
  const ties: Tie[] = [];
  for (const part of partsOf(query.whereClause)) {
    const { nodes, isKnown } = freeIn(part, relations, context);
    const key = nodes.length === 0 ? null : tieOf(part, new Set(nodes));
    if (!isKnown || (nodes.length > 0 && key === null)) return null;
    if (key !== null && !isOneGroup(key, { relations, around: context.around })) return null;
    if (key !== null) ties.push({ ...key, part });
  }
  const others = [query.targetList, query.fromClause, query.groupClause, query.havingClause];
  return freeIn(others, relations, context).nodes.length === 0 ? ties : null;
}

interface Tie extends SubqueryKey {
  readonly part: Node;
}

function moveOut(
  query: SelectStmt,
  {
    ties,
    columns,
    catalog,
  }: { readonly ties: readonly Tie[]; readonly columns: readonly string[]; readonly catalog: Catalog },
): void {
  const isOfGroups = isGrouped(query, catalog);
  query.targetList = [
    ...(query.targetList ?? []),
    ...ties.map(({ inner }, place) => targetNode(inner, columns[place] ?? '')),
  ];
  if (isOfGroups)
    query.groupClause = [...(query.groupClause ?? []), ...structuredClone(ties.map(({ inner }) => inner))];
  const rest = allOf(partsOf(query.whereClause).filter((part) => ties.every((tie) => tie.part !== part)));
  if (rest === undefined) delete query.whereClause;
  else query.whereClause = rest;
}
