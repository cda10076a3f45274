import type { EmbeddedServer } from '../embedded/server.js';
import type { AdviceReport } from '../model/advice.js';
import type { Finding } from '../model/finding.js';
import type { MigrationFolder } from '../model/migration.js';
import type { Progress } from '../model/progress.js';
import { emptyReport } from './empty-report.js';
import type { LintSet } from './lint/lint-file.js';
import { sortOut } from './lint/sort-out.js';
import { duplicateVersion } from './rules/duplicate-version.js';
import { lintRules } from './rules/index.js';
import { missingDown } from './rules/missing-down.js';
import { findingOf } from './rules/rule.js';
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
  /** A private server of that major that runs already; one of its own where not given. */
  readonly server?: EmbeddedServer;
}

/**
 * Takes every migration up, down and up again on a private server, and reports where the schema did not come back or did
 * not come again. It needs no database of the user's.
 */
export async function verifyMigrations(options: VerifyOptions): Promise<AdviceReport> {
  const { dirs, major, ownSchema, signal, progress, now } = options;
  const startedAt = now();
  const { folder, set } = await readForVerify(dirs);
  const step = progress.step('taking each migration up, down and up again');
  const replay = await ScratchReplay.start({ major, ownSchema, signal, server: options.server });
  try {
    const found: Finding[] = [...findingsOfFiles(set)];
    let done = 0;
    for await (const trip of roundTrips(replay, folder)) {
      signal.throwIfAborted();
      done += 1;
      step.update(done, trip.migration.name);
      found.push(...findingsOf(trip, replay.version));
    }
    step.end(`${folder.migrations.length} migrations`);
    const { findings, suppressed, unused } = sortOut(set, found, { judged: new Set(), elsewhere: KNOWN_RULES });
    return {
      ...emptyReport({ version: replay.version, major }, { dirs: folder.dirs, statements: 0 }),
      findings,
      suppressed,
      skippedRules: [...passedBy(folder), ...unused],
      tool: { name: 'pgsteward', version: options.version },
      startedAt: startedAt.toISOString(),
      durationMs: Math.max(0, now().getTime() - startedAt.getTime()),
    };
  } finally {
    await replay.stop();
  }
}

/** A directive may name any rule: most are those of `migrate lint`. */
const KNOWN_RULES: ReadonlySet<string> = new Set([...lintRules.map(({ id }) => id), 'down-does-not-restore']);

/** What the files show without a server; a way back that is missing is an error to who asked for the ways back. */
function findingsOfFiles(set: LintSet): readonly Finding[] {
  return [duplicateVersion, missingDown].flatMap((rule) =>
    rule.check({ set }).map((detection) => ({ ...findingOf(rule, detection), severity: 'error' as const })),
  );
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
