import type { FuncCall, JoinExpr, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf, visit } from '../walk.js';
import { aggregateCalls, emptyValueOf, isSameForRepeats } from './aggregates.js';
import { callsWindow, holdsQuery, keepColumnNames } from './column-names.js';
import { mayFail } from './failing-conditions.js';
import { groupedColumns, holdsGroupingSet } from './grouped-level.js';
import { type JoinedTable, joinedTables, relationsIn } from './joined-tables.js';
import { GROUPING_CLAUSES, isPlainBut, isWrittenOneWay } from './keyed-subquery.js';
import { columnIn, type LevelRelation, relationOf } from './level-names.js';
import { takesNothingOf } from './missing-row.js';
import {
  allOf,
  columnName,
  comparisonOf,
  existsNode,
  integerNode,
  partsOf,
  referenceOf,
  referencesIn,
  replaceNode,
  selectNode,
} from './nodes.js';
import { rewriteLevels, type SelectLevel } from './select-levels.js';
import { hasHeirs, primaryKeyOf } from './written-level.js';

/** Tells whether a text may count by DISTINCT what a LEFT JOIN adds to; most statements do not, and need no parsing for that. */
export function mayCountPresence(sql: string): boolean {
  return /\bleft\b[\s\S]*\bjoin\b/i.test(sql) && /\bcount\s*\(\s*distinct\b/i.test(sql);
}

/**
 * Writes a query that joins other rows to those of its tables and counts, by DISTINCT, the ones that have any so that each
 * is asked for it: `count(DISTINCT x) FILTER (WHERE EXISTS (…))`. Null where there is none such.
 */
export function countedPresence(sql: string, catalog: Catalog): string | null {
  if (!mayCountPresence(sql)) return null;
  return rewriteLevels(sql, catalog, (level) => {
    const found = presencesOf(level, catalog);
    if (found.length === 0) return false;
    keepColumnNames(level.select.targetList, () => true);
    for (const { table, outer, quals, calls } of found) {
      for (const { call, value, conditions } of calls) {
        const rows = selectNode({
          targetList: [{ ResTarget: { val: integerNode(1) } }],
          fromClause: [table.item],
          whereClause: allOf([...quals, ...conditions]) as Node,
        });
        replaceNode(call, countedIf(call, value, existsNode(structuredClone(rows))));
      }
      takeOut(level, outer);
    }
    countOnce(level, level.select.fromClause ?? [], catalog);
    return true;
  });
}

/** `count(DISTINCT value) FILTER (WHERE condition)`, in the place of another count. */
export function countedIf(call: Node, value: Node, condition: Node): Node {
  const { agg_filter: _, ...rest }: FuncCall = bodyOf(call, 'FuncCall') ?? {};
  return structuredClone({ FuncCall: { ...rest, args: [value], agg_filter: condition } });
}

/** A table that is joined for nothing but to see whether it has rows. */
export interface Presence {
  readonly table: JoinedTable;
  readonly outer: JoinExpr;
  /** What it is joined by. */
  readonly quals: readonly Node[];
  /** What is counted of it. */
  readonly calls: readonly PresenceCount[];
}

/** `count(DISTINCT …)` of rows that have others. */
export interface PresenceCount {
  readonly call: Node;
  /** What is counted, of the tables that these are joined to. */
  readonly value: Node;
  /** What else the joined rows have to meet. */
  readonly conditions: readonly Node[];
}

/** Gives the tables of a level that `count(DISTINCT …)` alone reads, to count the rows that have any of theirs. */
export function presencesOf(level: SelectLevel, catalog: Catalog): readonly Presence[] {
  const { select } = level;
  const outside = outsideOf(level);
  if (!isPlainBut(select, GROUPING_CLAUSES) || callsWindow(select.targetList) || holdsGroupingSet(select)) return [];
  if (holdsQuery([outside, select.fromClause])) return [];
  const calls = aggregateCalls(outside, catalog);
  if (calls.length === 0 || !calls.every((call) => isSameOfRepeats(call, level, catalog))) return [];
  const tables = joinedTables(level, catalog)?.tables ?? [];
  return tables.flatMap((table) => presenceOf(table, { level, catalog, calls }) ?? []);
}

/** Of equal values that are written otherwise the order of the rows tells which one it gives. */
function isSameOfRepeats(node: Node, { relations }: SelectLevel, catalog: Catalog): boolean {
  const call: FuncCall = bodyOf(node, 'FuncCall') ?? {};
  const isCount = emptyValueOf(call, catalog) === 'zero';
  return isSameForRepeats(call) && (isCount || (call.args ?? []).every((arg) => isWrittenOneWay(arg, relations)));
}

function outsideOf({ select: { targetList, groupClause, havingClause, sortClause } }: SelectLevel) {
  return [targetList, groupClause, havingClause, sortClause];
}

interface Reading {
  readonly level: SelectLevel;
  readonly catalog: Catalog;
  readonly calls: readonly Node[];
}

function presenceOf(table: JoinedTable, { level, catalog, calls }: Reading): Presence | null {
  const { item, relation, outer } = table;
  if (outer?.quals === undefined || bodyOf(item, 'RangeVar') === null || outer.rarg !== item) return null;
  const quals = partsOf(outer.quals);
  const isOwn = (node: Node) => relationOf(node, level.relations) === relation;
  const mine = calls.filter((call) => referencesIn(call).some(isOwn));
  const named = referencesIn([outsideOf(level), level.select.fromClause, level.select.whereClause]);
  const known = referencesIn([mine, outer.quals]);
  // A name that is not known may be one of its columns.
  const isElsewhere = named.some((node) => !known.includes(node) && isOwnOrUnknown(node, relation, level));
  if (mine.length === 0 || isElsewhere || relationsIn([quals, mine], level.relations) === null) return null;
  const counts = mine.flatMap((call) => countOf(call, { table, quals, level, catalog }) ?? []);
  return counts.length < mine.length ? null : { table, outer, quals, calls: counts };
}

/** Names of outputs stand in ORDER BY and GROUP BY. */
function isOwnOrUnknown(node: Node, relation: LevelRelation, { select, relations }: SelectLevel): boolean {
  const of = relationOf(node, relations);
  const titles = (select.targetList ?? []).map((target) => bodyOf(target, 'ResTarget')?.name);
  return of === relation || (of === null && !titles.includes(columnName(node) ?? ''));
}

interface Joined {
  readonly table: JoinedTable;
  readonly quals: readonly Node[];
  readonly level: SelectLevel;
  readonly catalog: Catalog;
}

function countOf(node: Node, { table, quals, level, catalog }: Joined): PresenceCount | null {
  const call: FuncCall = bodyOf(node, 'FuncCall') ?? {};
  const { args = [], agg_order, agg_filter, agg_distinct } = call;
  const [argument, further] = args;
  const isCount = emptyValueOf(call, catalog) === 'zero' && agg_distinct === true && agg_order === undefined;
  const own = referencesIn(node).filter((each) => relationOf(each, level.relations) === table.relation);
  if (!isCount || argument === undefined || further !== undefined) return null;
  const choice = choiceOf(argument) ?? { value: argument, conditions: [] };
  const conditions = [...choice.conditions, ...partsOf(agg_filter)];
  const filter = allOf(conditions);
  const plain: Node = {
    FuncCall: { ...call, args: [choice.value], ...(filter === undefined ? {} : { agg_filter: filter }) },
  };
  const value = takesNothingOf(plain, own) ? valueOutside(choice.value, { table, quals, level, catalog }) : null;
  return value === null || mayFail([conditions, value]) ? null : { call: node, value, conditions };
}

/** `CASE WHEN … THEN x END`. */
function choiceOf(argument: Node): { readonly value: Node; readonly conditions: readonly Node[] } | null {
  const { arg, args = [], defresult } = bodyOf(argument, 'CaseExpr') ?? {};
  const [when, second] = args.map((each) => bodyOf(each, 'CaseWhen'));
  const isNothing = defresult === undefined || bodyOf(defresult, 'A_Const')?.isnull === true;
  if (arg !== undefined || second !== undefined || !isNothing) return null;
  return when?.expr === undefined || when.result === undefined
    ? null
    : { value: when.result, conditions: partsOf(when.expr) };
}

/** A value that is of the other tables, or is joined by one of theirs, as that. */
function valueOutside(value: Node, { table, quals, level: { relations } }: Joined): Node | null {
  const isOwn = (node: Node) => relationOf(node, relations) === table.relation;
  if (!referencesIn(value).some(isOwn)) return 'ColumnRef' in value ? value : null;
  if (!('ColumnRef' in value)) return null;
  for (const part of quals) {
    const { operator, left, right } = comparisonOf(part) ?? {};
    if (operator !== '=' || left === undefined || right === undefined) continue;
    const other = isSameColumn(left, value) ? right : isSameColumn(right, value) ? left : null;
    if (other !== null && 'ColumnRef' in other && !isOwn(other) && areOneType([value, other], relations)) return other;
  }
  return null;

  function isSameColumn(one: Node, another: Node): boolean {
    return isOwn(one) && columnName(one) === columnName(another);
  }
}

/** Tells whether columns are of one type, modifiers and collation included. */
export function areOneType(nodes: readonly Node[], relations: readonly LevelRelation[]): boolean {
  const types = nodes.map((node) => {
    const reference = 'ColumnRef' in node ? referenceOf(node.ColumnRef) : null;
    const column = reference === null ? null : columnIn(relations, reference);
    return column === null ? null : canonical([column.type, column.collation]);
  });
  return !types.includes(null) && new Set(types).size === 1;
}

function takeOut({ select }: SelectLevel, outer: JoinExpr): void {
  visit(select.fromClause, (kind, body) => {
    if (kind !== 'JoinExpr') return true;
    for (const side of ['larg', 'rarg'] as const) {
      const below = body[side] as Node | undefined;
      if (below !== undefined && 'JoinExpr' in below && below.JoinExpr === outer)
        replaceNode(below, outer.larg as Node);
    }
    return true;
  });
  select.fromClause = (select.fromClause ?? []).map((item) =>
    'JoinExpr' in item && item.JoinExpr === outer ? (outer.larg as Node) : item,
  );
}

/** Of one table, each row of which comes once, each has a key of its own, which is counted without DISTINCT. */
export function countOnce(level: SelectLevel, items: readonly Node[], catalog: Catalog): void {
  const { select, relations } = level;
  const [item, further] = items;
  const { relname, alias } = bodyOf(item, 'RangeVar') ?? {};
  const relation = relations.find((each) => each.alias === (alias?.aliasname ?? relname));
  const key = relation?.table == null || hasHeirs(relation.table, catalog) ? null : primaryKeyOf(relation.table);
  if (relation === undefined || key === null || further !== undefined) return;
  const grouped = groupedColumns(select, relations);
  const isOwn = (node: Node | undefined) => node !== undefined && relationOf(node, relations) === relation;
  const fixed = partsOf(select.whereClause)
    .map(fixedColumn)
    .flatMap((node) => (isOwn(node) ? (columnName(node) ?? []) : []));
  for (const node of aggregateCalls(outsideOf(level), catalog)) {
    const call: FuncCall = bodyOf(node, 'FuncCall') ?? {};
    const [argument, second] = call.args ?? [];
    const counted = isOwn(argument) ? columnName(argument) : null;
    const isOf = (name: string) =>
      name === counted || fixed.includes(name) || grouped.has(JSON.stringify([relation.alias, name]));
    const isCount = emptyValueOf(call, catalog) === 'zero' && second === undefined && counted !== null;
    if (isCount && key.every(isOf)) delete call.agg_distinct;
  }
}

/** The column of `column = 7`. */
function fixedColumn(part: Node): Node | undefined {
  const { operator, left, right } = comparisonOf(part) ?? {};
  const isValue = (node: Node | undefined) => node !== undefined && ('A_Const' in node || 'ParamRef' in node);
  if (operator !== '=') return undefined;
  return isValue(right) ? left : isValue(left) ? right : undefined;
}
