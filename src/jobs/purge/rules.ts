import { plainTable } from '../plain-table.js';

/** Which rows of a table are dead, and which stay all the same: what the kinds purge and retain both come down to. */
export interface PurgeRules {
  /** As SQL names it: `app.sessions`. */
  readonly table: string;
  /** A row that meets one of them is dead; the first that it meets names the reason. */
  readonly rules: readonly PurgeRule[];
  /** A dead row that meets one of them stays. */
  readonly keep: readonly KeepRule[];
  /** Rows that are not dead but look it: only plans count them. */
  readonly lookalikes: readonly Lookalike[];
  /** A run that would delete a larger share of the table deletes nothing; null for no limit. */
  readonly maxShare: number | null;
}

export interface PurgeRule {
  readonly reason: string;
  /** The row's age by one of its columns; null where the condition alone decides. */
  readonly age: Age | null;
  /** SQL over the row, given by a person; null where the age alone decides. */
  readonly where: string | null;
}

/** A row is older than this where the column lies at least `seconds` back. */
export interface Age {
  readonly column: string;
  readonly seconds: number;
}

export interface KeepRule {
  readonly reason: string;
  readonly where: string;
}

export interface Lookalike {
  readonly reason: string;
  readonly column: string;
  readonly is: 'past' | 'set' | 'null';
}

/** Says by which ages rows of which tables go: of two jobs that go by the same one, the shorter age alone would hold. */
export function agesOf(tables: readonly PurgeRules[]): readonly string[] {
  const ages = tables.flatMap(({ table, rules }) =>
    rules.flatMap(({ age }) =>
      age === null ? [] : `delete rows of ${plainTable(table)} by their age in ${age.column}`,
    ),
  );
  return [...new Set(ages)];
}
