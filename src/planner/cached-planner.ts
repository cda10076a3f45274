import type { PlanNode } from '../model/plan.js';
import {
  distinctSpecs,
  type ExistingIndex,
  type IndexSize,
  type IndexSpec,
  type PlanCost,
  type Planner,
  type PlannerCounters,
  type StatementDescription,
} from '../model/planner.js';
import type { RelationName } from '../model/relation-name.js';
import type { Setting } from '../model/server.js';
import type { Snapshot } from '../model/snapshot.js';
import { namedRelations } from '../sql/named-relations.js';
import { BackendPool } from './backend-pool.js';
import { CostCache } from './cost-cache.js';
import type { PlanBackend, PlanOptions } from './plan-backend.js';
import { costOfPlan } from './plan-cost.js';
import { conditionsOf, relationsOf } from './plan-reading.js';
import { notPlannable, Refusal } from './refusal.js';
import { isSame, OfferedIndexes } from './relevant-indexes.js';
import { ScatterCosts } from './scatter-costs.js';

/**
 * Makes a Planner of backends that plan alike: memoised, counted, spread over all of them. Where it is `lenient`, a
 * statement that an index which cannot be made concerns is planned with the others of its indexes, if there are any.
 * With a snapshot of the database it tells apart what its backends take for neighbours.
 */
export function cachedPlanner(
  backends: readonly [PlanBackend, ...PlanBackend[]],
  onClose: () => Promise<void>,
  { lenient = false, snapshot }: { readonly lenient?: boolean; readonly snapshot?: Snapshot } = {},
): Planner {
  const scatter = snapshot === undefined ? null : new ScatterCosts(snapshot);
  return new CachedPlanner(backends, onClose, { lenient, scatter });
}

class CachedPlanner implements Planner {
  private readonly pool: BackendPool;
  private readonly onClose: () => Promise<void>;
  private readonly lenient: boolean;
  private readonly scatter: ScatterCosts | null;
  private readonly cache = new CostCache();
  /** Relations that a statement reads, by its plan without hypothetical indexes; an Error where there is no plan. */
  private readonly footprints = new Map<string, readonly RelationName[] | Error>();
  /** Without hypothetical indexes. */
  private readonly plainPlans = new Map<string, PlanNode>();
  private requests = 0;
  private hits = 0;
  private explains = 0;

  constructor(
    backends: readonly [PlanBackend, ...PlanBackend[]],
    onClose: () => Promise<void>,
    { lenient, scatter }: { readonly lenient: boolean; readonly scatter: ScatterCosts | null },
  ) {
    this.pool = new BackendPool(backends);
    this.onClose = onClose;
    this.lenient = lenient;
    this.scatter = scatter;
  }

  get counters(): PlannerCounters {
    return { requests: this.requests, hits: this.hits, explains: this.explains };
  }

  describe(): string {
    return this.pool.first.describe();
  }

  async costs(statements: readonly string[], indexes: readonly IndexSpec[]): Promise<readonly (PlanCost | Error)[]> {
    this.requests += statements.length;
    const offered = new OfferedIndexes(distinctSpecs(indexes));
    const isMissing = (statement: string) => this.known(statement, offered) === undefined;
    const missing = [...new Set(statements)].filter(isMissing);
    this.hits += statements.length - missing.length;
    await this.learnFootprints(missing.filter((statement) => !this.footprints.has(statement)));
    await this.plan(missing.filter(isMissing), offered);
    return statements.map((statement) => this.known(statement, offered) ?? new Error('the statement was not planned'));
  }

  async costsWithout(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    masked: readonly ExistingIndex[],
  ): Promise<readonly (PlanCost | Error)[]> {
    const costs = await this.costs(statements, indexes);
    const isOnItsTable = (relation: RelationName) => masked.some(({ table }) => isSame(table, relation));
    const plannable = statements.filter((_, place) => !(costs[place] instanceof Error));
    const concerned = plannable.filter((statement) => this.footprintOf(statement).some(isOnItsTable));
    const planned = await this.planWithout([...new Set(concerned)], distinctSpecs(indexes), masked);
    return statements.map(
      (statement, place) => planned.get(statement) ?? costs[place] ?? new Error('no cost is known'),
    );
  }

  async explain(
    statement: string,
    indexes: readonly IndexSpec[],
    settings: readonly Setting[] = [],
  ): Promise<PlanNode> {
    await this.requirePlannable(statement);
    const known = indexes.length + settings.length === 0 ? this.plainPlans.get(statement) : undefined;
    if (known !== undefined) return known;
    this.explains += 1;
    const [plan] = await this.pool.first.plans([statement], distinctSpecs(indexes), { verbose: true, settings });
    if (plan === undefined || plan instanceof Error) throw notPlannable(plan);
    return plan;
  }

  async explainText(statement: string, indexes: readonly IndexSpec[]): Promise<string> {
    await this.requirePlannable(statement);
    this.explains += 1;
    return this.pool.first.planText(statement, distinctSpecs(indexes));
  }

  async describeStatement(statement: string): Promise<StatementDescription> {
    return { parameterTypes: await this.pool.first.parameterTypes(statement) };
  }

  size(index: IndexSpec): Promise<IndexSize> {
    return this.pool.first.size(index);
  }

  async close(): Promise<void> {
    await this.pool.close();
    await this.onClose();
  }

  private async requirePlannable(statement: string): Promise<void> {
    if (!this.footprints.has(statement)) await this.learnFootprints([statement]);
    const footprint = this.footprints.get(statement);
    if (footprint instanceof Error) throw notPlannable(footprint);
  }

  private known(statement: string, offered: OfferedIndexes): PlanCost | Error | undefined {
    const footprint = this.footprints.get(statement);
    if (footprint === undefined || footprint instanceof Error) return footprint;
    return this.cache.get(statement, offered.relevantTo(footprint));
  }

  /** The plan without hypothetical indexes names every relation that the statement reads, and is a cost too. */
  private async learnFootprints(statements: readonly string[]): Promise<void> {
    const plans = await this.planOn(statements, [], { verbose: true });
    for (const [place, statement] of statements.entries()) {
      const plan = plans[place];
      if (plan === undefined || plan instanceof Error) {
        this.footprints.set(statement, plan ?? new Error('the statement was not planned'));
        continue;
      }
      this.plainPlans.set(statement, plan);
      const relations = relationsOf(plan);
      const conditions = conditionsOf(plan);
      // A plan that knows beforehand that there are no rows names nothing.
      const read = relations.length > 0 ? relations : namedRelations(statement);
      const refusal = read.flatMap((relation) => this.pool.first.refusal(relation, conditions) ?? [])[0];
      this.footprints.set(statement, refusal === undefined ? this.withAncestors(relations) : new Refusal(refusal));
      this.cache.set(statement, [], this.costOf(plan, relations, []));
    }
  }

  private withAncestors(relations: readonly RelationName[]): readonly RelationName[] {
    const ancestors = relations.flatMap((relation) => this.pool.first.ancestors?.(relation) ?? []);
    return ancestors.length === 0 ? relations : [...relations, ...ancestors];
  }

  private footprintOf(statement: string): readonly RelationName[] {
    const footprint = this.footprints.get(statement);
    return footprint === undefined || footprint instanceof Error ? [] : footprint;
  }

  private async planWithout(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    masked: readonly ExistingIndex[],
  ): Promise<ReadonlyMap<string, PlanCost | Error>> {
    const { first: backend } = this.pool;
    const refusal = new Error(`${backend.describe()} cannot plan as if an index were not there`);
    if (backend.canMask !== true) return new Map(statements.map((statement) => [statement, refusal]));
    const refusals = await this.pool.prepare(indexes);
    const usable = indexes.filter((index) => !refusals.has(index));
    const plans = await this.planOn(statements, usable, { verbose: false, masked });
    return new Map(
      statements.map((statement, place) => {
        const plan = plans[place] ?? new Error('no plan came back');
        return [statement, plan instanceof Error ? plan : this.costOf(plan, this.footprintOf(statement), usable)];
      }),
    );
  }

  private async plan(statements: readonly string[], offered: OfferedIndexes): Promise<void> {
    const reads = statements.flatMap((statement) => this.footprintOf(statement));
    const wanted = offered.relevantTo(reads);
    const refusals = await this.pool.prepare(wanted);
    const refusalOf = (statement: string) => {
      const relevant = offered.relevantTo(this.footprintOf(statement));
      if (this.lenient && relevant.some((index) => !refusals.has(index))) return undefined;
      return relevant.flatMap((index) => refusals.get(index) ?? [])[0];
    };
    const plannable: string[] = [];
    for (const statement of statements) {
      const refusal = refusalOf(statement);
      if (refusal === undefined) plannable.push(statement);
      else this.cache.set(statement, offered.relevantTo(this.footprintOf(statement)), refusal);
    }
    const usable = wanted.filter((index) => !refusals.has(index));
    const plans = await this.planOn(plannable, usable, { verbose: false, reads });
    for (const [place, statement] of plannable.entries()) {
      const plan = plans[place] ?? new Error('no plan came back');
      const footprint = this.footprintOf(statement);
      const cost = plan instanceof Error ? plan : this.costOf(plan, footprint, usable);
      this.cache.set(statement, offered.relevantTo(footprint), cost);
    }
  }

  private async planOn(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    options: PlanOptions,
  ): Promise<readonly (PlanNode | Error)[]> {
    if (statements.length === 0) return [];
    this.explains += statements.length;
    return this.pool.plans(statements, indexes, options);
  }

  private costOf(plan: PlanNode, footprint: readonly RelationName[], wanted: readonly IndexSpec[]): PlanCost {
    return costOfPlan(plan, { footprint, wanted, backend: this.pool.first, scatter: this.scatter });
  }
}
