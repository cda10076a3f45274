import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { StatementCost, WorkloadCosts } from './workload-costs.js';
import { writeCostOf } from './write-cost.js';

/** An index goes when its statements lose less than this share of what they gained by the set. */
const LOSS_SHARE_MIN = 0.03;
/** It also goes when nobody would notice: less than a thousandth of the workload, and of no statement … */
const WORKLOAD_SHARE_MIN = 0.001;
/** … this share and this many planner units a call, about what reading a hundred pages in a row costs. */
const STATEMENT_SHARE_MIN = 0.3;
const STATEMENT_COST_MIN = 100;

/** Takes out, weakest first, every index that the rest of the set replaces or that costs more than it brings. */
export async function pruneSet(costs: WorkloadCosts, set: readonly IndexSpec[]): Promise<readonly IndexSpec[]> {
  let kept = set;
  for (;;) {
    const weakest = await weakestOf(costs, kept);
    if (weakest === null) return kept;
    kept = kept.filter((index) => index !== weakest);
  }
}

async function weakestOf(costs: WorkloadCosts, set: readonly IndexSpec[]): Promise<IndexSpec | null> {
  const after = await costs.under(set, costs.statements);
  let weakest: { index: IndexSpec; loss: number } | null = null;
  for (const index of set) {
    const loss = await lossWithout(costs, set, index, after);
    if (loss !== null && (weakest === null || loss < weakest.loss)) weakest = { index, loss };
  }
  return weakest?.index ?? null;
}

/** The net loss that taking out the index brings, or null when that is too much. */
async function lossWithout(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  index: IndexSpec,
  after: ReadonlyMap<AnalyzedStatement, StatementCost>,
): Promise<number | null> {
  const key = indexSpecKey(index);
  const users = costs.readersOf(index).filter((reader) => after.get(reader)?.used.has(key));
  const without = await costs.under(
    set.filter((other) => other !== index),
    users,
  );
  const sum = (of: (reader: AnalyzedStatement) => number) =>
    users.reduce((total, reader) => total + reader.statement.calls * of(reader), 0);
  const loss = sum((reader) => (without.get(reader)?.perCall ?? 0) - (after.get(reader)?.perCall ?? 0));
  const gained = sum((reader) => (costs.base.get(reader)?.perCall ?? 0) - (after.get(reader)?.perCall ?? 0));
  const net = loss - writeCostOf(index, costs.statements);
  if (net <= gained * LOSS_SHARE_MIN) return net;
  const isFelt = users.some((reader) => {
    const perCall = without.get(reader)?.perCall ?? 0;
    const lost = perCall - (after.get(reader)?.perCall ?? 0);
    return lost >= STATEMENT_COST_MIN && lost >= perCall * STATEMENT_SHARE_MIN;
  });
  return isFelt || net >= totalCost(costs) * WORKLOAD_SHARE_MIN ? null : net;
}

function totalCost(costs: WorkloadCosts): number {
  return costs.statements.reduce(
    (sum, reader) => sum + reader.statement.calls * (costs.base.get(reader)?.perCall ?? 0),
    0,
  );
}
