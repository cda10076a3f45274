import { advise } from '../../src/advise/run.js';
import { silentProgress } from '../../src/model/progress.js';
import { type IndexSet, ownSet } from './index-sets.js';

/** Our advice at a budget, and what it took. */
export interface OwnAdvice {
  readonly set: IndexSet;
  /** Statements that must run before its indexes can be built. */
  readonly extensions: readonly string[];
  /** As the advice itself estimates it. */
  readonly sizeBytesEstimated: number;
  readonly seconds: number;
}

/** Asks for advice on the very database that the sets are measured on. */
export async function adviseLive(
  url: string,
  request: { readonly queries: string; readonly budget: number; readonly tableBytes: number },
): Promise<OwnAdvice> {
  const from = performance.now();
  const { indexSet, workload } = await advise({
    url,
    workload: [`sql:${request.queries}`],
    planner: 'twin',
    statementTimeoutMs: 5_000,
    indexBytesMax: (request.tableBytes * request.budget) / 100,
    indexColumnsMax: 4,
    rules: ['missing-index'],
    ignore: [],
    version: 'benchmark',
    progress: silentProgress,
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  for (const { reason, count } of workload.skipped) console.log(`advice skipped ${count} statements: ${reason}`);
  const isExtension = (statement: string) => statement.startsWith('CREATE EXTENSION');
  return {
    set: ownSet(
      request.budget,
      indexSet.create.filter((statement) => !isExtension(statement)),
    ),
    extensions: indexSet.create.filter(isExtension),
    sizeBytesEstimated: indexSet.sizeBytes,
    seconds: (performance.now() - from) / 1000,
  };
}
