import type { Node, SortBy } from '@pgsql/types';
import type { Catalog, Column } from '../../model/catalog.js';
import { columnParts } from '../analysis/expression.js';
import { constantOf } from '../conjuncts.js';
import { deparseStatement } from '../deparse.js';
import { columnIn, type QueryLevel } from '../levels/query-level.js';
import { readLevels } from '../levels/read-levels.js';
import { parseStatement } from '../parse.js';
import { columnName } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';

/**
 * Writes the order of a statement by bare columns that an index may have: without NULLS LAST of what is never NULL, and
 * without what changes no order, such as a sum with a constant. Null where it is so already.
 */
export function plainOrder(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const changed = readLevels(tree, catalog).flatMap((level) =>
    (level.select?.sortClause ?? []).filter((node) => {
      const sort = bodyOf(node, 'SortBy');
      return sort !== null && makePlain(sort, level);
    }),
  );
  return changed.length === 0 ? null : deparseStatement(tree);
}

function makePlain(sort: SortBy, level: QueryLevel): boolean {
  if (sort.useOp !== undefined || isOutput(sort.node, level)) return false;
  const unwrapped = sort.node === undefined ? null : unwrap(sort.node, level);
  const found = unwrapped ?? (sort.node === undefined ? null : bareColumn(sort.node, level));
  if (found === null) return false;
  const { node, isTurned } = found;
  const hasNulls = sort.sortby_nulls === 'SORTBY_NULLS_FIRST' || sort.sortby_nulls === 'SORTBY_NULLS_LAST';
  if (unwrapped === null && !hasNulls) return false;
  sort.node = node;
  sort.sortby_nulls = 'SORTBY_NULLS_DEFAULT';
  if (isTurned) sort.sortby_dir = sort.sortby_dir === 'SORTBY_DESC' ? 'SORTBY_ASC' : 'SORTBY_DESC';
  return true;
}

/** A bare name may mean what is given under it. */
function isOutput(node: Node | undefined, { select }: QueryLevel): boolean {
  const { qualifier, name } = columnParts(bodyOf(node, 'ColumnRef') ?? {});
  if (name === null || qualifier !== null) return false;
  return (select?.targetList ?? []).some((target) => {
    const body = bodyOf(target, 'ResTarget');
    return body?.name === name && columnName(body.val) !== name;
  });
}

interface Bare {
  readonly node: Node;
  /** The greater the column, the less is what is made of it. */
  readonly isTurned: boolean;
}

/** A column that is never NULL. */
function bareColumn(node: Node, level: QueryLevel): Bare | null {
  return filledColumn(node, level) === null ? null : { node, isTurned: false };
}

function filledColumn(node: Node | undefined, level: QueryLevel): Column | null {
  const column = columnIn(level, node);
  const found = column?.relation.table?.columns.find(({ name }) => name === column.name);
  return found?.notNull === true && column?.relation.optionalIn === null ? found : null;
}

const NUMBERS = ['smallint', 'integer', 'bigint', 'numeric'];
const MOMENTS = ['timestamp with time zone', 'timestamp without time zone', 'date'];

/** What is made of one column and is in the same order, or in the opposite one. */
function unwrap(node: Node, level: QueryLevel): Bare | null {
  const coalesced = bodyOf(node, 'CoalesceExpr')?.args?.[0];
  if (coalesced !== undefined) return bareColumn(coalesced, level);
  const call = bodyOf(node, 'FuncCall');
  const [unit, moment] = call?.args ?? [];
  if (
    bodyOf(call?.funcname?.at(-1), 'String')?.sval === 'extract' &&
    unit !== undefined &&
    constantOf(unit) === 'epoch'
  )
    return MOMENTS.includes(filledColumn(moment, level)?.baseType ?? '') ? bareOf(moment, false) : null;
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const sign = kind === 'AEXPR_OP' ? bodyOf(name?.at(-1), 'String')?.sval : undefined;
  const isNumber = (side: Node | undefined) => NUMBERS.includes(filledColumn(side, level)?.baseType ?? '');
  const isConstant = (side: Node | undefined) => side !== undefined && constantOf(side) !== null;
  if (sign === '-' && lexpr === undefined) return isNumber(rexpr) ? bareOf(rexpr, true) : null;
  if ((sign === '+' || sign === '-') && isNumber(lexpr) && isConstant(rexpr)) return bareOf(lexpr, false);
  if ((sign === '+' || sign === '-') && isNumber(rexpr) && isConstant(lexpr)) return bareOf(rexpr, sign === '-');
  return null;
}

function bareOf(node: Node | undefined, isTurned: boolean): Bare | null {
  return node === undefined ? null : { node, isTurned };
}
