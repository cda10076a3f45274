import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { type CandidateOptions, TABLE_BLOCKS_MIN } from './arms.js';
import { coveringCandidates } from './covering-candidates.js';
import { totalCost, type WorkloadCosts } from './workload-costs.js';

/** A call that costs fewer planner units has little to gain by not reading the table. */
const CALL_COST_MIN = 400;
/** Columns that are only held make every entry wider: they must spare a statement this share of what it still costs … */
const STATEMENT_SHARE_MIN = 0.4;
/** … and the workload this share of what it costs without any index … */
const WORKLOAD_SHARE_MIN = 0.005;
/** … unless the index holds no more than this share of the rows: then it takes little room and is seldom written. */
const ROWS_SHARE_MAX = 0.1;

/**
 * Adds an index that holds all that a statement reads of a table where the statement stays dear with the set as it is:
 * then the table itself need not be read. What that makes needless is left to whoever prunes.
 */
export async function coverStatements(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  options: CandidateOptions,
): Promise<readonly IndexSpec[]> {
  let current = set;
  for (const statement of costs.statements) {
    const added = await bestCover(costs, current, { statement, options });
    if (added !== null) current = [...current, added];
  }
  return current;
}

async function bestCover(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  { statement, options }: { readonly statement: AnalyzedStatement; readonly options: CandidateOptions },
): Promise<IndexSpec | null> {
  const perCall = async (indexes: readonly IndexSpec[]) => (await costs.under(indexes, [statement])).get(statement);
  const before = (await perCall(set))?.perCall ?? 0;
  if (before < CALL_COST_MIN) return null;
  const workload = totalCost(costs.statements, costs.base) * WORKLOAD_SHARE_MIN;
  const { calls } = statement.statement;
  const isWorth = (after: number) => after <= before * (1 - STATEMENT_SHARE_MIN);
  const isOpen = (index: IndexSpec, after: number) =>
    (before - after) * calls >= workload || (costs.rowsShare(index) ?? 1) <= ROWS_SHARE_MAX;
  const candidates = statement.analysis.scans
    // The arms of an OR meet in a bitmap, which looks at the table; without it one stretch holds the rows of all arms.
    .filter(({ table, disjunctions }) => options.blocks(table) >= TABLE_BLOCKS_MIN && disjunctions.length === 0)
    .flatMap((scan) => coveringCandidates(scan, options))
    .filter((index) => isOpen(index, 0));
  if (candidates.length === 0) return null;
  const all = await perCall([...set, ...candidates]);
  if (all === undefined || !isWorth(all.perCall)) return null;
  let best: { readonly index: IndexSpec; readonly net: number } | null = null;
  for (const index of candidates) {
    if (!all.used.has(indexSpecKey(index))) continue;
    const after = (await perCall([...set, index]))?.perCall ?? before;
    const net = (before - after) * statement.statement.calls - costs.writeCost(index);
    if (isWorth(after) && isOpen(index, after) && net > 0 && (best === null || net > best.net)) best = { index, net };
  }
  return best?.index ?? null;
}
