import { StewardError } from '../errors.js';
import type { Planner } from '../model/planner.js';
import type { Progress } from '../model/progress.js';
import type { Snapshot } from '../model/snapshot.js';
import { type Fallback, withFallbacks } from '../planner/fallback-planner.js';
import { openHypopg, RUNS_QUERIES } from '../planner/hypopg.js';
import { rowSecurityRefusal } from '../planner/row-security-refusal.js';
import { openScratchPlanner } from '../planner/scratch.js';
import { openTarget } from '../planner/target.js';
import { buildTwin, type TwinOptions } from '../planner/twin/build.js';
import { openScratch } from '../proof/scratch.js';

export type PlannerKind = 'twin' | 'hypopg' | 'target';

export interface PlannerContext {
  readonly snapshot: Snapshot;
  /** Null where there is but a snapshot. */
  readonly url: string | null;
  /** A copy of the database on which what the twin cannot plan may be planned with real indexes; null for none. */
  readonly scratchUrl?: string | null;
  /** Longest planning of one statement. */
  readonly statementTimeoutMs: number;
  readonly progress: Progress;
  /** A private server for the twin, which is left running; one of the twin's own where not given. */
  readonly twinServer?: TwinOptions['server'];
}

/**
 * Opens what plans the statements: a twin of the database, HypoPG on it, or the database as it is. What the twin
 * cannot judge is planned through HypoPG where the database has it, else with real indexes on the scratch database.
 */
export function openPlanner(kind: PlannerKind, context: PlannerContext): Promise<Planner> {
  const { statementTimeoutMs } = context;
  switch (kind) {
    case 'twin':
      return openTwin(context);
    case 'hypopg':
      return openHypopg(urlFor(kind, context), { statementTimeoutMs, snapshot: context.snapshot });
    case 'target':
      return openTarget(urlFor(kind, context), statementTimeoutMs);
  }
}

async function openTwin(context: PlannerContext): Promise<Planner> {
  const { snapshot, statementTimeoutMs, progress, twinServer: server } = context;
  const twin = await buildTwin(snapshot, { progress, statementTimeoutMs, ...(server === undefined ? {} : { server }) });
  return withFallbacks(twin, { fallbacks: fallbacksOf(context), refusal: foreignMajor(twin, snapshot) });
}

/** The planner of one major is not that of another: 15 planned on 18 was up to 97 % off. */
function foreignMajor(twin: Planner, { catalog: { server } }: Snapshot): string | null {
  const major = /^twin (\d+)/.exec(twin.describe())?.[1];
  if (major === undefined || Number(major) === server.major) return null;
  return `there are no server programs of PostgreSQL ${server.major} for the twin, and those of PostgreSQL ${major} plan otherwise`;
}

function fallbacksOf({ snapshot, url, scratchUrl, statementTimeoutMs }: PlannerContext): readonly Fallback[] {
  const { catalog } = snapshot;
  const hypopg = async () => {
    if (url === null) throw new StewardError('usage', 'a snapshot has no HypoPG');
    if (!catalog.extensions.some(({ name }) => name === 'hypopg'))
      throw new StewardError('database', 'the extension hypopg is not installed in the database');
    return openHypopg(url, { statementTimeoutMs, snapshot, fallback: { refusal: rowSecurityRefusal(catalog) } });
  };
  const scratch = async () => {
    if (scratchUrl == null) throw new StewardError('usage', 'no --scratch-url names a copy of the database');
    const session = await openScratch({ scratchUrl, targetUrl: url, statementTimeoutMs });
    return openScratchPlanner(session, { snapshot, statementTimeoutMs });
  };
  return [
    // Its hooks are switched off at the end of any execution, also of those within planning.
    { open: hypopg, refusal: ({ runsQueries }) => (runsQueries ? RUNS_QUERIES : null) },
    { open: scratch, refusal: () => null },
  ];
}

function urlFor(kind: PlannerKind, { url }: PlannerContext): string {
  if (url !== null) return url;
  throw new StewardError('usage', `--planner ${kind} plans on the database, and a snapshot is none`, {
    hint: 'leave --planner out: a snapshot is planned on a twin',
  });
}
