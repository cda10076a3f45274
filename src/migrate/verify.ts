import type { AdviceReport, SuppressedFinding } from '../model/advice.js';
import type { Finding } from '../model/finding.js';
import type { Migration, MigrationFolder } from '../model/migration.js';
import type { Progress } from '../model/progress.js';
import { emptyReport } from './empty-report.js';
import { ScratchReplay } from './scratch-replay.js';
import { findingsOf } from './verify/findings.js';
import { readForVerify } from './verify/read-files.js';
import { roundTrips } from './verify/round-trip.js';

export interface VerifyOptions {
  readonly dirs: readonly string[];
  readonly major: number;
  readonly ownSchema: string;
  readonly version: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/**
 * Takes every migration up, down and up again on a private server, and reports where the schema did not come back or did
 * not come again. It needs no database of the user's.
 */
export async function verifyMigrations(options: VerifyOptions): Promise<AdviceReport> {
  const { dirs, major, ownSchema, signal, progress, now } = options;
  const startedAt = now();
  const { folder, duplicates } = await readForVerify(dirs);
  const step = progress.step('taking each migration up, down and up again');
  const replay = await ScratchReplay.start({ major, ownSchema, signal });
  try {
    const found: Finding[] = [...duplicates];
    let done = 0;
    for await (const trip of roundTrips(replay, folder)) {
      signal.throwIfAborted();
      done += 1;
      step.update(done, trip.migration.name);
      found.push(...findingsOf(trip, replay.version));
    }
    step.end(`${folder.migrations.length} migrations`);
    return {
      ...emptyReport({ version: replay.version, major }, { dirs: folder.dirs, statements: 0 }),
      skippedRules: passedBy(folder),
      ...sorted(found, folder.migrations),
      tool: { name: 'pgsteward', version: options.version },
      startedAt: startedAt.toISOString(),
      durationMs: Math.max(0, now().getTime() - startedAt.getTime()),
    };
  } finally {
    await replay.stop();
  }
}

/** What cannot be taken back, or is no migration. */
function passedBy(folder: MigrationFolder): AdviceReport['skippedRules'] {
  const reasons = [
    ...folder.migrations.flatMap(({ up, irreversible }) =>
      irreversible === null ? [] : [`${up.path} cannot be taken back: ${irreversible}`],
    ),
    ...folder.unrecognised.map(({ path, reason }) => `${path} is not run: ${reason}`),
  ];
  return reasons.map((reason) => ({ ruleId: 'down-does-not-restore', reason }));
}

/** Takes out what a directive of either file of the migration ignores. */
function sorted(
  found: readonly Finding[],
  migrations: readonly Migration[],
): Pick<AdviceReport, 'findings' | 'suppressed'> {
  const directives = migrations.flatMap(({ up, down }) =>
    [up, ...(down === null ? [] : [down])].flatMap(({ directives: of }) =>
      of.flatMap((each) => (each.kind === 'ignore' ? [{ ...each, files: [up.path, down?.path] }] : [])),
    ),
  );
  const findings: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of found) {
    const { ruleId, key, location } = finding;
    const directive = directives.find((each) => each.ruleId === ruleId && each.files.includes(location?.file));
    if (directive === undefined) findings.push(finding);
    else suppressed.push({ ruleId, key, reason: directive.reason, location });
  }
  return { findings, suppressed };
}
