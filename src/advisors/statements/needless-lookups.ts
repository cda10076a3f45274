import type { ColumnRef, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { columnParts } from '../../sql/analysis/expression.js';
import { andParts } from '../../sql/and-parts.js';
import { deparseNode } from '../../sql/deparse.js';
import { columnIn, type LevelRelation, type QueryLevel } from '../../sql/levels/query-level.js';
import { allOf } from '../../sql/rewrite/nodes.js';
import { hasHeirs } from '../../sql/rewrite/written-level.js';
import { visit } from '../../sql/walk.js';
import { withBody } from '../../sql/with-node.js';
import { foreignKeysOf } from '../index-hygiene/foreign-keys.js';
import { isSame } from '../schema/own-tables.js';
import { usesOf } from './column-uses.js';
import { type ColumnPair, equalColumns, equalityOf } from './equalities.js';
import { fromWithout, hasOwnName, joinsIn } from './from-items.js';
import type { NeedlessJoin } from './needless-joins.js';
import type { ReadStatement } from './read-statement.js';

/** Gives the tables that a level looks one row up in along an enforced key, by a join of any form, and reads nothing of. */
export function needlessLookups(
  level: QueryLevel,
  { read, catalog }: { readonly read: ReadStatement; readonly catalog: Catalog },
): readonly NeedlessJoin[] {
  const from = level.select?.fromClause ?? [];
  if (level.select === null || joinsIn(from).some(hasOwnName)) return [];
  return level.relations.flatMap((relation): NeedlessJoin[] => {
    const isUnread = isLookup(relation, level, catalog) && isReadByTies(relation, level, read);
    const text = isUnread ? withoutLookup(relation, level, read) : null;
    return text === null ? [] : [{ relations: [relation], kind: 'inner', text }];
  });
}

/** Tells whether each row beside it meets one row of a relation, along an enforced key. */
export function isLookup(relation: LevelRelation, level: QueryLevel, catalog: Catalog): boolean {
  return relation.table !== null && relation.optionalIn === null && isByForeignKey(relation, level, catalog);
}

/** Its columns stand nowhere but in the conditions of the join. */
function isReadByTies(relation: LevelRelation, level: QueryLevel, read: ReadStatement): boolean {
  const own = new Set<ColumnRef>();
  visit(tiesOf(relation, level), (kind, body) => {
    if (kind === 'ColumnRef') own.add(body as ColumnRef);
    return true;
  });
  const uses = usesOf(relation, read);
  return uses?.every((each) => own.has(each) || isMergedName(each, relation, level)) ?? false;
}

/** What USING merges keeps its bare name. */
function isMergedName(reference: ColumnRef, relation: LevelRelation, level: QueryLevel): boolean {
  const { qualifier, name } = columnParts(reference);
  const isMerged = level.merged.some(([one]) => one.relation === relation && one.name === name);
  return qualifier === null && isMerged;
}

/** Gives the equalities between a column of a relation and one of another; those of outer joins say something else. */
export function tiesOf(relation: LevelRelation, level: QueryLevel): readonly Node[] {
  return level.conditions.flatMap(({ node, join }) => {
    const sides = (equalityOf(node) ?? []).flatMap((side) => columnIn(level, side) ?? []);
    const isOwn = sides.length === 2 && sides.some((side) => side.relation === relation);
    return isOwn && (join === null || join.jointype === 'JOIN_INNER') ? [node] : [];
  });
}

/** Each row leads to one row for certain: the key is enforced, none of its columns is NULL, and every row is seen. */
function isByForeignKey(relation: LevelRelation, level: QueryLevel, catalog: Catalog): boolean {
  const pairs = equalColumns(level).filter(({ columns }) => columns.some((column) => column.relation === relation));
  const sides = pairs.map(({ columns: [one, other] }: ColumnPair) =>
    one.relation === relation ? ([one, other] as const) : ([other, one] as const),
  );
  const child = sides[0]?.[1].relation;
  const { table } = relation;
  if (child?.table == null || table === null || child.optionalIn !== null || table.rowSecurity?.enforced === true)
    return false;
  if ([child.table, table].some((each) => hasHeirs(each, catalog))) return false;
  if (!sides.every(([, other]) => other.relation === child && other.level === level)) return false;
  const isNotNull = (name: string) =>
    child.table?.columns.some((column) => column.name === name && column.notNull) ?? false;
  return foreignKeysOf(child.table).some(
    ({ constraint, columns, target }) =>
      constraint.validated &&
      isSame(target.table, table) &&
      columns.length === sides.length &&
      columns.every(isNotNull) &&
      columns.every((column, at) =>
        sides.some(([own, other]) => own.name === target.columns[at] && other.name === column),
      ),
  );
}

function withoutLookup(relation: LevelRelation, level: QueryLevel, { tree }: ReadStatement): string | null {
  const { select } = level;
  const conditions = tiesOf(relation, level);
  const left = select === null ? null : fromWithout(select.fromClause ?? [], relation.node, conditions);
  if (select === null || left === null) return null;
  const asked = andParts(select.whereClause).filter((each) => !conditions.includes(each));
  const whereClause = allOf([...asked, ...left.conditions]);
  const { whereClause: _, ...rest } = select;
  const made = { ...rest, fromClause: [...left.items], ...(whereClause === undefined ? {} : { whereClause }) };
  return deparseNode(withBody(tree, select, made));
}
