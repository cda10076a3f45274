import type { ColumnRef, Node } from '@pgsql/types';
import type { ConstraintKind } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import { columnParts } from '../../sql/analysis/expression.js';
import {
  columnIn,
  isSameColumn,
  type LevelColumn,
  type LevelRelation,
  type QueryLevel,
} from '../../sql/levels/query-level.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { foreignKeysOf } from '../index-hygiene/foreign-keys.js';
import { isSame } from '../schema/own-tables.js';
import { equalityOf } from './equalities.js';

/** A name in a subquery that means another table than the one that was meant. */
export interface Shadow {
  /** `own`: a bare name meant an outer column and means an inner one; `outer`: the other way round. */
  readonly kind: 'own' | 'outer' | 'itself';
  readonly reference: ColumnRef;
  /** The column that the name means. */
  readonly column: LevelColumn;
  /** The relation whose column was likely meant; null where there is none. */
  readonly meant: LevelRelation | null;
}

/** Gives the names of a level that make a condition of it say nothing, or nothing of what it seems to. */
export function shadowsOf(level: QueryLevel): readonly Shadow[] {
  return [...level.conditions.flatMap(({ node }) => shadowsIn(node, level)), ...outerSelection(level)];
}

function shadowsIn(node: Node, level: QueryLevel): readonly Shadow[] {
  const sides = equalityOf(node);
  if (sides === null) return [];
  const [left, right] = sides.map((side) => ({ node: side, column: columnIn(level, side) }));
  if (left?.column == null || right?.column == null) return [];
  if (isSameColumn(left.column, right.column)) return [itself(right.node, right.column)];
  // An uncorrelated IN is the rule, an uncorrelated EXISTS or scalar the exception.
  const isTied = level.link === null || level.link.subLinkType === 'ANY_SUBLINK' || isCorrelated(level);
  if (isTied || left.column.level !== level || right.column.level !== level) return [];
  const isOfOne = left.column.relation === right.column.relation;
  return isOfOne || leadsOut(left, right.column, level) || leadsOut(right, left.column, level)
    ? meantColumn([left.node, right.node], level)
    : [];
}

interface Side {
  readonly node: Node;
  readonly column: LevelColumn | null;
}

/** Of two inner tables, one has a key that refers to the outer one, by the very column that the bare name has there. */
function leadsOut({ node, column }: Side, other: LevelColumn, level: QueryLevel): boolean {
  const meant = level.parent?.relations.find(({ columns }) => columns?.has(column?.name ?? ''))?.table ?? null;
  const keys = other.relation.table === null ? [] : foreignKeysOf(other.relation.table);
  const isKey = (table: RelationName) =>
    keys.some(
      ({ columns, target }) =>
        isSame(target.table, table) && target.columns[columns.indexOf(other.name)] === column?.name,
    );
  const own = column?.relation.table;
  return isBare(node) && meant !== null && own != null && isKey(meant) && !isKey(own);
}

/** The bare one of two names that an outer table has too: its key, where both are. */
function meantColumn(sides: readonly Node[], level: QueryLevel): readonly Shadow[] {
  const found = sides.flatMap((side): Shadow[] => {
    const reference = bodyOf(side, 'ColumnRef');
    const column = columnIn(level, side);
    if (reference === null || column === null || columnParts(reference).qualifier !== null) return [];
    const meant = level.parent?.relations.find(({ columns }) => columns?.has(column.name)) ?? null;
    return meant === null ? [] : [{ kind: 'own', reference, column, meant }];
  });
  const key = found.find(({ meant, column: { name } }) => isOfKey(meant, name, ['primary key']));
  // A subquery is tied to the outer row by keys: two times that are compared with each other are meant so.
  const isKeyed = sides.some((side) => {
    const column = columnIn(level, side);
    const relations = [column?.relation ?? null, ...found.map(({ meant }) => meant)];
    return relations.some((relation) => relation?.table === null || isOfKey(relation, column?.name ?? '', KEYS));
  });
  if (!isKeyed) return [];
  return [...(key === undefined ? found.slice(-1) : [key])];
}

const KEYS: readonly ConstraintKind[] = ['primary key', 'unique', 'foreign key'];

function isOfKey(relation: LevelRelation | null, name: string, kinds: readonly ConstraintKind[]): boolean {
  const constraints = relation?.table?.constraints ?? [];
  return constraints.some(({ kind, columns }) => kinds.includes(kind) && columns.includes(name));
}

function itself(node: Node, column: LevelColumn): Shadow {
  return { kind: 'itself', reference: bodyOf(node, 'ColumnRef') ?? {}, column, meant: null };
}

function isBare(node: Node): boolean {
  const reference = bodyOf(node, 'ColumnRef');
  return reference !== null && columnParts(reference).qualifier === null;
}

/** Some other name of the level, or of those within it, does reach out. */
function isCorrelated(level: QueryLevel): boolean {
  let found = false;
  visit(level.select, (kind, body) => {
    if (kind === 'ColumnRef') {
      const reference = body as ColumnRef;
      const column = columnIn(level, { ColumnRef: reference });
      // A name that cannot be told may be an outer one; a star is never.
      if (columnParts(reference).name !== null && column?.level !== level) found = true;
    }
    return !found;
  });
  return found;
}

/** `x IN (SELECT y FROM t)` where t has no y: it is then the outer y, and t is not asked at all. */
function outerSelection(level: QueryLevel): readonly Shadow[] {
  const { link, select, relations } = level;
  if (link?.subLinkType !== 'ANY_SUBLINK' || relations.length === 0) return [];
  return (select?.targetList ?? []).flatMap((target): Shadow[] => {
    const value = bodyOf(target, 'ResTarget')?.val;
    const column = columnIn(level, value);
    const reference = bodyOf(value, 'ColumnRef');
    if (value === undefined || reference === null || column === null || column.level === level || !isBare(value))
      return [];
    return [{ kind: 'outer', reference, column, meant: null }];
  });
}
