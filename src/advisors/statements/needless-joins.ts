import type { ColumnRef, JoinExpr, Node } from '@pgsql/types';
import { deparseNode } from '../../sql/deparse.js';
import { columnIn, type LevelRelation, type QueryLevel } from '../../sql/levels/query-level.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { withNode } from '../../sql/with-node.js';
import { foreignKeysOf } from '../index-hygiene/foreign-keys.js';
import { isSame } from '../schema/own-tables.js';
import { usesOf } from './column-uses.js';
import { equalColumns } from './equalities.js';
import type { ReadStatement } from './read-statement.js';
import { uniqueKeys } from './unique-keys.js';

/** A joined table that changes nothing of the result. */
export interface NeedlessJoin {
  readonly relation: LevelRelation;
  /** `outer`: PostgreSQL leaves it out by itself where it can; `inner`: a foreign key says that each row meets one. */
  readonly kind: 'outer' | 'inner';
  /** The statement without it. */
  readonly text: string;
}

/** Gives the joined tables of a statement of which nothing is read, and of which each row meets just one. */
export function needlessJoins(read: ReadStatement): readonly NeedlessJoin[] {
  return read.levels.flatMap((level) =>
    joinsOf(level).flatMap((join): NeedlessJoin[] => {
      const relation = rightTable(join, level);
      const kind = relation === null ? null : kindOf(join, relation, level);
      if (relation === null || kind === null || !isUnused(relation, join, read) || join.larg === undefined) return [];
      const text = deparseNode(withNode(read.tree, join, join.larg));
      return text === null ? [] : [{ relation, kind, text }];
    }),
  );
}

function joinsOf({ select }: QueryLevel): readonly JoinExpr[] {
  const joins: JoinExpr[] = [];
  visit(select?.fromClause, (kind, body) => {
    if (kind === 'JoinExpr') joins.push(body as JoinExpr);
    return kind !== 'SelectStmt';
  });
  return joins;
}

function rightTable({ rarg, usingClause, isNatural, alias }: JoinExpr, level: QueryLevel): LevelRelation | null {
  const range = bodyOf(rarg, 'RangeVar');
  if (range === null || usingClause !== undefined || isNatural === true || alias !== undefined) return null;
  return level.relations.find(({ node, table }) => table !== null && bodyOf(node, 'RangeVar') === range) ?? null;
}

function kindOf(join: JoinExpr, relation: LevelRelation, level: QueryLevel): NeedlessJoin['kind'] | null {
  const own = equalColumns(level).filter(({ condition }) => condition?.join === join);
  const conditions = level.conditions.filter((condition) => condition.join === join);
  const names = own.flatMap(({ columns }) =>
    columns.filter((each) => each.relation === relation).map(({ name }) => name),
  );
  const others = own.flatMap(({ columns }) => columns.filter((each) => each.relation !== relation));
  const isUnique = uniqueKeys(relation.table ?? { indexes: [] }).some((key) =>
    key.every((name) => names.includes(name)),
  );
  if (!isUnique || names.length < conditions.length || others.length < names.length) return null;
  if (join.jointype === 'JOIN_LEFT') return 'outer';
  return join.jointype === 'JOIN_INNER' && isByForeignKey(relation, { names, others }) ? 'inner' : null;
}

/** Each row leads to one row for certain: the key is enforced, and none of its columns is NULL. */
function isByForeignKey(
  relation: LevelRelation,
  {
    names,
    others,
  }: {
    readonly names: readonly string[];
    readonly others: readonly ReturnType<typeof equalColumns>[number]['columns'][0][];
  },
): boolean {
  const [first] = others;
  const child = first?.relation;
  const table = relation.table;
  if (
    child?.table == null ||
    table === null ||
    child.optionalIn !== null ||
    others.some((each) => each.relation !== child)
  )
    return false;
  const isNotNull = (name: string) =>
    child.table?.columns.some((column) => column.name === name && column.notNull) ?? false;
  return foreignKeysOf(child.table).some(
    ({ constraint, columns, target }) =>
      constraint.validated &&
      isSame(target.table, table) &&
      columns.length === names.length &&
      columns.every(isNotNull) &&
      columns.every((column, place) => {
        const at = names.indexOf(target.columns[place] ?? '');
        return at >= 0 && others[at]?.name === column;
      }),
  );
}

/** Named in the join's own condition alone. */
function isUnused(relation: LevelRelation, join: JoinExpr, read: ReadStatement): boolean {
  const within = new Set<ColumnRef>();
  visit(join.quals, (kind, body) => {
    if (kind === 'ColumnRef') within.add(body as ColumnRef);
    return true;
  });
  return usesOf(relation, read)?.every((reference) => within.has(reference)) ?? false;
}

/** Tells whether a node reads a column of the relation. */
export function reads(node: Node, relation: LevelRelation, level: QueryLevel): boolean {
  let found = false;
  visit(node, (kind, body) => {
    if (kind === 'ColumnRef') found ||= columnIn(level, { ColumnRef: body as ColumnRef })?.relation === relation;
    return !found;
  });
  return found;
}
