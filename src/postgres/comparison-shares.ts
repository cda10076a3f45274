import { sqlStateOf } from '../errors.js';
import type { RelationName } from '../model/relation-name.js';
import type { ComparisonShare } from '../model/statistics.js';
import { quoteRelation } from '../sql/quote.js';
import type { Session } from './session.js';

/** Comparisons of columns of one table that rows are to meet together. */
export interface WantedComparisons {
  readonly table: RelationName;
  /** SQL of each, sorted: `promised_at < shipped_at`. */
  readonly sql: readonly string[];
  /** Blocks of the table. */
  readonly blocks: number;
}

/** Blocks that are read of a table; a few thousand rows tell a share within a hundredth or two. */
const SAMPLED_BLOCKS = 200;
const PERCENT_MAX = 100;

/**
 * Measures which share of a table's rows meets comparisons between its columns, on a sample of its blocks: no
 * statistics tell, and the planner takes a third. What cannot be measured is left out.
 */
export async function measureComparisons(
  session: Session,
  wanted: readonly WantedComparisons[],
): Promise<readonly ComparisonShare[]> {
  const shares: ComparisonShare[] = [];
  for (const { table, sql, blocks } of wanted) {
    const percent = Math.min(PERCENT_MAX, (SAMPLED_BLOCKS / Math.max(1, blocks)) * 100);
    const condition = sql.map((each) => `(${each})`).join(' AND ');
    try {
      const { rows } = await session.query<{ share: number | null }>(
        `SELECT pg_catalog.avg((${condition})::int::float8) AS share
           FROM ${quoteRelation(table)} TABLESAMPLE SYSTEM (${percent}) REPEATABLE (1)`,
      );
      const share = rows[0]?.share ?? null;
      if (share !== null) shares.push({ table, sql, share });
    } catch (error) {
      // Rights, a timeout, a view: then the planner's third has to do.
      if (sqlStateOf(error) === null) throw error;
    }
  }
  return shares;
}
