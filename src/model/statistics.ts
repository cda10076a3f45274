import type { RelationName } from './relation-name.js';

/** What ANALYZE left behind, as `pg_stats` and `pg_statistic_ext_data` show it to the reading role. */
export interface Statistics {
  readonly columns: readonly ColumnStatistics[];
  readonly extended: readonly ExtendedStatistics[];
  /** Type names by OID for the types that extended statistics mention, since OIDs differ between servers. */
  readonly typeNames: readonly { readonly oid: number; readonly name: string }[];
  /** Analyzed tables of which the reading role may not see the statistics of every column. */
  readonly unreadable: readonly RelationName[];
  /** Columns of which the reading role sees only a part of the statistics. */
  readonly partial?: readonly PartialStatistics[];
  /** Of comparisons that the workload makes; PostgreSQL keeps none. */
  readonly comparisons?: readonly ComparisonShare[];
}

/** Which share of a table's rows meets comparisons between its columns, as measured on a sample. */
export interface ComparisonShare {
  readonly table: RelationName;
  /** SQL of the comparisons, sorted; all hold at once. */
  readonly sql: readonly string[];
  /** 0–1. */
  readonly share: number;
}

/** A column of which statistics are hidden that the planner reads. */
export interface PartialStatistics {
  readonly table: RelationName;
  readonly column: string;
  /** What is hidden, and from whom: `the histograms of its ranges are visible to superusers alone before PostgreSQL 17`. */
  readonly reason: string;
}

/** One row of `pg_stats`. Arrays of values are PostgreSQL array literals, since their types vary. */
export interface ColumnStatistics {
  readonly schema: string;
  readonly table: string;
  /** A column of a table, or a key of an expression index (then `table` is the index). */
  readonly column: string;
  readonly inherited: boolean;
  /** Fraction of rows, 0–1. */
  readonly nullFraction: number;
  readonly averageWidthBytes: number;
  /** As stored: positive is a count, negative a fraction of the rows. */
  readonly distinct: number;
  readonly mostCommonValues: string | null;
  readonly mostCommonFrequencies: readonly number[] | null;
  readonly histogramBounds: string | null;
  /** -1–1. */
  readonly correlation: number | null;
  /** Most common elements of an array or tsvector column with their frequencies, and the histogram of counts. */
  readonly mostCommonElements?: string | null;
  readonly mostCommonElementFrequencies?: readonly number[] | null;
  readonly elementCountHistogram?: readonly number[] | null;
  /** Of a range or multirange column: lengths as float8s, the fraction of empty ranges, and ranges of the bounds. */
  readonly rangeLengthHistogram?: string | null;
  readonly rangeEmptyFraction?: number | null;
  readonly rangeBoundsHistogram?: string | null;
  /** Least and greatest value by the table's own index where one gives them cheaply, as text; else null. */
  readonly minimum: string | null;
  readonly maximum: string | null;
}

/** One row of `pg_statistic_ext_data`; binary parts in hexadecimal. */
export interface ExtendedStatistics extends RelationName {
  readonly inherited: boolean;
  readonly distinctHex: string | null;
  readonly dependenciesHex: string | null;
  readonly mostCommonHex: string | null;
  /** The most common combinations where the role saw them in a view instead, null where there are none. */
  readonly mostCommonItems?: readonly MostCommonItem[] | null;
  readonly expressions: readonly ExpressionStatistics[] | null;
}

/** A combination of values, in the order of the columns' positions. */
export interface MostCommonItem {
  readonly values: readonly (string | null)[];
  /** Fraction of rows, and the fraction that there would be if the columns were independent. */
  readonly frequency: number;
  readonly baseFrequency: number;
}

/** One element of `stxdexpr`: the slots of a pg_statistic row. */
export interface ExpressionStatistics {
  readonly nullFraction: number;
  readonly widthBytes: number;
  readonly distinct: number;
  readonly slots: readonly StatisticsSlot[];
}

export interface StatisticsSlot {
  readonly kind: number;
  /** `regoperator` text: `=(text,text)`; `0` for none. */
  readonly operator: string;
  readonly collationOid: number;
  /** Array literals, or null. */
  readonly numbers: string | null;
  readonly values: string | null;
}
