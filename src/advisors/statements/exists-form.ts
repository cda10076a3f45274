import type { ColumnRef, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { columnParts } from '../../sql/analysis/expression.js';
import { deparseNode } from '../../sql/deparse.js';
import { outputNames } from '../../sql/levels/output-names.js';
import { columnIn, type LevelRelation, type QueryLevel, resolveIn } from '../../sql/levels/query-level.js';
import { aggregateCalls, isVolatile } from '../../sql/rewrite/aggregates.js';
import { callsWindow } from '../../sql/rewrite/column-names.js';
import { allOf } from '../../sql/rewrite/nodes.js';
import { groupsWithoutCount, isPlainDistinct } from '../../sql/rewrite/repeats.js';
import { hasHeirs } from '../../sql/rewrite/written-level.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { withBody } from '../../sql/with-node.js';
import { boundValues, equalColumns } from './equalities.js';
import { meetsOneRow } from './meets-one-row.js';
import type { ReadStatement } from './read-statement.js';
import { hasDeferrableKeys, uniqueKeys } from './unique-keys.js';

/** A SELECT DISTINCT, or a GROUP BY, of some tables’ columns, whose rows the other tables multiply. */
export interface FanOut {
  readonly level: QueryLevel;
  readonly select: SelectStmt;
  /** DISTINCT, or GROUP BY of what is given alone, which has no work left once no row is multiplied; else groups stay. */
  readonly isOfGiven: boolean;
  /** Tables whose columns are given. */
  readonly kept: readonly LevelRelation[];
  /** Tables that are asked for a row alone. */
  readonly asked: readonly LevelRelation[];
}

/**
 * Finds the first DISTINCT over inner joins by which a statement takes back what other tables multiply, among queries that
 * hold no others before those that do; null for none.
 */
export function fanOutOf({ levels }: ReadStatement, catalog: Catalog): FanOut | null {
  const isInnermost = (level: QueryLevel) => levels.every(({ parent }) => parent !== level);
  const inOrder = [...levels.filter(isInnermost), ...levels.filter((level) => !isInnermost(level))];
  for (const level of inOrder) {
    const fanOut = fanOutIn(level, catalog);
    if (fanOut !== null) return fanOut;
  }
  return null;
}

function fanOutIn(level: QueryLevel, catalog: Catalog): FanOut | null {
  const { select } = level;
  if (select === null) return null;
  const isOfGiven = isPlainDistinct(select) || isGroupedAsDistinct(select, level, catalog);
  if (!isOfGiven && !groupsWithoutCount(select, catalog)) return null;
  // What is drawn for each pair of rows would be drawn for each row.
  if (isVolatile(select, catalog)) return null;
  const areTables = level.relations.every(({ table, optionalIn }) => table !== null && optionalIn === null);
  if (!areTables || level.merged.length > 0) return null;
  // DISTINCT is ordered by what it gives alone.
  const outputs = isOfGiven ? relationsGiven(select, level, catalog) : relationsGrouped(select, level);
  const kept = level.relations.filter((relation) => outputs?.has(relation));
  const asked = level.relations.filter((relation) => !kept.includes(relation));
  if (outputs === null || kept.length === 0 || asked.length === 0) return null;
  const isOfHeirs = level.relations.some(({ table }) => table !== null && hasHeirs(table, catalog));
  const known = { pairs: equalColumns(level), bound: boundValues(level) };
  const isMetOnce = meetsOneRow(asked, () => known);
  return isOfHeirs || isMetOnce ? null : { level, select, isOfGiven, kept, asked };
}

/** Tells whether a query groups by columns that it gives, and asks nothing of the groups. */
function isGroupedAsDistinct(select: SelectStmt, level: QueryLevel, catalog: Catalog): boolean {
  const { distinctClause, groupClause = [], havingClause, targetList = [], sortClause } = select;
  if (groupClause.length === 0 || distinctClause !== undefined || havingClause !== undefined) return false;
  if (aggregateCalls(sortClause, catalog).length > 0 || callsWindow(sortClause)) return false;
  const places = (nodes: readonly (Node | undefined)[]) =>
    nodes.map((node) => {
      const column = columnIn(level, node);
      return column === null ? null : `${column.relation.alias} ${column.name}`;
    });
  const given = places(targetList.map((target) => bodyOf(target, 'ResTarget')?.val));
  const grouped = places(groupClause);
  return ![...given, ...grouped].includes(null) && grouped.every((column) => given.includes(column));
}

/** Null where a name cannot be told, or where what is given depends on how many rows there are. */
function relationsGiven(
  { targetList }: SelectStmt,
  level: QueryLevel,
  catalog: Catalog,
): ReadonlySet<LevelRelation | undefined> | null {
  const isOfRows = callsWindow(targetList) || aggregateCalls(targetList, catalog).length > 0;
  return isOfRows ? null : relationsRead(targetList, level);
}

/** Of whatever is computed of groups; null where a name cannot be told. */
function relationsGrouped(select: SelectStmt, level: QueryLevel): ReadonlySet<LevelRelation | undefined> | null {
  const { targetList, groupClause, havingClause, sortClause, distinctClause } = select;
  const read = [targetList, groupClause, havingClause, sortClause, distinctClause];
  return relationsRead(read, level, outputNames(select, level));
}

function relationsRead(
  expressions: unknown,
  level: QueryLevel,
  passed: ReadonlySet<ColumnRef> = new Set(),
): ReadonlySet<LevelRelation | undefined> | null {
  const found = new Set<LevelRelation | undefined>();
  visit(expressions, (kind, body) => {
    if (kind !== 'ColumnRef' || passed.has(body as ColumnRef)) return true;
    const { qualifier, name } = columnParts(body as ColumnRef);
    const isWhole = name === null && qualifier !== null;
    found.add(
      isWhole
        ? level.relations.find(({ alias }) => alias === qualifier)
        : resolveIn(level, body as ColumnRef)?.relation,
    );
    return true;
  });
  return found.has(undefined) ? null : found;
}

/** Gives the statement that asks the other tables by EXISTS; DISTINCT goes where keys are among the columns, groups stay. */
export function existsForm(read: ReadStatement, catalog: Catalog): string | null {
  const fanOut = fanOutOf(read, catalog);
  if (fanOut === null) return null;
  const { level, select, isOfGiven, kept, asked } = fanOut;
  const conditions = level.conditions.map(({ node }) => node);
  const readers = (relations: readonly LevelRelation[]) =>
    conditions.filter((node) => relations.some((relation) => reads(node, relation, level)));
  const exists = tiedTogether(asked, readers).map((relations): Node => {
    const subquery: SelectStmt = {
      targetList: [{ ResTarget: { val: { A_Const: { ival: { ival: 1 } } } } }],
      fromClause: relations.map(({ node }) => node),
      ...conditionOf(readers(relations)),
      limitOption: 'LIMIT_OPTION_DEFAULT',
      op: 'SETOP_NONE',
    };
    return { SubLink: { subLinkType: 'EXISTS_SUBLINK', subselect: { SelectStmt: subquery } } };
  });
  const { distinctClause, groupClause, whereClause: _, ...rest } = select;
  const groups = { ...(distinctClause && { distinctClause }), ...(groupClause && { groupClause }) };
  const inner = readers(asked);
  const made: SelectStmt = {
    ...rest,
    ...(isOfGiven ? distinctOf(fanOut) : groups),
    fromClause: kept.map(({ node }) => node),
    ...conditionOf([...conditions.filter((node) => !inner.includes(node)), ...exists]),
  };
  return deparseNode(withBody(read.tree, select, made));
}

function distinctOf(fanOut: FanOut): Pick<SelectStmt, 'distinctClause'> {
  return fanOut.kept.every((relation) => isKeyed(relation, fanOut)) ? {} : { distinctClause: [{}] as Node[] };
}

/** Parts tables into those that some condition ties to each other: each part is asked for a row by itself. */
function tiedTogether(
  relations: readonly LevelRelation[],
  readers: (relations: readonly LevelRelation[]) => readonly Node[],
): readonly (readonly LevelRelation[])[] {
  let parts: readonly (readonly LevelRelation[])[] = [];
  for (const relation of relations) {
    const own = readers([relation]);
    const tied = parts.filter((part) => readers(part).some((node) => own.includes(node)));
    parts = [...parts.filter((part) => !tied.includes(part)), [...tied.flat(), relation]];
  }
  return parts;
}

/** Some key of the table that is never NULL is given, so that no two rows of it are equal; a function may give many. */
function isKeyed({ table, alias }: LevelRelation, { level, select }: FanOut): boolean {
  if (table === null || hasDeferrableKeys(table) || callsFunction(select.targetList)) return false;
  const names = (select.targetList ?? []).flatMap((target) => {
    const value = bodyOf(target, 'ResTarget')?.val;
    const reference = bodyOf(value, 'ColumnRef');
    const { qualifier, name } = reference === null ? { qualifier: null, name: null } : columnParts(reference);
    if (reference !== null && name === null) return qualifier === alias ? table.columns.map((each) => each.name) : [];
    const column = columnIn(level, value);
    return column?.relation.alias === alias ? [column.name] : [];
  });
  const isGiven = (name: string) =>
    names.includes(name) && table.columns.some((column) => column.name === name && column.notNull);
  return uniqueKeys(table).some((key) => key.every(isGiven));
}

function callsFunction(outputs: unknown): boolean {
  let found = false;
  visit(outputs, (kind) => {
    found ||= kind === 'FuncCall';
    return !found;
  });
  return found;
}

function reads(node: Node, relation: LevelRelation, level: QueryLevel): boolean {
  let found = false;
  visit(node, (kind, body) => {
    if (kind === 'ColumnRef') found ||= columnIn(level, { ColumnRef: body as ColumnRef })?.relation === relation;
    return !found;
  });
  return found;
}

function conditionOf(parts: readonly Node[]): Pick<SelectStmt, 'whereClause'> {
  const whereClause = allOf(parts);
  return whereClause === undefined ? {} : { whereClause };
}
