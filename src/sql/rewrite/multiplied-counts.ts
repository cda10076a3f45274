import type { FuncCall, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, isSameForRepeats } from './aggregates.js';
import { callsWindow, holdsQuery, keepColumnNames } from './column-names.js';
import { holdsGroupingSet } from './grouped-level.js';
import { type JoinedTable, type JoinedTables, joinedTables, putGroups, relationsIn } from './joined-tables.js';
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
  rowCountNode,
  targetNode,
} from './nodes.js';
import { tellsRowsApart } from './rows-apart.js';
import { type LevelContext, rewriteLevels, type SelectLevel } from './select-levels.js';
import { hasHeirs, primaryKeyOf } from './written-level.js';

/**
 * Writes a query that joins several tables to the rows of one, which multiply each other, and counts the distinct keys of
 * each so that each is counted by itself before it is joined. Null where there is none such.
 */
export function countedApart(sql: string, catalog: Catalog): string | null {
  return rewriteLevels(sql, catalog, countApart);
}

function countApart(level: SelectLevel, context: LevelContext): boolean {
  const { select } = level;
  const outside = [select.targetList, select.groupClause, select.havingClause, select.sortClause];
  if (!isPlainBut(select, GROUPING_CLAUSES) || callsWindow(select.targetList) || holdsGroupingSet(select)) return false;
  const joined = joinedTables(level, context.catalog);
  const [base, ...others] = joined?.tables ?? [];
  const calls = aggregateCalls(outside, context.catalog);
  if (joined === null || base === undefined || base.relation.table === null || others.length === 0) return false;
  if (base.outer !== null || hasHeirs(base.relation.table, context.catalog) || holdsQuery([outside, select.fromClause]))
    return false;
  const beside = referencesIn(outside, (node) => calls.includes(node));
  const isOfOther = (node: Node) => others.some(({ relation }) => relation === relationOf(node, level.relations));
  if (beside.some(isOfOther)) return false;
  const counted = others.map((table) => countedOf(table, { base, joined, calls, level, context }));
  const known = counted.flatMap((each) => each?.calls ?? []);
  const rest = calls.filter((call) => !known.includes(call));
  if (counted.includes(null) || known.length === 0 || !rest.every((call) => isOfBase(call, base, level))) return false;
  keepColumnNames(select.targetList, () => true);
  for (const each of counted) if (each !== null) write(each, context);
  return true;
}

function isOfBase(call: Node, { relation }: JoinedTable, { relations }: SelectLevel): boolean {
  const body = bodyOf(call, 'FuncCall');
  const named = relationsIn(call, relations);
  return body !== null && isSameForRepeats(body) && named?.size === 1 && named.has(relation);
}

interface Counted {
  readonly table: JoinedTable;
  /** By which it is joined. */
  readonly keys: readonly string[];
  readonly own: readonly { readonly part: Node; remove(): void }[];
  readonly calls: readonly Node[];
}

interface Reading {
  readonly base: JoinedTable;
  readonly joined: JoinedTables;
  readonly calls: readonly Node[];
  readonly level: SelectLevel;
  readonly context: LevelContext;
}

function countedOf(table: JoinedTable, { base, joined, calls, level, context }: Reading): Counted | null {
  const { relation, outer } = table;
  const key = relation.table === null ? null : primaryKeyOf(relation.table);
  if (relation.table === null || key?.length !== 1 || hasHeirs(relation.table, context.catalog)) return null;
  const about = joined.conditions.filter(({ relations }) => relations === null || relations.has(relation));
  const own = about.filter(({ relations }) => relations?.size === 1);
  if (about.some((each) => each.outer !== outer) || holdsQuery(own.map(({ part }) => part))) return null;
  const ties = about
    .filter((each) => !own.includes(each))
    .map(({ part }) => {
      const far = referencesIn(part).filter((node) => relationOf(node, level.relations) === base.relation);
      return tieOf(part, new Set(far));
    });
  const keys = ties.map((tie) => columnName(tie?.inner));
  const known = ties.flatMap((tie) => columnName(tie?.outer) ?? []);
  const isOfBase = ties.every((tie) => tie !== null && relationOf(tie.inner, level.relations) === relation);
  // A row that met two rows of the base would be counted for both.
  if (base.relation.table === null || !isOfBase || !tellsRowsApart(base.relation.table, known)) return null;
  const mine = calls.filter((call) => relationsIn(call, level.relations)?.has(relation) ?? true);
  const isFit = mine.every(
    (call) => isCountOfKey(call, key[0] ?? '') && relationsIn(call, level.relations)?.size === 1,
  );
  return isFit && !keys.includes(null) ? { table, keys: keys.flatMap((name) => name ?? []), own, calls: mine } : null;
}

function isCountOfKey(call: Node, key: string): boolean {
  const { funcname, args = [], agg_distinct }: FuncCall = bodyOf(call, 'FuncCall') ?? {};
  const isCount = bodyOf(funcname?.at(-1), 'String')?.sval === 'count';
  return isCount && agg_distinct === true && args.length === 1 && columnName(args[0]) === key;
}

function write({ table, keys, own, calls }: Counted, { names }: LevelContext): void {
  const { alias } = table.relation;
  const targets: Node[] = [];
  for (const call of calls) {
    const name = names.next('counted');
    targets.push(targetNode(rowCountNode(bodyOf(call, 'FuncCall')?.agg_filter), name));
    replaceNode(call, bigintNode(coalesceNode([callNode('sum', [columnNode(alias, name)]), integerNode(0)])));
  }
  putGroups(table, { keys, own, targets });
}
