import { selectIndexes } from '../advisors/index-selection/select-indexes.js';
import type { AdviceReport } from '../model/advice.js';
import type { Planner } from '../model/planner.js';
import type { Progress } from '../model/progress.js';
import { analyzeWorkload } from './analyze-workload.js';
import { assembleReport } from './assemble-report.js';
import { type Collected, collect } from './collect.js';
import { detect } from './detect.js';
import { openPlanner, type PlannerKind } from './open-planner.js';

export interface AdviseRequest {
  readonly url: string;
  readonly workload: readonly string[];
  readonly planner: PlannerKind;
  readonly statementTimeoutMs: number;
  readonly indexBytesMax: number | null;
  readonly indexColumnsMax: number;
  /** Ids of the rules to run; empty for all. */
  readonly rules: readonly string[];
  /** Keys of findings to leave out. */
  readonly ignore: readonly string[];
  readonly version: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  now(): Date;
}

/** Runs one round of advice: reads, plans, detects, reports. The target is read in read-only transactions alone. */
export async function advise(request: AdviseRequest): Promise<AdviceReport> {
  const startedAt = request.now();
  const { snapshot, workload } = await collect(request);
  request.signal.throwIfAborted();
  const planner = await openPlanner(request.planner, { snapshot, url: request.url, progress: request.progress });
  try {
    const evidence = await gather(request, { snapshot, workload, planner });
    request.signal.throwIfAborted();
    const detected = await detect(evidence, { rules: request.rules, ignore: request.ignore });
    return assembleReport(evidence, detected, { startedAt, finishedAt: request.now(), version: request.version });
  } finally {
    await planner.close();
  }
}

async function gather(request: AdviseRequest, read: Collected & { planner: Planner }) {
  const { statements, skipped } = await analyzeWorkload(read, request.progress);
  const { catalog, statistics } = read.snapshot;
  const selection = await selectIndexes(
    statements,
    { planner: read.planner, catalog, statistics },
    { indexBytesMax: request.indexBytesMax, indexColumnsMax: request.indexColumnsMax, progress: request.progress },
  );
  return { workload: { ...read.workload, skipped }, statements, catalog, statistics, planner: read.planner, selection };
}
