import type { BenchFailure, BenchSkipped } from '../model/bench.js';
import type { Progress } from '../model/progress.js';
import { openSession } from '../postgres/session.js';
import { type ExactSignals, readExactSignals } from './exact-signals.js';
import type { BenchScenarioQuery } from './scenario.js';

/** The exact signals of a scenario by the queries' index, and what cannot be measured. */
export interface ExactScenario {
  readonly signals: ReadonlyMap<number, ExactSignals>;
  readonly failures: readonly BenchFailure[];
  readonly skipped: readonly BenchSkipped[];
}

export interface ExactScenarioOptions {
  readonly clones: { readonly beforeUrl: string; readonly afterUrl: string };
  readonly queries: readonly BenchScenarioQuery[];
  readonly budgetMs: number;
  readonly statementTimeoutMs: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** Reads the exact signals of all queries, one after another, each within its part of the budget. */
export async function readExactScenario(options: ExactScenarioOptions): Promise<ExactScenario> {
  const { clones, queries, signal } = options;
  const before = await openSession(clones.beforeUrl, { applicationName: 'pgsteward bench' });
  const after = await openSession(clones.afterUrl, { applicationName: 'pgsteward bench' });
  const close = async () => {
    await Promise.all([before.close(), after.close()]);
  };
  // Closing is what ends a statement under way.
  const stop = () => void close();
  signal?.addEventListener('abort', stop, { once: true });
  const step = options.progress.step('reading plans and buffers', queries.length);
  const limits = { shareMs: options.budgetMs / queries.length, statementTimeoutMs: options.statementTimeoutMs };
  const signals = new Map<number, ExactSignals>();
  const failures: BenchFailure[] = [];
  const skipped: BenchSkipped[] = [];
  try {
    for (const [index, query] of queries.entries()) {
      signal?.throwIfAborted();
      const outcome = await readExactSignals({ before, after }, query, limits);
      const { name, fingerprint } = query;
      if (outcome.kind === 'measured') signals.set(index, outcome.signals);
      else if (outcome.kind === 'broken') failures.push({ name, fingerprint, message: outcome.message });
      else skipped.push({ name, reason: outcome.reason });
      step.update(index + 1, name);
    }
    return { signals, failures, skipped };
  } finally {
    step.end();
    signal?.removeEventListener('abort', stop);
    await close();
  }
}
