import type { AnalyzedStatement } from '../advisors/advisor.js';
import type { Planner } from '../model/planner.js';
import type { Progress } from '../model/progress.js';
import type { Snapshot } from '../model/snapshot.js';
import type { SkippedStatements, Workload } from '../model/workload.js';
import { bindStatements } from './bind-statements.js';
import { groupSkipped } from './skipped-statements.js';

export interface AnalyzedWorkload {
  readonly statements: readonly AnalyzedStatement[];
  /** The source's own and those that cannot be prepared. */
  readonly skipped: readonly SkippedStatements[];
}

/** Makes a workload's statements plannable and reads what they ask of their tables, heaviest first. */
export async function analyzeWorkload(
  read: { readonly snapshot: Snapshot; readonly workload: Workload; readonly planner: Planner },
  progress: Progress,
): Promise<AnalyzedWorkload> {
  const { workload, planner, snapshot } = read;
  const step = progress.step(`reading ${workload.statements.length} statements`);
  const heaviestFirst = [...workload.statements].sort(
    (a, b) => (b.totalTimeMs ?? b.calls) - (a.totalTimeMs ?? a.calls),
  );
  const bound = await bindStatements(heaviestFirst, {
    planner,
    catalog: snapshot.catalog,
    statistics: snapshot.statistics,
  });
  step.end(`${bound.statements.length} can be planned`);
  return { statements: bound.statements, skipped: [...workload.skipped, ...groupSkipped(bound.skipped)] };
}
