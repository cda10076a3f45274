import type { BenchReport } from '../model/bench.js';
import type { Progress } from '../model/progress.js';

export interface WritesOptions {
  readonly clones: { readonly beforeUrl: string; readonly afterUrl: string };
  readonly budgetMs: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** Measures what new indexes cost those who write. */
export async function measureWrites(_options: WritesOptions): Promise<Pick<BenchReport, 'writes'>> {
  return { writes: [] };
}
