import type { IndexKey } from './catalog.js';
import type { PlanNode } from './plan.js';
import type { RelationName } from './relation-name.js';
import type { Setting } from './server.js';
import type { PlannableStatement } from './workload.js';

/** Access methods that are ever proposed: hash never, since a btree does what it does at nearly its speed. */
export type IndexMethod = 'btree' | 'gin' | 'gist' | 'brin';

/** A hypothetical index. Two specs are the same index when `indexSpecKey` agrees. */
export interface IndexSpec {
  readonly table: RelationName;
  readonly method: IndexMethod;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly predicate: string | null;
  readonly unique: boolean;
  /** An extension that the database can install but has not, and whose operator class a key names. */
  readonly extension?: ExtensionToCreate;
}

/** An extension, and the schema that it is to be created in. */
export interface ExtensionToCreate {
  readonly name: string;
  readonly schema: string;
}

/** An index that the database has. */
export interface ExistingIndex extends RelationName {
  readonly table: RelationName;
}

export interface PlanCost {
  /** Planner units of one execution. */
  readonly totalCost: number;
  /**
   * Planner units that are missing in it: rows of a rare value that lie in blocks of their own, where the planner takes
   * them for neighbours.
   */
  readonly scatterCost: number;
  /** Keys of the hypothetical indexes that the plan uses. */
  readonly hypotheticalUsed: readonly string[];
  /** Schema-qualified names of existing indexes that the plan uses. */
  readonly existingUsed: readonly string[];
}

export interface IndexSize {
  readonly sizeBytes: number;
  readonly rowsEstimate: number;
  /** The planner that estimates it, where that is another than plans most. */
  readonly estimatedOn?: string;
}

/** A statement's parameter and result types as the server resolves them. */
export interface StatementDescription {
  /** `regtype` texts in the order of `$n`. */
  readonly parameterTypes: readonly string[];
}

/**
 * Plans statements under hypothetical indexes. Costs are memoised by statement and by the indexes on the tables
 * that the statement reads.
 */
export interface Planner {
  /**
   * `twin 15.18`, `hypopg 1.4.1 on 16.2`, `scratch 18.4`, `target 18.4`: what plans a statement that was costed; where
   * none is given, what plans most.
   */
  describe(statement?: string): string;
  /** Costs each statement text under the given indexes; one result a statement, an Error where it cannot be planned. */
  costs(statements: readonly string[], indexes: readonly IndexSpec[]): Promise<readonly (PlanCost | Error)[]>;
  /** Costs the statements as `costs` does, as if some of the database's own indexes were not there. */
  costsWithout(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    masked: readonly ExistingIndex[],
  ): Promise<readonly (PlanCost | Error)[]>;
  /** The plan under the given indexes, with other settings than the database's where some are given. */
  explain(statement: string, indexes: readonly IndexSpec[], settings?: readonly Setting[]): Promise<PlanNode>;
  /** EXPLAIN's text of the same plan, as psql prints it. */
  explainText(statement: string, indexes: readonly IndexSpec[]): Promise<string>;
  describeStatement(statement: string): Promise<StatementDescription>;
  size(index: IndexSpec): Promise<IndexSize>;
  readonly counters: PlannerCounters;
  /** Why other planners could not be asked for what this one does not judge; only where that was wanted. */
  readonly obstacles?: readonly string[];
  close(): Promise<void>;
}

export interface PlannerCounters {
  readonly requests: number;
  readonly hits: number;
  readonly explains: number;
}

/** Gives what plans the statements, those that were costed: `twin 15.18`, `twin 15.18 and hypopg 1.4.1 on 15.18`. */
export function plannedOnOf(planner: Planner, statements: readonly PlannableStatement[]): string {
  const texts = statements.flatMap(({ bindings }) => bindings.map(({ sql }) => sql));
  const titles = new Set(texts.map((text) => planner.describe(text)));
  return titles.size === 0 ? planner.describe() : [...titles].sort().join(' and ');
}

const specKeys = new WeakMap<IndexSpec, string>();

/** Gives the canonical text of a hypothetical index, equal for equal indexes. */
export function indexSpecKey(spec: IndexSpec): string {
  // Selection asks for the same few hundred specs millions of times.
  const known = specKeys.get(spec);
  if (known !== undefined) return known;
  const key = canonicalText(spec);
  specKeys.set(spec, key);
  return key;
}

/** Gives the indexes, each once. */
export function distinctSpecs(indexes: readonly IndexSpec[]): readonly IndexSpec[] {
  return [...new Map(indexes.map((index) => [indexSpecKey(index), index])).values()];
}

function canonicalText(spec: IndexSpec): string {
  const keys = spec.keys.map((key) =>
    [key.sql, key.collation ?? '', key.opclass ?? '', key.descending ? 'desc' : '', key.nullsFirst ? 'first' : ''].join(
      ' ',
    ),
  );
  return JSON.stringify([
    spec.table.schema,
    spec.table.name,
    spec.method,
    spec.unique,
    keys,
    spec.include,
    spec.predicate,
  ]);
}
