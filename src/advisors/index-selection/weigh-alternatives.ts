import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { TriedIndexes } from './describe-statements.js';
import { extended, without } from './indexes-by-table.js';
import { planAhead } from './plan-ahead.js';
import type { RefusedIndex, StatementGain } from './selection.js';
import type { WorkloadCosts } from './workload-costs.js';

/** So many of an index's rivals are told. */
const ALTERNATIVES_MAX = 3;
/** A rival that costs a statement no more than this part of the chosen one's cost is as good for it. */
const AS_GOOD = 1.01;

/** Gives the best of the other indexes that were weighed for the statement which gains most, and why each was refused. */
export async function weighAlternatives(
  costs: WorkloadCosts,
  chosen: { readonly spec: IndexSpec; readonly set: readonly IndexSpec[]; readonly top: StatementGain | undefined },
  { tried, planner }: { readonly tried: TriedIndexes; readonly planner: Planner },
): Promise<readonly RefusedIndex[]> {
  const { spec, set, top } = chosen;
  if (top === undefined) return [];
  const inSet = new Set(set.map(indexSpecKey));
  const rest = without(set, spec);
  const { schema, name } = spec.table;
  const rivals = (tried.get(top.statement) ?? []).filter(
    (rival) => rival.table.name === name && rival.table.schema === schema && !inSet.has(indexSpecKey(rival)),
  );
  const questions = rivals.map((rival) => ({ indexes: extended(rest, [rival]), statements: [top.statement] }));
  await planAhead(costs, questions);
  const weighed: Omit<RefusedIndex, 'reason'>[] = [];
  for (const rival of rivals) {
    const under = (await costs.under(extended(rest, [rival]), [top.statement])).get(top.statement);
    if (under === undefined || !under.used.has(indexSpecKey(rival))) continue;
    weighed.push({ spec: rival, costAfter: under.perCall, sizeBytes: (await planner.size(rival)).sizeBytes });
  }
  weighed.sort(
    (a, b) =>
      a.costAfter - b.costAfter || a.sizeBytes - b.sizeBytes || (indexSpecKey(a.spec) < indexSpecKey(b.spec) ? -1 : 1),
  );
  const own = { costAfter: top.costAfter, sizeBytes: (await planner.size(spec)).sizeBytes };
  return weighed.slice(0, ALTERNATIVES_MAX).map((rival) => ({ ...rival, reason: reasonOf(rival, own) }));
}

interface Weight {
  readonly costAfter: number;
  readonly sizeBytes: number;
}

function reasonOf(rival: Weight, own: Weight): string {
  const inUnits = (cost: number) => Math.round(cost).toLocaleString('en-US');
  if (rival.costAfter > own.costAfter * AS_GOOD)
    return `the statement that gains most would cost ${inUnits(rival.costAfter)} with it, and costs ${inUnits(own.costAfter)} with the chosen one`;
  if (rival.sizeBytes > own.sizeBytes) {
    const share = Math.round((rival.sizeBytes / own.sizeBytes - 1) * 100);
    return `it does no better by more than 1 % and takes ${share} % more room`;
  }
  return 'it does as well for this statement, and less for the others that the chosen one serves';
}
