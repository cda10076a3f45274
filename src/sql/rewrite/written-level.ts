import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { type FreshNames, spellStars } from './column-names.js';
import { relationOf } from './level-names.js';
import { leavesOutMissing } from './missing-row.js';
import { allOf, columnNode, joinedFrom, operatorNode, partsOf, rangeNode, selectNode, targetNode } from './nodes.js';
import type { Level, SubquerySite } from './subquery-sites.js';
import type { JoinedColumn, LevelJoin } from './technique.js';

type WrittenLevel = Exclude<Level, { readonly kind: 'select' }>;

/** Why what a subquery gives cannot come from a join in UPDATE or DELETE; null where it can. */
export function refuseJoinOfWrite(
  site: Pick<SubquerySite, 'place' | 'references'> & { readonly level: WrittenLevel },
  catalog: Catalog,
): string | null {
  const { level, place } = site;
  const [target] = level.relations;
  if (place === 'returning') return 'it is computed after the row was written';
  if (level.kind === 'insert') return 'it is computed for a row that is being written';
  const tied = tiedRows(site);
  if (tied === 'joined') return null;
  if (tied === null) return 'it is tied to the written row and to those that are joined to it';
  if (target?.table == null) return 'what is written is no table';
  if (primaryKeyOf(target.table) === null)
    return 'without a primary key the written rows cannot be joined to themselves';
  return hasHeirs(target.table, catalog) ? 'rows of tables that inherit may bear the same key' : null;
}

/** Whether a subquery is tied to the rows that are written or to those of FROM and USING; null where it is to both. */
function tiedRows({
  level,
  references,
}: Pick<SubquerySite, 'references'> & { readonly level: WrittenLevel }): 'written' | 'joined' | null {
  const [target] = level.relations;
  const isOfTarget = references.map((reference) => {
    const relation = relationOf(reference, level.relations);
    return relation === null ? null : relation === target;
  });
  if (isOfTarget.every((each) => each === true)) return 'written';
  return isOfTarget.every((each) => each === false) ? 'joined' : null;
}

/**
 * Joins one more relation to the written rows: these are read once more under their key together with it, since the
 * written table itself can be on no side of an outer join.
 */
export function joinToWritten(
  level: WrittenLevel,
  join: LevelJoin,
  { catalog, names }: { readonly catalog: Catalog; readonly names: FreshNames },
): JoinedColumn | null {
  const { body, relations } = level;
  const { relation, alias, on, sites } = join;
  const [site] = sites;
  if (site !== undefined && tiedRows({ ...site, level }) === 'joined') return joinToOthers(level, join);
  // LATERAL does not see the rows that are written.
  const isLateral = bodyOf(relation, 'RangeSubselect')?.lateral === true;
  if (!isLateral && leavesOutMissing(level, sites, catalog)) return joinToTarget(level, join);
  const [target] = relations;
  const key = target?.table == null ? null : primaryKeyOf(target.table);
  if (target === undefined || key === null || body.relation === undefined) return null;
  if (!spellStars(body.returningClause?.exprs, [], relations)) return null;
  const found = names.next('found');
  const keyNames = key.map(() => names.next('row_key'));
  const targetList = key.map((column, place) => targetNode(columnNode(target.alias, column), keyNames[place] ?? ''));
  const fromClause = joinedFrom([{ RangeVar: structuredClone(body.relation) }], {
    ...{ jointype: 'JOIN_LEFT' as const, rarg: relation, quals: on },
  });
  const again: SelectStmt = selectNode({ targetList, fromClause });
  addRelation(level, rangeNode(again, found));
  const same = key.map((column, place) =>
    operatorNode('=', columnNode(found, keyNames[place] ?? ''), columnNode(target.alias, column)),
  );
  const condition = allOf([...same, ...(body.whereClause === undefined ? [] : [body.whereClause])]);
  if (condition !== undefined && level.kind !== 'insert') level.body.whereClause = condition;
  const shown = new Map<string, string>();
  return (column) => {
    const name = shown.get(column) ?? names.next('value');
    if (!shown.has(column)) targetList.push(targetNode(columnNode(alias, column), name));
    shown.set(column, name);
    return columnNode(found, name);
  };
}

/** Joins one more relation to the written rows themselves, all of which have a row of it. */
function joinToTarget(level: WrittenLevel, { relation, alias, on }: LevelJoin): JoinedColumn | null {
  const { body, relations } = level;
  if (level.kind === 'insert' || !spellStars(body.returningClause?.exprs, [], relations)) return null;
  addRelation(level, relation);
  level.body.whereClause = allOf([on, ...partsOf(body.whereClause)]) as Node;
  return (column) => columnNode(alias, column);
}

/** Joins one more relation to those of FROM or USING. */
function joinToOthers(level: WrittenLevel, { relation, alias, on }: LevelJoin): JoinedColumn | null {
  const { body, relations } = level;
  const items =
    (level.kind === 'update' ? level.body.fromClause : level.kind === 'delete' ? level.body.usingClause : []) ?? [];
  if (!spellStars(body.returningClause?.exprs, items, relations)) return null;
  const joined = joinedFrom(items, { jointype: 'JOIN_LEFT', rarg: relation, quals: on });
  if (level.kind === 'update') level.body.fromClause = joined;
  if (level.kind === 'delete') level.body.usingClause = joined;
  return (column) => columnNode(alias, column);
}

function addRelation(level: WrittenLevel, relation: Node): void {
  if (level.kind === 'update') level.body.fromClause = [...(level.body.fromClause ?? []), relation];
  if (level.kind === 'delete') level.body.usingClause = [...(level.body.usingClause ?? []), relation];
}

/** Gives the columns of a table's primary key; null where it has none. */
export function primaryKeyOf({ constraints }: Table): readonly string[] | null {
  return constraints.find(({ kind }) => kind === 'primary key')?.columns ?? null;
}

/** Tells whether tables inherit from this one and are read with it: its keys say nothing of them. */
export function hasHeirs({ schema, name }: Table, { tables }: Catalog): boolean {
  return tables.some(({ inherits = [] }) => inherits.some((each) => each.schema === schema && each.name === name));
}
