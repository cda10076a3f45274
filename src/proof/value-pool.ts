/** A value in PostgreSQL's own writing, null for NULL. */
export type TinyValue = string | null;

/** Values that a column, or a parameter, is given in tiny databases. */
export interface ValuePool {
  /** Those that tell most: constants that it is compared with, and their neighbours. */
  readonly telling: readonly TinyValue[];
  readonly common: readonly TinyValue[];
  /** Those of either by which what is asked of the column alone holds; none where nothing is, or where any value will do. */
  readonly met: readonly TinyValue[];
}

/** Leaves the values by which conditions hold, where there are such. */
export function narrowed(pool: ValuePool): ValuePool {
  return pool.met.length === 0 ? pool : { ...pool, telling: [], common: pool.met };
}

/** Gives one value after the other, so that rows do not fall out by their keys. */
export function keyOf({ telling, common }: ValuePool, place: number): TinyValue {
  const values = [...new Set([...common, ...telling])].filter((value) => value !== null);
  return values[place % Math.max(1, values.length)] ?? null;
}

/** Gives a number by which values are put in an order that the salt decides. */
export function rankOf(value: TinyValue, salt: number): number {
  let hash = salt | 0;
  for (const character of value ?? '\0') hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
