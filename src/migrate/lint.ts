import { randomUUID } from 'node:crypto';
import { findBinaries } from '../embedded/binaries.js';
import { type EmbeddedServer, startServerOf } from '../embedded/server.js';
import type { AdviceReport } from '../model/advice.js';
import type { Finding } from '../model/finding.js';
import type { Progress } from '../model/progress.js';
import { emptyReport } from './empty-report.js';
import { readFinalSchema } from './lint/final-schema.js';
import { type LintSet, readLintSet } from './lint/lint-file.js';
import type { KnownDatabase, LintContext } from './lint/observation.js';
import { atProductionSize, type ProductionSizes } from './lint/production.js';
import { type Replay, replay } from './lint/replay.js';
import { openReplaySessions, type ReplaySessions } from './lint/sessions.js';
import { sortOut } from './lint/sort-out.js';
import { lintRules } from './rules/index.js';
import { findingOf, type LintRule } from './rules/rule.js';

export interface LintOptions {
  readonly dirs: readonly string[];
  /** 18 where not given. */
  readonly major?: number;
  /** A database that has applied some of the files, for the rules that ask; null for none. */
  readonly known?: KnownDatabase | null;
  /** Sizes of the tables of a production database, to which findings are scaled. */
  readonly production?: ProductionSizes | null;
  /** Schema of the program's own tables; `steward` where not given. */
  readonly ownSchema?: string;
  readonly version: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** A private server of that major that runs already; one of its own where not given. */
  readonly server?: EmbeddedServer;
}

/** Runs every migration on a private server, watches what it does, and reports what would hurt. */
export async function lintMigrations(options: LintOptions): Promise<AdviceReport> {
  const set = await readLintSet(options.dirs);
  if (options.server !== undefined) return lintOn(options.server, set, options);
  const step = options.progress.step('starting a private PostgreSQL');
  const server = await startServerOf(findBinaries(options.major ?? 18));
  step.end();
  try {
    return await lintOn(server, set, options);
  } finally {
    await server.stop();
  }
}

/** Lints a set of files in a database of its own on a server that runs already; nothing of it stays there. */
async function lintOn(server: EmbeddedServer, set: LintSet, options: LintOptions): Promise<AdviceReport> {
  const database = `lint_${randomUUID().replaceAll('-', '')}`;
  await server.createDatabase(database);
  const sessions = await openReplaySessions(server.url(database));
  try {
    return await lintIn({ ...sessions, version: server.version, major: server.major }, set, options);
  } finally {
    await sessions.main.close();
    await sessions.watch.close();
    await server.dropDatabase(database);
  }
}

/** An empty database on a server that nobody else uses. */
export interface ScratchDatabase extends ReplaySessions {
  /** `18.4`. */
  readonly version: string;
  readonly major: number;
}

/** Lints a set of files in a scratch database, which is as the files leave it afterwards. */
export async function lintIn(scratch: ScratchDatabase, set: LintSet, options: LintOptions): Promise<AdviceReport> {
  const startedAt = options.now();
  const began = performance.now();
  const replayed = await replay(scratch, set.files, { ...options, twice: true });
  const context: LintContext = {
    set,
    replayed: replayed.files,
    final: await readFinalSchema(scratch.main),
    known: options.known ?? null,
    production: options.production ?? null,
    ownSchema: options.ownSchema ?? 'steward',
    serverVersion: scratch.version,
  };
  const found = lintRules.flatMap((rule) => findingsOf(rule, context));
  const rules = { judged: new Set(lintRules.map(({ id }) => id)), elsewhere: VERIFY_RULES };
  const { findings, suppressed, unused } = sortOut(set, found, rules);
  return {
    ...emptyReport(scratch, {
      dirs: set.dirs,
      statements: set.files.reduce((sum, file) => sum + file.statements.length, 0),
    }),
    tool: { name: 'pgsteward', version: options.version },
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
    findings,
    suppressed,
    skippedRules: [...unjudged(replayed), ...unused],
  };
}

function findingsOf(rule: LintRule, context: LintContext): readonly Finding[] {
  const { production } = context;
  return rule
    .check(context)
    .map((detection) => (production === null ? detection : atProductionSize(rule.id, detection, production)))
    .map((detection) => findingOf(rule, detection));
}

/** What `migrate verify` alone finds. */
const VERIFY_RULES: ReadonlySet<string> = new Set(['down-does-not-restore']);

/** What could not be looked at, and why. */
function unjudged({ files, unseeded }: Replay): AdviceReport['skippedRules'] {
  const passed = files.flatMap(({ observed }) =>
    observed
      .filter(({ outcome }) => outcome === 'passed by')
      .map(({ statement, reason }) => ({
        ruleId: 'fails-on-replay',
        reason: `${statement.path}:${statement.line} was not run: ${reason}`,
      })),
  );
  const empty = [...unseeded].map(([table, reason]) => ({
    ruleId: 'fails-on-data',
    reason: `${table} was looked at without rows: ${reason}`,
  }));
  return [...passed, ...empty];
}
