import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { Progress } from '../../model/progress.js';
import type { AnalyzedStatement } from '../advisor.js';
import { type Floors, learnFloors } from './floors.js';
import { isHalved } from './halved.js';
import { extended } from './indexes-by-table.js';
import { leastGain } from './least-gain.js';
import type { Move } from './moves.js';
import { planAhead } from './plan-ahead.js';
import { sizeOf } from './size.js';
import { isBefore, type Standing, standingOf } from './standing.js';
import { type Costs, type StatementCost, savedBetween } from './statement-cost.js';
import type { Question, WorkloadCosts } from './workload-costs.js';

export interface GrowthOptions {
  readonly indexBytesMax: number | null;
  readonly planner: Planner;
  readonly progress: Progress;
}

/** Without a budget size only breaks near-ties: an index twice as large must gain 2 % more. */
const SIZE_WEIGHT_FREE = 0.03;
/** Under a budget each byte counts in full, in part, or hardly; the best of the three sets is kept. */
const SIZE_WEIGHTS_BUDGETED = [1, 0.6, 0.3, SIZE_WEIGHT_FREE];

/** An index that adds less than this share to what each of its statements has gained, and halves none, is more of the same. */
const MARGINAL_SHARE_MIN = 0.03;

/** Grows a set greedily by net gain per size, gains computed anew only where they could still win. */
export async function growSet(
  costs: WorkloadCosts,
  moves: readonly Move[],
  options: GrowthOptions,
): Promise<readonly IndexSpec[]> {
  const weights = options.indexBytesMax === null ? [SIZE_WEIGHT_FREE] : SIZE_WEIGHTS_BUDGETED;
  const step = options.progress.step('choosing the index set');
  const least = await leastCosts(costs, moves);
  const floors = await learnFloors(costs, moves, least);
  let best: { set: readonly IndexSpec[]; gain: number } = { set: [], gain: 0 };
  for (const weight of weights) {
    const grown = await growWith(costs, moves, {
      ...options,
      ...{ least, floors },
      weight,
      onRound: (chosen) => step.update(chosen, 'chosen'),
    });
    if (grown.gain > best.gain) best = grown;
  }
  step.end(`${best.set.length} chosen`);
  return best.set;
}

/** With every index there is, the planner's estimate of each statement is the least that it can cost. */
async function leastCosts(costs: WorkloadCosts, moves: readonly Move[]): Promise<Costs> {
  const all = moves.flatMap((move) => move.indexes);
  const under = await costs.under(all, costs.statements);
  return new Map([...under].map(([statement, cost]) => [statement, { ...cost, perCall: cost.planned }]));
}

interface RoundOptions extends GrowthOptions {
  readonly weight: number;
  readonly least: Costs;
  readonly floors: Floors;
  onRound(chosen: number): void;
}

async function growWith(
  costs: WorkloadCosts,
  moves: readonly Move[],
  options: RoundOptions,
): Promise<{ set: readonly IndexSpec[]; gain: number }> {
  const standings: Standing[] = [];
  for (const move of moves) standings.push(await standingOf(move, costs, options));
  const round: Round = {
    ...{ standings, set: [], keys: new Set(), current: new Map(costs.base), least: options.least },
    base: costs.base,
    floors: options.floors,
    room: options.indexBytesMax ?? Number.POSITIVE_INFINITY,
    marginalShareMin: options.indexBytesMax === null ? MARGINAL_SHARE_MIN : 0,
    floor: leastGain(costs),
  };
  let total = 0;
  for (const standing of standings) lowerGain(standing, round);
  for (;;) {
    const next = await bestMove(costs, round);
    if (next === null || next.gain <= round.floor) return { set: round.set, gain: total };
    total += next.gain;
    await take(costs, next, { round, planner: options.planner });
    options.onRound(round.set.length);
  }
}

/** What another move brings changes only where one of its readers costs something else by the one that is taken. */
async function take(
  costs: WorkloadCosts,
  { move, readers }: Standing,
  { round, planner }: { readonly round: Round; readonly planner: Planner },
): Promise<void> {
  const added = addedBy(move, round);
  round.room -= await sizeOf(added, planner);
  round.set = extended(round.set, added);
  for (const index of added) round.keys.add(indexSpecKey(index));
  const changed = new Set<AnalyzedStatement>();
  for (const [reader, cost] of await costs.under(round.set, readers)) {
    if (round.current.get(reader)?.perCall !== cost.perCall) changed.add(reader);
    round.current.set(reader, cost);
  }
  for (const standing of round.standings) {
    const concerned = standing.readers.filter((reader) => changed.has(reader));
    // The part of a move that is in the set by now is paid for.
    if (concerned.length === 0 && !standing.move.indexes.some((index) => added.includes(index))) continue;
    for (const reader of concerned) standing.after.delete(reader);
    standing.fresh = false;
    standing.guessed = false;
    lowerGain(standing, round);
  }
}

interface Round {
  readonly standings: readonly Standing[];
  set: readonly IndexSpec[];
  /** Of `set`. */
  readonly keys: Set<string>;
  readonly current: Map<AnalyzedStatement, StatementCost>;
  readonly base: Costs;
  readonly least: Costs;
  readonly floors: Floors;
  room: number;
  readonly marginalShareMin: number;
  /** A gain that is no greater is not worth an index. */
  readonly floor: number;
}

/** Gains rarely grow as the set does, and none is greater than what its statements still have to gain. */
function lowerGain(standing: Standing, round: Round): void {
  standing.gain = Math.min(standing.gain, boundOf(standing, round));
}

/** The best by these bounds is computed anew until the best is fresh. */
async function bestMove(costs: WorkloadCosts, round: Round): Promise<Standing | null> {
  const open = round.standings.filter(
    ({ sizeBytes, gain, move }) =>
      gain > 0 && sizeBytes <= round.room && move.indexes.some((index) => !has(round, index)),
  );
  for (;;) {
    let best = open[0];
    for (const standing of open) if (best !== undefined && isBefore(standing, best)) best = standing;
    if (best === undefined || best.gain <= 0) return null;
    if (best.fresh) return best;
    const next = best;
    const question = await questionOf(costs, round, next);
    await planAhead(costs, [question], () => nextOfTables(round, open, next));
    await note(costs, round, { standing: next, question });
    next.gain = gainOf(costs, round, next);
    next.fresh = true;
  }
}

/** What may be asked next of each other table: the best move there, once. */
function* nextOfTables(round: Round, open: readonly Standing[], best: Standing): Generator<Question> {
  const nextOf = new Map<string, Standing>();
  for (const standing of open) {
    if (standing.fresh || standing.gain <= round.floor) continue;
    const known = nextOf.get(standing.table);
    if (known === undefined || isBefore(standing, known)) nextOf.set(standing.table, standing);
  }
  for (const standing of nextOf.values()) {
    if (standing === best || standing.guessed) continue;
    standing.guessed = true;
    yield {
      indexes: extended(round.set, addedBy(standing.move, round)),
      statements: unknownOf(standing).filter((reader) => isOpen(reader, round)),
    };
  }
}

async function questionOf(costs: WorkloadCosts, round: Round, standing: Standing): Promise<Question> {
  const added = addedBy(standing.move, round);
  const statements = await openTo(costs, round, { added, readers: unknownOf(standing) });
  return { indexes: extended(round.set, added), statements };
}

/** Readers of which it is not known what they cost with the move and the set as it is. */
function unknownOf({ readers, after }: Standing): readonly AnalyzedStatement[] {
  return readers.filter((reader) => !after.has(reader));
}

function boundOf({ readers, move, writeCost, after }: Standing, round: Round): number {
  const paid = move.indexes.some((index) => has(round, index)) ? writeCost : 0;
  const most = (reader: AnalyzedStatement) =>
    after.has(reader)
      ? savedBetween(round.current, after, reader)
      : Math.min(savedBetween(round.current, round.least, reader), round.floors.savedMost(reader, move));
  return sumOf(readers, most) - writeCost + paid;
}

/** Notes what the move's readers cost with it: those to which it brings nothing, what they cost without. */
async function note(
  costs: WorkloadCosts,
  { current }: Round,
  { standing, question }: { readonly standing: Standing; readonly question: Question },
): Promise<void> {
  const under = await costs.under(question.indexes, question.statements);
  for (const reader of unknownOf(standing)) {
    const cost = under.get(reader) ?? current.get(reader);
    if (cost !== undefined) standing.after.set(reader, cost);
  }
}

function gainOf(costs: WorkloadCosts, round: Round, { readers, move, after }: Standing): number {
  const saved = (reader: AnalyzedStatement) => savedBetween(round.current, after, reader);
  const isMore = (reader: AnalyzedStatement) =>
    saved(reader) > round.marginalShareMin * Math.max(0, savedBetween(costs.base, after, reader)) ||
    (isHalved(round.current.get(reader)?.perCall ?? 0, after.get(reader)?.perCall ?? 0) && saved(reader) > 0);
  if (!readers.some(isMore)) return 0;
  return sumOf(readers, saved) - sumOf(addedBy(move, round), (index) => costs.writeCost(index));
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
  const open = readers.filter((reader) => isOpen(reader, { current, least }));
  if (added.length > 1) return open;
  const simple = open.filter(({ analysis: { scans } }) => scans.length === 1 && scans[0]?.disjunctions.length === 0);
  const alone = await costs.under(added, simple);
  return open.filter((reader) => !alone.has(reader) || savedBetween(current, alone, reader) > 0);
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function isOpen(reader: AnalyzedStatement, { current, least }: Pick<Round, 'current' | 'least'>): boolean {
  return savedBetween(current, least, reader) > 0;
}

function addedBy({ indexes }: Move, round: Round): readonly IndexSpec[] {
  return indexes.filter((index) => !has(round, index));
}

function has({ keys }: Pick<Round, 'keys'>, index: IndexSpec): boolean {
  return keys.has(indexSpecKey(index));
}
