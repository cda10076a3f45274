import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { FreshNames } from './column-names.js';
import { freeReferences } from './free-references.js';
import { dividing, type Sight } from './group-sources.js';
import { inlineViews } from './inline-views.js';
import { replaceNode } from './nodes.js';
import { selectLevels } from './select-levels.js';

/**
 * Writes a statement that joins the same groups to themselves, each time by a query or a view of its own, with one query
 * in WITH, which makes them once. Null where there are none.
 */
export function sharedQueries(sql: string, catalog: Catalog): string | null {
  if (!/\bfrom\b.*\bfrom\b|\bjoin\b/is.test(sql)) return null;
  const { tree } = parseStatement(sql);
  if (isVolatile(tree, catalog)) return null;
  inlineViews(tree, catalog, (query) => isDear(query, catalog));
  const names = new FreshNames(tree);
  let isChanged = false;
  for (const { select, ...sight } of selectLevels(tree, catalog)) {
    const shared = sharedIn(select, { ...sight, catalog });
    for (const items of shared) share(items, select, names);
    isChanged ||= shared.length > 0;
  }
  return isChanged ? deparseStatement(tree) : null;
}

/** What it gives is less than what it reads. */
function isDear(query: SelectStmt, catalog: Catalog): boolean {
  return dividing(query) || isGrouped(query, catalog);
}

/** Queries in FROM that are the same, with those that they are the same as. */
function sharedIn(select: SelectStmt, sight: Sight): readonly (readonly Node[])[] {
  const groups = new Map<string, Node[]>();
  for (const item of (select.fromClause ?? []).flatMap(itemsIn)) {
    const { subquery, lateral } = bodyOf(item, 'RangeSubselect') ?? {};
    const query = bodyOf(subquery, 'SelectStmt');
    if (query === null || lateral === true || !isDear(query, sight.catalog)) continue;
    const { nodes, isKnown } = freeReferences(query, sight);
    if (nodes.length > 0 || !isKnown) continue;
    const text = canonical(query);
    groups.set(text, [...(groups.get(text) ?? []), item]);
  }
  return select.withClause?.recursive === true ? [] : [...groups.values()].filter((items) => items.length > 1);
}

function itemsIn(item: Node): readonly Node[] {
  const join = bodyOf(item, 'JoinExpr');
  return join === null ? [item] : [join.larg, join.rarg].flatMap((side) => (side === undefined ? [] : itemsIn(side)));
}

function share(items: readonly Node[], select: SelectStmt, names: FreshNames): void {
  const [first] = items;
  const ctequery = bodyOf(first, 'RangeSubselect')?.subquery;
  const ctename = names.next('shared');
  if (ctequery === undefined) return;
  const common: Node = { CommonTableExpr: { ctename, ctematerialized: 'CTEMaterializeDefault', ctequery } };
  select.withClause = { ...select.withClause, ctes: [...(select.withClause?.ctes ?? []), common] };
  for (const item of items) {
    const { alias } = bodyOf(item, 'RangeSubselect') ?? {};
    replaceNode(item, { RangeVar: { relname: ctename, inh: true, relpersistence: 'p', ...(alias && { alias }) } });
  }
}
