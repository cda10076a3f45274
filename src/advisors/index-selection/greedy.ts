import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { Progress } from '../../model/progress.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { Move } from './moves.js';
import { sizeOf } from './size.js';
import { type StatementCost, totalCost, type WorkloadCosts } from './workload-costs.js';

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
const SIZE_WEIGHTS_BUDGETED = [1, 0.6, 0.3, SIZE_WEIGHT_FREE];

/** An index that adds less than this share to what each of its statements has gained by then is more of the same. */
const MARGINAL_SHARE_MIN = 0.03;
/** Plans of nearly equal cost may come out in either order: a statement this near its best has nothing to gain. */
const NEAR_BEST = 1.001;

interface Standing {
  readonly move: Move;
  /** Breaks ties. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Statements that could use one of its indexes. */
  readonly readers: readonly AnalyzedStatement[];
  readonly writeCost: number;
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
  const least = await leastCosts(costs, moves);
  let best: { set: readonly IndexSpec[]; gain: number } = { set: [], gain: 0 };
  for (const weight of weights) {
    const grown = await growWith(costs, moves, {
      ...options,
      least,
      weight,
      onRound: (chosen) => step.update(chosen, 'chosen'),
    });
    if (grown.gain > best.gain) best = grown;
  }
  step.end(`${best.set.length} chosen`);
  return best.set;
}

type Costs = ReadonlyMap<AnalyzedStatement, StatementCost>;

/** With every index there is, the planner's estimate of each statement is the least that it can cost. */
async function leastCosts(costs: WorkloadCosts, moves: readonly Move[]): Promise<Costs> {
  const all = moves.flatMap((move) => move.indexes);
  const under = await costs.under(all, costs.statements);
  return new Map([...under].map(([statement, cost]) => [statement, { ...cost, perCall: cost.planned }]));
}

interface RoundOptions extends GrowthOptions {
  readonly weight: number;
  readonly least: Costs;
  onRound(chosen: number): void;
}

async function growWith(
  costs: WorkloadCosts,
  moves: readonly Move[],
  options: RoundOptions,
): Promise<{ set: readonly IndexSpec[]; gain: number }> {
  const standings: Standing[] = [];
  for (const move of moves) standings.push(await standingOf(move, costs, options.planner));
  let set: readonly IndexSpec[] = [];
  let current = costs.base;
  let total = 0;
  let used = 0;
  const floor = WORKLOAD_GAIN_MIN * totalCost(costs.statements, costs.base);
  for (;;) {
    const room = (options.indexBytesMax ?? Number.POSITIVE_INFINITY) - used;
    const next = await bestMove(costs, {
      standings,
      set,
      keys: new Set(set.map(indexSpecKey)),
      current,
      least: options.least,
      weight: options.weight,
      room,
      marginalShareMin: options.indexBytesMax === null ? MARGINAL_SHARE_MIN : 0,
    });
    if (next === null || next.gain <= floor) return { set, gain: total };
    const keys = new Set(set.map(indexSpecKey));
    const added = next.move.indexes.filter((index) => !keys.has(indexSpecKey(index)));
    used += await sizeOf(added, options.planner);
    set = [...set, ...added];
    total += next.gain;
    current = new Map([...current, ...(await costs.under(set, next.readers))]);
    options.onRound(set.length);
  }
}

async function standingOf(move: Move, costs: WorkloadCosts, planner: Planner): Promise<Standing> {
  return {
    move,
    name: move.indexes.map(indexSpecKey).join('\n'),
    sizeBytes: await sizeOf(move.indexes, planner),
    readers: [...new Set(move.indexes.flatMap((index) => costs.readersOf(index)))],
    writeCost: sumOf(move.indexes, (index) => costs.writeCost(index)),
    gain: Number.POSITIVE_INFINITY,
    round: -1,
  };
}

interface Round {
  readonly standings: Standing[];
  readonly set: readonly IndexSpec[];
  /** Of `set`. */
  readonly keys: ReadonlySet<string>;
  readonly current: Costs;
  readonly least: Costs;
  readonly weight: number;
  readonly room: number;
  readonly marginalShareMin: number;
}

/**
 * Gains rarely grow as the set does, and none is greater than what its statements still have to gain: the best by
 * these bounds is computed anew until the best is fresh.
 */
async function bestMove(costs: WorkloadCosts, round: Round): Promise<Standing | null> {
  const open = round.standings.filter(
    ({ sizeBytes, move }) => sizeBytes <= round.room && move.indexes.some((index) => !has(round, index)),
  );
  for (const standing of open) standing.gain = Math.min(standing.gain, boundOf(standing, round));
  const price = new Map(open.map((standing) => [standing, Math.max(standing.sizeBytes, 8192) ** round.weight]));
  const worth = (standing: Standing) => standing.gain / (price.get(standing) ?? 1);
  const isBefore = (one: Standing, other: Standing) =>
    (worth(other) - worth(one) || one.sizeBytes - other.sizeBytes || (one.name < other.name ? -1 : 1)) < 0;
  for (;;) {
    let best = open[0];
    for (const standing of open) if (best !== undefined && isBefore(standing, best)) best = standing;
    if (best === undefined || best.gain <= 0) return null;
    if (best.round === round.set.length) return best;
    best.gain = await gainOf(costs, round, best);
    best.round = round.set.length;
  }
}

function boundOf({ readers, move, writeCost }: Standing, round: Round): number {
  // The part of a move that is in the set already is paid for.
  const paid = move.indexes.some((index) => has(round, index)) ? writeCost : 0;
  return sumOf(readers, (reader) => savedBetween(round.current, round.least, reader)) - writeCost + paid;
}

async function gainOf(costs: WorkloadCosts, round: Round, { move, readers }: Standing): Promise<number> {
  const added = move.indexes.filter((index) => !has(round, index));
  const open = await openTo(costs, round, { added, readers });
  const after = await costs.under([...round.set, ...added], open);
  const saved = (reader: AnalyzedStatement) => savedBetween(round.current, after, reader);
  const isMore = (reader: AnalyzedStatement) =>
    saved(reader) > round.marginalShareMin * Math.max(0, savedBetween(costs.base, after, reader));
  if (!open.some(isMore)) return 0;
  return sumOf(open, saved) - sumOf(added, (index) => costs.writeCost(index));
}

/**
 * Gives the readers to which the indexes may bring something: those that are not at their best. Where a statement
 * mentions one table once, an index that costs more alone than what is there brings nothing.
 */
async function openTo(
  costs: WorkloadCosts,
  { current, least }: Round,
  { added, readers }: { readonly added: readonly IndexSpec[]; readonly readers: readonly AnalyzedStatement[] },
): Promise<readonly AnalyzedStatement[]> {
  const open = readers.filter((reader) => savedBetween(current, least, reader) > 0);
  if (added.length > 1) return open;
  const simple = open.filter(({ analysis: { scans } }) => scans.length === 1 && scans[0]?.disjunctions.length === 0);
  const alone = await costs.under(added, simple);
  return open.filter((reader) => !alone.has(reader) || savedBetween(current, alone, reader) > 0);
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

/** Planner units over all calls; 0 where the two are as good as equal. */
function savedBetween(before: Costs, after: Costs, reader: AnalyzedStatement): number {
  const from = before.get(reader)?.perCall ?? 0;
  const to = after.get(reader)?.perCall ?? 0;
  return from > to && from < to * NEAR_BEST ? 0 : reader.statement.calls * (from - to);
}

function has({ keys }: Pick<Round, 'keys'>, index: IndexSpec): boolean {
  return keys.has(indexSpecKey(index));
}
