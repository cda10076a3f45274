import type { PlanNode } from '../model/plan.js';
import { type IndexSpec, indexSpecKey } from '../model/planner.js';
import type { PlanBackend, PlanOptions } from './plan-backend.js';

/** Statements below which a request is not worth a second backend. */
const STATEMENTS_PER_BACKEND_MIN = 2;

/**
 * Backends that plan alike and work side by side: while others have work a request goes to the one that has least to
 * do, else it is shared among all.
 */
export class BackendPool {
  /** The one that answers what is asked of one alone. */
  readonly first: PlanBackend;
  private readonly backends: readonly PlanBackend[];
  /** Statements that each has been given and not planned yet. */
  private readonly waiting: number[];
  /** Of indexes that are ready, or refused with an Error, by their keys. */
  private readonly refusals = new Map<string, Error | null>();

  constructor(backends: readonly [PlanBackend, ...PlanBackend[]]) {
    [this.first] = backends;
    this.backends = backends;
    this.waiting = backends.map(() => 0);
  }

  /** Makes the indexes ready in all, in one order: plans of equal cost are chosen by it. Gives those that are refused. */
  async prepare(indexes: readonly IndexSpec[]): Promise<ReadonlyMap<IndexSpec, Error>> {
    const fresh = indexes.filter((index) => !this.refusals.has(indexSpecKey(index)));
    if (fresh.length > 0) {
      const [made] = await Promise.all(this.backends.map((backend) => backend.prepare(fresh)));
      for (const [place, index] of fresh.entries()) this.refusals.set(indexSpecKey(index), made?.[place] ?? null);
    }
    return new Map(
      indexes.flatMap((index) => {
        const refusal = this.refusals.get(indexSpecKey(index)) ?? null;
        return refusal === null ? [] : [[index, refusal] as const];
      }),
    );
  }

  /** Plans each statement under the indexes, in the order of the statements. */
  async plans(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    options: PlanOptions,
  ): Promise<readonly (PlanNode | Error)[]> {
    const parts = await Promise.all(
      this.shares(statements).map(async ({ place, part }) => {
        this.note(place, part.length);
        try {
          return await this.backends[place]?.plans(part, indexes, options);
        } finally {
          this.note(place, -part.length);
        }
      }),
    );
    return parts.flatMap((part) => part ?? []);
  }

  async close(): Promise<void> {
    await Promise.all(this.backends.map((backend) => backend.close()));
  }

  private shares(statements: readonly string[]): readonly Share[] {
    if (statements.length === 0) return [];
    const least = Math.min(...this.waiting);
    if (Math.max(...this.waiting) > 0) return [{ place: this.waiting.indexOf(least), part: statements }];
    const size = Math.max(STATEMENTS_PER_BACKEND_MIN, Math.ceil(statements.length / this.backends.length));
    return this.backends
      .map((_, place) => ({ place, part: statements.slice(place * size, (place + 1) * size) }))
      .filter(({ part }) => part.length > 0);
  }

  private note(place: number, statements: number): void {
    this.waiting[place] = (this.waiting[place] ?? 0) + statements;
  }
}

/** What one backend is to plan. */
interface Share {
  readonly place: number;
  readonly part: readonly string[];
}
