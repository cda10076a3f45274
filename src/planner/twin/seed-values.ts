import type { Column } from '../../model/catalog.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import { formatArrayLiteral, parseArrayLiteral } from '../../sql/array-literal.js';
import { quoteLiteral } from '../../sql/quote.js';
import type { Attribute } from './attributes.js';

/** SQL of the least and of the greatest known value of a column. */
export interface SeedValues {
  readonly least: string;
  readonly greatest: string;
}

/** Gives the seeds of a column, or null when no value of it is known. */
export function seedValues(
  column: Column,
  { minimum, maximum, histogramBounds, mostCommonValues }: ColumnStatistics,
  attribute: Attribute | undefined,
): SeedValues | null {
  const typed = (value: string) => `${quoteLiteral(value)}::${column.baseType}`;
  const both = (least: string, greatest: string) => ({ least: typed(least), greatest: typed(greatest) });
  if (minimum !== null && maximum !== null) return both(minimum, maximum);
  const common = mostCommonValues === null ? [] : elementsOf(mostCommonValues);
  const [first, last] = histogramBounds === null ? [] : endsOf(histogramBounds);
  const known = [first, last, ...common].filter((value) => value != null);
  const [any] = known;
  if (any === undefined) return null;
  // The planner looks at the ends of an index to correct a histogram; without one any value does.
  if (first == null || last == null || attribute === undefined || attribute.lessOid === 0) return both(any, any);
  if (common.length === 0) return both(first, last);
  const sorted = sortedHere(known, column.baseType);
  return sorted === null ? sortedByServer(column, known) : both(sorted[0] ?? any, sorted.at(-1) ?? any);
}

const NUMBERS: ReadonlySet<string> = new Set([
  ...['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'],
]);
/** Types whose values of four-digit years, or of hexadecimal digits, are in order as texts. */
const ORDERED_TEXTS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d\d-\d\d$/,
  'timestamp without time zone': /^\d{4}-\d\d-\d\d [\d:.]+$/,
  'timestamp with time zone': /^\d{4}-\d\d-\d\d [\d:.]+\+00$/,
  uuid: /^[0-9a-f-]{36}$/,
};

/** Null where only the server knows the order of these values. */
function sortedHere(values: readonly string[], type: string): readonly string[] | null {
  if (NUMBERS.has(type) && values.every((value) => Number.isFinite(Number(value)))) {
    return values.toSorted((a, b) => Number(a) - Number(b));
  }
  const form = ORDERED_TEXTS[type];
  if (form === undefined || !values.every((value) => form.test(value))) return null;
  return values.toSorted((a, b) => (a < b ? -1 : 1));
}

function sortedByServer(column: Column, values: readonly string[]): SeedValues {
  // Elements of an array column are arrays: a literal of texts keeps them whole.
  const all = `unnest(${quoteLiteral(formatArrayLiteral(values))}::text[]) AS v (value)`;
  const collation = column.collation === null ? '' : ` COLLATE ${column.collation}`;
  const end = (order: string) =>
    `(SELECT value::${column.baseType}${collation} FROM ${all} ORDER BY 1 ${order} LIMIT 1)`;
  return { least: end('ASC'), greatest: end('DESC') };
}

/** Gives the first and the last element: histograms are long, and most hold nothing that needs quotes. */
function endsOf(literal: string): readonly (string | null)[] {
  if (/["\\]/.test(literal) || !literal.startsWith('{') || literal.length < 3) {
    const elements = parseArrayLiteral(literal);
    return [elements[0] ?? null, elements.at(-1) ?? null];
  }
  const body = literal.slice(1, -1);
  const comma = body.indexOf(',');
  return [comma < 0 ? body : body.slice(0, comma), body.slice(body.lastIndexOf(',') + 1)];
}

function elementsOf(literal: string): readonly (string | null)[] {
  if (/["\\]|null/i.test(literal) || !literal.startsWith('{') || literal.length < 3) return parseArrayLiteral(literal);
  return literal.slice(1, -1).split(',');
}
