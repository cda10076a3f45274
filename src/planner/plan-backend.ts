import type { RelationName } from '../model/catalog.js';
import type { PlanNode } from '../model/plan.js';
import type { IndexSize, IndexSpec } from '../model/planner.js';

/** One server that plans; what every Planner does beside it is the same. */
export interface PlanBackend {
  describe(): string;
  /** Makes hypothetical indexes ready, and gives for each the reason why plans cannot be made with it, or null. */
  prepare(indexes: readonly IndexSpec[]): Promise<readonly (Error | null)[]>;
  /** Plans each statement under the indexes; VERBOSE, so that every relation bears its schema, where asked. */
  plans(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    options: { readonly verbose: boolean },
  ): Promise<readonly (PlanNode | Error)[]>;
  planText(statement: string, indexes: readonly IndexSpec[]): Promise<string>;
  parameterTypes(statement: string): Promise<readonly string[]>;
  size(index: IndexSpec): Promise<IndexSize>;
  /** Gives the key of the hypothetical index that plans show under this name, or null when it is none. */
  hypotheticalKey(indexName: string): string | null;
  /** Gives why plans that read this relation are not to be trusted, or null. */
  refusal(relation: RelationName): string | null;
  close(): Promise<void>;
}
