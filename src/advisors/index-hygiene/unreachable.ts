import type { Column, Index, Table } from '../../model/catalog.js';
import type { Statistics } from '../../model/statistics.js';
import { parseArrayLiteral } from '../../sql/array-literal.js';
import { type Conjunct, conjunctsOf } from '../../sql/conjuncts.js';

/** A partial index that holds no row and, by what is known, will hold none. */
export interface UnreachableIndex {
  readonly index: Index;
  readonly column: string;
  /** What the predicate asks of the column; null where that is IS NULL. */
  readonly wanted: readonly string[] | null;
  readonly because:
    | { readonly kind: 'check'; readonly constraint: string; readonly allowed: readonly string[] }
    | { readonly kind: 'not null' }
    | { readonly kind: 'statistics'; readonly known: readonly string[] };
}

/** Fewer rows say nothing about which values a column takes. */
const ROWS_MIN = 1000;
/** What sampled frequencies may lack of 1 by rounding. */
const FREQUENCY_SLACK = 0.001;
/** Types whose equality is that of their texts; citext, for one, has another. */
const COMPARED_AS_TEXT = ['text', 'character varying', 'bpchar', 'smallint', 'integer', 'bigint'];

/** Gives the valid partial indexes of a table that no row can enter, or none has and none seems to. */
export function unreachableIndexes(table: Table, statistics: Statistics): readonly UnreachableIndex[] {
  return table.indexes.flatMap((index) => {
    if (!index.valid || index.predicate === null) return [];
    const judged = conjunctsOf(index.predicate).map((conjunct) => judge(table, index, { conjunct, statistics }));
    return judged.find((found) => found !== null) ?? [];
  });
}

/** Gives the value that differs from a wanted one by case and blanks alone, or null. */
export function nearMiss(
  wanted: readonly string[],
  known: readonly string[],
): { wanted: string; known: string } | null {
  for (const value of wanted) {
    const near = known.find((other) => other !== value && fold(other) === fold(value));
    if (near !== undefined) return { wanted: value, known: near };
  }
  return null;
}

function fold(value: string): string {
  return value.toLowerCase().replaceAll(/[\s_-]/g, '');
}

function judge(
  table: Table,
  index: Index,
  { conjunct, statistics }: { readonly conjunct: Conjunct; readonly statistics: Statistics },
): UnreachableIndex | null {
  const column = table.columns.find(({ name, dropped }) => name === conjunct.column && !dropped);
  if (column === undefined) return null;
  const found = { index, column: column.name };
  if (conjunct.kind === 'null')
    return column.notNull ? { ...found, wanted: null, because: { kind: 'not null' } } : null;
  const wanted = conjunct.values;
  if (wanted === null || !isComparedAsText(column)) return null;
  const checks = allowedValues(table, column);
  const forbidding = checks.find(({ allowed }) => !holdsAny(allowed, wanted));
  if (forbidding !== undefined) return { ...found, wanted, because: { kind: 'check', ...forbidding } };
  // What a CHECK names is expected, be it rare.
  if (checks.length > 0 || !isEmpty(index) || table.storage.tuples < ROWS_MIN) return null;
  const known = knownValues(table, column, statistics);
  return known === null || holdsAny(known, wanted)
    ? null
    : { ...found, wanted, because: { kind: 'statistics', known } };
}

function isComparedAsText({ baseType, collation }: Column): boolean {
  return COMPARED_AS_TEXT.includes(baseType) && (collation === null || collation.startsWith('pg_catalog.'));
}

/** Blanks at the end of a char(n) are none of the value. */
function holdsAny(values: readonly string[], wanted: readonly string[]): boolean {
  const trimmed = new Set(values.map((value) => value.trimEnd()));
  return wanted.some((value) => trimmed.has(value.trimEnd()));
}

/** What each validated CHECK lets a column be. */
function allowedValues({ constraints }: Table, column: Column) {
  return constraints
    .filter(({ kind, validated, definition }) => kind === 'check' && validated && !/ NOT ENFORCED$/.test(definition))
    .flatMap(({ name, definition }) => {
      const condition = /^CHECK \((.*)\)( NO INHERIT)?$/s.exec(definition)?.[1] ?? null;
      return conjunctsOf(condition).flatMap(({ column: tested, values }) =>
        tested === column.name && values !== null ? [{ constraint: name, allowed: values }] : [],
      );
    });
}

/** One block is a btree's metapage alone: nothing has entered it since it was built, be it only to leave again. */
function isEmpty({ method, storage }: Index): boolean {
  return method === 'btree' ? storage.blocks <= 1 : storage.blocks > 0 && storage.tuples === 0;
}

/** All values of a column where the statistics list them all, else null. */
function knownValues(table: Table, column: Column, { columns }: Statistics): readonly string[] | null {
  const isInherited = table.kind === 'partitioned table';
  const row = columns.find(
    (each) =>
      each.schema === table.schema &&
      each.table === table.name &&
      each.column === column.name &&
      each.inherited === isInherited,
  );
  if (row === undefined) return null;
  const frequencies = row.mostCommonFrequencies ?? [];
  const told = frequencies.reduce((sum, frequency) => sum + frequency, row.nullFraction);
  if (told < 1 - FREQUENCY_SLACK) return null;
  return row.mostCommonValues === null ? [] : parseArrayLiteral(row.mostCommonValues).flatMap((value) => value ?? []);
}
