import { StewardError } from '../errors.js';
import type { PlanNode } from '../model/plan.js';
import type { IndexSize, IndexSpec, Planner } from '../model/planner.js';
import { cachedPlanner } from './cached-planner.js';
import type { PlanBackend, PlanOptions } from './plan-backend.js';
import { PlanningSession } from './planning-session.js';
import { Turns } from './turns.js';

/** Opens a planner that asks the target itself, read-only and as it is: it knows no hypothetical index. */
export async function openTarget(url: string, statementTimeoutMs = STATEMENT_TIMEOUT_MS): Promise<Planner> {
  return cachedPlanner([new TargetBackend(await PlanningSession.open(url, statementTimeoutMs))], async () => undefined);
}

/** Longest planning of one statement where nothing else is asked for. */
const STATEMENT_TIMEOUT_MS = 5000;

const NO_INDEXES =
  'the target is planned with the indexes that it has; hypothetical ones need --planner twin or hypopg';

class TargetBackend implements PlanBackend {
  private readonly target: PlanningSession;
  private readonly turns = new Turns();

  constructor(target: PlanningSession) {
    this.target = target;
  }

  describe(): string {
    return `target ${this.target.version}`;
  }

  async prepare(indexes: readonly IndexSpec[]): Promise<readonly Error[]> {
    return indexes.map(() => new Error(NO_INDEXES));
  }

  plans(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    options: PlanOptions,
  ): Promise<readonly (PlanNode | Error)[]> {
    return this.turns.take(async () => {
      if (indexes.length > 0) return statements.map(() => new Error(NO_INDEXES));
      return this.target.plans(statements, options);
    });
  }

  planText(statement: string, indexes: readonly IndexSpec[]): Promise<string> {
    return this.turns.take(async () => {
      if (indexes.length > 0) throw new StewardError('usage', NO_INDEXES);
      return this.target.planText(statement);
    });
  }

  parameterTypes(statement: string): Promise<readonly string[]> {
    return this.turns.take(() => this.target.parameterTypes(statement));
  }

  size(): Promise<IndexSize> {
    return Promise.reject(new StewardError('usage', NO_INDEXES));
  }

  hypotheticalKey(): null {
    return null;
  }

  refusal(): null {
    return null;
  }

  close(): Promise<void> {
    return this.turns.take(() => this.target.close());
  }
}
