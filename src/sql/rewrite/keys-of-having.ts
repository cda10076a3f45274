import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { visit } from '../walk.js';
import { aggregateCalls, isAggregateCall } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { mayFail } from './failing-conditions.js';
import { freeIn } from './free-references.js';
import { columnKey, groupedColumns, holdsGroupingSet } from './grouped-level.js';
import { isWrittenOneWay } from './keyed-subquery.js';
import { allOf, partsOf, referencesIn } from './nodes.js';
import { rewriteLevels, type SelectLevel } from './select-levels.js';

const HAVING_QUERY = /\bhaving\b[\s\S]*\bselect\b/i;

/**
 * Asks in WHERE what HAVING asks of grouped columns by subqueries, which PostgreSQL leaves where they are. Null where a
 * statement asks nothing of the kind.
 */
export function keysOfHaving(sql: string, catalog: Catalog): string | null {
  if (!HAVING_QUERY.test(sql)) return null;
  return rewriteLevels(sql, catalog, (level) => {
    const { select } = level;
    const { groupClause = [], havingClause } = select;
    if (groupClause.length === 0 || holdsGroupingSet(select)) return false;
    const parts = partsOf(havingClause);
    const moved = parts.filter((part) => isOfKeys(part, level, catalog));
    if (moved.length === 0) return false;
    select.whereClause = allOf([...partsOf(select.whereClause), ...moved]) as Node;
    const left = allOf(parts.filter((part) => !moved.includes(part)));
    if (left === undefined) delete select.havingClause;
    else select.havingClause = left;
    return true;
  });
}

/** Tells whether all rows of a group meet a condition with subqueries, or none does, and none makes it fail. */
function isOfKeys(part: Node, { select, relations, commonTables }: SelectLevel, catalog: Catalog): boolean {
  if (!holdsQuery(part) || aggregateCalls(part, catalog).length > 0 || mayFail(part)) return false;
  const { nodes, isKnown } = freeIn(part, [], { catalog, commonTables });
  const grouped = groupedColumns(select, relations);
  const isKey = (node: Node) => {
    const key = columnKey(node, relations);
    return key !== null && grouped.has(key) && isWrittenOneWay(node, relations);
  };
  return isKnown && nodes.length > 0 && nodes.every(isKey) && asksForPresence(part, nodes, catalog);
}

/** By IN and EXISTS alone, without aggregates of what is around them. */
function asksForPresence(part: Node, free: readonly Node[], catalog: Catalog): boolean {
  let isPlain = true;
  visit(part, (kind, body) => {
    const node = { [kind]: body } as unknown as Node;
    if (kind === 'SubLink') isPlain &&= ['ANY_SUBLINK', 'EXISTS_SUBLINK'].includes(String(body['subLinkType']));
    if (kind === 'FuncCall' && isAggregateCall(node, catalog))
      isPlain &&= referencesIn(node).every((reference) => !free.includes(reference));
    return isPlain;
  });
  return isPlain;
}
