import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, isSameForRepeats } from './aggregates.js';
import { callsWindow, holdsQuery, keepColumnNames } from './column-names.js';
import { holdsGroupingSet } from './grouped-level.js';
import {
  type JoinCondition,
  type JoinedTable,
  type JoinedTables,
  joinedTables,
  putGroups,
  relationsIn,
} from './joined-tables.js';
import { GROUPING_CLAUSES, isPlainBut, tieOf } from './keyed-subquery.js';
import { relationOf } from './level-names.js';
import {
  bigintNode,
  callNode,
  coalesceNode,
  columnName,
  columnNode,
  integerNode,
  referencesIn,
  replaceNode,
  targetNode,
} from './nodes.js';
import { type PartialAggregate, partialOf } from './partial-aggregates.js';
import { type LevelContext, rewriteLevels, type SelectLevel } from './select-levels.js';

/**
 * Writes a query that joins rows and groups them so that the rows of the table that is aggregated are grouped by what they
 * are joined by before they are joined. Null where there is none, or its aggregates cannot be put together of parts.
 */
export function groupedBefore(sql: string, catalog: Catalog): string | null {
  return rewriteLevels(sql, catalog, groupBefore);
}

function groupBefore(level: SelectLevel, context: LevelContext): boolean {
  const { select } = level;
  const outside = [select.targetList, select.groupClause, select.havingClause, select.sortClause];
  if (
    !isPlainBut(select, [...GROUPING_CLAUSES, 'distinctClause']) ||
    callsWindow(select.targetList) ||
    holdsGroupingSet(select)
  )
    return false;
  const calls = aggregateCalls(outside, context.catalog);
  const joined = joinedTables(level, context.catalog);
  if (calls.length === 0 || joined === null || joined.tables.length < 2 || holdsQuery([outside, select.fromClause]))
    return false;
  return joined.tables.some((table) => {
    const grouped = groupedOf(table, { level, joined, calls, outside, context });
    if (grouped !== null) writeGrouped(grouped, { level, context });
    return grouped !== null;
  });
}

interface Reading {
  readonly level: SelectLevel;
  readonly joined: JoinedTables;
  readonly calls: readonly Node[];
  readonly outside: readonly unknown[];
  readonly context: LevelContext;
}

interface Grouped {
  readonly table: JoinedTable;
  readonly keys: readonly string[];
  /** Conditions about its rows alone. */
  readonly own: readonly JoinCondition[];
  readonly calls: readonly { readonly call: Node; readonly partial: PartialAggregate }[];
}

/** What the rows of one table are to be grouped by, and what of them is aggregated; null where they cannot be. */
function groupedOf(table: JoinedTable, { level, joined, calls, outside, context }: Reading): Grouped | null {
  const { relation, outer } = table;
  if (relation.table === null || (relation.isNullable && outer === null)) return null;
  const isAbout = ({ relations }: JoinCondition) => relations === null || relations.has(relation);
  const about = joined.conditions.filter(isAbout);
  const own = about.filter(({ relations }) => relations?.size === 1);
  const ties = about.filter((each) => !own.includes(each));
  // What an outer join asks of its own rows chooses no others; what WHERE asks of them makes it an inner one.
  if (own.some((each) => each.outer !== outer) || (outer !== null && ties.some((each) => each.outer !== outer)))
    return null;
  const isTie = ({ part }: JoinCondition) =>
    tieOf(part, new Set(referencesIn(part).filter((node) => relationOf(node, level.relations) !== relation))) !== null;
  if (ties.length === 0 || !ties.every(isTie) || own.some(({ part }) => holdsQuery(part))) return null;
  const beside = referencesIn([outside, ties.map(({ part }) => part)], (node) => calls.includes(node));
  const keys = beside
    .filter((node) => relationOf(node, level.relations) === relation)
    .map((node) => columnName(node) ?? '');
  if (beside.some((node) => isUnknown(node, level)) || keys.includes('')) return null;
  const partials = calls.map((call) => partialCall(call, table, { level, context }));
  if (partials.includes(null) || partials.every((each) => each === 'of others')) return null;
  const read = partials.flatMap((partial, place) => {
    const call = calls[place];
    return call === undefined || partial === null || partial === 'of others' ? [] : [{ call, partial }];
  });
  return { table, keys: [...new Set(keys)], own, calls: read };
}

/** A star, or a name of no relation that is known. */
function isUnknown(node: Node, { relations, select }: SelectLevel): boolean {
  if (relationOf(node, relations) !== null) return false;
  const outputs = (select.targetList ?? []).map((target) => bodyOf(target, 'ResTarget')?.name);
  return !outputs.includes(columnName(node) ?? '');
}

/** Extremes of other tables stay as they are, however often a row is joined. */
function partialCall(
  call: Node,
  { relation, outer }: JoinedTable,
  { level, context: { catalog } }: Pick<Reading, 'level' | 'context'>,
): PartialAggregate | 'of others' | null {
  const body = bodyOf(call, 'FuncCall');
  const named = relationsIn(call, level.relations);
  if (body === null || named === null) return null;
  if (named.size > 0 && !named.has(relation)) {
    return isSameForRepeats(body) ? 'of others' : null;
  }
  if (named.size > 1) return null;
  const mayBeNone = outer !== null || (level.select.groupClause ?? []).length === 0;
  const partial = partialOf(call, { relations: level.relations, catalog, mayBeNone });
  const isOfRows = named.size === 0 && body.agg_star === true && body.agg_filter === undefined;
  if (partial === null || (named.size === 0 && !isOfRows)) return null;
  if (!isOfRows || outer === null) return partial;
  // A row that is joined to none is one row still.
  const counted = (column: Node) => callNode('sum', [coalesceNode([column, integerNode(1)])]);
  const whole = ([column]: readonly Node[]) =>
    bigintNode(coalesceNode([counted(column ?? integerNode(1)), integerNode(0)]));
  return { calls: partial.calls, whole };
}

function writeGrouped(
  { table, keys, own, calls }: Grouped,
  { level, context: { names } }: Pick<Reading, 'level' | 'context'>,
): void {
  const { alias } = table.relation;
  keepColumnNames(level.select.targetList, () => true);
  const targets: Node[] = [];
  for (const { call, partial } of calls) {
    const columns = partial.calls.map((each) => {
      const name = names.next('part');
      targets.push(targetNode(each, name));
      return columnNode(alias, name);
    });
    replaceNode(call, partial.whole(columns));
  }
  putGroups(table, { keys, own, targets });
}
