import type {
  ColumnStatistics,
  ExpressionStatistics,
  ExtendedStatistics,
  Statistics,
  StatisticsSlot,
} from '../../model/statistics.js';
import { type Exchange, exchangeList, exchangeValue, type ValuePlace, type ValueUse } from './exchange-values.js';
import { exchangeMostCommonList } from './most-common-list.js';
import type { Places } from './places.js';

export interface Exchanged {
  readonly statistics: Statistics;
  /** What was left out, with its reason. */
  readonly dropped: readonly string[];
}

/**
 * Gives statistics with every value exchanged. What is not named here does not come through, so that a statistic of
 * a later version is left out rather than left as it is.
 */
export function exchangeStatistics(statistics: Statistics, places: Places, exchange: Exchange): Exchanged {
  const dropped: string[] = [];
  const columns = statistics.columns.map((column) => {
    const place = places.ofColumn(column);
    const exchanged = exchangeColumn(column, place, exchange);
    if (isPoorer(exchanged, column))
      dropped.push(`values of ${nameOf(column)} (${place?.type.base ?? 'unknown type'})`);
    return exchanged;
  });
  const extended = statistics.extended.map((entry) => {
    const exchanged = exchangeExtended(entry, { places, typeNames: statistics.typeNames }, exchange);
    if (entry.mostCommonHex !== null && exchanged.mostCommonHex === null)
      dropped.push(`common combinations of ${entry.schema}.${entry.name}`);
    return exchanged;
  });
  const { typeNames, unreadable, partial } = statistics;
  const rest = { typeNames, unreadable, ...(partial === undefined ? {} : { partial }) };
  return { statistics: { columns, extended, ...rest }, dropped };
}

function nameOf({ schema, table, column }: ColumnStatistics): string {
  return `${schema}.${table}.${column}`;
}

function exchangeColumn(source: ColumnStatistics, place: ValuePlace | null, exchange: Exchange): ColumnStatistics {
  const list = (literal: string | null | undefined, use: ValueUse) =>
    literal == null || place === null ? null : exchangeList(literal, { place, use }, exchange);
  const point = (text: string | null) =>
    text === null || place === null ? null : exchangeValue(text, { place, use: 'point' }, exchange);
  const mostCommonValues = list(source.mostCommonValues, 'point');
  const mostCommonElements = elementsOf(source, place, exchange);
  const ends = { minimum: point(source.minimum), maximum: point(source.maximum) };
  return {
    schema: source.schema,
    table: source.table,
    column: source.column,
    inherited: source.inherited,
    nullFraction: source.nullFraction,
    averageWidthBytes: source.averageWidthBytes,
    distinct: source.distinct,
    mostCommonValues,
    mostCommonFrequencies: mostCommonValues === null ? null : source.mostCommonFrequencies,
    histogramBounds: list(source.histogramBounds, 'bound'),
    correlation: source.correlation,
    mostCommonElements,
    mostCommonElementFrequencies: mostCommonElements === null ? null : (source.mostCommonElementFrequencies ?? null),
    elementCountHistogram: source.elementCountHistogram ?? null,
    // Lengths of ranges say nothing of where they lie.
    rangeLengthHistogram: source.rangeLengthHistogram ?? null,
    rangeEmptyFraction: source.rangeEmptyFraction ?? null,
    rangeBoundsHistogram: rangesOf(source, place, exchange),
    // One end alone would be of no use.
    ...(ends.minimum === null || ends.maximum === null ? { minimum: null, maximum: null } : ends),
  };
}

/** Elements stand in the order of their type, and the planner finds them by it. */
function elementsOf(source: ColumnStatistics, place: ValuePlace | null, exchange: Exchange): string | null {
  const element = place?.type.kind === 'array' ? place.type.element : null;
  const literal = source.mostCommonElements ?? null;
  if (place === null || element === null || literal === null) return null;
  const ofElements = { ...place, type: { ...element, element: null } };
  return exchangeList(literal, { place: ofElements, use: 'bound' }, exchange);
}

function rangesOf(source: ColumnStatistics, place: ValuePlace | null, exchange: Exchange): string | null {
  const literal = source.rangeBoundsHistogram ?? null;
  return place === null || literal === null ? null : exchangeList(literal, { place, use: 'bound' }, exchange);
}

const VALUE_LISTS = [
  'mostCommonValues',
  'histogramBounds',
  'mostCommonElements',
  'rangeBoundsHistogram',
  'minimum',
] as const;

function isPoorer(exchanged: ColumnStatistics, source: ColumnStatistics): boolean {
  return VALUE_LISTS.some((list) => (exchanged[list] ?? null) === null && (source[list] ?? null) !== null);
}

function exchangeExtended(
  source: ExtendedStatistics,
  context: { readonly places: Places; readonly typeNames: Statistics['typeNames'] },
  exchange: Exchange,
): ExtendedStatistics {
  const { schema, name, inherited, distinctHex, dependenciesHex, mostCommonHex } = source;
  const places = (dimension: number, type: string) => context.places.ofDimension(source, dimension, type);
  const typeName = (oid: number) => context.typeNames.find((type) => type.oid === oid)?.name ?? null;
  return {
    ...{ schema, name, inherited, distinctHex, dependenciesHex },
    mostCommonHex:
      mostCommonHex === null ? null : exchangeMostCommonList(mostCommonHex, { typeName, placeOf: places }, exchange),
    expressions:
      source.expressions?.map((expression, place) =>
        exchangeExpression(expression, (type) => context.places.ofExpression(source, place, type), exchange),
      ) ?? null,
  };
}

/** Slot kinds: 1 most common values, 2 histogram, 3 correlation, which holds no value. */
const USES: Readonly<Record<number, ValueUse>> = { 1: 'point', 2: 'bound' };
const CORRELATION = 3;

function exchangeExpression(
  { nullFraction, widthBytes, distinct, slots }: ExpressionStatistics,
  placeOf: (type: string) => ValuePlace | null,
  exchange: Exchange,
): ExpressionStatistics {
  const kept = slots.flatMap((slot): StatisticsSlot[] => {
    const { kind, operator, collationOid, numbers } = slot;
    if (kind === CORRELATION) return [{ kind, operator, collationOid, numbers, values: null }];
    const use = USES[kind];
    // `=(text,text)` says of what type the values are.
    const place = placeOf(/\((.*),/.exec(operator)?.[1] ?? '');
    if (use === undefined || place === null || slot.values === null) return [];
    const values = exchangeList(slot.values, { place, use }, exchange);
    return values === null ? [] : [{ kind, operator, collationOid, numbers, values }];
  });
  return { nullFraction, widthBytes, distinct, slots: kept };
}
