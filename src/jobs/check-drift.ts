import { z } from 'zod';
import { messageOf } from '../errors.js';
import { allowedDriftSchema } from '../migrate/allowed-drift.js';
import { compareWithReplay, readDriftTarget } from '../migrate/drift.js';
import { readMigrations } from '../migrate/files.js';
import type { Difference } from '../model/drift.js';
import type { JobPlan } from '../model/job.js';
import { driftFinding } from './findings/drift-finding.js';
import { tellFindings, webhookSchema } from './findings/tell-findings.js';
import type { JobKind } from './job.js';

const schema = z.strictObject({
  /** Folders of migrations; those of `migrations.dirs` where not given. */
  dirs: z.array(z.string().min(1)).default([]),
  /** Differences that are left alone for a time; those of `migrate.allowDrift` where not given. */
  allow: allowedDriftSchema.default([]),
  webhook: webhookSchema,
});

type CheckDriftConfig = z.infer<typeof schema>;

/** Compares the target with its migrations, replayed on a private server of the target's major. */
export const checkDrift: JobKind<CheckDriftConfig> = {
  kind: 'check-drift',
  summary: 'compares the schema with the migrations, tells of what is new once, and fails where they differ',
  replicas: {
    effect: 'one replica runs it at a time; it replays on a private server of its own, and tells of what is new once',
    limits: 'one private server per run, in the replica that has it',
  },
  schema,
  async check(_context, { dirs }) {
    if (dirs.length === 0) return 'no folder of migrations is named: set migrations.dirs in the configuration';
    try {
      await readMigrations(dirs);
      return null;
    } catch (error) {
      return messageOf(error);
    }
  },
  async plan(_context, { dirs }): Promise<JobPlan> {
    const { migrations } = await readMigrations(dirs);
    const why = `${migrations.length} files are replayed on a private server, and two catalogs are compared`;
    return { strategy: 'replay', why, rows: { total: 0 }, kept: {}, batches: 1, walBytes: 0, seconds: SECONDS };
  },
  async run(context, { dirs, allow, webhook }) {
    const { ownSchema, signal } = context;
    const folder = await readMigrations(dirs);
    const target = await context.read((session) => readDriftTarget(session, ownSchema));
    const report = await compareWithReplay(target, folder, { ownSchema, allowed: allow, signal });
    const errors = report.differences.filter(({ severity }) => severity === 'error');
    const counts = { differences: report.differences.length, errors: errors.length };
    const found = { findings: report.differences.map(driftFinding), skippedRules: [], counts };
    const untold = await tellFindings(context, webhook, async () => found);
    context.log.info({ job: context.job, runId: context.run.id, ...counts }, 'schema compared with migrations');
    return { failure: failureOf(errors) ?? untold, detail: report };
  },
};

/** Measured on two cores: most of it is the server's start. */
const SECONDS = 3;

function failureOf(errors: readonly Difference[]): string | null {
  const [first] = errors;
  if (first === undefined) return null;
  const count = errors.length === 1 ? 'one difference' : `${errors.length} differences, the first`;
  const what = first.kind === 'changed' ? `another ${first.attribute}` : first.kind;
  return `the schema is not what the migrations make: ${count}: ${first.objectType} ${first.object} (${what})`;
}
