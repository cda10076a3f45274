import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { holdsQuery } from './column-names.js';
import { equalPair } from './equal-pair.js';
import { type JoinedTables, joinedTables } from './joined-tables.js';
import { type LevelRelation, relationOf } from './level-names.js';
import { columnName } from './nodes.js';
import type { SelectLevel } from './select-levels.js';

/** What gives keys: a column, the tables that it is read of, and what is asked of them. */
export interface KeySource {
  readonly key: Node;
  readonly items: readonly Node[];
  readonly parts: readonly Node[];
}

/**
 * Gives the fewest tables of a level that tell which keys its rows may have, maybe with others: the key’s, or that of a
 * column equal to it, those that `chosen` names, and what joins them. Null where none of the tables can be left out.
 */
export function narrowKeys(
  level: SelectLevel,
  { key, chosen }: { readonly key: Node; readonly chosen: ReadonlySet<LevelRelation> },
  catalog: Catalog,
): KeySource | null {
  const joined = joinedTables(level, catalog);
  if (joined === null || joined.tables.some(({ outer, item }) => outer !== null || !('RangeVar' in item))) return null;
  const { relations } = level;
  const pairs = joined.conditions.flatMap(({ part }) => {
    const pair = equalPair(part, relations);
    return pair === null ? [] : [pair];
  });
  const found = equalTo(key, pairs, relations)
    .map((column) => ({ column, kept: joining(column, { chosen, pairs, relations }) }))
    .reduce((best, each) => (each.kept.size < best.kept.size ? each : best));
  return found.kept.size < relations.length ? sourceOf(found, joined) : null;
}

type Pairs = readonly (readonly [Node, Node])[];

/** A column, and those that are equal to it. */
function equalTo(key: Node, pairs: Pairs, relations: readonly LevelRelation[]): readonly Node[] {
  const isSame = (one: Node, other: Node) =>
    columnName(one) === columnName(other) && relationOf(one, relations) === relationOf(other, relations);
  const found = [key];
  for (const column of found)
    for (const [one, other] of pairs) {
      const equal = isSame(one, column) ? other : isSame(other, column) ? one : null;
      if (equal !== null && !found.some((each) => isSame(each, equal))) found.push(equal);
    }
  return found;
}

/** The relation of a column with those that were chosen, and the ones by which equalities lead there; all where none do. */
function joining(
  column: Node,
  {
    chosen,
    pairs,
    relations,
  }: { chosen: ReadonlySet<LevelRelation>; pairs: Pairs; relations: readonly LevelRelation[] },
): ReadonlySet<LevelRelation> {
  const start = relationOf(column, relations);
  const paths = new Map(start === null ? [] : [[start, [start]]]);
  for (const [relation, path] of paths)
    for (const pair of pairs) {
      const sides = pair.map((side) => relationOf(side, relations));
      const next = sides[0] === relation ? sides[1] : sides[1] === relation ? sides[0] : null;
      if (next != null && !paths.has(next)) paths.set(next, [...path, next]);
    }
  const isReached = start !== null && [...chosen].every((relation) => paths.has(relation));
  return new Set(isReached ? [start, ...[...chosen].flatMap((relation) => paths.get(relation) ?? [])] : relations);
}

function sourceOf(
  { column, kept }: { readonly column: Node; readonly kept: ReadonlySet<LevelRelation> },
  { tables, conditions }: JoinedTables,
): KeySource {
  const items = tables.filter(({ relation }) => kept.has(relation)).map(({ item }) => item);
  const parts = conditions.flatMap(({ part, relations }) => {
    const isOwn = relations !== null && relations.size > 0 && [...relations].every((each) => kept.has(each));
    return isOwn && !holdsQuery(part) ? [part] : [];
  });
  return { key: column, items, parts };
}
