import type { OtherWrites, Rows } from './written-rows.js';

/** What a loop or a batch has left behind. */
export interface Written {
  /** Of the table that is written to: as they stand at the end, or as they were deleted. */
  readonly rows: Rows;
  /** Of other tables, by name. */
  readonly others: ReadonlyMap<string, OtherWrites>;
  /** Some row was changed by two calls. */
  readonly isTwice: boolean;
  readonly durationMs: number;
}

/** Columns in which two runs of one loop differ, by table; the empty name is the table that is written to. */
export type Unstable = ReadonlyMap<string, readonly string[]>;

/** Gives the columns that two runs of the same loop leave with other values: a sequence's, a clock's. */
export function unstableColumns(one: Written, other: Written): Unstable {
  const unstable = new Map([['', differingColumns(one.rows, other.rows)]]);
  for (const [name, { rows }] of one.others)
    unstable.set(name, differingColumns(rows ?? [], other.others.get(name)?.rows ?? []));
  return unstable;
}

/** Gives what a batch has left otherwise than its loop, these columns passed by; null where it has left the same. */
export function differenceOf(loop: Written, batch: Written, unstable: Unstable): string | null {
  if (loop.rows.length !== batch.rows.length)
    return `${batch.rows.length} rows changed in place of ${loop.rows.length}`;
  const difference = otherValues(loop.rows, batch.rows, unstable.get('') ?? []);
  if (difference !== null) return difference;
  for (const name of new Set([...loop.others.keys(), ...batch.others.keys()])) {
    const [expected, given] = [loop.others.get(name), batch.others.get(name)];
    if (expected?.count !== given?.count)
      return `${given?.count ?? 0} rows of ${name} changed by triggers and cascades in place of ${expected?.count ?? 0}`;
    const other = otherValues(expected?.rows ?? [], given?.rows ?? [], unstable.get(name) ?? []);
    if (other !== null) return `${other} of ${name}, which triggers and cascades change`;
  }
  return null;
}

function otherValues(loop: Rows, batch: Rows, unstable: readonly string[]): string | null {
  const compared = columnsOf(loop).filter((name) => !unstable.includes(name));
  if (areEqual(valuesOf(loop, compared), valuesOf(batch, compared))) return null;
  const names = compared.filter((name) => !areEqual(valuesOf(loop, [name]), valuesOf(batch, [name])));
  return `other values in ${names.length === 0 ? 'some rows' : names.join(', ')}`;
}

function differingColumns(one: Rows, other: Rows): readonly string[] {
  return columnsOf(one).filter((name) => !areEqual(valuesOf(one, [name]), valuesOf(other, [name])));
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
