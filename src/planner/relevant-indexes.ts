import type { IndexSpec } from '../model/planner.js';
import type { RelationName } from '../model/relation-name.js';

/** Gives those of the indexes that are on one of the relations. */
export function relevantTo(footprint: readonly RelationName[], indexes: readonly IndexSpec[]): readonly IndexSpec[] {
  return indexes.filter(({ table }) => footprint.some((relation) => isSame(relation, table)));
}

/** Tells whether two names are of one relation. */
export function isSame(one: RelationName, two: RelationName): boolean {
  return one.name === two.name && one.schema === two.schema;
}
