import type { Index } from '../../model/catalog.js';
import type { IndexSize, IndexSpec } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { UnplannableStatement } from './workload-costs.js';

/** The set of indexes that serves a workload best, with what each is worth. Costs are planner units. */
export interface IndexSelection {
  /** In order of benefit. */
  readonly chosen: readonly ChosenIndex[];
  /** Over all calls. */
  readonly workloadCostBefore: number;
  readonly workloadCostAfter: number;
  readonly writeCost: number;
  readonly sizeBytes: number;
  /** Of every statement that could be planned. */
  readonly statements: readonly StatementOutcome[];
  /** Statements that could not be planned. */
  readonly unplannable: readonly UnplannableStatement[];
  /** How many different candidates were costed. */
  readonly candidates: number;
}

export interface ChosenIndex extends IndexSize {
  readonly spec: IndexSpec;
  /** Planner units that the workload's writes pay for it. */
  readonly writeCost: number;
  /** Planner units that the workload loses without it, the rest of the set being there. */
  readonly gain: number;
  /** Statements whose plans use it under the whole set, most gain first. */
  readonly statements: readonly StatementGain[];
  /** Existing indexes that it makes needless. */
  readonly replaces: readonly Index[];
  /** The best of the others for its first statement. */
  readonly refused: readonly RefusedIndex[];
}

/** An index that was weighed for a statement and not chosen. */
export interface RefusedIndex {
  readonly spec: IndexSpec;
  /** Planner units of a call of the statement that gains most by the chosen index, with this one in its place. */
  readonly costAfter: number;
  readonly sizeBytes: number;
  readonly reason: string;
}

/** What the set does for one statement; planner units of one call. */
export interface StatementOutcome {
  readonly statement: AnalyzedStatement;
  readonly costBefore: number;
  readonly costAfter: number;
  /** Existing indexes that its plans use without the set, schema-qualified. */
  readonly servedBy: readonly string[];
  /** Of the set, those that its plans would use. */
  readonly indexes: readonly IndexSpec[];
  /** Why none of the set serves it; null where one does. */
  readonly reason: string | null;
}

export interface StatementGain {
  readonly statement: AnalyzedStatement;
  /** Planner units of one call, without any of the set and with all of it. */
  readonly costBefore: number;
  readonly costAfter: number;
  /** The same of the sampled values that cost most. */
  readonly worstBefore: number;
  readonly worstAfter: number;
}
