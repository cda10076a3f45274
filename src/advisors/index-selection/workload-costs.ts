import type { IndexSpec, PlanCost, Planner } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';

/** One statement's cost under some indexes. */
export interface StatementCost {
  /** Planner units of one call: the bindings' costs by their shares. */
  readonly perCall: number;
  /** Keys of the hypothetical indexes that any of its plans uses. */
  readonly used: ReadonlySet<string>;
}

/** A statement that the planner refuses, with its words. */
export interface UnplannableStatement {
  readonly statement: AnalyzedStatement;
  readonly reason: string;
}

/** Costs the statements of a workload; those that cannot be planned are set aside at the start. */
export class WorkloadCosts {
  readonly statements: readonly AnalyzedStatement[];
  readonly unplannable: readonly UnplannableStatement[];
  readonly base: ReadonlyMap<AnalyzedStatement, StatementCost>;
  private readonly planner: Planner;

  private constructor(
    planner: Planner,
    base: ReadonlyMap<AnalyzedStatement, StatementCost>,
    unplannable: readonly UnplannableStatement[],
  ) {
    this.planner = planner;
    this.base = base;
    this.statements = [...base.keys()];
    this.unplannable = unplannable;
  }

  static async open(planner: Planner, statements: readonly AnalyzedStatement[]): Promise<WorkloadCosts> {
    const costs = await costsOf(planner, statements, []);
    const base = new Map<AnalyzedStatement, StatementCost>();
    const unplannable: UnplannableStatement[] = [];
    for (const [statement, cost] of costs) {
      if (cost instanceof Error) unplannable.push({ statement, reason: cost.message });
      else base.set(statement, cost);
    }
    return new WorkloadCosts(planner, base, unplannable);
  }

  /** Costs the given statements under the indexes; a statement that fails under them keeps its base cost. */
  async under(
    indexes: readonly IndexSpec[],
    statements: readonly AnalyzedStatement[],
  ): Promise<ReadonlyMap<AnalyzedStatement, StatementCost>> {
    const costs = await costsOf(this.planner, statements, indexes);
    const result = new Map<AnalyzedStatement, StatementCost>();
    for (const [statement, cost] of costs) {
      const known = cost instanceof Error ? this.base.get(statement) : cost;
      if (known !== undefined) result.set(statement, known);
    }
    return result;
  }

  /** Statements that read the index's table. */
  readersOf(spec: IndexSpec): readonly AnalyzedStatement[] {
    return this.statements.filter(({ analysis }) =>
      analysis.scans.some(({ table }) => table.name === spec.table.name && table.schema === spec.table.schema),
    );
  }
}

async function costsOf(
  planner: Planner,
  statements: readonly AnalyzedStatement[],
  indexes: readonly IndexSpec[],
): Promise<ReadonlyMap<AnalyzedStatement, StatementCost | Error>> {
  const texts = statements.flatMap(({ plannable }) => plannable.bindings.map((binding) => binding.sql));
  const costs = await planner.costs(texts, indexes);
  const result = new Map<AnalyzedStatement, StatementCost | Error>();
  let next = 0;
  for (const statement of statements) {
    const { bindings } = statement.plannable;
    result.set(
      statement,
      combine(
        bindings.map((binding) => binding.share),
        costs.slice(next, next + bindings.length),
      ),
    );
    next += bindings.length;
  }
  return result;
}

/** Weighs the bindings that could be planned; the first error when none could. */
function combine(shares: readonly number[], costs: readonly (PlanCost | Error)[]): StatementCost | Error {
  let weighed = 0;
  let share = 0;
  const used = new Set<string>();
  for (const [position, cost] of costs.entries()) {
    if (cost instanceof Error) continue;
    weighed += cost.totalCost * (shares[position] ?? 0);
    share += shares[position] ?? 0;
    for (const key of cost.hypotheticalUsed) used.add(key);
  }
  if (share === 0)
    return costs.find((cost) => cost instanceof Error) ?? new Error('the statement has no executable form');
  return { perCall: weighed / share, used };
}
