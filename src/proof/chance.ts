import { differenceOf, type Manner, type Outcome } from './outcome.js';

/** Whether what a rewrite gave is one of the things that its original may give; undecided where runs do not show all of them. */
export type Standing = 'possible' | 'impossible' | 'undecided';

/**
 * Holds what a rewrite gave against runs of its original on the same rows that differ among themselves. What is the same in
 * all of them has to be the same in the rewrite. What is not is left to chance: of lists the elements count, not their
 * order, and of other values each has to be one that some run gave, unless some were seen too seldom to say.
 */
export function standingOf(rewritten: Outcome, originals: readonly Outcome[], manner: Manner): Standing {
  if (originals.some((original) => differenceOf(original, rewritten, manner) === null)) return 'possible';
  const runs = originals.flatMap((each) => (each.kind === 'rows' ? [each] : []));
  const [first] = runs;
  if (first === undefined || rewritten.kind === 'error' || rewritten.columns !== first.columns) return 'impossible';
  const standings = (['rows', 'left'] as const).map((part) =>
    standingOfRows(
      cellsOf(rewritten[part]),
      runs.map((run) => cellsOf(run[part])),
    ),
  );
  return worstOf(standings);
}

type Cells = readonly (readonly string[])[];

function cellsOf(rows: readonly string[]): Cells {
  return rows.map((row) => (JSON.parse(row) as readonly unknown[]).map((value) => JSON.stringify(value)));
}

function standingOfRows(given: Cells, runs: readonly Cells[]): Standing {
  const counts = tallyOf(runs.map(({ length }) => String(length)));
  const ofCount = standingAmong(String(given.length), counts);
  if (ofCount !== 'possible') return ofCount;
  if (counts.size > 1) return standingOfChosen(given, runs, []);
  const width = runs[0]?.[0]?.length ?? 0;
  const [own = [], ...others] = Array.from({ length: width }).reduce<readonly Cells[]>(withoutListOrder, [
    given,
    ...runs,
  ]);
  const pair = [own, ...others.slice(0, 1)];
  const fixed: number[] = [];
  for (let column = 0; column < width; column++) {
    if (!isSameInAll(others, [column])) continue;
    if (!isSameInAll(pair, [column])) return 'impossible';
    if (isSameInAll(others, [...fixed, column])) fixed.push(column);
  }
  return isSameInAll(pair, fixed) ? standingOfChosen(own, others, fixed) : 'impossible';
}

/** Writes a column of lists, which differ between runs in nothing but the order of what is in them, in one order. */
function withoutListOrder(all: readonly Cells[], _: unknown, column: number): readonly Cells[] {
  const [, ...runs] = all;
  if (isSameInAll(runs, [column])) return all;
  const sorted = all.map((rows) => rows.map((row) => row.with(column, [...(row[column] ?? '')].sort().join(''))));
  return isSameInAll(sorted.slice(1), [column]) ? sorted : all;
}

function isSameInAll(runs: readonly Cells[], columns: readonly number[]): boolean {
  const [first, ...others] = runs.map((rows) =>
    rows
      .map((row) => keyOf(row, columns))
      .sort()
      .join('\n'),
  );
  return others.every((other) => other === first);
}

function keyOf(row: readonly string[], columns: readonly number[]): string {
  return columns.map((column) => row[column]).join('\t');
}

/** Looks each row up among those that the runs gave beside the same fixed values, and its values where it is none of them. */
function standingOfChosen(given: Cells, runs: readonly Cells[], fixed: readonly number[]): Standing {
  if (lacksFixedRow(given, runs)) return 'impossible';
  const seen = groupedBy(runs.flat(), fixed);
  const standings = given.map((row) => {
    const alike = seen.get(keyOf(row, fixed)) ?? [];
    const whole = standingAmong(row.join('\t'), tallyOf(alike.map((each) => each.join('\t'))));
    if (whole !== 'undecided') return whole;
    const values = row.map((value, column) => standingAmong(value, tallyOf(alike.map((each) => each[column] ?? ''))));
    return values.includes('impossible') ? 'impossible' : whole;
  });
  return worstOf(standings);
}

function groupedBy(rows: Cells, columns: readonly number[]): ReadonlyMap<string, Cells> {
  const groups = new Map<string, (readonly string[])[]>();
  for (const row of rows) {
    const key = keyOf(row, columns);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** With one value seen less often, another that is as rare may well not have been seen at all: by e^-5 where just so often. */
const SEEN_LEAST = 5;

function standingAmong(value: string, seen: Tally): Standing {
  if (seen.has(value)) return 'possible';
  return [...seen.values()].every((count) => count >= SEEN_LEAST) ? 'impossible' : 'undecided';
}

/** A row that all runs gave so many times is no choice, and a rewrite gives it so many times too. */
function lacksFixedRow(given: Cells, runs: readonly Cells[]): boolean {
  const [first = new Map<string, number>(), ...others] = runs.map(rowTally);
  const own = rowTally(given);
  return [...first].some(([row, count]) => {
    const least = Math.min(count, ...others.map((each) => each.get(row) ?? 0));
    return (own.get(row) ?? 0) < least;
  });
}

type Tally = ReadonlyMap<string, number>;

function rowTally(rows: Cells): Tally {
  return tallyOf(rows.map((row) => row.join('\t')));
}

function tallyOf(values: readonly string[]): Tally {
  const tally = new Map<string, number>();
  for (const value of values) tally.set(value, (tally.get(value) ?? 0) + 1);
  return tally;
}

function worstOf(standings: readonly Standing[]): Standing {
  return (['impossible', 'undecided'] as const).find((each) => standings.includes(each)) ?? 'possible';
}
