import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { Progress } from '../../model/progress.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { Move } from './select-indexes.js';
import type { StatementCost, WorkloadCosts } from './workload-costs.js';
import { writeCostOf } from './write-cost.js';

export interface GrowthOptions {
  readonly indexBytesMax: number | null;
  readonly planner: Planner;
  readonly progress: Progress;
}

/** Share of the workload's cost under which an index is not worth its upkeep. */
const WORKLOAD_GAIN_MIN = 1e-6;
/** Without a budget size only breaks near-ties: an index twice as large must gain 2 % more. */
const SIZE_WEIGHT_FREE = 0.03;
/** Under a budget each byte counts in full, in part, or hardly; the best of the three sets is kept. */
const SIZE_WEIGHTS_BUDGETED = [1, 0.5, SIZE_WEIGHT_FREE];

interface Standing {
  readonly move: Move;
  readonly sizeBytes: number;
  gain: number;
  /** Size of the set for which `gain` was computed. */
  round: number;
}

/** Grows a set greedily by net gain per size, gains computed anew only where they could still win. */
export async function growSet(
  costs: WorkloadCosts,
  moves: readonly Move[],
  options: GrowthOptions,
): Promise<readonly IndexSpec[]> {
  const weights = options.indexBytesMax === null ? [SIZE_WEIGHT_FREE] : SIZE_WEIGHTS_BUDGETED;
  const step = options.progress.step('choosing the index set');
  let best: { set: readonly IndexSpec[]; gain: number } = { set: [], gain: 0 };
  for (const weight of weights) {
    const grown = await growWith(costs, moves, {
      ...options,
      weight,
      onRound: (chosen) => step.update(chosen, 'chosen'),
    });
    if (grown.gain > best.gain) best = grown;
  }
  step.end(`${best.set.length} chosen`);
  return best.set;
}

interface RoundOptions extends GrowthOptions {
  readonly weight: number;
  onRound(chosen: number): void;
}

async function growWith(
  costs: WorkloadCosts,
  moves: readonly Move[],
  options: RoundOptions,
): Promise<{ set: readonly IndexSpec[]; gain: number }> {
  const standings = await Promise.all(moves.map((move) => standingOf(move, options.planner)));
  let set: readonly IndexSpec[] = [];
  let current = costs.base;
  let total = 0;
  let used = 0;
  const floor = WORKLOAD_GAIN_MIN * totalOf(costs.base);
  for (;;) {
    const next = await bestMove(costs, {
      standings,
      set,
      current,
      weight: options.weight,
      room: (options.indexBytesMax ?? Infinity) - used,
    });
    if (next === null || next.gain <= floor) return { set, gain: total };
    const added = next.move.indexes.filter((index) => !has(set, index));
    for (const index of added) used += (await options.planner.size(index)).sizeBytes;
    set = [...set, ...added];
    total += next.gain;
    current = await costs.under(set, costs.statements);
    options.onRound(set.length);
  }
}

async function standingOf(move: Move, planner: Planner): Promise<Standing> {
  let sizeBytes = 0;
  for (const index of move.indexes) sizeBytes += (await planner.size(index)).sizeBytes;
  return { move, sizeBytes, gain: Number.POSITIVE_INFINITY, round: -1 };
}

interface Round {
  readonly standings: Standing[];
  readonly set: readonly IndexSpec[];
  readonly current: ReadonlyMap<AnalyzedStatement, StatementCost>;
  readonly weight: number;
  readonly room: number;
}

/** Gains rarely grow as the set does, so the best stale gain is computed anew until the best is fresh. */
async function bestMove(costs: WorkloadCosts, round: Round): Promise<Standing | null> {
  const worth = (standing: Standing) => standing.gain / Math.max(standing.sizeBytes, 8192) ** round.weight;
  const open = round.standings.filter(
    (standing) => standing.sizeBytes <= round.room && standing.move.indexes.some((index) => !has(round.set, index)),
  );
  for (;;) {
    open.sort((a, b) => worth(b) - worth(a) || a.sizeBytes - b.sizeBytes || (nameOf(a) < nameOf(b) ? -1 : 1));
    const [best] = open;
    if (best === undefined || best.gain <= 0) return null;
    if (best.round === round.set.length) return best;
    best.gain = await gainOf(costs, round, best.move);
    best.round = round.set.length;
  }
}

async function gainOf(costs: WorkloadCosts, round: Round, move: Move): Promise<number> {
  const added = move.indexes.filter((index) => !has(round.set, index));
  const readers = [...new Set(added.flatMap((index) => costs.readersOf(index)))];
  const after = await costs.under([...round.set, ...added], readers);
  const saved = readers.reduce((sum, reader) => {
    return (
      sum + reader.statement.calls * ((round.current.get(reader)?.perCall ?? 0) - (after.get(reader)?.perCall ?? 0))
    );
  }, 0);
  return saved - added.reduce((sum, index) => sum + writeCostOf(index, costs.statements), 0);
}

function totalOf(costs: ReadonlyMap<AnalyzedStatement, StatementCost>): number {
  return [...costs].reduce((sum, [statement, cost]) => sum + statement.statement.calls * cost.perCall, 0);
}

function has(set: readonly IndexSpec[], index: IndexSpec): boolean {
  const key = indexSpecKey(index);
  return set.some((other) => indexSpecKey(other) === key);
}

function nameOf(standing: Standing): string {
  return standing.move.indexes.map(indexSpecKey).join('\n');
}
