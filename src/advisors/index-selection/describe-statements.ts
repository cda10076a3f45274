import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import { indexColumns } from '../../sql/index-words.js';
import type { AnalyzedStatement } from '../advisor.js';
import { type CandidateOptions, TABLE_BLOCKS_MIN } from './arms.js';
import { planAhead } from './plan-ahead.js';
import type { StatementOutcome } from './selection.js';
import type { WorkloadCosts } from './workload-costs.js';

/** Candidates of each statement, those that could be planned with. */
export type TriedIndexes = ReadonlyMap<AnalyzedStatement, readonly IndexSpec[]>;

/** Says of each statement what serves it today, what of the set would, and why nothing does where nothing does. */
export async function describeStatements(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  { tried, blocks }: { readonly tried: TriedIndexes; readonly blocks: CandidateOptions['blocks'] },
): Promise<readonly StatementOutcome[]> {
  const after = await costs.under(set, costs.statements);
  const outcomes: StatementOutcome[] = [];
  const unserved = [...after].filter(([, { used }]) => !set.some((spec) => used.has(indexSpecKey(spec))));
  await planAhead(
    costs,
    unserved.flatMap(([statement]) =>
      (tried.get(statement) ?? []).map((spec) => ({ indexes: [spec], statements: [statement] })),
    ),
  );
  for (const statement of costs.statements) {
    const base = costs.base.get(statement);
    const cost = after.get(statement);
    if (base === undefined || cost === undefined) continue;
    const indexes = set.filter((spec) => cost.used.has(indexSpecKey(spec)));
    const servedBy = [...base.existing].sort();
    const reason =
      indexes.length > 0 ? null : await reasonOf(costs, statement, { tried: tried.get(statement) ?? [], blocks });
    outcomes.push({ statement, costBefore: base.perCall, costAfter: cost.perCall, servedBy, indexes, reason });
  }
  return outcomes;
}

/** A candidate that takes less than this share off a statement does nothing for it. */
const GAIN_SHARE_MIN = 0.05;

async function reasonOf(
  costs: WorkloadCosts,
  statement: AnalyzedStatement,
  { tried, blocks }: { readonly tried: readonly IndexSpec[]; readonly blocks: CandidateOptions['blocks'] },
): Promise<string> {
  if (tried.length === 0) return untriedReason(statement, blocks);
  const base = costs.base.get(statement)?.perCall ?? 0;
  let best: { readonly spec: IndexSpec; readonly perCall: number } | null = null;
  for (const spec of tried) {
    const perCall = (await costs.under([spec], [statement])).get(statement)?.perCall ?? base;
    if (best === null || perCall < best.perCall) best = { spec, perCall };
  }
  const planned = `${tried.length} ${tried.length === 1 ? 'candidate was' : 'candidates were'} planned`;
  if (best === null || best.perCall > base * (1 - GAIN_SHARE_MIN))
    return `${planned}, and none takes ${GAIN_SHARE_MIN * 100} % off its cost`;
  const share = Math.round((1 - best.perCall / base) * 100);
  return `${planned}; the best, ${best.spec.table.name} (${indexColumns(best.spec)}), takes ${share} % off its cost, too little in this workload for what it takes to keep`;
}

function untriedReason({ analysis: { scans } }: AnalyzedStatement, blocks: CandidateOptions['blocks']): string {
  if (scans.length === 0) return 'it reads no table that is known here';
  if (scans.every(({ table }) => blocks(table) < TABLE_BLOCKS_MIN))
    return `it reads only tables of fewer than ${TABLE_BLOCKS_MIN} blocks`;
  return 'it has no condition, join or order for which an index is still missing';
}
