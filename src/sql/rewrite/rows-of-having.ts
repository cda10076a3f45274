import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls } from './aggregates.js';
import { type AskedRow, askedRow, isOfRows } from './asked-rows.js';
import { holdsQuery } from './column-names.js';
import { mayFail } from './failing-conditions.js';
import { groupExpressions, holdsGroupingSet } from './grouped-level.js';
import { isNeverNull } from './keyed-subquery.js';
import { relationOf } from './level-names.js';
import { allOf, partsOf, referencesIn, selectNode } from './nodes.js';
import { rewriteLevels, type SelectLevel } from './select-levels.js';
import { hasHeirs } from './written-level.js';

/** Most statements have none, and need no parsing for that. */
const HAVING = /\bhaving\b/i;

/**
 * Writes a query that keeps groups of which some row meets a condition, and asks nothing of the other rows, so that those
 * rows alone are grouped. Null where there is none such.
 */
export function rowsOfHaving(sql: string, catalog: Catalog): string | null {
  if (!HAVING.test(sql)) return null;
  return rewriteLevels(sql, catalog, (level) => {
    const asked = askedRows(level, catalog);
    const { select, relations } = level;
    const calls = aggregateCalls([select.targetList, select.havingClause, select.sortClause], catalog);
    const found = asked.find(({ conditions }) =>
      calls.every((call) => isOfRows(call, conditions, { catalog, relations })),
    );
    if (found === undefined) return false;
    const having = allOf(partsOf(select.havingClause).filter((part) => part !== found.part || !found.isAll));
    select.whereClause = structuredClone(alsoAsked(select, found.conditions));
    if (having === undefined) delete select.havingClause;
    else select.havingClause = having;
    return true;
  });
}

/** Writes a query that keeps groups of which some row meets a condition so that the groups of such rows alone are made. */
export function groupsOfHaving(sql: string, catalog: Catalog): string | null {
  if (!HAVING.test(sql)) return null;
  return rewriteLevels(sql, catalog, (level) => {
    const asked = askedRows(level, catalog);
    const { select } = level;
    const key = asked.length === 0 || !isReadTwice(select) ? null : keyOf(level, catalog);
    if (key === null) return false;
    const { fromClause = [] } = select;
    const conditions = asked.map(({ conditions: own }): Node => {
      const rows = selectNode({
        targetList: [{ ResTarget: { val: key } }],
        fromClause,
        whereClause: alsoAsked(select, own),
      });
      return { SubLink: { subLinkType: 'ANY_SUBLINK', testexpr: key, subselect: { SelectStmt: rows } } };
    });
    select.whereClause = structuredClone(alsoAsked(select, conditions));
    return true;
  });
}

function alsoAsked(select: SelectStmt, conditions: readonly Node[]): Node {
  const { whereClause } = select;
  return allOf([...partsOf(whereClause), ...conditions]) as Node;
}

/** What HAVING asks some row of a group for. */
function askedRows({ select, relations }: SelectLevel, catalog: Catalog): readonly AskedRow[] {
  const { groupClause = [], havingClause, targetList, sortClause } = select;
  if (havingClause === undefined || groupClause.length === 0 || holdsGroupingSet(select)) return [];
  if (holdsQuery([targetList, havingClause, sortClause])) return [];
  const known = new Set(partsOf(select.whereClause).map(canonical));
  return partsOf(havingClause).flatMap((part) => {
    const asked = askedRow(part, { catalog, relations });
    // It was asked of the rows that WHERE leaves; an aggregate of what is around the query is that query's.
    if (asked === null || mayFail(asked.conditions) || !isAbout(asked.conditions, relations)) return [];
    return asked.conditions.some((condition) => !known.has(canonical(condition))) ? [asked] : [];
  });
}

function isAbout(conditions: readonly Node[], relations: SelectLevel['relations']): boolean {
  return referencesIn(conditions).some((reference) => relationOf(reference, relations) !== null);
}

/** Tables, whose rows are asked for once more. */
function isReadTwice({ fromClause = [], whereClause }: SelectStmt): boolean {
  const isTable = (item: Node | undefined): boolean => {
    const join = bodyOf(item, 'JoinExpr');
    if (join === null) return bodyOf(item, 'RangeVar') !== null;
    return isTable(join.larg) && isTable(join.rarg) && !holdsQuery(join.quals);
  };
  return fromClause.length > 0 && fromClause.every(isTable) && !holdsQuery(whereClause);
}

/** A column that tells groups apart and is never NULL. */
function keyOf({ select, relations }: SelectLevel, catalog: Catalog): Node | null {
  const keys = groupExpressions(select, relations).filter((node) => {
    const table = 'ColumnRef' in node ? relationOf(node, relations)?.table : null;
    return table != null && !hasHeirs(table, catalog) && isNeverNull(node, relations);
  });
  return keys[0] ?? null;
}
