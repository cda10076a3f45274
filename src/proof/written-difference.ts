import type { RowCounts, Rows } from './written-rows.js';

/** What a loop or a batch has left behind. */
export interface Written {
  /** Of the table that is written to: as they stand at the end, or as they were deleted. */
  readonly rows: Rows;
  /** Rows that were changed in other tables. */
  readonly others: RowCounts;
  readonly durationMs: number;
}

/** Gives the columns that two runs of the same loop leave with other values: a sequence's, a clock's. */
export function unstableColumns(one: Written, other: Written): readonly string[] {
  return columnsOf(one.rows).filter((name) => !areEqual(valuesOf(one.rows, [name]), valuesOf(other.rows, [name])));
}

/** Gives what a batch has left otherwise than its loop, these columns passed by; null where it has left the same. */
export function differenceOf(loop: Written, batch: Written, unstable: readonly string[]): string | null {
  if (loop.rows.length !== batch.rows.length)
    return `${batch.rows.length} rows changed in place of ${loop.rows.length}`;
  const compared = columnsOf(loop.rows).filter((name) => !unstable.includes(name));
  if (!areEqual(valuesOf(loop.rows, compared), valuesOf(batch.rows, compared))) {
    const names = compared.filter((name) => !areEqual(valuesOf(loop.rows, [name]), valuesOf(batch.rows, [name])));
    return `other values in ${names.length === 0 ? 'some rows' : names.join(', ')}`;
  }
  for (const name of new Set([...loop.others.keys(), ...batch.others.keys()])) {
    const [expected, given] = [loop.others.get(name) ?? 0, batch.others.get(name) ?? 0];
    if (expected !== given) return `${given} rows of ${name} changed by triggers and cascades in place of ${expected}`;
  }
  return null;
}

/** Where rows stand is no part of them. */
function columnsOf([first]: Rows): readonly string[] {
  return [...(first?.keys() ?? [])].filter((name) => name !== 'tableoid' && name !== 'ctid');
}

/** A text for each row, sorted: as many of each are to be there. */
function valuesOf(rows: Rows, columns: readonly string[]): readonly string[] {
  return rows.map((row) => JSON.stringify(columns.map((name) => row.get(name) ?? null))).sort();
}

function areEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, place) => value === other[place]);
}
