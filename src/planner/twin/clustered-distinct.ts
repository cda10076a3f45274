import type { ColumnStatistics } from '../../model/statistics.js';

/** Rows that ANALYZE looks at for each bucket of a histogram. */
const ROWS_PER_BUCKET = 300;
const BUCKETS_DEFAULT = 100;
/** At this correlation rows of one value lie beside each other. */
const CORRELATION_MIN = 0.99;

/** What is known of a column's table. */
export interface RowsAndBlocks {
  readonly rows: number;
  readonly blocks: number;
}

/**
 * Gives the distinct values of a column. ANALYZE takes its rows from some blocks, and where rows of one value lie
 * beside each other it meets equal ones far more often than by chance: its estimate (Haas and Stokes 1998, as
 * src/backend/commands/analyze.c has it) is then several times too low. So the rows of a value are sought for
 * which it would have come to this estimate.
 */
export function distinctValues(statistics: ColumnStatistics, table: RowsAndBlocks): number {
  const { rows, blocks } = table;
  const stated = Math.max(1, statistics.distinct < 0 ? -statistics.distinct * rows : statistics.distinct);
  const sampled = ROWS_PER_BUCKET * bucketsOf(statistics);
  const isClustered = Math.abs(statistics.correlation ?? 0) >= CORRELATION_MIN;
  // A list of values that is complete was counted; so is a column whose values never met again.
  if (!isClustered || rows <= sampled || blocks < 2 || statistics.histogramBounds === null) return stated;
  if (statistics.mostCommonValues !== null || stated >= rows * 0.999) return stated;
  // More rows of a value make the estimate lower: halve the stretch in which the number must be.
  let [few, many] = [1, rows / blocks];
  for (let round = 0; round < 50; round++) {
    const middle = (few + many) / 2;
    if (estimateFor(middle, { rows, blocks, sampled }) > stated) few = middle;
    else many = middle;
  }
  return Math.max(stated, rows / few);
}

/** Gives what ANALYZE is expected to estimate where each value has so many rows, all in one block. */
function estimateFor(
  rowsOfValue: number,
  { rows, blocks, sampled }: RowsAndBlocks & { readonly sampled: number },
): number {
  const blockShare = Math.min(1, sampled / blocks);
  const rowShare = sampled / rows / blockShare;
  const values = (rows / rowsOfValue) * blockShare;
  const met = values * (1 - (1 - rowShare) ** rowsOfValue);
  const metOnce = values * rowsOfValue * rowShare * (1 - rowShare) ** (rowsOfValue - 1);
  return (sampled * met) / (sampled - metOnce + (metOnce * sampled) / rows);
}

function bucketsOf({ histogramBounds }: ColumnStatistics): number {
  const bounds = histogramBounds === null ? 0 : histogramBounds.split(',').length;
  return Math.max(bounds - 1, BUCKETS_DEFAULT);
}
