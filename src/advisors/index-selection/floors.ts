import { distinctSpecs, type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { Move } from './moves.js';
import { type Peeling, peel } from './peel.js';
import type { Costs } from './statement-cost.js';
import type { WorkloadCosts } from './workload-costs.js';

/** What is left of the candidates when they bring less than this share of what all bring is looked at no further. */
const GAIN_SHARE_MIN = 0.1;
/** With so many layers off, a statement's candidates are much alike. */
const LAYERS_MAX = 6;

/** Gives how far each index, or a worse one, could bring each statement's cost down, by having plans pick layer by layer. */
export async function learnFloors(costs: WorkloadCosts, moves: readonly Move[], least: Costs): Promise<Floors> {
  const indexes = distinctSpecs(moves.flatMap((move) => move.indexes));
  const offered = new Map<AnalyzedStatement, IndexSpec[]>(costs.statements.map((statement) => [statement, []]));
  for (const index of indexes) for (const reader of costs.readersOf(index)) offered.get(reader)?.push(index);
  const peelings = [...offered].map(
    ([statement, specs]) => new StatementFloors(statement, specs, { base: costs.base, least }),
  );
  await peel(costs, peelings);
  return new Floors(peelings);
}

/** Bounds of what moves bring. */
export class Floors {
  private readonly ofStatement: ReadonlyMap<AnalyzedStatement, StatementFloors>;

  constructor(all: readonly StatementFloors[]) {
    this.ofStatement = new Map(all.map((each) => [each.statement, each]));
  }

  /** Gives the planner units that all calls save by a move at most. */
  savedMost(statement: AnalyzedStatement, { indexes }: Move): number {
    return (
      statement.statement.calls * (this.ofStatement.get(statement)?.savedMost(indexes) ?? Number.POSITIVE_INFINITY)
    );
  }
}

class StatementFloors implements Peeling {
  readonly statement: AnalyzedStatement;
  readonly there: readonly IndexSpec[] = [];
  readonly offered: readonly IndexSpec[];
  private readonly base: number;
  private readonly gainMin: number;
  /** Planner units of a call, by the keys of indexes that have been picked. */
  private readonly floors = new Map<string, number>();
  private lowest = 0;
  private layers = 0;

  constructor(
    statement: AnalyzedStatement,
    offered: readonly IndexSpec[],
    { base, least }: { readonly base: Costs; readonly least: Costs },
  ) {
    this.statement = statement;
    this.offered = offered;
    this.base = base.get(statement)?.perCall ?? 0;
    this.gainMin = (this.base - (least.get(statement)?.perCall ?? 0)) * GAIN_SHARE_MIN;
  }

  look({ picked, planned }: { readonly picked: readonly IndexSpec[]; readonly planned: number }): boolean {
    this.layers += 1;
    // A later layer that seems cheaper is the planner's own roundness.
    this.lowest = Math.max(this.lowest, planned);
    for (const index of picked) this.floors.set(indexSpecKey(index), this.lowest);
    return this.layers < LAYERS_MAX && this.base - planned > this.gainMin;
  }

  /** A move costs no less than the layer of the first of its indexes. */
  savedMost(indexes: readonly IndexSpec[]): number {
    const floors = indexes.map((index) => this.floors.get(indexSpecKey(index)) ?? this.lowest);
    return Math.max(0, this.base - Math.min(...floors));
  }
}
