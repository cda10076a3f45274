import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { constantOf } from '../conjuncts.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { isVolatile } from '../rewrite/aggregates.js';
import { keepColumnNames } from '../rewrite/column-names.js';
import { comparisonOf, existsNode, notNode, replaceNode, selectNode } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';

/** Writes a query that counts rows to say whether there is one, `count(*) > 0`, by EXISTS. Null where it asks for more. */
export function askedExistence(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || !isOneRow(select) || isVolatile(select, catalog)) return null;
  const { fromClause, whereClause, targetList } = select;
  const asked = comparisonsIn(targetList);
  if (fromClause === undefined || asked.length === 0 || holdsMore(targetList, asked)) return null;
  keepColumnNames(targetList, () => true);
  for (const { node, isThere } of asked) {
    const rows = selectNode({
      targetList: [],
      fromClause: structuredClone(fromClause),
      ...(whereClause === undefined ? {} : { whereClause: structuredClone(whereClause) }),
    });
    replaceNode(node, isThere ? existsNode(rows) : notNode(existsNode(rows)));
  }
  delete select.fromClause;
  delete select.whereClause;
  return deparseStatement(tree);
}

function isOneRow(select: SelectStmt): boolean {
  const { larg, groupClause, havingClause, distinctClause, limitCount, limitOffset, sortClause, lockingClause } =
    select;
  const clauses = [larg, groupClause, havingClause, distinctClause, limitCount, limitOffset, sortClause, lockingClause];
  return clauses.every((clause) => clause === undefined);
}

interface Asked {
  readonly node: Node;
  readonly isThere: boolean;
}

/** Of counts with 0 or 1, wherever they stand in what is given. */
function comparisonsIn(value: unknown): readonly Asked[] {
  if (Array.isArray(value)) return value.flatMap(comparisonsIn);
  if (typeof value !== 'object' || value === null || 'SubLink' in value) return [];
  const isThere = answerOf(value as Node);
  if (isThere !== null) return [{ node: value as Node, isThere }];
  return Object.values(value).flatMap(comparisonsIn);
}

const ANSWERS: Readonly<Record<string, boolean>> = {
  ...{ '> 0': true, '>= 1': true, '<> 0': true, '= 0': false, '< 1': false, '<= 0': false },
};
const TURNED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '=': '=', '<>': '<>', '>': '<', '>=': '<=' };

function answerOf(node: Node): boolean | null {
  const comparison = comparisonOf(node);
  if (comparison === null) return null;
  const { left, right, operator } = comparison;
  if (isCount(left)) return ANSWERS[`${operator} ${constantOf(right)}`] ?? null;
  return isCount(right) ? (ANSWERS[`${TURNED[operator]} ${constantOf(left)}`] ?? null) : null;
}

/** `count(*)`, `count(1)`. */
function isCount(node: Node): boolean {
  const { funcname, agg_star, agg_filter, agg_distinct, over, args = [] }: FuncCall = bodyOf(node, 'FuncCall') ?? {};
  const isPlain = agg_filter === undefined && agg_distinct !== true && over === undefined;
  const [argument, second] = args;
  const isOfRows =
    agg_star === true || (argument !== undefined && second === undefined && constantOf(argument) !== null);
  return bodyOf(funcname?.at(-1), 'String')?.sval === 'count' && isPlain && isOfRows;
}

/** Whatever else is worked out of the rows needs them. */
function holdsMore(targets: readonly Node[] | undefined, asked: readonly Asked[]): boolean {
  const read = (value: unknown): boolean => {
    if (asked.some(({ node }) => node === value)) return false;
    if (Array.isArray(value)) return value.some(read);
    if (typeof value !== 'object' || value === null) return false;
    if ('ColumnRef' in value || 'FuncCall' in value || 'SubLink' in value) return true;
    return Object.values(value).some(read);
  };
  return read(targets);
}
