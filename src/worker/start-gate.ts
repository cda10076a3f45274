import { messageOf, StewardError } from '../errors.js';
import { readMigrations } from '../migrate/files.js';
import { ensureOwnTables, ownTables } from '../migrate/own-tables.js';
import { migrationStatus } from '../migrate/status.js';
import type { MigrationFolder } from '../model/migration.js';
import { withSession } from '../postgres/with-session.js';
import type { Place } from './fires.js';
import { jobContext } from './job-context.js';
import type { RunMeans } from './run-claimed.js';
import type { Target } from './target.js';

export interface GateSettings {
  readonly dirs: readonly string[];
  readonly gate: 'require' | 'warn' | 'off';
}

/** What stands between a target and its jobs. */
export interface GateAnswer {
  /** May pass by itself: a server that is away, migrations that are pending. */
  readonly reasons: readonly string[];
  /** Will not: a job that can never work as it is configured. */
  readonly refusals: readonly string[];
}

const SESSION = { applicationName: 'pgsteward worker', connectTimeoutMs: 5000 };

/** Looks whether a target is ready for its jobs, and brings pgsteward's own tables there to this program's version. */
export async function askGate(
  target: Target,
  places: readonly Place[],
  means: RunMeans,
  gate: GateSettings,
): Promise<GateAnswer> {
  const named = (reason: string) => `${target.name}: ${reason}`;
  try {
    await prepareOwnTables(target, means.ownSchema);
    const reasons = await migrationReasons(target, means.ownSchema, gate);
    for (const reason of gate.gate === 'warn' ? reasons : [])
      means.log.warn({ target: target.name, reason }, 'migrations lag');
    if (reasons.length > 0 && gate.gate === 'require') return { reasons: reasons.map(named), refusals: [] };
    return { reasons: [], refusals: (await refusalsOf(target, places, means)).map(named) };
  } catch (error) {
    return { reasons: [named(messageOf(error))], refusals: [] };
  }
}

async function prepareOwnTables(target: Target, schema: string): Promise<void> {
  await withSession(target.url, SESSION, async (session) => {
    const read = await session.query<{ standby: boolean }>('SELECT pg_catalog.pg_is_in_recovery() AS standby');
    if (read.rows[0]?.standby === true)
      throw new StewardError('database', 'the server is a standby, which takes no writes; name its primary');
    await ensureOwnTables(session, ownTables(schema));
  });
}

async function migrationReasons(
  target: Target,
  schema: string,
  { dirs, gate }: GateSettings,
): Promise<readonly string[]> {
  if (gate === 'off' || dirs.length === 0) return [];
  const folder: MigrationFolder = await readMigrations(dirs);
  return (await migrationStatus(target.url, folder, { schema })).gate.reasons;
}

/** Asks each kind whether its job can work here; jobs without a schedule are asked when they are run by hand. */
async function refusalsOf(target: Target, places: readonly Place[], means: RunMeans): Promise<readonly string[]> {
  const scheduled = places.filter((place) => place.target.name === target.name && place.schedule !== null);
  if (scheduled.length === 0) return [];
  return withSession(target.url, SESSION, async (session) => {
    const refusals: string[] = [];
    for (const { job } of scheduled) {
      const context = jobContext({ job, target, means, signal: means.signal, session: async () => session });
      const refusal = await job.kind.check(context, job.config);
      if (refusal !== null) refusals.push(`job ${job.name}: ${refusal}`);
    }
    return refusals;
  });
}
