import type { Index, IndexKey } from '../../model/catalog.js';
import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { KeyExpression, OrderKey, TableScan } from '../../sql/analysis/table-scan.js';
import { armsOf, ascending, bySelectivity, type CandidateOptions, type KeyList, type ScanArm } from './arms.js';
import { partialCandidates } from './partial-candidates.js';

/**
 * Gives the indexes that could serve one mention of a table: equality columns, then the order or one range, with
 * join keys before or after the equalities, whole and partial. Those that an existing index already is are left out.
 */
export function candidatesOf(scan: TableScan, options: CandidateOptions): readonly IndexSpec[] {
  const specs = new Map<string, IndexSpec>();
  for (const arm of armsOf(scan)) {
    for (const keys of keyListsOf(scan, arm, options)) addSpec(scan, keys, null, options, specs);
    for (const { keys, predicate } of partialCandidates(scan, arm, options))
      addSpec(scan, keys, predicate, options, specs);
  }
  return [...specs.values()];
}

/** Gives the key lists that an arm asks for, shortest first within each shape. */
export function keyListsOf(scan: TableScan, arm: ScanArm, options: CandidateOptions): readonly KeyList[] {
  const equalities = bySelectivity(scan.table, arm.equalities, options);
  const joins = [...new Map(scan.joins.map((join) => [join.key.sql, join.key])).values()];
  const prefixes: (readonly KeyExpression[])[] = [equalities, [...equalities].reverse()];
  for (const set of arm.sets) prefixes.push([...equalities, set], [set, ...equalities]);
  for (const join of joins) prefixes.push([join], [join, ...equalities], [...equalities, join]);
  if (joins.length > 1) prefixes.push(joins, [...joins, ...equalities]);
  const single = [...equalities, ...arm.sets, ...arm.ranges].map((key) => [ascending(key)]);
  return [...single, ...prefixes.flatMap((prefix) => withTails(prefix, scan, arm))];
}

/** A prefix alone, then with what may follow it: a range, the order, the order and a range, the groups. */
function withTails(prefix: readonly KeyExpression[], scan: TableScan, arm: ScanArm): readonly KeyList[] {
  const head = prefix.map(ascending);
  const ranges = arm.ranges.map(ascending);
  return [
    head,
    ...ranges.map((range) => [...head, range]),
    // The second range does not shorten the stretch that is read, but it is checked before the table is.
    ...pairsOf(ranges).map((pair) => [...head, ...pair]),
    ...(scan.order.length > 0
      ? [[...head, ...scan.order], ...ranges.map((range) => [...head, ...scan.order, range])]
      : []),
    ...(scan.groups.length > 0 ? [[...head, ...scan.groups.map(ascending)]] : []),
  ];
}

function pairsOf(keys: KeyList): readonly KeyList[] {
  return keys.flatMap((first) => keys.filter((other) => other !== first).map((second) => [first, second]));
}

function addSpec(
  scan: TableScan,
  keys: KeyList,
  predicate: string | null,
  options: CandidateOptions,
  specs: Map<string, IndexSpec>,
): void {
  const unique = [...new Map([...keys].reverse().map((key) => [key.key.sql, key])).values()].reverse();
  if (unique.length === 0) return;
  // The first keys of an order are worth having alone: the rest is an incremental sort.
  const spec = specOf(scan, unique.slice(0, options.columnsMax), predicate);
  const isThere = scan.table.indexes.some((index) => serves(index, spec)) || specs.has(indexSpecKey(reversed(spec)));
  if (!isThere) specs.set(indexSpecKey(spec), spec);
}

/** Gives the btree with these keys on a scan's table. */
export function specOf(scan: TableScan, keys: KeyList, predicate: string | null): IndexSpec {
  return {
    table: { schema: scan.table.schema, name: scan.table.name },
    method: 'btree',
    keys: keys.map(indexKeyOf),
    include: [],
    predicate,
    unique: false,
  };
}

/** The index that is read backward where the other is read forward. */
function reversed(spec: IndexSpec): IndexSpec {
  const keys = spec.keys.map((key) => ({ ...key, descending: !key.descending, nullsFirst: !key.nullsFirst }));
  return { ...spec, keys };
}

function indexKeyOf({ key, descending, nullsFirst }: OrderKey): IndexKey {
  return { column: key.column, sql: key.sql, descending, nullsFirst, opclass: null, collation: null };
}

/**
 * True when an existing index begins with the candidate's keys in the candidate's or the exactly reverse order. A whole
 * index does not stand in for a partial one, which holds a fraction of it.
 */
function serves(index: Index, spec: IndexSpec): boolean {
  if (!index.valid || index.method !== 'btree') return false;
  if (bare(index.predicate ?? '') !== bare(spec.predicate ?? '')) return false;
  const sameKey = (isReverse: boolean) =>
    spec.keys.every((key, position) => {
      const other = index.keys[position];
      if (
        other === undefined ||
        bare(other.sql) !== bare(key.sql) ||
        other.opclass !== null ||
        other.collation !== null
      )
        return false;
      return (other.descending !== key.descending) === isReverse && (other.nullsFirst !== key.nullsFirst) === isReverse;
    });
  return sameKey(false) || sameKey(true);
}

/** The catalog writes an expression with or without the parentheses that CREATE INDEX wants. */
export function bare(sql: string): string {
  return sql.startsWith('(') && sql.endsWith(')') ? sql.slice(1, -1) : sql;
}
