import { distinctSpecs, type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { isHalved } from './halved.js';
import { extended, without } from './indexes-by-table.js';
import type { Move } from './moves.js';
import { type Layer, type Peeling, peel } from './peel.js';
import { planAhead } from './plan-ahead.js';
import { sizeOf } from './size.js';
import type { Costs } from './statement-cost.js';
import { type Question, totalCost, type WorkloadCosts } from './workload-costs.js';

/** More or larger indexes must add this share to what the workload gains. */
const GAIN_SHARE_MIN = 0.03;
/** A set may lose this share of it when it is half the size or less. */
const LOSS_SHARE_MAX = 0.005;
const SMALLER_FACTOR = 2;

/** With more statements on one index, one for each is no longer the smaller choice. */
const USERS_MAX = 4;

/**
 * Tries, in the place of each index that serves several statements, what is best for each of them: a greedy choice
 * takes first what serves many a little, where a small index for each serves them better.
 */
export async function exchangeIndexes(
  costs: WorkloadCosts,
  moves: readonly Move[],
  set: readonly IndexSpec[],
  planner: Planner,
): Promise<readonly IndexSpec[]> {
  let current: CostedSet = { set, under: await costs.under(set, costs.statements) };
  await rehearse(costs, set, { moves, planner });
  for (const index of set) {
    const users = await usersOf(costs, current.set, index);
    if (!isShared(users)) continue;
    let exchanged = without(current.set, index);
    for (const user of users) {
      const [best] = await bestMovesFor(costs, [{ user, index, set: exchanged }], { moves, planner });
      exchanged = extended(exchanged, lacking(best?.indexes ?? [], exchanged));
    }
    const { statements } = questionOf(costs, { index, set: current.set, exchanged });
    const under = new Map([...current.under, ...(await costs.under(exchanged, statements))]);
    if (await isBetter(costs, [current, { set: exchanged, under }], planner)) current = { set: exchanged, under };
  }
  return current.set;
}

/** A set, and what each statement of the workload costs under it. */
interface CostedSet {
  readonly set: readonly IndexSpec[];
  readonly under: Costs;
}

/** Does for all shared indexes what is asked as long as none has been exchanged: those on different tables together. */
async function rehearse(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  context: { readonly moves: readonly Move[]; readonly planner: Planner },
): Promise<void> {
  const trials: { index: IndexSpec; users: readonly AnalyzedStatement[]; exchanged: readonly IndexSpec[] }[] = [];
  for (const index of set) {
    const users = await usersOf(costs, set, index);
    if (isShared(users)) trials.push({ index, users, exchanged: without(set, index) });
  }
  for (let turn = 0; turn < USERS_MAX; turn += 1) {
    const open = trials.flatMap((trial) => {
      const user = trial.users[turn];
      return user === undefined ? [] : [{ trial, user }];
    });
    const needs = open.map(({ trial: { index, exchanged }, user }) => ({ user, index, set: exchanged }));
    const best = await bestMovesFor(costs, needs, context);
    for (const [place, { trial }] of open.entries())
      trial.exchanged = extended(trial.exchanged, lacking(best[place]?.indexes ?? [], trial.exchanged));
  }
  await planAhead(
    costs,
    trials.map(({ index, exchanged }) => questionOf(costs, { index, set, exchanged })),
  );
}

function questionOf(
  costs: WorkloadCosts,
  { index, set, exchanged }: { index: IndexSpec; set: readonly IndexSpec[]; exchanged: readonly IndexSpec[] },
): Question {
  const changed = [index, ...lacking(exchanged, set)];
  return { indexes: exchanged, statements: [...new Set(changed.flatMap((each) => costs.readersOf(each)))] };
}

function isShared(users: readonly AnalyzedStatement[]): boolean {
  return users.length >= 2 && users.length <= USERS_MAX;
}

async function usersOf(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  index: IndexSpec,
): Promise<readonly AnalyzedStatement[]> {
  const under = await costs.under(set, costs.readersOf(index));
  return [...under].flatMap(([statement, cost]) => (cost.used.has(indexSpecKey(index)) ? [statement] : []));
}

interface Need {
  readonly user: AnalyzedStatement;
  readonly index: IndexSpec;
  readonly set: readonly IndexSpec[];
}

/** Of each, the move on the index's table, without the index, under which the statement costs least; the smaller of equals. */
async function bestMovesFor(
  costs: WorkloadCosts,
  needs: readonly Need[],
  { moves, planner }: { readonly moves: readonly Move[]; readonly planner: Planner },
): Promise<readonly (Move | null)[]> {
  const searches = needs.map(
    (need) => new Search(costs, need, { planner, moves: moves.filter((move) => isElsewise(move, need.index)) }),
  );
  await peel(costs, searches);
  return searches.map(({ best }) => best);
}

/** Looks for the best move among those that a statement's plans pick from first. */
class Search implements Peeling {
  readonly statement: AnalyzedStatement;
  readonly there: readonly IndexSpec[];
  readonly offered: readonly IndexSpec[];
  private readonly costs: WorkloadCosts;
  private readonly planner: Planner;
  private open: readonly Move[];
  private found: Weighed | null = null;

  constructor(
    costs: WorkloadCosts,
    { user, set }: Need,
    from: { readonly planner: Planner; readonly moves: readonly Move[] },
  ) {
    this.costs = costs;
    this.planner = from.planner;
    this.statement = user;
    this.there = set;
    this.open = from.moves;
    this.offered = distinctSpecs(
      lacking(
        from.moves.flatMap(({ indexes }) => indexes),
        set,
      ),
    );
  }

  get best(): Move | null {
    return this.found?.move ?? null;
  }

  async look({ picked, planned }: Layer): Promise<boolean> {
    if (this.found !== null && planned > this.found.cost) return false;
    const known = new Set([...picked, ...this.there].map(indexSpecKey));
    const picks = new Set(picked.map(indexSpecKey));
    const isTouched = ({ indexes }: Move) =>
      indexes.some((index) => picks.has(indexSpecKey(index))) ||
      indexes.every((index) => known.has(indexSpecKey(index)));
    const touched = this.open.filter(isTouched);
    this.open = this.open.filter((move) => !isTouched(move));
    for (const move of touched) await this.weigh(move);
    return true;
  }

  private async weigh(move: Move): Promise<void> {
    const indexes = extended(this.there, lacking(move.indexes, this.there));
    const under = await this.costs.under(indexes, [this.statement]);
    const cost = under.get(this.statement)?.perCall ?? Number.POSITIVE_INFINITY;
    const sizeBytes = await sizeOf(move.indexes, this.planner);
    const weighed = { move, cost, sizeBytes, name: move.indexes.map(indexSpecKey).join() };
    if (this.found === null || isBefore(weighed, this.found)) this.found = weighed;
  }
}

interface Weighed {
  readonly move: Move;
  readonly cost: number;
  readonly sizeBytes: number;
  /** Breaks ties. */
  readonly name: string;
}

function isBefore(one: Weighed, other: Weighed): boolean {
  return (one.cost - other.cost || one.sizeBytes - other.sizeBytes || (one.name < other.name ? -1 : 1)) < 0;
}

/** True for a move on the index's table that does without it. */
function isElsewise(move: Move, index: IndexSpec): boolean {
  const key = indexSpecKey(index);
  const { schema, name } = index.table;
  return move.indexes.every(
    (other) => other.table.schema === schema && other.table.name === name && indexSpecKey(other) !== key,
  );
}

async function isBetter(
  costs: WorkloadCosts,
  [current, exchanged]: readonly [CostedSet, CostedSet],
  planner: Planner,
): Promise<boolean> {
  const [was, is, none] = [costOf(costs, current), costOf(costs, exchanged), totalCost(costs.statements, costs.base)];
  if (is < was - (none - was) * GAIN_SHARE_MIN) return true;
  const gone = await sizeOf(lacking(current.set, exchanged.set), planner);
  const isSmaller = (await sizeOf(lacking(exchanged.set, current.set), planner)) * SMALLER_FACTOR <= gone;
  return isSmaller && is <= was + (none - was) * LOSS_SHARE_MAX && !isHarmful(current, exchanged);
}

/** True where a statement costs twice as much by the exchange: what little the workload loses may be all of one statement's. */
function isHarmful(current: CostedSet, exchanged: CostedSet): boolean {
  return [...exchanged.under].some(([statement, { perCall }]) =>
    isHalved(perCall, current.under.get(statement)?.perCall ?? perCall),
  );
}

/** What the workload costs with a set, its upkeep included. */
function costOf(costs: WorkloadCosts, { set, under }: CostedSet): number {
  return set.reduce((sum, index) => sum + costs.writeCost(index), totalCost(costs.statements, under));
}

/** Gives those of a set that another one has not. */
function lacking(set: readonly IndexSpec[], other: readonly IndexSpec[]): readonly IndexSpec[] {
  const keys = new Set(other.map(indexSpecKey));
  return set.filter((index) => !keys.has(indexSpecKey(index)));
}
