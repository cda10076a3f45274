import type { ColumnRef, JoinExpr, Node, SelectStmt, SubLink } from '@pgsql/types';
import type { Column, Table } from '../../model/catalog.js';
import { columnParts } from '../analysis/expression.js';

/** A relation that a query level may name. */
export interface LevelRelation {
  readonly alias: string;
  /** Null for a view, a WITH query, a subquery and a function. */
  readonly table: Table | null;
  /** Names of its columns; null where they are not known. */
  readonly columns: ReadonlySet<string> | null;
  /** The outermost join of the level within which its rows may be missing (NULL); null where they may not. */
  readonly optionalIn: JoinExpr | null;
  /** The item of FROM that it is, or UPDATE’s and DELETE’s own table. */
  readonly node: Node;
}

/** One of the conditions that hold together, with the join that asks for it. */
export interface LevelCondition {
  readonly node: Node;
  /** Null for WHERE. */
  readonly join: JoinExpr | null;
}

/** One SELECT, UPDATE or DELETE of a statement, whole or within another. */
export interface QueryLevel {
  readonly parent: QueryLevel | null;
  /** The subquery expression that it stands in; null for a statement, an item of FROM and a WITH query. */
  readonly link: SubLink | null;
  /** Null for UPDATE and DELETE. */
  readonly select: SelectStmt | null;
  readonly relations: readonly LevelRelation[];
  /** Conjuncts of WHERE and of every ON, outer joins’ too. */
  readonly conditions: readonly LevelCondition[];
  /** Pairs of columns that USING and NATURAL equate. */
  readonly merged: readonly (readonly [LevelColumn, LevelColumn])[];
}

/** A column of one of a level's relations. */
export interface LevelColumn {
  readonly level: QueryLevel;
  readonly relation: LevelRelation;
  readonly name: string;
}

/** Finds the column that a reference means, nearest level first; null where it cannot be told. */
export function resolveIn(level: QueryLevel, reference: ColumnRef): LevelColumn | null {
  const { qualifier, name } = columnParts(reference);
  if (name === null) return null;
  for (let each: QueryLevel | null = level; each !== null; each = each.parent) {
    const named = each.relations.filter(({ alias }) => qualifier === null || alias === qualifier);
    const relation = named.find(({ columns }) => columns?.has(name));
    if (relation !== undefined) return { level: each, relation, name };
    if (named.some(({ columns }) => columns === null) || (qualifier !== null && named.length > 0)) return null;
  }
  return null;
}

/** Gives the column that an expression is, under no cast; null for anything else. */
export function columnIn(level: QueryLevel, node: Node | undefined): LevelColumn | null {
  return node !== undefined && 'ColumnRef' in node ? resolveIn(level, node.ColumnRef) : null;
}

/** Gives a column as its table has it; undefined where its relation is no table. */
export function storedColumn({ relation, name }: Pick<LevelColumn, 'relation' | 'name'>): Column | undefined {
  return relation.table?.columns.find((column) => column.name === name);
}

/** Tells whether two columns are one. */
export function isSameColumn(one: LevelColumn, other: LevelColumn): boolean {
  return one.relation === other.relation && one.name === other.name;
}
