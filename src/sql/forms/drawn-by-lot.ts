import type { FuncCall, Node, SelectStmt, WindowDef } from '@pgsql/types';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { callNode } from '../rewrite/nodes.js';
import { bodyOf, visit } from '../walk.js';

/**
 * Writes a statement with a lot drawn wherever an order decides and leaves rows equal: at LIMIT, at DISTINCT ON, at the end
 * of the whole order, at numbers of rows. What it then gives, over several runs, is what the statement may give under
 * whatever plan. Null where no order decides anything, and where it cannot be written.
 */
export function drawnByLot(sql: string): string | null {
  const { tree } = parseStatement(sql);
  let draws = 0;
  visit(tree, (kind, body, path) => {
    const isDrawn =
      kind === 'SelectStmt' ? drawRows(body as SelectStmt, path.length === 1) : kind === 'FuncCall' && drawPlace(body);
    if (isDrawn) draws += 1;
  });
  return draws === 0 ? null : deparseStatement(tree);
}

/** Functions whose values hang upon the place among equal rows; what sums up equal rows together would change. */
const BY_PLACE: ReadonlySet<string> = new Set(['row_number', 'ntile', 'lag', 'lead', 'first_value']);

function drawPlace({ funcname, over }: FuncCall): boolean {
  const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  const window: WindowDef | undefined = over;
  // One that goes on from a named window may not have an order of its own.
  if (!BY_PLACE.has(name) || window?.orderClause === undefined || window.refname !== undefined) return false;
  window.orderClause = [...window.orderClause, LOT];
  return true;
}

function drawRows(select: SelectStmt, isWhole: boolean): boolean {
  const { limitCount, limitOffset, limitOption, sortClause, distinctClause = [], op } = select;
  const isOn = distinctClause.some((node) => Object.keys(node).length > 0);
  const isCut = limitCount !== undefined || limitOffset !== undefined;
  const isDecided = isCut || isOn || (isWhole && sortClause !== undefined);
  // WITH TIES takes equal rows together.
  if (!isDecided || limitOption === 'LIMIT_OPTION_WITH_TIES') return false;
  // Rows that come out of an order below are taken to be in it.
  if (sortClause === undefined && hasOrderBelow(select)) return false;
  if (isOn) select.sortClause = [...(sortClause ?? distinctClause.map((node) => sortNode(node))), LOT];
  else if (distinctClause.length > 0 || op !== 'SETOP_NONE') drawOutside(select);
  else select.sortClause = [...(sortClause ?? []), LOT];
  return true;
}

const LOT = sortNode(callNode('random', []));

function sortNode(node: Node): Node {
  return { SortBy: { node, sortby_dir: 'SORTBY_DEFAULT', sortby_nulls: 'SORTBY_NULLS_DEFAULT' } };
}

function hasOrderBelow(select: SelectStmt): boolean {
  let found = false;
  visit(select, (_, body) => {
    found ||= body['sortClause'] !== undefined;
    return !found;
  });
  return found;
}

/** Rows that are told apart, or put together, are ordered by what they give alone. */
function drawOutside(select: SelectStmt): void {
  const { sortClause = [], limitCount, limitOffset, limitOption, ...inner } = structuredClone(select);
  for (const field of Object.keys(select)) delete (select as Record<string, unknown>)[field];
  Object.assign(select, {
    targetList: [{ ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } }],
    fromClause: [
      {
        RangeSubselect: {
          subquery: { SelectStmt: { ...inner, limitOption: 'LIMIT_OPTION_DEFAULT' } },
          alias: { aliasname: 'drawn' },
        },
      },
    ],
    sortClause: [...sortClause.map(overOutput), LOT],
    ...(limitCount === undefined ? {} : { limitCount }),
    ...(limitOffset === undefined ? {} : { limitOffset }),
    limitOption,
    op: 'SETOP_NONE',
  });
}

/** What an order names of a table is named alone outside. */
function overOutput(node: Node): Node {
  const sort = bodyOf(node, 'SortBy');
  const name = bodyOf(sort?.node, 'ColumnRef')?.fields?.at(-1);
  return sort === null || name === undefined ? node : { SortBy: { ...sort, node: { ColumnRef: { fields: [name] } } } };
}
