/** What of published statistics the shape is held against. */
export interface PublishedStatistics {
  readonly relations: readonly { readonly relation: string; readonly relpages: number; readonly reltuples: number }[];
  /** pg_stats; arrays as PostgreSQL writes them. */
  readonly columns: readonly {
    readonly tablename: string;
    readonly attname: string;
    readonly histogram_bounds: string | null;
    readonly most_common_vals: string | null;
    readonly most_common_freqs: readonly number[] | null;
  }[];
  /** True counts that pg_stats misses, by what they count. */
  readonly counted: Readonly<Record<string, number>>;
  readonly settings: Readonly<Record<string, string>>;
}

/** Reads shares of rows out of published column statistics. */
export class ExpectedShares {
  private readonly columns: ReadonlyMap<string, PublishedStatistics['columns'][number]>;

  constructor({ columns }: PublishedStatistics) {
    this.columns = new Map(columns.map((column) => [column.attname, column]));
  }

  /** Share of the rows whose value begins with one of the words. */
  ofWords(column: string, words: readonly string[]): number {
    const { most_common_vals: values, most_common_freqs: shares } = this.read(column);
    return elementsOf(values).reduce((sum, value, place) => {
      const isMeant = words.includes(value.trimEnd());
      return isMeant ? sum + (shares?.[place] ?? 0) : sum;
    }, 0);
  }

  /** Share of the rows from one date up to another, which is left out. */
  ofDates(column: string, { from, to }: { readonly from: string; readonly to: string }): number {
    const { histogram_bounds: histogram, most_common_vals: values, most_common_freqs: shares } = this.read(column);
    const common = elementsOf(values).map((value, place) => ({ value, share: shares?.[place] ?? 0 }));
    const allCommon = common.reduce((sum, { share }) => sum + share, 0);
    const commonWithin = common.reduce((sum, { value, share }) => (value >= from && value < to ? sum + share : sum), 0);
    const bounds = elementsOf(histogram).map((bound) => Date.parse(bound));
    return commonWithin + (1 - allCommon) * (placeIn(bounds, Date.parse(to)) - placeIn(bounds, Date.parse(from)));
  }

  private read(column: string): PublishedStatistics['columns'][number] {
    const found = this.columns.get(column);
    if (found === undefined) throw new Error(`the statistics have no column ${column}`);
    return found;
  }
}

/** Where in the histogram a value stands, 0 to 1. */
function placeIn(bounds: readonly number[], value: number): number {
  const above = bounds.findIndex((bound) => bound > value);
  if (above === -1) return 1;
  if (above === 0) return 0;
  const [low, high] = [bounds[above - 1] ?? value, bounds[above] ?? value];
  return (above - 1 + (value - low) / (high - low)) / (bounds.length - 1);
}

/** The elements of a one-dimensional array literal without escapes. */
function elementsOf(literal: string | null): readonly string[] {
  return [...(literal ?? '').slice(1, -1).matchAll(/"([^"]*)"|([^,]+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  );
}
