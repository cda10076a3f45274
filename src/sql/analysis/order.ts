import type { Node, ResTarget, SelectStmt } from '@pgsql/types';
import { keyOf, type ScanKey } from './expression.js';
import type { Scope } from './scope.js';
import type { OrderKey } from './table-scan.js';

/** Notes the grouping keys on the table that alone gives them. */
export function readGrouping(select: SelectStmt, scope: Scope): void {
  const keys = (select.groupClause ?? []).map((node) => keyOf(targetOf(node, select), scope));
  const scan = commonScan(keys);
  if (scan !== null) scan.groups = keys.flatMap((key) => (key === null ? [] : [key.key]));
}

/** Notes the order that a level asks for (ORDER BY, DISTINCT ON, or one min/max) on the table that alone gives it. */
export function readOrder(select: SelectStmt, scope: Scope): void {
  if ((select.sortClause ?? []).length > 0) {
    readSortClause(select, scope);
    return;
  }
  const extreme = extremeOf(select);
  const key = extreme === null ? null : keyOf(extreme.argument, scope);
  if (extreme === null || key === null) return;
  key.scan.order = [{ key: key.key, descending: extreme.descending, nullsFirst: extreme.descending }];
  key.scan.limited = true;
}

function readSortClause(select: SelectStmt, scope: Scope): void {
  const sorts = (select.sortClause ?? []).flatMap((node) => ('SortBy' in node ? [node.SortBy] : []));
  const keys = sorts.map((sort) => (sort.node === undefined ? null : keyOf(targetOf(sort.node, select), scope)));
  const scan = commonScan(keys);
  if (scan === null) return;
  scan.order = sorts.flatMap((sort, position): OrderKey[] => {
    const key = keys[position];
    if (key === null || key === undefined) return [];
    const descending = sort.sortby_dir === 'SORTBY_DESC';
    const nullsFirst =
      sort.sortby_nulls === 'SORTBY_NULLS_FIRST' || (descending && sort.sortby_nulls !== 'SORTBY_NULLS_LAST');
    return [{ key: key.key, descending, nullsFirst }];
  });
  scan.limited = select.limitCount !== undefined || hasDistinctOn(select);
}

function hasDistinctOn(select: SelectStmt): boolean {
  return (select.distinctClause ?? []).some((node) => Object.keys(node).length > 0);
}

function commonScan(keys: readonly (ScanKey | null)[]): ScanKey['scan'] | null {
  const scan = keys[0]?.scan ?? null;
  return scan !== null && keys.every((key) => key?.scan === scan) ? scan : null;
}

/** ORDER BY and GROUP BY may name an output column or its position. */
function targetOf(node: Node, select: SelectStmt): Node {
  const targets = (select.targetList ?? []).flatMap((target) => ('ResTarget' in target ? [target.ResTarget] : []));
  if ('A_Const' in node && node.A_Const.ival !== undefined)
    return targets[(node.A_Const.ival.ival ?? 0) - 1]?.val ?? node;
  const name = bareName(node);
  if (name === null) return node;
  return targets.find((target: ResTarget) => target.name === name)?.val ?? node;
}

function bareName(node: Node): string | null {
  const fields = 'ColumnRef' in node ? (node.ColumnRef.fields ?? []) : [];
  const [field] = fields;
  return fields.length === 1 && field !== undefined && 'String' in field ? (field.String.sval ?? null) : null;
}

/** A lone `min(x)` or `max(x)` without grouping reads one end of an index. */
function extremeOf(select: SelectStmt): { argument: Node; descending: boolean } | null {
  if ((select.groupClause ?? []).length > 0 || select.targetList?.length !== 1) return null;
  const [target] = select.targetList;
  const value = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (value === undefined || !('FuncCall' in value)) return null;
  const name = value.FuncCall.funcname?.at(-1);
  const argument = value.FuncCall.args?.[0];
  if (name === undefined || !('String' in name) || argument === undefined) return null;
  if (name.String.sval !== 'min' && name.String.sval !== 'max') return null;
  return { argument, descending: name.String.sval === 'max' };
}
