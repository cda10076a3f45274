import type { IndexSpec } from '../../model/planner.js';
import type { TableScan } from '../../sql/analysis/table-scan.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { WorkloadCosts } from './workload-costs.js';

/** What a statement that needs no skip may lose by another order of the keys. */
const LOSS_SHARE_MAX = 0.03;
/** A few planner units a call, about two random pages, are no loss either. */
const LOSS_COST_MAX = 8;
/** What one that skipped may: version 18 prices skips below what they are measured to cost. */
const SKIPPER_LOSS_FACTOR_MAX = 2;

/**
 * Puts another key first where that spares statements from skipping over the leading key: version 18 can use an index
 * whose first column a statement says nothing of, but takes it for cheaper than it is.
 */
export async function reorderKeys(costs: WorkloadCosts, set: readonly IndexSpec[]): Promise<readonly IndexSpec[]> {
  let current = set;
  for (const index of set) {
    for (const order of otherOrders(index)) {
      const swapped = current.map((other) => (other === index ? order : other));
      if (!(await isBetter(costs, { index, order, current, swapped }))) continue;
      current = swapped;
      break;
    }
  }
  return current;
}

/** Each later key in front, the others behind it as they stood. */
function otherOrders(index: IndexSpec): readonly IndexSpec[] {
  return index.keys.slice(1).map((key) => ({ ...index, keys: [key, ...index.keys.filter((other) => other !== key)] }));
}

interface Swap {
  readonly index: IndexSpec;
  readonly order: IndexSpec;
  readonly current: readonly IndexSpec[];
  readonly swapped: readonly IndexSpec[];
}

async function isBetter(costs: WorkloadCosts, { index, order, current, swapped }: Swap): Promise<boolean> {
  const readers = costs.readersOf(index);
  const skippers = readers.filter((reader) => skips(reader, index));
  const before = await costs.under(current, readers);
  const after = await costs.under(swapped, readers);
  const served = skippers.filter((reader) => !skips(reader, order) && changes(before, after, reader));
  if (served.length === 0) return false;
  return readers.every((reader) => {
    const was = before.get(reader)?.perCall ?? 0;
    const lost = (after.get(reader)?.perCall ?? 0) - was;
    const bearable = served.includes(reader) ? was * (SKIPPER_LOSS_FACTOR_MAX - 1) : was * LOSS_SHARE_MAX;
    return lost <= Math.max(bearable, LOSS_COST_MAX);
  });
}

type Costs = Awaited<ReturnType<WorkloadCosts['under']>>;

function changes(before: Costs, after: Costs, reader: AnalyzedStatement): boolean {
  return before.get(reader)?.perCall !== after.get(reader)?.perCall;
}

/** True when no mention of the index's table says anything of its leading key. */
function skips({ analysis }: AnalyzedStatement, index: IndexSpec): boolean {
  const scans = analysis.scans.filter(
    ({ table }) => table.name === index.table.name && table.schema === index.table.schema,
  );
  const leading = index.keys[0]?.sql ?? '';
  return scans.every((scan) => !speaksOf(scan, leading));
}

function speaksOf(scan: TableScan, key: string): boolean {
  const predicates = [...scan.predicates, ...scan.disjunctions.flat(2)];
  return predicates.some((predicate) => predicate.key.sql === key) || scan.joins.some((join) => join.key.sql === key);
}
