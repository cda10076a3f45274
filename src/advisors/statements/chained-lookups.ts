import type { Catalog } from '../../model/catalog.js';
import type { LevelColumn, LevelRelation, QueryLevel } from '../../sql/levels/query-level.js';
import { isLookup } from './needless-lookups.js';

/** Each row leads to one row of every one of them, by way of others of them or not. */
export function areLookups(inner: readonly LevelRelation[], level: QueryLevel, catalog: Catalog): boolean {
  const open = [...inner];
  while (open.length > 0) {
    const at = open.findIndex((each) => {
      const later = open.filter((other) => other !== each);
      return isLookup(each, levelWithout(later, level), catalog);
    });
    if (at < 0) return false;
    open.splice(at, 1);
  }
  return true;
}

/** A level as if it had not these relations: what ties them to others is theirs. */
function levelWithout(later: readonly LevelRelation[], { merged, ...level }: QueryLevel): QueryLevel {
  const own: QueryLevel = { ...level, relations: level.relations.filter((each) => !later.includes(each)), merged: [] };
  const isOwn = (column: LevelColumn) => own.relations.includes(column.relation);
  const within = merged.filter((pair) => pair.every(isOwn));
  return Object.assign(own, {
    merged: within.map(
      ([one, other]) =>
        [
          { ...one, level: own },
          { ...other, level: own },
        ] as const,
    ),
  });
}
