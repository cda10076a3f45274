/** A value in PostgreSQL's own writing, null for NULL. */
export type TinyValue = string | null;

/** Values in the order of the filled columns of a table. */
export type TinyRow = readonly TinyValue[];

/** Values that a column, or a parameter, is given in tiny databases. */
export interface ValuePool {
  /** Those that tell most: constants that it is compared with, and their neighbours. */
  readonly telling: readonly TinyValue[];
  readonly common: readonly TinyValue[];
  /** Those of either by which what is asked of the column alone holds; none where nothing is, or where any value will do. */
  readonly met: readonly TinyValue[];
  /** Constants between which joins lead through the column; none as a rule. */
  readonly meeting: readonly TinyValue[];
}

/** Leaves the values by which conditions hold, where there are such. */
export function narrowed(pool: ValuePool): ValuePool {
  return pool.met.length === 0 ? pool : { ...pool, telling: [], common: pool.met };
}

/** Values beside those that joins lead to, by which they may lead there. */
const BETWEEN_MOST = 2;

/** Leaves the values between which joins lead, and a few that may lie between them; the salt chooses the same of all columns. */
export function meetingPool(pool: ValuePool, salt: number): ValuePool {
  if (pool.meeting.length === 0) return pool;
  const others = pool.common.filter((value) => value !== null && !pool.meeting.includes(value));
  const between = others.sort((one, other) => rankOf(one, salt) - rankOf(other, salt)).slice(0, BETWEEN_MOST);
  return { ...pool, telling: pool.meeting, common: [...pool.meeting, ...between], met: [] };
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
