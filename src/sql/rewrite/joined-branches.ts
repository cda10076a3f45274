import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { holdsQuery } from './column-names.js';
import { type JoinCondition, type JoinedTable, type JoinedTables, relationsIn } from './joined-tables.js';
import { isOneGroup, isWrittenOneWay } from './keyed-subquery.js';
import { type LevelRelation, relationOf } from './level-names.js';
import { allOf, columnName, comparisonOf, existsNode, integerNode, rowCountNode, selectNode } from './nodes.js';
import { tellsRowsApart } from './rows-apart.js';
import { hasHeirs, primaryKeyOf } from './written-level.js';

/** What is joined to the rows of one table in branches that multiply each other, as a query for each aggregate. */
export interface JoinedBranches {
  /** That every row is joined to what has to be there. */
  readonly present: readonly Node[];
  subqueryOf(call: Node): Node;
}

interface Reading {
  readonly owner: JoinedTable;
  readonly joined: JoinedTables;
  readonly calls: readonly Node[];
  /** Conditions about what is joined. */
  readonly asked: readonly JoinCondition[];
  readonly relations: readonly LevelRelation[];
  readonly catalog: Catalog;
}

/**
 * Reads tables of which some are optional, and aggregates to which it is nothing how often a row of theirs is joined: each
 * is one of the rows of its own branch alone. Null for other ones.
 */
export function joinedBranches(reading: Reading): JoinedBranches | null {
  const { owner, joined, calls, asked } = reading;
  const others = joined.tables.filter((table) => table !== owner);
  const inner = others.filter(({ outer }) => outer === null);
  const known = asked.every(({ relations: named, part }) => named !== null && !holdsQuery(part));
  // What WHERE asks of an optional table chooses among the rows of all branches.
  const isChosen = asked.some(
    ({ outer, relations: named }) =>
      outer === null && others.some(({ relation, outer: own }) => own !== null && named?.has(relation)),
  );
  if (!known || isChosen || others.length === inner.length) return null;
  const branches = calls.map((call) => branchOf(call, reading));
  if (branches.includes(null)) return null;
  const rows = (tables: readonly JoinedTable[], targetList: Node[]): SelectStmt => {
    const whereClause = allOf(partsAbout(tables, reading));
    return structuredClone(
      selectNode({ targetList, fromClause: tables.map(({ item }) => item), ...(whereClause && { whereClause }) }),
    );
  };
  const one: Node = { ResTarget: { val: integerNode(1) } };
  return {
    present: inner.length === 0 ? [] : [existsNode(rows(inner, [one]))],
    subqueryOf(call) {
      const at = calls.findIndex((each) => JSON.stringify(each) === JSON.stringify(call));
      const tables = branches[at] ?? [];
      const val = isEachOnce(call, tables, reading) ? countOf(call) : call;
      const subselect: Node = { SelectStmt: rows(tables, [{ ResTarget: { val } }]) };
      return { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect } };
    },
  };

  function countOf(call: Node): Node {
    return rowCountNode(bodyOf(call, 'FuncCall')?.agg_filter);
  }
}

const NAMES = ['count', 'sum', 'avg', 'min', 'max', 'bool_and', 'bool_or', 'every'];

/** The tables that lead to those whose column is aggregated, with all that have to be there; null where that is not told. */
function branchOf(call: Node, { joined, owner, asked, relations }: Reading): readonly JoinedTable[] | null {
  const { funcname, args = [], agg_distinct, agg_filter, agg_order }: FuncCall = bodyOf(call, 'FuncCall') ?? {};
  const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  const [argument, second] = args;
  const isOfEach = agg_distinct === true && (name === 'count' || (argument && isWrittenOneWay(argument, relations)));
  const isSame = NAMES.includes(name) && (isOfEach === true || !['count', 'sum', 'avg'].includes(name));
  const table = joined.tables.find(({ relation }) => relation === (argument && relationOf(argument, relations)));
  const named = relationsIn(agg_filter, relations);
  if (!isSame || agg_order !== undefined || second !== undefined || table === undefined || table === owner) return null;
  const branch = new Set(joined.tables.filter(({ outer }) => outer === null));
  const open = [table];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { outer } = next;
    if (branch.has(next)) continue;
    branch.add(next);
    const ties = asked.filter((each) => each.outer === outer && outer !== null);
    // It says which rows of its own are joined, and not whether others are.
    if (!ties.some((each) => each.relations?.has((next as JoinedTable).relation))) return null;
    const needed = joined.tables.filter(
      (each) => each !== next && ties.some((tie) => tie.relations?.has(each.relation)),
    );
    // A row that is joined to a missing one of theirs would be lost.
    if (!needed.every((each) => each.outer === null || ties.some(({ part }) => isStrict(part, each, relations))))
      return null;
    open.push(...needed);
  }
  const isWithin = [...(named ?? [])].every((relation) => [...branch].some((each) => each.relation === relation));
  return named === null || !isWithin ? null : [...branch].filter((each) => each !== owner);
}

/** A comparison of one of its columns, which is never true of a missing row. */
function isStrict(part: Node, { relation }: JoinedTable, relations: readonly LevelRelation[]): boolean {
  const { left, right } = comparisonOf(part) ?? {};
  return [left, right].some((side) => side !== undefined && relationOf(side, relations) === relation);
}

function partsAbout(tables: readonly JoinedTable[], { asked }: Reading): readonly Node[] {
  const joins = new Set(tables.map(({ outer }) => outer));
  return asked.filter(({ outer }) => joins.has(outer) || outer === null).map(({ part }) => part);
}

/** `count(DISTINCT key)` of rows each of which leads to one row of every other table of its branch. */
function isEachOnce(call: Node, tables: readonly JoinedTable[], reading: Reading): boolean {
  const { relations, catalog } = reading;
  const { funcname, args = [] }: FuncCall = bodyOf(call, 'FuncCall') ?? {};
  const own = args[0] === undefined ? null : relationOf(args[0], relations);
  const table = own?.table ?? null;
  const [key, second] = table === null ? [] : (primaryKeyOf(table) ?? []);
  const isCount = bodyOf(funcname?.at(-1), 'String')?.sval === 'count' && second === undefined;
  if (own === null || table === null || hasHeirs(table, catalog) || !isCount || columnName(args[0]) !== key)
    return false;
  const settled = new Set([own]);
  for (let before = -1; before < settled.size; ) {
    before = settled.size;
    for (const { relation } of tables) {
      const isLedTo = partsAbout(tables, reading).some((part) => {
        const { operator, left, right } = comparisonOf(part) ?? {};
        const sides = [left, right].map((side) => (side === undefined ? null : relationOf(side, relations)));
        const [inner, outer, near] = sides[0] === relation ? [left, right, sides[1]] : [right, left, sides[0]];
        const isTie = operator === '=' && sides.includes(relation) && near != null && settled.has(near);
        if (!isTie || relation.table === null || inner === undefined || outer === undefined) return false;
        const isOne = isOneGroup({ inner, outer }, { relations, around: relations });
        return isOne && tellsRowsApart(relation.table, [columnName(inner) ?? '']);
      });
      if (isLedTo && relation.table !== null && !hasHeirs(relation.table, catalog)) settled.add(relation);
    }
  }
  return tables.every(({ relation }) => settled.has(relation));
}
