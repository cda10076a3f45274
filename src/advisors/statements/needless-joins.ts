import type { ColumnRef, JoinExpr, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseNode } from '../../sql/deparse.js';
import type { LevelRelation, QueryLevel } from '../../sql/levels/query-level.js';
import { isGrouped, isVolatile } from '../../sql/rewrite/aggregates.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { withNode } from '../../sql/with-node.js';
import { foreignKeysOf } from '../index-hygiene/foreign-keys.js';
import { hasHeirs, isSame } from '../schema/own-tables.js';
import { usesOf } from './column-uses.js';
import { boundValues, type ColumnPair, equalColumns } from './equalities.js';
import { meetsOneRow } from './meets-one-row.js';
import type { ReadStatement } from './read-statement.js';
import { numberOf } from './row-counts.js';

/** What a join brings to a statement without changing anything of its result. */
export interface NeedlessJoin {
  /** A table, the tables that are joined with each other first, or a subquery. */
  readonly relations: readonly LevelRelation[];
  /** `outer`: each row meets one at most, and stays without; `inner`: a foreign key says that each meets one. */
  readonly kind: 'outer' | 'inner';
  /** The statement without it. */
  readonly text: string;
}

/** Gives the joins of a statement of which nothing is read, and by which each row meets one row at most. */
export function needlessJoins(read: ReadStatement, catalog: Catalog): readonly NeedlessJoin[] {
  // FOR UPDATE locks the rows of every table that is joined.
  if (read.levels.some(({ select }) => select?.lockingClause !== undefined)) return [];
  return read.levels.flatMap((level) =>
    joinsOf(level).flatMap((join): NeedlessJoin[] => {
      const relations = rightSide(join, level);
      const kind = kindOf(join, relations, { level, catalog });
      if (kind === null || join.larg === undefined || !isUnused(relations, { join, level, read })) return [];
      const text = deparseNode(withNode(read.tree, join, join.larg));
      return text === null ? [] : [{ relations, kind, text }];
    }),
  );
}

function joinsOf({ select }: QueryLevel): readonly JoinExpr[] {
  return joinsIn(select?.fromClause);
}

function joinsIn(from: unknown): readonly JoinExpr[] {
  const joins: JoinExpr[] = [];
  visit(from, (kind, body) => {
    if (kind === 'JoinExpr') joins.push(body as JoinExpr);
    return kind !== 'SelectStmt';
  });
  return joins;
}

/** None where the whole join bears a name of its own, by which all of it may be read. */
function rightSide(
  { rarg, alias, join_using_alias: usingAlias }: JoinExpr,
  level: QueryLevel,
): readonly LevelRelation[] {
  if (alias !== undefined || usingAlias !== undefined) return [];
  const within = new Set<unknown>();
  visit(rarg, (kind, body) => within.add(body) && kind !== 'SelectStmt');
  return level.relations.filter(({ node }) => within.has(Object.values(node)[0]));
}

interface Place {
  readonly level: QueryLevel;
  readonly catalog: Catalog;
}

function kindOf(join: JoinExpr, relations: readonly LevelRelation[], place: Place): NeedlessJoin['kind'] | null {
  const [relation, ...others] = relations;
  if (relation === undefined) return null;
  const own = ownConditions(join, relations, place.level);
  if (join.jointype === 'JOIN_LEFT') return givesOneAtMost(join, relations, { own, ...place }) ? 'outer' : null;
  if (join.jointype !== 'JOIN_INNER' || others.length > 0) return null;
  const isEachAnEquality = equalColumns(own).length === own.conditions.length + own.merged.length;
  return isEachAnEquality && isByForeignKey(relation, equalColumns(own), place.catalog) ? 'inner' : null;
}

/** The level with the conditions of one join alone, and of those within its right side. */
function ownConditions(join: JoinExpr, relations: readonly LevelRelation[], level: QueryLevel): QueryLevel {
  const joins = [join, ...joinsIn(join.rarg)];
  return {
    ...level,
    conditions: level.conditions.filter((condition) => condition.join !== null && joins.includes(condition.join)),
    merged: level.merged.filter(([, { relation }]) => relations.includes(relation)),
  };
}

function givesOneAtMost(
  { rarg }: JoinExpr,
  relations: readonly LevelRelation[],
  { own, catalog }: Place & { readonly own: QueryLevel },
): boolean {
  const subselect = bodyOf(rarg, 'RangeSubselect');
  if (subselect !== null) return isSingleRow(bodyOf(subselect.subquery, 'SelectStmt'), catalog);
  const areTables = relations.every(({ table }) => table !== null && !hasHeirs(table, catalog));
  const isPlain = joinsIn(rarg).every(({ jointype }) => jointype === 'JOIN_INNER' || jointype === 'JOIN_LEFT');
  return areTables && isPlain && meetsOneRow(relations, { pairs: equalColumns(own), bound: boundValues(own) });
}

/** `LIMIT 1`, or an aggregate of all rows; what it calls must have no effect. */
function isSingleRow(select: SelectStmt | null, catalog: Catalog): boolean {
  if (select === null || select.withClause !== undefined || isVolatile(select, catalog)) return false;
  const isPlain = select.op === undefined || select.op === 'SETOP_NONE';
  const limit = numberOf(select.limitCount);
  return (
    (limit !== null && limit <= 1 && select.limitOption !== 'LIMIT_OPTION_WITH_TIES') ||
    (isPlain && select.groupClause === undefined && isGrouped(select, catalog))
  );
}

/** Each row leads to one row for certain: the key is enforced, none of its columns is NULL, and every row is seen. */
function isByForeignKey(relation: LevelRelation, pairs: readonly ColumnPair[], catalog: Catalog): boolean {
  const sides = pairs.map(({ columns: [one, other] }) => (one.relation === relation ? [one, other] : [other, one]));
  const child = sides[0]?.[1]?.relation;
  const { table } = relation;
  if (child?.table == null || table === null || child.optionalIn !== null || table.rowSecurity?.enforced === true)
    return false;
  if ([child.table, table].some((each) => hasHeirs(each, catalog))) return false;
  if (!sides.every(([own, other]) => own?.relation === relation && other?.relation === child)) return false;
  const isNotNull = (name: string) =>
    child.table?.columns.some((column) => column.name === name && column.notNull) ?? false;
  return foreignKeysOf(child.table).some(
    ({ constraint, columns, target }) =>
      constraint.validated &&
      isSame(target.table, table) &&
      columns.length === sides.length &&
      columns.every(isNotNull) &&
      columns.every((column, at) =>
        sides.some(([own, other]) => own?.name === target.columns[at] && other?.name === column),
      ),
  );
}

/** Named in the join’s own conditions alone. */
function isUnused(
  relations: readonly LevelRelation[],
  { join, level, read }: { readonly join: JoinExpr; readonly level: QueryLevel; readonly read: ReadStatement },
): boolean {
  const isMergedOn = level.merged.some(
    ([one, other]) => relations.includes(one.relation) && !relations.includes(other.relation),
  );
  const within = new Set<ColumnRef>();
  visit([join.quals, join.rarg], (kind, body) => {
    if (kind === 'ColumnRef') within.add(body as ColumnRef);
    return true;
  });
  return (
    !isMergedOn && relations.every((relation) => usesOf(relation, read)?.every((each) => within.has(each)) ?? false)
  );
}
