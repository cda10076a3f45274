import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { FELT_COST_MIN, isHalved } from './halved.js';
import { without } from './indexes-by-table.js';
import { planAhead } from './plan-ahead.js';
import { scansOf } from './relevance.js';
import type { Costs } from './statement-cost.js';
import { totalCost, type WorkloadCosts } from './workload-costs.js';

/** An index goes when each of its statements loses less than this share of what it gained by the set. */
const LOSS_SHARE_MIN = 0.03;
/** One that another one begins with spares reading the wider entries: it goes for less than this share. */
const BEGINNING_LOSS_SHARE_MIN = 0.25;
/**
 * It also goes when nobody would notice: when it takes less than this share off each statement, which is what a scan of
 * the same pages saves by not looking at every row …
 */
const STATEMENT_SHARE_MIN = 0.4;
/** … and, where a statement reads several tables, less than this share of what reading all of the index's costs, … */
const TABLE_SHARE_MIN = 0.8;
/** … or when that is little a call, and less than this share of the workload's. What halves a statement never goes. */
const WORKLOAD_SHARE_MIN = 0.001;

/** Takes out, weakest first, every index that the rest of the set replaces or that costs more than it brings. */
export async function pruneSet(costs: WorkloadCosts, set: readonly IndexSpec[]): Promise<readonly IndexSpec[]> {
  let kept = set;
  let after = await costs.under(kept, costs.statements);
  const losses = new Map<IndexSpec, number | null>();
  for (;;) {
    const open = kept.filter((index) => !losses.has(index));
    await planAhead(
      costs,
      open.map((index) => ({ indexes: without(kept, index), statements: usersOf(costs, index, after) })),
    );
    for (const index of open) losses.set(index, await lossWithout(costs, kept, index, after));
    const weakest = weakestOf(kept, losses);
    if (weakest === null) return kept;
    kept = without(kept, weakest);
    const readers = new Set(costs.readersOf(weakest));
    after = new Map([...after, ...(await costs.under(kept, [...readers]))]);
    // What the others bring changes only where they have a reader in common with the one that is gone.
    for (const index of kept) if (costs.readersOf(index).some((reader) => readers.has(reader))) losses.delete(index);
  }
}

function usersOf(costs: WorkloadCosts, index: IndexSpec, after: Costs): readonly AnalyzedStatement[] {
  const key = indexSpecKey(index);
  return costs.readersOf(index).filter((reader) => after.get(reader)?.used.has(key));
}

function weakestOf(set: readonly IndexSpec[], losses: ReadonlyMap<IndexSpec, number | null>): IndexSpec | null {
  let weakest: { index: IndexSpec; loss: number } | null = null;
  for (const index of set) {
    const loss = losses.get(index) ?? null;
    if (loss !== null && (weakest === null || loss < weakest.loss)) weakest = { index, loss };
  }
  return weakest?.index ?? null;
}

/** What a call of a statement costs, in planner units. */
interface CallCosts {
  readonly reader: AnalyzedStatement;
  /** With the whole set. */
  readonly after: number;
  /** With the set but the index. */
  readonly rest: number;
  /** Without any index of the set. */
  readonly none: number;
}

/** The net loss that taking out the index brings, or null when that is too much. */
async function lossWithout(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  index: IndexSpec,
  after: Costs,
): Promise<number | null> {
  const users = usersOf(costs, index, after);
  const rest = await costs.under(without(set, index), users);
  const of = (reader: AnalyzedStatement, under: Costs) => under.get(reader)?.perCall ?? 0;
  const calls = users.map((reader): CallCosts => {
    return { reader, after: of(reader, after), rest: of(reader, rest), none: of(reader, costs.base) };
  });
  const loss = calls.reduce((sum, call) => sum + call.reader.statement.calls * (call.rest - call.after), 0);
  const net = loss - costs.writeCost(index);
  const matters = net >= totalCost(costs.statements, costs.base) * WORKLOAD_SHARE_MIN;
  const isBeginning = set.some((other) => beginsWith(other, index));
  const shareMin = isBeginning ? BEGINNING_LOSS_SHARE_MIN : LOSS_SHARE_MIN;
  const isMissed = calls.some((call) => call.rest - call.after > shareMin * (call.none - call.after));
  const isFelt = calls.some((call) => isFeltBy(call, index, matters));
  const halves = !isBeginning && calls.some((call) => isHalved(call.rest, call.after));
  return net > 0 && ((isMissed && isFelt) || halves) ? null : net;
}

function isFeltBy(call: CallCosts, index: IndexSpec, matters: boolean): boolean {
  const lost = call.rest - call.after;
  const share = Math.min(call.rest * STATEMENT_SHARE_MIN, wholeCost(call.reader, index) * TABLE_SHARE_MIN);
  return lost >= share && (matters || lost >= FELT_COST_MIN);
}

/** Planner units of a row that is looked at, beside those of its page: cpu_tuple_cost and one cpu_operator_cost. */
const ROW_COST = 0.0125;

/** What a statement that mentions the index's table once pays to read all of it; no bound for any other. */
function wholeCost({ analysis }: AnalyzedStatement, index: IndexSpec): number {
  const [scan, ...others] = scansOf(analysis, index);
  if (scan === undefined || others.length > 0 || analysis.scans.length < 2) return Number.POSITIVE_INFINITY;
  const { blocks, tuples } = scan.table.storage;
  return blocks + Math.max(0, tuples) * ROW_COST;
}

function beginsWith(longer: IndexSpec, index: IndexSpec): boolean {
  if (longer.table.name !== index.table.name || longer.keys.length <= index.keys.length) return false;
  const beginning = { ...longer, keys: longer.keys.slice(0, index.keys.length), include: index.include };
  return indexSpecKey(beginning) === indexSpecKey(index);
}
