import type { Node, ResTarget, SelectStmt, SortBy } from '@pgsql/types';
import { keyOf, type ScanKey } from './expression.js';
import { readExtremes } from './extremes.js';
import type { StatementReader } from './reader.js';
import type { ScanBuilder, Scope } from './scope.js';
import type { OrderKey } from './table-scan.js';
import { orderArms } from './union-arms.js';
import { windowOrderOf } from './window-order.js';

/** Notes the grouping keys on the table that alone gives them. */
export function readGrouping(select: SelectStmt, scope: Scope): void {
  const keys = (select.groupClause ?? []).map((node) => keyOf(targetOf(node, select), scope));
  const scan = commonScan(keys);
  if (scan !== null) scan.groups = keys.flatMap((key) => (key === null ? [] : [key.key]));
}

/**
 * Notes the order that a level asks for (for a window, by ORDER BY or DISTINCT ON, or for the ends that min and max
 * read) on the table that alone gives it.
 */
export function readOrder(select: SelectStmt, scope: Scope, reader: StatementReader): void {
  const asked = orderOf(select.sortClause ?? [], (node) => keyOf(targetOf(node, select), scope));
  const window = windowOrder(select, scope);
  const found = window ?? asked;
  if (found !== null) {
    found.scan.order = found.keys;
    // A window of another order wants all of the rows before the first one is given.
    const isInOrder = (select.sortClause ?? []).length === 0 || (asked !== null && beginsWith(found.keys, asked.keys));
    found.scan.limited = isInOrder && (select.limitCount !== undefined || hasDistinctOn(select));
    orderArms(found.scan);
  } else if ((select.sortClause ?? []).length === 0) readExtremes(select, scope, reader);
}

/** The keys in which one table gives its rows. */
interface ScanOrder {
  readonly scan: ScanBuilder;
  readonly keys: OrderKey[];
}

/** A window is computed before the rows are put in the order of the level, but after they are grouped. */
function windowOrder(select: SelectStmt, scope: Scope): ScanOrder | null {
  const window = (select.groupClause ?? []).length > 0 ? null : windowOrderOf(select);
  if (window === null) return null;
  const partition = window.partition.map((node): Node => ({ SortBy: { node } }));
  return orderOf([...partition, ...window.order], (node) => keyOf(node, scope));
}

/** Null where no key is given, or where they are not all of one table. */
function orderOf(clause: readonly Node[], read: (node: Node) => ScanKey | null): ScanOrder | null {
  const sorts = clause.flatMap((node) => ('SortBy' in node ? [node.SortBy] : []));
  const keys = sorts.map(({ node }) => (node === undefined ? null : read(node)));
  const scan = commonScan(keys);
  if (scan === null) return null;
  return { scan, keys: keys.flatMap((key, place) => (key === null ? [] : [orderKeyOf(key, sorts[place] ?? {})])) };
}

function orderKeyOf({ key }: ScanKey, { sortby_dir, sortby_nulls }: SortBy): OrderKey {
  const descending = sortby_dir === 'SORTBY_DESC';
  const nullsFirst = sortby_nulls === 'SORTBY_NULLS_FIRST' || (descending && sortby_nulls !== 'SORTBY_NULLS_LAST');
  return { key, descending, nullsFirst };
}

function beginsWith(longer: readonly OrderKey[], keys: readonly OrderKey[]): boolean {
  return keys.every(({ key, descending }, place) => {
    const other = longer[place];
    return other !== undefined && other.key.sql === key.sql && other.descending === descending;
  });
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
