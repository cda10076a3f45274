import type { ColumnStatistics } from '../model/statistics.js';
import { parseArrayLiteral } from '../sql/array-literal.js';
import type { Conjunct } from '../sql/conjuncts.js';

/** Texts of pg_stats for what SQL writes longer. */
const SHORT: Readonly<Record<string, string>> = { true: 't', false: 'f' };

/** How a column's values share the rows, and how much of their order the rows have by themselves. */
export class ValueSkew {
  /** As ANALYZE measures it, -1–1; 0 where it is not known. */
  readonly correlation: number;
  /**
   * The correlation that the column would have if its values were scattered by chance, 0–1. ANALYZE ranks equal values by
   * their place in the table, so that the rows of a value are in order among themselves (compare_scalars of
   * src/backend/commands/analyze.c): of a value with the share f of the rows that makes f * f.
   */
  readonly tieCorrelation: number;
  /** Fraction of the rows that are NULL, of which the correlation says nothing. */
  readonly nullShare: number;
  private readonly shares: ReadonlyMap<string, number>;
  private readonly otherShare: number;

  /** `rows` of the table, of which a negative count of values is a fraction. */
  constructor(statistics: ColumnStatistics, rows: number) {
    const { mostCommonValues, mostCommonFrequencies, nullFraction, distinct, correlation } = statistics;
    const values = mostCommonValues === null ? [] : parseArrayLiteral(mostCommonValues);
    const frequencies = mostCommonFrequencies ?? [];
    this.shares = new Map(values.flatMap((value, place) => (value === null ? [] : [[value, frequencies[place] ?? 0]])));
    const others = Math.max(0, (distinct < 0 ? -distinct * rows : distinct) - frequencies.length);
    const rest = Math.max(0, 1 - nullFraction - frequencies.reduce((sum, frequency) => sum + frequency, 0));
    this.otherShare = others < 1 ? 0 : rest / others;
    const filled = Math.max(1 - nullFraction, Number.EPSILON);
    const squares = frequencies.reduce((sum, frequency) => sum + frequency ** 2, others * this.otherShare ** 2);
    this.tieCorrelation = Math.min(1, squares / filled ** 2);
    this.correlation = correlation ?? 0;
    this.nullShare = nullFraction;
  }

  /** Gives the fraction of the rows that meet a test for NULL or for some values. */
  shareMeeting({ kind, values }: Conjunct): number {
    if (kind === 'null') return this.nullShare;
    return (values ?? []).reduce((sum, value) => sum + (this.shares.get(SHORT[value] ?? value) ?? this.otherShare), 0);
  }

  /** Gives how far the rows are in order of the values for another reason than that most have the same one, 0–1. */
  get order(): number {
    if (this.tieCorrelation >= 1) return 0;
    return Math.min(1, Math.abs((this.correlation - this.tieCorrelation) / (1 - this.tieCorrelation)));
  }
}
