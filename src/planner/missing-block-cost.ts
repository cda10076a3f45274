/** An index scan that asks for values of its first keys. */
export interface ValueScan {
  /** Rows that it reads of the table. */
  readonly rows: number;
  readonly tableRows: number;
  readonly tableBlocks: number;
  /** Fraction of the table's rows that have the values, 0–1. */
  readonly share: number;
  /** The correlation that the planner reckons with. */
  readonly plannedOrder: number;
  /** How far rows with the values are neighbours in the table, 0–1. */
  readonly valueOrder: number;
  /** How far the rows are read in the order of the table, 0–1. */
  readonly scanOrder: number;
}

/** `seq_page_cost` and `random_page_cost`. */
export interface BlockPrices {
  readonly sequential: number;
  readonly random: number;
}

/**
 * Gives the planner units that reading the table's blocks costs beyond what cost_index reckons, or 0. It interpolates
 * between reading each row's block by itself and as few blocks as the rows fill, by the square of the correlation; where
 * rows with the values are no neighbours, blocks hold only as many of them as their share of all rows makes it.
 */
export function missingBlockCost(scan: ValueScan, prices: BlockPrices): number {
  if (scan.tableBlocks < 1 || scan.tableRows < 1 || scan.share <= 0) return 0;
  const apart = visitedBlocks(scan) * prices.random;
  const blocksFilled = Math.ceil((scan.rows / scan.tableRows) * scan.tableBlocks);
  const together = prices.random + Math.max(0, blocksFilled - 1) * prices.sequential;
  const planned = between(apart, together, scan.plannedOrder);
  const scattered = between(apart, inTableOrder(scan, prices), scan.scanOrder);
  return Math.max(0, between(scattered, planned, scan.valueOrder) - planned);
}

function between(unordered: number, ordered: number, order: number): number {
  return unordered + order ** 2 * (ordered - unordered);
}

/** Blocks that rows in no order lie in (Mackert and Lohman, as index_pages_fetched of PostgreSQL has it). */
function visitedBlocks({ rows, tableBlocks }: ValueScan): number {
  return Math.min(tableBlocks, (2 * tableBlocks * rows) / (2 * tableBlocks + rows));
}

/** Of a stretch of the table that holds the rows, each block with one of them is read once, and priced as a bitmap's. */
function inTableOrder({ rows, tableRows, tableBlocks, share }: ValueScan, { sequential, random }: BlockPrices): number {
  const rowsPerBlock = (share * tableRows) / tableBlocks;
  const shareOfBlocks = 1 - Math.exp(-rowsPerBlock);
  const blocks = (rows / rowsPerBlock) * shareOfBlocks;
  return blocks * (random - (random - sequential) * Math.sqrt(shareOfBlocks));
}
