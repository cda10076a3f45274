import { messageOf, StewardError } from '../errors.js';
import type { PlanNode } from '../model/plan.js';
import type {
  ExistingIndex,
  IndexSize,
  IndexSpec,
  PlanCost,
  Planner,
  PlannerCounters,
  StatementDescription,
} from '../model/planner.js';
import type { Setting } from '../model/server.js';
import { asServerError, asStewardError, mayBePlannedElsewhere } from './fallback-errors.js';
import { Refusal } from './refusal.js';

/** A planner that is opened when another one cannot judge a statement. */
export interface Fallback {
  /** A StewardError says why it is not to be had. */
  open(): Promise<Planner>;
  /** Gives why it cannot judge either what the first planner refuses so, or null. */
  refusal(refused: Refusal): string | null;
}

export interface FallbackOptions {
  /** Asked in this order. */
  readonly fallbacks: readonly Fallback[];
  /** Why the first planner is to judge nothing, not even what it plans, or null. */
  readonly refusal: string | null;
}

/**
 * Makes one planner of several: each statement is planned by the first that can plan it as the database is, under
 * whatever indexes. A statement that takes too long on one is not asked of the others.
 */
export function withFallbacks(primary: Planner, options: FallbackOptions): Planner {
  return new FallbackPlanner(primary, options);
}

interface Opened {
  readonly planner: Planner;
  readonly fallback: Fallback;
}

class FallbackPlanner implements Planner {
  private readonly primary: Planner;
  private readonly refusal: Refusal | null;
  private readonly waiting: Fallback[];
  private readonly opened: Opened[] = [];
  private readonly routes = new Map<string, Planner | Error>();
  /** Why planners are not to be had. */
  private readonly missing: string[] = [];
  /** Whether something was refused that no other planner has taken. */
  private leftRefused = false;

  constructor(primary: Planner, { fallbacks, refusal }: FallbackOptions) {
    this.primary = primary;
    this.waiting = [...fallbacks];
    this.refusal = refusal === null ? null : new Refusal(refusal);
  }

  get counters(): PlannerCounters {
    const all = this.planners.map(({ counters }) => counters);
    const sum = (of: (counters: PlannerCounters) => number) => all.reduce((total, each) => total + of(each), 0);
    return {
      requests: sum(({ requests }) => requests),
      hits: sum(({ hits }) => hits),
      explains: sum((c) => c.explains),
    };
  }

  get obstacles(): readonly string[] {
    return this.leftRefused ? this.missing : [];
  }

  describe(statement?: string): string {
    const route = statement === undefined ? undefined : this.routes.get(statement);
    if (route !== undefined && !(route instanceof Error)) return route.describe();
    return (this.refusal === null ? this.primary : (this.opened[0]?.planner ?? this.primary)).describe();
  }

  async costs(statements: readonly string[], indexes: readonly IndexSpec[]): Promise<readonly (PlanCost | Error)[]> {
    return this.spread(statements, (planner, own) => planner.costs(own, indexes));
  }

  async costsWithout(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    masked: readonly ExistingIndex[],
  ): Promise<readonly (PlanCost | Error)[]> {
    return this.spread(statements, (planner, own) => planner.costsWithout(own, indexes, masked));
  }

  /** Asks of each planner what concerns the statements that it plans. */
  private async spread(
    statements: readonly string[],
    ask: (planner: Planner, own: readonly string[]) => Promise<readonly (PlanCost | Error)[]>,
  ): Promise<readonly (PlanCost | Error)[]> {
    await this.find(statements);
    const results = new Map<string, PlanCost | Error>();
    for (const planner of this.planners) {
      const own = [...new Set(statements)].filter((statement) => this.routes.get(statement) === planner);
      if (own.length === 0) continue;
      const costs = await ask(planner, own);
      for (const [place, statement] of own.entries()) results.set(statement, costs[place] ?? new Error(NO_COST));
    }
    return statements.map((statement) => results.get(statement) ?? this.errorOf(statement));
  }

  async explain(
    statement: string,
    indexes: readonly IndexSpec[],
    settings: readonly Setting[] = [],
  ): Promise<PlanNode> {
    return (await this.plannerOf(statement)).explain(statement, indexes, settings);
  }

  async explainText(statement: string, indexes: readonly IndexSpec[]): Promise<string> {
    return (await this.plannerOf(statement)).explainText(statement, indexes);
  }

  async describeStatement(statement: string): Promise<StatementDescription> {
    try {
      return await this.primary.describeStatement(statement);
    } catch (error) {
      for await (const { planner } of this.others()) {
        const described = await planner.describeStatement(statement).catch(asServerError);
        if (!(described instanceof Error)) return described;
      }
      if (error instanceof Refusal) this.leftRefused = true;
      throw error;
    }
  }

  async size(index: IndexSpec): Promise<IndexSize> {
    try {
      if (this.refusal === null || this.opened.length === 0) return await this.primary.size(index);
    } catch (error) {
      if (!(error instanceof StewardError) || this.opened.length === 0) throw error;
    }
    return this.sizeElsewhere(index);
  }

  async close(): Promise<void> {
    await Promise.all(this.planners.map((planner) => planner.close()));
  }

  private async sizeElsewhere(index: IndexSpec): Promise<IndexSize> {
    let refusal: unknown = null;
    for (const { planner } of this.opened) {
      try {
        return { ...(await planner.size(index)), estimatedOn: planner.describe() };
      } catch (error) {
        refusal ??= error;
      }
    }
    throw new StewardError('runtime', messageOf(refusal), { cause: refusal });
  }

  private async plannerOf(statement: string): Promise<Planner> {
    await this.find([statement]);
    const route = this.routes.get(statement);
    // The first planner says best why it does not plan it.
    return route === undefined || route instanceof Error ? this.primary : route;
  }

  private errorOf(statement: string): Error {
    const route = this.routes.get(statement);
    return route instanceof Error ? route : new Error(NO_COST);
  }

  private get planners(): readonly Planner[] {
    return [this.primary, ...this.opened.map(({ planner }) => planner)];
  }

  /** Finds for each statement who plans it. */
  private async find(statements: readonly string[]): Promise<void> {
    const fresh = [...new Set(statements)].filter((statement) => !this.routes.has(statement));
    if (fresh.length === 0) return;
    const refusals = new Map(await this.ask(this.primary, fresh));
    if (this.refusal !== null) for (const statement of fresh) this.refuse(statement, refusals, this.refusal);
    let left = [...refusals.keys()].filter((statement) => mayBePlannedElsewhere(refusals.get(statement)));
    if (left.length === 0) return;
    for await (const other of this.others()) {
      left = await this.askOther(other, left, refusals);
      if (left.length === 0) return;
    }
    if (left.some((statement) => refusals.get(statement) instanceof Refusal)) this.leftRefused = true;
  }

  /** What the first planner plans is refused; its own refusal says more. */
  private refuse(statement: string, refusals: Map<string, Error>, refusal: Refusal): void {
    if (!refusals.has(statement)) refusals.set(statement, refusal);
    this.routes.set(statement, refusals.get(statement) ?? refusal);
  }

  /** Has a planner plan the statements as the database is; gives the errors of those that it does not plan. */
  private async ask(planner: Planner, statements: readonly string[]): Promise<ReadonlyMap<string, Error>> {
    const costs = statements.length === 0 ? [] : await planner.costs(statements, []);
    const errors = new Map<string, Error>();
    for (const [place, statement] of statements.entries()) {
      const cost = costs[place] ?? new Error(NO_COST);
      if (cost instanceof Error) errors.set(statement, cost);
      this.routes.set(statement, cost instanceof Error ? cost : planner);
    }
    return errors;
  }

  /** Has a fallback plan what was refused so far; gives what it does not plan, with its reason added. */
  private async askOther(
    { planner, fallback }: Opened,
    statements: readonly string[],
    refusals: ReadonlyMap<string, Error>,
  ): Promise<string[]> {
    const reasons = new Map<string, string>();
    for (const statement of statements) {
      const refused = refusals.get(statement);
      const reason = refused instanceof Refusal ? fallback.refusal(refused) : null;
      if (reason !== null) reasons.set(statement, reason);
    }
    const asked = statements.filter((statement) => !reasons.has(statement));
    for (const [statement, error] of await this.ask(planner, asked))
      reasons.set(statement, `${planner.describe()}: ${error.message}`);
    for (const [statement, reason] of reasons) {
      const refused = refusals.get(statement) ?? new Error(reason);
      // What the server says of a statement that is wrong is the same everywhere.
      this.routes.set(statement, refused instanceof Refusal ? new Refusal(`${refused.message}; ${reason}`) : refused);
    }
    return [...reasons.keys()];
  }

  /** Gives the other planners, opening each when it is its turn. */
  private async *others(): AsyncGenerator<Opened> {
    yield* this.opened;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      const planner = await next.open().catch(asStewardError);
      if (planner instanceof Error) this.missing.push(planner.message);
      else {
        const opened = { planner, fallback: next };
        this.opened.push(opened);
        yield opened;
      }
    }
  }
}

const NO_COST = 'the statement was not planned';
