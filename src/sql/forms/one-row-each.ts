import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { constantOf } from '../conjuncts.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { aggregateCalls, filtered, isGrouped, isVolatile } from '../rewrite/aggregates.js';
import { FreshNames, holdsQuery } from '../rewrite/column-names.js';
import {
  columnName,
  columnNode,
  partsOf,
  rangeNode,
  referenceOf,
  replaceNode,
  selectNode,
  stringNode,
  targetNode,
} from '../rewrite/nodes.js';
import { oneScan } from '../rewrite/one-scan.js';
import { unionArms } from '../rewrite/union-arms.js';
import { bodyOf } from '../walk.js';

/**
 * Writes aggregates of the same rows that a UNION ALL gives a row each, or that stand side by side in FROM, so that the rows
 * are read once. Null where there are none.
 */
export function oneRowEach(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || isVolatile(select, catalog)) return null;
  if (select.larg !== undefined)
    return uniteRows(select, { catalog, names: new FreshNames(tree) }) ? deparseStatement(tree) : null;
  const spelled = asSubqueries(select, catalog) ? deparseStatement(tree) : null;
  return spelled === null ? null : oneScan(spelled, catalog);
}

interface Context {
  readonly catalog: Catalog;
  readonly names: FreshNames;
}

/** `SELECT 'a', count(*) FROM t WHERE x UNION ALL SELECT 'b', count(*) FROM t WHERE y`. */
function uniteRows(select: SelectStmt, { catalog, names }: Context): boolean {
  const arms = unionArms(select, 'all');
  const [first] = arms ?? [];
  if (arms === null || first === undefined || arms.length < 2 || !arms.every((arm) => isOneRow(arm, catalog)))
    return false;
  const source = canonical(first.fromClause);
  if (arms.some((arm) => canonical(arm.fromClause) !== source || arm.targetList?.length !== first.targetList?.length))
    return false;
  const titles = (first.targetList ?? []).map((target) => titleOf(target));
  if (titles.includes(null)) return false;
  const totals = names.next('totals');
  const targets: Node[] = [];
  const lists = arms.map(({ targetList = [], whereClause }) =>
    targetList.map((target) => {
      const value = structuredClone(bodyOf(target, 'ResTarget')?.val as Node);
      for (const call of aggregateCalls(value, catalog)) {
        const name = names.next('value');
        targets.push(targetNode(filtered(call, partsOf(whereClause)), name));
        replaceNode(call, columnNode(totals, name));
      }
      return value;
    }),
  );
  const row = selectNode({ targetList: targets, fromClause: structuredClone(first.fromClause ?? []) });
  const { op: _, all: __, larg: ___, rarg: ____, ...clauses } = select;
  const each = names.next('each_row');
  const columns = titles.map((title) => stringNode(title ?? ''));
  const values: Node = {
    RangeSubselect: {
      lateral: true,
      subquery: { SelectStmt: selectNode({ valuesLists: lists.map((items): Node => ({ List: { items } })) }) },
      alias: { aliasname: each, colnames: columns },
    },
  };
  replaceNode(
    select,
    selectNode({
      ...clauses,
      targetList: titles.map((title): Node => ({ ResTarget: { val: columnNode(each, title ?? '') } })),
      fromClause: [
        {
          JoinExpr: {
            jointype: 'JOIN_INNER',
            larg: rangeNode(row, totals),
            rarg: values,
            quals: { A_Const: { boolval: { boolval: true } } },
          },
        },
      ],
    }) as Node,
  );
  return true;
}

/** Aggregates of all rows that meet a condition, and constants beside them. */
function isOneRow(arm: SelectStmt, catalog: Catalog): boolean {
  const { groupClause, havingClause, sortClause, limitCount, limitOffset, distinctClause, withClause, fromClause } =
    arm;
  const clauses = [groupClause, havingClause, sortClause, limitCount, limitOffset, distinctClause, withClause];
  const isPlain = clauses.every((clause) => clause === undefined) && fromClause !== undefined;
  if (!isPlain || !isGrouped(arm, catalog) || holdsQuery([arm.targetList, arm.whereClause])) return false;
  return (arm.targetList ?? []).every((target) => {
    const value = bodyOf(target, 'ResTarget')?.val;
    return value !== undefined && (constantOf(value) !== null || aggregateCalls(value, catalog).length > 0);
  });
}

function titleOf(target: Node): string | null {
  const { name, val } = bodyOf(target, 'ResTarget') ?? {};
  return name ?? columnName(val) ?? bodyOf(bodyOf(val, 'FuncCall')?.funcname?.at(-1), 'String')?.sval ?? null;
}

/** Puts one-row queries of FROM and WITH in the places where their columns are read. */
function asSubqueries(select: SelectStmt, catalog: Catalog): boolean {
  if (select.whereClause !== undefined || isGrouped(select, catalog)) return false;
  const rows = new Map<string, SelectStmt>();
  const common = new Map(
    (select.withClause?.ctes ?? []).flatMap((node) => {
      const { ctename = '', ctequery, aliascolnames } = bodyOf(node, 'CommonTableExpr') ?? {};
      const query = bodyOf(ctequery, 'SelectStmt');
      return query === null || aliascolnames !== undefined ? [] : [[ctename, query] as const];
    }),
  );
  if (common.size < (select.withClause?.ctes ?? []).length) return false;
  const items = (select.fromClause ?? []).flatMap(leavesOf);
  for (const item of items) {
    const range = bodyOf(item ?? undefined, 'RangeVar');
    const derived = bodyOf(item ?? undefined, 'RangeSubselect');
    const query = range === null ? bodyOf(derived?.subquery, 'SelectStmt') : (common.get(range.relname ?? '') ?? null);
    const alias = range === null ? derived?.alias?.aliasname : (range.alias?.aliasname ?? range.relname);
    if (query === null || alias === undefined || derived?.alias?.colnames !== undefined || !isOneRow(query, catalog))
      return false;
    rows.set(alias, query);
  }
  if (rows.size < 2 || rows.size !== items.length || rows.size < common.size) return false;
  return replaceReads(select, rows);
}

/** Cross joins alone; null for any other item. */
function leavesOf(item: Node): readonly (Node | null)[] {
  const join = bodyOf(item, 'JoinExpr');
  if (join === null) return [item];
  const isCross =
    join.jointype === 'JOIN_INNER' &&
    (join.quals === undefined || bodyOf(join.quals, 'A_Const')?.boolval?.boolval === true);
  if (
    !isCross ||
    join.larg === undefined ||
    join.rarg === undefined ||
    join.isNatural === true ||
    join.usingClause !== undefined
  )
    return [null];
  return [join.larg, join.rarg].flatMap(leavesOf);
}

function replaceReads(select: SelectStmt, rows: ReadonlyMap<string, SelectStmt>): boolean {
  const reads: { readonly node: Node; readonly by: Node }[] = [];
  let isKnown = true;
  const read = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) read(item);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    if (!('ColumnRef' in value)) {
      for (const child of Object.values(value)) read(child);
      return;
    }
    const by = oneValueOf(value as Node, rows);
    if (by === null) isKnown = false;
    else reads.push({ node: value as Node, by });
  };
  nameOutputs(select.targetList);
  read([select.targetList, select.sortClause]);
  if (!isKnown || reads.length < 2) return false;
  for (const { node, by } of reads) replaceNode(node, by);
  delete select.fromClause;
  delete select.withClause;
  return true;
}

function nameOutputs(targets: readonly Node[] | undefined): void {
  for (const target of targets ?? []) {
    const body = bodyOf(target, 'ResTarget');
    const name = columnName(body?.val);
    if (body !== null && body.name === undefined && name !== null) body.name = name;
  }
}

function oneValueOf(node: Node, rows: ReadonlyMap<string, SelectStmt>): Node | null {
  const named = 'ColumnRef' in node ? referenceOf(node.ColumnRef) : null;
  if (named === null) return null;
  const found = [...rows].flatMap(([alias, query]) => {
    const target = (query.targetList ?? []).find((each) => titleOf(each) === named.name);
    return target === undefined || (named.qualifier !== null && named.qualifier !== alias) ? [] : [{ query, target }];
  });
  const [one, second] = found;
  if (one === undefined || second !== undefined) return null;
  const subselect: Node = { SelectStmt: { ...structuredClone(one.query), targetList: [structuredClone(one.target)] } };
  return { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect } };
}
