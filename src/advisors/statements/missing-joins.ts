import type { LevelRelation, QueryLevel } from '../../sql/levels/query-level.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { foreignKeysOf } from '../index-hygiene/foreign-keys.js';
import { isSame } from '../schema/own-tables.js';
import { connectedGroups } from './connections.js';
import { boundValues } from './equalities.js';
import { uniqueKeys } from './unique-keys.js';

/** Two tables of which every row of one meets every row of the other. */
export interface MissingJoin {
  readonly one: LevelRelation;
  readonly other: LevelRelation;
  /** The condition that a foreign key suggests, or null. */
  readonly suggested: string | null;
}

/** Gives the tables of a level that no condition connects; what gives one row at most needs none. */
export function missingJoins(level: QueryLevel): readonly MissingJoin[] {
  // What a view, a function or a subquery gives may be one row.
  if (level.relations.length < 2 || level.relations.some(({ table }) => table === null)) return [];
  const groups = connectedGroups(level).filter((group) => !group.every((relation) => isOneRow(relation, level)));
  const [first, ...others] = groups;
  if (first === undefined) return [];
  return others.map((group) => missingBetween(first, group));
}

function missingBetween(one: readonly LevelRelation[], other: readonly LevelRelation[]): MissingJoin {
  const pairs = one.flatMap((left) => other.map((right) => ({ left, right })));
  const suggested = pairs.find(({ left, right }) => suggestionOf(left, right) !== null) ?? pairs[0];
  if (suggested === undefined) throw new RangeError('a group of relations is empty');
  const { left, right } = suggested;
  return { one: left, other: right, suggested: suggestionOf(left, right) };
}

function isOneRow(relation: LevelRelation, level: QueryLevel): boolean {
  const bound = boundValues(level).filter(({ column }) => column.relation === relation);
  if (relation.table === null) return false;
  return uniqueKeys(relation.table).some((key) =>
    key.every((name) => bound.some(({ column }) => column.name === name)),
  );
}

/** `o.customer_id = c.id`, by a foreign key of either. */
function suggestionOf(left: LevelRelation, right: LevelRelation): string | null {
  return byKeyOf(left, right) ?? byKeyOf(right, left);
}

function byKeyOf(child: LevelRelation, parent: LevelRelation): string | null {
  if (child.table === null || parent.table === null) return null;
  for (const { columns, target } of foreignKeysOf(child.table)) {
    if (!isSame(target.table, parent.table)) continue;
    const name = (relation: LevelRelation, column: string) =>
      `${quoteIdentifier(relation.alias)}.${quoteIdentifier(column)}`;
    return columns
      .map((column, place) => `${name(child, column)} = ${name(parent, target.columns[place] ?? '')}`)
      .join(' AND ');
  }
  return null;
}
