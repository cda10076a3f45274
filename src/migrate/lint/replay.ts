import type { Progress } from '../../model/progress.js';
import type { Session } from '../../postgres/session.js';
import { readRelations } from './catalog-state.js';
import type { LintFile } from './lint-file.js';
import type { LintRelation, Observed, ReplayedFile } from './observation.js';
import { runAgain } from './run-again.js';
import { runFile } from './run-file.js';
import { Seeder } from './seed/seeder.js';
import type { ReplaySessions } from './sessions.js';
import { compareTimeZones, SAME_IN_EACH_ZONE } from './time-zones.js';

export interface Replay {
  readonly files: readonly ReplayedFile[];
  /** Tables that got no rows, and why. */
  readonly unseeded: ReadonlyMap<string, string>;
}

export interface ReplayOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Runs each file a second time, and where a time zone may have a say under two of them, and takes that back. */
  readonly twice: boolean;
}

/** Runs every file in order, each on the tables that those before it made, filled with rows that these allow. */
export async function replay(
  sessions: ReplaySessions,
  files: readonly LintFile[],
  options: ReplayOptions,
): Promise<Replay> {
  const { main } = sessions;
  const seeder = new Seeder(main);
  const knowledge = { failedTexts: [] as string[], unavailable: [] as string[] };
  const step = options.progress.step('replaying migrations', files.length);
  const replayed: ReplayedFile[] = [];
  for (const file of files) {
    options.signal.throwIfAborted();
    step.update(replayed.length, file.path);
    const startedAt = performance.now();
    await seeder.seed(replayed.at(-1)?.file ?? null);
    const relations = await readRelations(main);
    const zoned = options.twice ? await compareTimeZones(main, file, relations) : SAME_IN_EACH_ZONE;
    const observed = await runFile(sessions, { file, relations, knowledge });
    const whole = options.twice && observed.length > 0 && observed.every(({ outcome }) => outcome === 'done');
    const again = whole ? await runAgain(main, file, observed) : null;
    await main.script('RESET ALL; RESET SESSION AUTHORIZATION');
    if (observed.some(({ dataError }) => dataError !== null)) seeder.forget();
    const stillNamed = await namesAfter(main, observed);
    replayed.push({ file, observed, again, zoned, stillNamed, durationMs: performance.now() - startedAt });
  }
  step.end();
  return { files: replayed, unseeded: seeder.unseeded };
}

/** What bears a name that the file took from another relation, and which of that one's columns it does not have. */
async function namesAfter(
  main: Session,
  observed: readonly Observed[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const gone = observed.flatMap(({ effects }) => [
    ...effects.dropped,
    ...effects.renamed.map(({ relation }) => relation),
  ]);
  if (gone.length === 0) return new Map();
  const nameOf = ({ schema, name }: LintRelation) => `${schema}.${name}`;
  const after = new Map([...(await readRelations(main)).values()].map((relation) => [nameOf(relation), relation]));
  return new Map(
    gone.flatMap((relation): [string, readonly string[]][] => {
      const now = after.get(nameOf(relation));
      return now === undefined ? [] : [[nameOf(relation), columnsLost(relation, now)]];
    }),
  );
}

function columnsLost(was: LintRelation, now: LintRelation): readonly string[] {
  const names = new Set([...now.columns.values()].map(({ name }) => name));
  return [...was.columns.values()].map(({ name }) => name).filter((name) => !names.has(name));
}
