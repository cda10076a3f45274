import type { IndexSpec } from '../../model/planner.js';
import type { RelationName } from '../../model/relation-name.js';

/** Indexes by the schema-qualified names of their tables. */
export type IndexesByTable = ReadonlyMap<string, readonly IndexSpec[]>;

const groups = new WeakMap<readonly IndexSpec[], IndexesByTable>();

/** Gives the indexes of each table: sets of hundreds are asked for thousands of times. */
export function groupByTable(indexes: readonly IndexSpec[]): IndexesByTable {
  const known = groups.get(indexes);
  if (known !== undefined) return known;
  const byTable = new Map<string, IndexSpec[]>();
  for (const spec of indexes) {
    const list = byTable.get(tableKey(spec.table));
    if (list === undefined) byTable.set(tableKey(spec.table), [spec]);
    else list.push(spec);
  }
  groups.set(indexes, byTable);
  return byTable;
}

/** Gives a set with more indexes, grouped as the set is. */
export function extended(set: readonly IndexSpec[], added: readonly IndexSpec[]): readonly IndexSpec[] {
  const whole = [...set, ...added];
  const byTable = new Map(groupByTable(set));
  for (const spec of added) byTable.set(tableKey(spec.table), [...(byTable.get(tableKey(spec.table)) ?? []), spec]);
  groups.set(whole, byTable);
  return whole;
}

/** Gives a set without one of its indexes, grouped as the set is. */
export function without(set: readonly IndexSpec[], index: IndexSpec): readonly IndexSpec[] {
  const rest = set.filter((other) => other !== index);
  const byTable = new Map(groupByTable(set));
  const table = tableKey(index.table);
  byTable.set(
    table,
    (byTable.get(table) ?? []).filter((other) => other !== index),
  );
  groups.set(rest, byTable);
  return rest;
}

const tableKeys = new WeakMap<RelationName, string>();

/** Gives a table's schema-qualified name; tables are asked for as often as their indexes. */
export function tableKey(table: RelationName): string {
  const known = tableKeys.get(table);
  if (known !== undefined) return known;
  const key = `${table.schema}.${table.name}`;
  tableKeys.set(table, key);
  return key;
}
