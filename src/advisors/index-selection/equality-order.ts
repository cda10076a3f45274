import type { Table } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import type { KeyExpression, TableScan } from '../../sql/analysis/table-scan.js';
import { scansOf } from './relevance.js';
import { effectsOf, isUnharmed, type SwapEffect, swapped } from './swap.js';
import type { WorkloadCosts } from './workload-costs.js';

/**
 * What the statements may cost more. The planner takes the order of the whole index from its first column alone, and so
 * likes a column of few values, in which the table happens to lie, in front: the rows that are read are the same.
 */
const USER_FACTOR_MAX = 2;

/**
 * Puts the column with the most values first among the leading ones that all statements compare by equality, where
 * their order is free: that one serves more of the statements that the workload does not show.
 */
export async function orderEqualities(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  distinct: (table: Table, key: KeyExpression) => number,
): Promise<readonly IndexSpec[]> {
  let current = set;
  for (const index of set) {
    const users = (await effectsOf(costs, { set: current, index, other: index })).filter(({ isUser }) => isUser);
    const other = preferredOrder(index, users, distinct);
    if (other === null) continue;
    const swap = { set: current, index, other };
    const effects = await effectsOf(costs, swap);
    const isFine = effects.every((effect) => isUnharmed(effect, effect.isUser ? USER_FACTOR_MAX : undefined));
    if (isFine) current = swapped(swap);
  }
  return current;
}

/** Null where the index has that order already. */
function preferredOrder(
  index: IndexSpec,
  users: readonly SwapEffect[],
  distinct: (table: Table, key: KeyExpression) => number,
): IndexSpec | null {
  const scans = users.map(({ reader }) => scansOf(reader.analysis, index));
  const table = scans[0]?.[0]?.table;
  if (table === undefined) return null;
  const ranks = index.keys.map(({ sql }) => Math.max(...scans.map((ofUser) => rankOf(sql, ofUser))));
  const end = ranks.indexOf(OTHER);
  const free = index.keys.slice(0, end === -1 ? undefined : end);
  const rank = (key: KeyExpression) => ranks[index.keys.findIndex(({ sql }) => sql === key.sql)] ?? OTHER;
  const sorted = [...free].sort((a, b) => rank(a) - rank(b) || distinct(table, b) - distinct(table, a));
  if (sorted.every((key, place) => key === free[place])) return null;
  return { ...index, keys: [...sorted, ...index.keys.slice(free.length)] };
}

/** How freely a key may stand among the leading ones: several values behind those of one, the rest not at all. */
const [ONE_VALUE, SEVERAL_VALUES, OTHER] = [0, 1, 2];

function rankOf(key: string, scans: readonly TableScan[]): number {
  const predicates = scans.flatMap((scan) => [...scan.predicates, ...scan.disjunctions.flat(2)]);
  const kinds = predicates.filter((predicate) => predicate.key.sql === key).map(({ kind }) => kind);
  if (kinds.includes('equality') || scans.some(({ joins }) => joins.some((join) => join.key.sql === key)))
    return ONE_VALUE;
  return kinds.includes('set') ? SEVERAL_VALUES : OTHER;
}
