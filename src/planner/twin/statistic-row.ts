import type { ColumnStatistics } from '../../model/statistics.js';
import { formatArrayLiteral } from '../../sql/array-literal.js';
import type { Attribute } from './attributes.js';

/** One of the five slots of a pg_statistic row, ready to be written. */
export interface Slot {
  readonly kind: number;
  readonly operatorOid: number;
  readonly collationOid: number;
  /** Array literals, or null. */
  readonly numbers: string | null;
  readonly values: string | null;
  /** Type of the values' elements. */
  readonly valueTypeOid: number;
}

/** Kinds of slots: src/include/catalog/pg_statistic.h. */
const KIND = {
  mostCommon: 1,
  histogram: 2,
  correlation: 3,
  mostCommonElements: 4,
  elementCounts: 5,
  rangeLengths: 6,
  rangeBounds: 7,
};

const FLOAT8_OID = 701;
const FLOAT8_LESS_OID = 672;

/** tsvector has no element type of its own: its lexemes are text in the default collation. */
const TEXT_OID = 25;
const TEXT_EQUALS_OID = 98;
const DEFAULT_COLLATION_OID = 100;

/** Gives the slots that ANALYZE would have written for these statistics, in its order. */
export function slotsOf(statistics: ColumnStatistics, attribute: Attribute): readonly Slot[] {
  const { typeOid, collationOid, equalsOid, lessOid } = attribute;
  const ofColumn = { collationOid, valueTypeOid: typeOid, values: null, numbers: null };
  const slots: Slot[] = [];
  if (statistics.mostCommonValues !== null) {
    const numbers = numbersLiteral(statistics.mostCommonFrequencies);
    const values = statistics.mostCommonValues;
    slots.push({ ...ofColumn, kind: KIND.mostCommon, operatorOid: equalsOid, numbers, values });
  }
  if (statistics.histogramBounds !== null) {
    const values = statistics.histogramBounds;
    slots.push({ ...ofColumn, kind: KIND.histogram, operatorOid: lessOid, values });
  }
  if (statistics.correlation !== null) {
    const numbers = numbersLiteral([statistics.correlation]);
    slots.push({ ...ofColumn, kind: KIND.correlation, operatorOid: lessOid, numbers });
  }
  return [...slots, ...elementSlots(statistics, attribute), ...rangeSlots(statistics, attribute)];
}

function elementSlots(statistics: ColumnStatistics, attribute: Attribute): readonly Slot[] {
  const isArray = attribute.elementTypeOid !== 0;
  const ofElement = {
    operatorOid: isArray ? attribute.elementEqualsOid : TEXT_EQUALS_OID,
    collationOid: isArray ? attribute.collationOid : DEFAULT_COLLATION_OID,
    valueTypeOid: isArray ? attribute.elementTypeOid : TEXT_OID,
  };
  const slots: Slot[] = [];
  const elements = statistics.mostCommonElements ?? null;
  if (elements !== null) {
    const numbers = numbersLiteral(statistics.mostCommonElementFrequencies ?? null);
    slots.push({ ...ofElement, kind: KIND.mostCommonElements, numbers, values: elements });
  }
  const counts = statistics.elementCountHistogram ?? null;
  if (counts !== null) {
    slots.push({ ...ofElement, kind: KIND.elementCounts, numbers: numbersLiteral(counts), values: null });
  }
  return slots;
}

function rangeSlots(statistics: ColumnStatistics, attribute: Attribute): readonly Slot[] {
  const slots: Slot[] = [];
  const bounds = statistics.rangeBoundsHistogram ?? null;
  if (bounds !== null) {
    const ofRange = { operatorOid: 0, collationOid: 0, valueTypeOid: attribute.rangeTypeOid };
    slots.push({ ...ofRange, kind: KIND.rangeBounds, numbers: null, values: bounds });
  }
  const lengths = statistics.rangeLengthHistogram ?? null;
  const emptyFraction = statistics.rangeEmptyFraction ?? null;
  if (lengths !== null || emptyFraction !== null) {
    const numbers = numbersLiteral([emptyFraction ?? 0]);
    const ofLength = { operatorOid: FLOAT8_LESS_OID, collationOid: 0, valueTypeOid: FLOAT8_OID };
    slots.push({ ...ofLength, kind: KIND.rangeLengths, numbers, values: lengths });
  }
  return slots;
}

function numbersLiteral(numbers: readonly number[] | null): string | null {
  return numbers === null ? null : formatArrayLiteral(numbers.map(String));
}

const SLOT_NUMBERS = [1, 2, 3, 4, 5];

/** The slots as fields of a JSON object, `kind1` to `values5`; those that are not used are left out. */
export function slotFields(slots: readonly Slot[]): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [place, slot] of slots.entries()) {
    const number = place + 1;
    fields[`kind${number}`] = slot.kind;
    fields[`operator${number}`] = slot.operatorOid;
    fields[`collation${number}`] = slot.collationOid;
    if (slot.numbers !== null) fields[`numbers${number}`] = slot.numbers;
    if (slot.values !== null) {
      fields[`values${number}`] = slot.values;
      fields[`type${number}`] = slot.valueTypeOid;
    }
  }
  return fields;
}

/** SQL of the record definition that reads slotFields' JSON. */
export const SLOT_DEFINITION = SLOT_NUMBERS.map(
  (number) =>
    `kind${number} int2, operator${number} oid, collation${number} oid, numbers${number} text, values${number} text, type${number} oid`,
).join(', ');

/**
 * SQL of the slots as the last columns of pg_statistic, from a record `s`. array_in is the only function that makes
 * an array of a type that is known at run time alone.
 */
export const SLOT_COLUMNS = [
  (number: number) => `coalesce(s.kind${number}, 0)`,
  (number: number) => `coalesce(s.operator${number}, 0)`,
  (number: number) => `coalesce(s.collation${number}, 0)`,
  (number: number) => `s.numbers${number}::real[]`,
  (number: number) => `pg_catalog.array_in(s.values${number}::cstring, s.type${number}, -1)`,
]
  .map((column) => SLOT_NUMBERS.map(column).join(', '))
  .join(', ');
