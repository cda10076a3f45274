/** What running a statement once has shown. */
export type Outcome =
  | {
      readonly kind: 'rows';
      /** Each row as one text, in the order in which they came. */
      readonly rows: readonly string[];
      /** Each row of the written tables afterwards, sorted. */
      readonly left: readonly string[];
      /** Names and types of the columns. */
      readonly columns: string;
    }
  | { readonly kind: 'error'; readonly state: string; readonly message: string };

/** How rows are compared: in their order, or as many of each. */
export interface Manner {
  readonly isOrdered: boolean;
}

/** Says how a rewrite's outcome differs from the original's; null where it does not. */
export function differenceOf(original: Outcome, rewritten: Outcome, { isOrdered }: Manner): string | null {
  if (original.kind === 'error' && rewritten.kind === 'error')
    return original.state === rewritten.state
      ? null
      : `it fails with “${rewritten.message}”, not “${original.message}”`;
  if (original.kind === 'error') return `it gives rows where the original fails with “${original.message}”`;
  if (rewritten.kind === 'error') return `it fails with “${rewritten.message}” where the original gives rows`;
  if (original.columns !== rewritten.columns) return 'its columns have other names or types';
  if (original.rows.length !== rewritten.rows.length)
    return `it gives ${rewritten.rows.length} rows in place of ${original.rows.length}`;
  if (!isSame(sorted(original.rows), sorted(rewritten.rows))) return rowsText(original.rows, rewritten.rows);
  if (!isSame(original.left, rewritten.left)) return `it leaves other rows: ${rowsText(original.left, rewritten.left)}`;
  return isOrdered && !isSame(original.rows, rewritten.rows) ? 'it gives the rows in another order' : null;
}

function countsOf(rows: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  return counts;
}

function rowsText(expected: readonly string[], given: readonly string[]): string {
  const missing = without(expected, given)[0];
  const extra = without(given, expected)[0];
  return `${extra ?? 'nothing'} in place of ${missing ?? 'nothing'}`;
}

function without(rows: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map(countsOf(others));
  return rows.filter((row) => {
    const left = counts.get(row) ?? 0;
    counts.set(row, left - 1);
    return left <= 0;
  });
}

function sorted(rows: readonly string[]): readonly string[] {
  return [...rows].sort();
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((row, place) => row === other[place]);
}
