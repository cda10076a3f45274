import type { Planner } from '../model/planner.js';
import type { Progress } from '../model/progress.js';
import type { Snapshot } from '../model/snapshot.js';
import { openHypopg } from '../planner/hypopg.js';
import { openTarget } from '../planner/target.js';
import { buildTwin } from '../planner/twin/build.js';

export type PlannerKind = 'twin' | 'hypopg' | 'target';

/** Opens what plans the statements: a twin of the database, HypoPG on it, or the database as it is. */
export function openPlanner(
  kind: PlannerKind,
  context: { readonly snapshot: Snapshot; readonly url: string; readonly progress: Progress },
): Promise<Planner> {
  switch (kind) {
    case 'twin':
      return buildTwin(context.snapshot, { progress: context.progress });
    case 'hypopg':
      return openHypopg(context.url);
    case 'target':
      return openTarget(context.url);
  }
}
