import type { Node, SelectStmt } from '@pgsql/types';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { outputOf, type Sight } from './group-sources.js';
import { expressionType } from './keyed-subquery.js';
import { type LevelRelation, rangeOf, relationOf, relationsOf } from './level-names.js';
import { columnName, columnNode } from './nodes.js';
import { commonQueryOf } from './row-keys.js';

/** What a column is written as, and the relations that this names. */
export interface WrittenColumn {
  readonly node: Node;
  readonly relations: readonly LevelRelation[];
}

/** A column of something in FROM. */
export interface ColumnOf {
  readonly item: Node;
  readonly relation: LevelRelation;
  readonly column: string;
}

/** The query whose FROM it stands in. */
export interface Standing {
  readonly select: SelectStmt;
  readonly sight: Sight;
}

/** Gives what a query in FROM or WITH gives under a column's name; of anything else the column itself. */
export function writtenColumn({ item, relation, column }: ColumnOf, { select, sight }: Standing): WrittenColumn {
  const range = bodyOf(item, 'RangeSubselect');
  const isRenamed = range?.alias?.colnames !== undefined;
  const query = bodyOf(range?.subquery, 'SelectStmt') ?? commonQueryOf(item, select);
  const value = query === null || isRenamed || query.withClause !== undefined ? null : outputOf(column, query);
  // Of coalesce the text tells the first type, which is not always the common one.
  return value === null || canonical(value).includes('"CoalesceExpr"')
    ? { node: columnNode(relation.alias, column), relations: [relation] }
    : { node: value, relations: relationsOf(query?.fromClause ?? [], sight) };
}

/** Gives the type of a column without modifier, be it of a query in WITH; null where it is not known. */
export function columnType(
  column: Node,
  relations: readonly LevelRelation[],
  standing: Standing | null,
): string | null {
  const relation = relationOf(column, relations);
  const item = relation === null || standing === null ? null : rangeOf(standing.select.fromClause, relation.alias);
  if (relation === null || standing === null || item === null) return expressionType(column, relations);
  const written = writtenColumn({ item, relation, column: columnName(column) ?? '' }, standing);
  return expressionType(written.node, written.relations);
}
