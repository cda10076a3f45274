import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf, visit } from '../walk.js';
import { aggregateCalls, isGrouped } from './aggregates.js';
import { type LevelRelation, relationIn } from './level-names.js';
import { referenceOf, referencesIn } from './nodes.js';
import { isInsideAggregate, type SubquerySite } from './subquery-sites.js';

/** Tells whether a subquery is computed once for each group of its level: in HAVING, and behind GROUP BY. */
export function isOfGroups(site: SubquerySite, catalog: Catalog): boolean {
  const { level, place } = site;
  const isLate = place === 'target' || place === 'having' || place === 'order';
  return isLate && level.kind === 'select' && isGrouped(level.body, catalog) && !isInsideAggregate(site, catalog);
}

/**
 * Why what a subquery gives for groups cannot be joined to their rows; null where it can: where it hangs upon grouped
 * columns alone, all rows of a group are joined to the same, which is then one column more to group by.
 */
export function refuseJoinOfGroups({ level, references }: SubquerySite): string | null {
  if (level.kind !== 'select' || (level.body.groupClause ?? []).length === 0)
    return 'it is computed once for all rows, not for each';
  const { body, relations } = level;
  if (holdsGroupingSet(body)) return 'it is computed for groups of several kinds';
  const grouped = groupedColumns(body, relations);
  return references.every((reference) => isConstantInGroup(reference, { grouped, relations }))
    ? null
    : 'it is computed for groups, by what rows of one group may differ in';
}

/** Tells of GROUP BY with ROLLUP, CUBE or GROUPING SETS. */
export function holdsGroupingSet({ groupClause }: SelectStmt): boolean {
  let holds = false;
  visit(groupClause, (kind) => {
    holds ||= kind === 'GroupingSet';
  });
  return holds;
}

/** A column of a relation, by `JSON.stringify([alias, name])`. */
export type ColumnKey = string;

/** Gives the plain columns that rows are grouped by. */
export function groupedColumns(select: SelectStmt, relations: readonly LevelRelation[]): ReadonlySet<ColumnKey> {
  return new Set(groupExpressions(select, relations).flatMap((node) => columnKey(node, relations) ?? []));
}

/** Gives what rows are grouped by, places and names of outputs as what these stand for. */
export function groupExpressions(
  { groupClause = [], targetList = [] }: SelectStmt,
  relations: readonly LevelRelation[],
): readonly Node[] {
  const targets = targetList.map((target) => bodyOf(target, 'ResTarget'));
  return groupClause.map((node) => {
    const place = bodyOf(node, 'A_Const')?.ival?.ival;
    if (place !== undefined) return targets[place - 1]?.val ?? node;
    if (columnKey(node, relations) !== null) return node;
    // A name that is no column's may be an output's.
    const reference = bodyOf(node, 'ColumnRef');
    const named = reference === null ? null : referenceOf(reference);
    return targets.find((target) => named !== null && target?.name === named.name)?.val ?? node;
  });
}

/** Names the column that a reference stands for; null for anything else. */
export function columnKey(node: Node | undefined, relations: readonly LevelRelation[]): ColumnKey | null {
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  const relation = named === null ? null : relationIn(relations, named);
  return named === null || relation === null ? null : JSON.stringify([relation.alias, named.name]);
}

/** Tells whether a column is the same in all rows of a group: a primary key among the grouped columns settles the row. */
export function isConstantInGroup(
  reference: Node,
  { grouped, relations }: { readonly grouped: ReadonlySet<ColumnKey>; readonly relations: readonly LevelRelation[] },
): boolean {
  const key = columnKey(reference, relations);
  if (key === null) return false;
  if (grouped.has(key)) return true;
  const [alias] = JSON.parse(key) as readonly string[];
  const table = relations.find((relation) => relation.alias === alias)?.table;
  const primary = table?.constraints.find(({ kind }) => kind === 'primary key');
  return primary?.columns.every((name) => grouped.has(JSON.stringify([alias, name]))) ?? false;
}

/** Tells whether groups give columns of a relation that they are not made by: its primary key settles them, as long as it is a table. */
export function givesSettledColumns(
  select: SelectStmt,
  { relation, relations }: { readonly relation: LevelRelation; readonly relations: readonly LevelRelation[] },
  catalog: Catalog,
): boolean {
  const { groupClause = [], targetList, havingClause, sortClause } = select;
  if (groupClause.length === 0) return false;
  const outside = [targetList, havingClause, sortClause];
  const calls = aggregateCalls(outside, catalog);
  const grouped = groupedColumns(select, relations);
  return referencesIn(outside, (node) => calls.includes(node)).some((reference) => {
    const key = columnKey(reference, relations);
    const isOwn = key !== null && JSON.parse(key)[0] === relation.alias;
    return isOwn && !grouped.has(key) && isConstantInGroup(reference, { grouped, relations });
  });
}
