import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls } from './aggregates.js';
import { callsWindow, holdsQuery, keepColumnNames } from './column-names.js';
import type { Sight } from './group-sources.js';
import { groupedColumns, holdsGroupingSet, isConstantInGroup } from './grouped-level.js';
import { joinedBranches } from './joined-branches.js';
import { type JoinCondition, type JoinedTable, type JoinedTables, joinedTables } from './joined-tables.js';
import { GROUPING_CLAUSES, isNeverNull, isPlainBut } from './keyed-subquery.js';
import { relationOf } from './level-names.js';
import { takesNothingOf } from './missing-row.js';
import {
  allOf,
  columnName,
  comparisonOf,
  existsNode,
  integerNode,
  isNotNull,
  partsOf,
  referencesIn,
  replaceNode,
  selectNode,
} from './nodes.js';
import { comparisonsOf, offsetEndOf } from './own-spans.js';
import { rowKeyOf } from './row-keys.js';
import { type LevelContext, rewriteLevels, type SelectLevel } from './select-levels.js';
import { leastCount } from './values-of-groups.js';
import { columnType } from './written-column.js';

/**
 * Writes a query that joins other rows to those of one table, and groups them by its key, as one with a subquery for each
 * aggregate: a form of which more is known. Null where there is none such.
 */
export function ungrouped(sql: string, catalog: Catalog): string | null {
  return rewriteLevels(sql, catalog, ungroup);
}

function ungroup(level: SelectLevel, { catalog }: LevelContext): boolean {
  const { select, relations, commonTables } = level;
  const outside = [select.targetList, select.havingClause, select.sortClause];
  const calls = aggregateCalls(outside, catalog);
  if (calls.length === 0 || !isPlainBut(select, GROUPING_CLAUSES) || callsWindow(select.targetList)) return false;
  if (holdsQuery([outside, select.fromClause]) || holdsGroupingSet(select)) return false;
  const grouped = groupedColumns(select, relations);
  const joined = joinedTables(level, catalog);
  const table = joined?.tables.find((each) => {
    const { alias, isNullable } = each.relation;
    const key = isNullable ? null : rowKeyOf(each, select, { catalog, commonTables });
    return key?.every((name) => grouped.has(JSON.stringify([alias, name]))) ?? false;
  });
  const others = joined === null || table === undefined ? null : othersOf(table, level, { catalog, joined, calls });
  if (table === undefined || others === null) return false;
  const owner = table.relation;
  const beside = referencesIn(outside, (node) => calls.includes(node));
  const isOwn = (node: Node) => {
    const outputs = (select.targetList ?? []).map((target) => bodyOf(target, 'ResTarget')?.name);
    const relation = relationOf(node, relations);
    if (relation === null) return outputs.includes(bodyOf(node, 'ColumnRef')?.fields?.length === 1 ? nameIn(node) : '');
    return relation === owner && isConstantInGroup(node, { grouped, relations });
  };
  if (!beside.every(isOwn)) return false;
  keepColumnNames(select.targetList, () => true);
  for (const call of calls) replaceNode(call, others.subqueryOf(structuredClone(call)));
  const having = partsOf(select.havingClause);
  const condition = allOf([...others.left, ...having]);
  delete select.havingClause;
  delete select.groupClause;
  select.fromClause = [others.owner];
  if (condition === undefined) delete select.whereClause;
  else select.whereClause = condition;
  return true;
}

function nameIn(node: Node): string {
  return bodyOf(bodyOf(node, 'ColumnRef')?.fields?.[0], 'String')?.sval ?? '';
}

/** What is joined to the rows of one table, as a query of its own. */
interface Others {
  /** The table itself, in FROM. */
  readonly owner: Node;
  /** Conditions that are about its rows alone, or that it is joined at all. */
  readonly left: readonly Node[];
  subqueryOf(call: Node): Node;
}

function othersOf(
  owner: JoinedTable,
  level: SelectLevel,
  {
    catalog,
    joined,
    calls,
  }: { readonly catalog: Catalog; readonly joined: JoinedTables; readonly calls: readonly Node[] },
): Others | null {
  const { alias } = owner.relation;
  if (owner.outer !== null || joined.tables.length < 2) return null;
  const others = joined.tables.filter((table) => table !== owner);
  const isAbout = ({ relations }: JoinCondition, table: JoinedTable) => relations?.has(table.relation) ?? true;
  const left = joined.conditions.filter(
    (each) => each.outer === null && others.every((table) => !isAbout(each, table)),
  );
  const asked = joined.conditions.filter((each) => !left.includes(each));
  const isInner = others.every(({ outer }) => outer === null);
  // One optional table by itself: of several, those that find nothing would hide what the others find.
  const isOuter =
    others.length === 1 && others.every(({ outer }) => outer !== null) && asked.every(({ outer }) => outer !== null);
  const condition = allOf(asked.map(({ part }) => part));
  const branches = isInner || isOuter ? null : joinedBranches({ owner, joined, calls, asked, catalog, ...level });
  const own = left.map(({ part }) => part);
  if (branches !== null) return { ...branches, owner: owner.item, left: [...own, ...branches.present] };
  if ((!isInner && !isOuter) || condition === undefined || asked.some(({ part }) => holdsQuery(part))) return null;
  const ofOthers = referencesIn(calls).filter((node) => relationOf(node, level.relations)?.alias !== alias);
  if (isOuter && !calls.every((call) => isOfRows(call) || takesNothingOf(call, ofOthers))) return null;
  const rows = (targetList: Node[]): SelectStmt =>
    structuredClone(selectNode({ targetList, fromClause: others.map(({ item }) => item), whereClause: condition }));
  const isCounted = partsOf(level.select.havingClause).some((part) => (leastCount(part, catalog)?.least ?? 0) > 0);
  const present =
    isOuter || isCounted
      ? []
      : (meetingItself({ owner, others, asked }, { select: level.select, sight: { ...level, catalog } }) ?? [
          existsNode(rows([{ ResTarget: { val: integerNode(1) } }])),
        ]);
  return {
    owner: owner.item,
    left: [...own, ...present],
    subqueryOf(call) {
      const link: Node = {
        SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: rows([{ ResTarget: { val: call } }]) } },
      };
      // A row that is joined to none is one row still.
      return isOfRows(call) && isOuter ? { MinMaxExpr: { op: 'IS_GREATEST', args: [link, integerNode(1)] } } : link;
    },
  };
}

/** `count(*)`. */
function isOfRows(call: Node): boolean {
  const { agg_star, agg_filter } = bodyOf(call, 'FuncCall') ?? {};
  return agg_star === true && agg_filter === undefined;
}

/**
 * Where a table, or a query of WITH, is joined to itself alone by columns that are not further from themselves than allowed,
 * each row meets itself but for NULLs: what tells of these. Null where a row need not meet itself.
 */
function meetingItself(
  {
    owner,
    others,
    asked,
  }: { readonly owner: JoinedTable; readonly others: readonly JoinedTable[]; readonly asked: readonly JoinCondition[] },
  standing: { readonly select: SelectStmt; readonly sight: Sight },
): readonly Node[] | null {
  const [other, second] = others;
  if (other === undefined || second !== undefined || sourceOf(other) !== sourceOf(owner)) return null;
  const around = [owner.relation, other.relation];
  const typeOf = (column: Node) => columnType(column, around, standing);
  const filled = new Map<string, Node>();
  for (const comparison of asked.flatMap(({ part }) => comparisonsOf(part))) {
    const { operator = '', left, right } = comparisonOf(comparison) ?? {};
    const own = referencesIn(comparison).filter((node) => relationOf(node, around) === owner.relation);
    const [column, further] = own;
    const isSame = ['=', '<=', '>='].includes(operator) && columnName(left) === columnName(right);
    const isMet = (isSame && columnName(left) !== null) || offsetEndOf(comparison, new Set(own), typeOf) !== null;
    if (!isMet || column === undefined || further !== undefined) return null;
    if (!isNeverNull(column, around)) filled.set(columnName(column) ?? '', isNotNull(structuredClone(column)));
  }
  return [...filled.values()];
}

function sourceOf({ item, relation }: JoinedTable): string {
  const { schemaname, relname, inh, alias } = bodyOf(item, 'RangeVar') ?? {};
  return relname === undefined ? relation.alias : canonical([schemaname, relname, inh, alias?.colnames]);
}
