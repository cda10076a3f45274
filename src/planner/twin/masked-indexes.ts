import type { RelationName } from '../../model/relation-name.js';
import { nameKey } from './problems.js';
import type { TwinDatabase } from './twin-database.js';

/** Gives the OIDs of existing indexes in the twin; of an index on a partitioned table those of its parts. */
export function maskedIndexes(
  masked: readonly RelationName[],
  twin: Pick<TwinDatabase, 'snapshot' | 'relations'>,
): readonly number[] {
  const parts = new Map<string, RelationName[]>();
  for (const index of masked.length === 0 ? [] : twin.snapshot.catalog.tables.flatMap(({ indexes }) => indexes)) {
    if (index.partitionOf == null) continue;
    const key = nameKey(index.partitionOf);
    parts.set(key, [...(parts.get(key) ?? []), index]);
  }
  const oidsOf = (index: RelationName): readonly number[] => {
    const below = parts.get(nameKey(index));
    if (below !== undefined) return below.flatMap(oidsOf);
    const relation = twin.relations.get(nameKey(index));
    return relation === undefined ? [] : [relation.oid];
  };
  return masked.flatMap(oidsOf);
}
