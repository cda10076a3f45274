import { StewardError } from '../errors.js';
import type { Planner } from '../model/planner.js';
import type { Progress } from '../model/progress.js';
import type { Snapshot } from '../model/snapshot.js';
import { openHypopg } from '../planner/hypopg.js';
import { openTarget } from '../planner/target.js';
import { buildTwin, type TwinOptions } from '../planner/twin/build.js';

export type PlannerKind = 'twin' | 'hypopg' | 'target';

export interface PlannerContext {
  readonly snapshot: Snapshot;
  /** Null where there is but a snapshot. */
  readonly url: string | null;
  /** Longest planning of one statement. */
  readonly statementTimeoutMs: number;
  readonly progress: Progress;
  /** A private server for the twin, which is left running; one of the twin's own where not given. */
  readonly twinServer?: TwinOptions['server'];
}

/** Opens what plans the statements: a twin of the database, HypoPG on it, or the database as it is. */
export function openPlanner(kind: PlannerKind, context: PlannerContext): Promise<Planner> {
  const { snapshot, statementTimeoutMs, progress, twinServer: server } = context;
  switch (kind) {
    case 'twin':
      return buildTwin(snapshot, { progress, statementTimeoutMs, ...(server === undefined ? {} : { server }) });
    case 'hypopg':
      return openHypopg(urlFor(kind, context), statementTimeoutMs);
    case 'target':
      return openTarget(urlFor(kind, context), statementTimeoutMs);
  }
}

function urlFor(kind: PlannerKind, { url }: PlannerContext): string {
  if (url !== null) return url;
  throw new StewardError('usage', `--planner ${kind} plans on the database, and a snapshot is none`, {
    hint: 'leave --planner out: a snapshot is planned on a twin',
  });
}
