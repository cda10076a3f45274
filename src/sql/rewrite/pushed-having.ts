import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, isVolatile } from './aggregates.js';
import { callsWindow, holdsQuery } from './column-names.js';
import { derivedOf } from './derived-tables.js';
import { holdsGroupingSet } from './grouped-level.js';
import { inlineCommonTables } from './inline-common-tables.js';
import { relationOf, relationsOf } from './level-names.js';
import { allOf, columnName, partsOf, referencesIn, replaceNode } from './nodes.js';
import { selectLevels } from './select-levels.js';

/**
 * Asks groups in FROM, or in WITH, in HAVING for what WHERE around them asks of what is made of them, as PostgreSQL does.
 * WHERE keeps it as well. False where it asks nothing of the kind.
 */
export function pushHaving(tree: Node, catalog: Catalog): boolean {
  let isChanged = false;
  for (const { select } of selectLevels(tree, catalog)) inlineCommonTables(select, { catalog, isWanted: isOfGroups });
  for (const { select, commonTables } of selectLevels(tree, catalog)) {
    const context = { catalog, commonTables };
    const relations = relationsOf(select.fromClause ?? [], context);
    for (const { range } of derivedOf(select.fromClause ?? [])) {
      const query = bodyOf(range.subquery, 'SelectStmt');
      if (query === null || !isOfGroups(query) || range.alias?.colnames !== undefined) continue;
      const own = relations.filter(({ alias }) => alias === range.alias?.aliasname);
      if (own.some(({ isNullable }) => isNullable)) continue;
      const asked = partsOf(select.whereClause).flatMap((part) => {
        const nodes = referencesIn(part);
        const isAbout = nodes.length > 0 && nodes.every((node) => own.includes(relationOf(node, relations) as never));
        return isAbout && !holdsQuery(part) && !isVolatile(part, catalog) ? (ofGroups(part, query, catalog) ?? []) : [];
      });
      if (asked.length === 0) continue;
      query.havingClause = allOf([...partsOf(query.havingClause), ...asked]) as Node;
      isChanged = true;
    }
  }
  return isChanged;
}

/** Groups all of which are given, each as one row. */
function isOfGroups(query: SelectStmt): boolean {
  const { groupClause, limitCount, limitOffset, lockingClause, withClause, larg, targetList } = query;
  const isCut = [limitCount, limitOffset, lockingClause, withClause, larg].some((clause) => clause !== undefined);
  return groupClause !== undefined && !isCut && !holdsGroupingSet(query) && !callsWindow(targetList);
}

/** A condition with what outputs are made of in their place; null where it is not about an aggregate. */
function ofGroups(part: Node, { targetList = [] }: SelectStmt, catalog: Catalog): Node | null {
  const copy = structuredClone(part);
  let isMade = false;
  for (const node of referencesIn(copy)) {
    const [target, second] = targetList.filter((each) => {
      const { name, val } = bodyOf(each, 'ResTarget') ?? {};
      return (name ?? columnName(val)) === columnName(node);
    });
    const value = bodyOf(target, 'ResTarget')?.val;
    if (value === undefined || second !== undefined || holdsQuery(value) || isVolatile(value, catalog)) return null;
    isMade ||= aggregateCalls(value, catalog).length > 0;
    replaceNode(node, structuredClone(value));
  }
  return isMade ? copy : null;
}
