import type { Node, SortBy } from '@pgsql/types';
import type { Catalog, Column } from '../../model/catalog.js';
import { columnParts } from '../analysis/expression.js';
import { constantOf } from '../conjuncts.js';
import { deparseStatement } from '../deparse.js';
import { columnIn, type QueryLevel, storedColumn } from '../levels/query-level.js';
import { readLevels } from '../levels/read-levels.js';
import { parseStatement } from '../parse.js';
import { holdsGroupingSet } from '../rewrite/grouped-level.js';
import { columnName } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';

/**
 * Writes the order of a statement by bare columns that an index may have: without NULLS LAST of what is never NULL, and
 * without what changes no order, such as a sum with a constant. Null where it is so already.
 */
export function plainOrder(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  // A total of several groups has NULL for what is never NULL.
  const levels = readLevels(tree, catalog).filter(({ select }) => select !== null && !holdsGroupingSet(select));
  const changed = levels.flatMap((level) =>
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
  if (found === null || isOutput(found.node, level)) return false;
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
    return body?.name === name ? columnName(body.val) !== name : body?.name === undefined && isNamedSo(body?.val, name);
  });
}

/** PostgreSQL names what a function or a cast gives by it. */
function isNamedSo(value: Node | undefined, name: string): boolean {
  const names = bodyOf(value, 'FuncCall')?.funcname ?? bodyOf(value, 'TypeCast')?.typeName?.names;
  return bodyOf(names?.at(-1), 'String')?.sval === name;
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
  const found = column === null ? undefined : storedColumn(column);
  return found?.notNull === true && column?.relation.optionalIn === null ? found : null;
}

const WHOLE_NUMBERS = ['smallint', 'integer', 'bigint'];
const NUMBERS = [...WHOLE_NUMBERS, 'numeric'];
const MOMENTS = ['timestamp with time zone', 'timestamp without time zone', 'date'];

/** What is made of one column and is in the same order, or in the opposite one. */
function unwrap(node: Node, level: QueryLevel): Bare | null {
  const [coalesced, ...others] = bodyOf(node, 'CoalesceExpr')?.args ?? [];
  // Of another type or collation all would be compared otherwise.
  if (coalesced !== undefined)
    return others.every((other) => bodyOf(other, 'A_Const') !== null) ? bareColumn(coalesced, level) : null;
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
  // NaN is the greatest of numbers on either side of zero.
  const isTurnable = (side: Node | undefined) => WHOLE_NUMBERS.includes(filledColumn(side, level)?.baseType ?? '');
  if (sign === '-' && lexpr === undefined) return isTurnable(rexpr) ? bareOf(rexpr, true) : null;
  if (sign === '-' && isTurnable(rexpr) && isNumberNode(lexpr)) return bareOf(rexpr, true);
  if ((sign === '+' || sign === '-') && isNumber(lexpr) && isNumberNode(rexpr)) return bareOf(lexpr, false);
  return sign === '+' && isNumber(rexpr) && isNumberNode(lexpr) ? bareOf(rexpr, false) : null;
}

/** A number as it is written: one that is cast may be NaN, or take away what tells two apart. */
function isNumberNode(node: Node | undefined): boolean {
  const { ival, fval } = bodyOf(node, 'A_Const') ?? {};
  return ival !== undefined || fval !== undefined;
}

function bareOf(node: Node | undefined, isTurned: boolean): Bare | null {
  return node === undefined ? null : { node, isTurned };
}
