import type { PlanNode } from '../model/plan.js';
import type { ExistingIndex, IndexSize, IndexSpec } from '../model/planner.js';
import type { RelationName } from '../model/relation-name.js';
import type { Setting } from '../model/server.js';

export interface PlanOptions {
  /** Every relation bears its schema. */
  readonly verbose: boolean;
  /** Relations that the statements read, where that is known: indexes on others make no difference. */
  readonly reads?: readonly RelationName[];
  /** Indexes of the database that are to be as if they were not there; only where the backend can do that. */
  readonly masked?: readonly ExistingIndex[];
  /** Settings that hold for these plans alone. */
  readonly settings?: readonly Setting[];
}

/** One server that plans; what every Planner does beside it is the same. */
export interface PlanBackend {
  describe(): string;
  /** Makes hypothetical indexes ready, and gives for each the reason why plans cannot be made with it, or null. */
  prepare(indexes: readonly IndexSpec[]): Promise<readonly (Error | null)[]>;
  /** Plans each statement under the indexes. */
  plans(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    options: PlanOptions,
  ): Promise<readonly (PlanNode | Error)[]>;
  /** Whether it can plan as if an index of the database were not there. */
  readonly canMask?: boolean;
  planText(statement: string, indexes: readonly IndexSpec[]): Promise<string>;
  parameterTypes(statement: string): Promise<readonly string[]>;
  size(index: IndexSpec): Promise<IndexSize>;
  /**
   * Gives the key of the hypothetical index that plans show under this name, or null when it is none. Where a
   * partition's index is a part of several, it is that of the wanted one.
   */
  hypotheticalKey(indexName: string, wanted: readonly IndexSpec[]): string | null;
  /** Gives why a plan that reads this relation under these conditions is not to be trusted, or null. */
  refusal(relation: RelationName, conditions: string): string | null;
  /** Gives the tables that this relation is a partition of: indexes on them matter to plans that read it. */
  ancestors?(relation: RelationName): readonly RelationName[];
  close(): Promise<void>;
}
