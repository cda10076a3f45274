import {
  type EntryColumn,
  type EntryColumns,
  entryBytes,
  type HeldValue,
  heldNull,
  heldValue,
} from './index-entries.js';

/** All rows of one key. */
export interface KeyGroup {
  /** Entry with header, aligned to 8 bytes, without a posting list. */
  readonly entryBytes: number;
  readonly rows: number;
}

/** Keys that are counted one by one; of more a sample tells as much. */
const GROUPS_MAX = 5_000;
/** Shares are single-precision numbers. */
const ROUNDING = 1e-4;

/**
 * Gives the keys of an index one by one, as the statistics of each column list all of its values: each combination of
 * them has the rows that chance gives it. Null where a column has values that are not listed, where there are too many
 * combinations, or where the columns are known to hang together.
 */
export function listedGroups({ keys, include, rows, distinctKeys }: EntryColumns): readonly KeyGroup[] | null {
  const values = keys.flatMap((column) => {
    const listed = listedValues(column);
    return listed === null ? [] : [listed];
  });
  const combinations = values.reduce((product, { length }) => product * length, 1);
  if (include.length > 0 || values.length < keys.length || combinations > GROUPS_MAX) return null;
  if (distinctKeys !== null && distinctKeys < combinations * (1 - ROUNDING)) return null;
  const groups: KeyGroup[] = [];
  // Of keys that have less than a row each, some occur.
  let owed = 0;
  for (const key of combinationsOf(values)) {
    const mean = key.reduce((product, { frequency }) => product * frequency, rows);
    const chance = 1 - Math.exp(-mean);
    owed += chance;
    if (owed < 1 - ROUNDING) continue;
    owed -= 1;
    groups.push({ entryBytes: entryBytes(key), rows: mean / chance });
  }
  return groups;
}

/** Null where one class stands for several values. */
function listedValues(column: EntryColumn): readonly HeldValue[] | null {
  const { profile } = column;
  let before = 0;
  for (const { shareUpTo, frequency } of profile.values) {
    if (shareUpTo - before > frequency + ROUNDING) return null;
    before = shareUpTo;
  }
  const values = profile.values.map((value) => heldValue(column, value));
  return profile.nullFraction > 0 ? [...values, heldNull(column)] : values;
}

function combinationsOf(values: readonly (readonly HeldValue[])[]): readonly (readonly HeldValue[])[] {
  return values.reduce<readonly (readonly HeldValue[])[]>(
    (keys, next) => keys.flatMap((key) => next.map((value) => [...key, value])),
    [[]],
  );
}
