import { messageOf, StewardError } from '../errors.js';
import { findDrift } from '../migrate/drift.js';
import { withDriftCheck } from '../migrate/drift-gate.js';
import { readMigrations } from '../migrate/files.js';
import { ensureOwnTables, ownTables } from '../migrate/own-tables.js';
import { migrationStatus } from '../migrate/status.js';
import type { AllowedDrift } from '../model/drift.js';
import { withSession } from '../postgres/with-session.js';
import type { Place } from './fires.js';
import { jobContext } from './job-context.js';
import type { RunMeans } from './run-claimed.js';
import type { Target } from './target.js';

export interface GateSettings {
  readonly dirs: readonly string[];
  readonly gate: 'require' | 'warn' | 'off';
  /** Also compares the schema with what the migrations make, but for these differences; absent where it is not to. */
  readonly allowedDrift?: readonly AllowedDrift[];
}

/** What stands between a target and its jobs. */
export interface GateAnswer {
  /** May pass by itself: a server that is away, migrations that are pending. */
  readonly reasons: readonly string[];
  /** Will not: a job that can never work as it is configured. */
  readonly refusals: readonly string[];
}

const SESSION = { applicationName: 'pgsteward worker', connectTimeoutMs: 5000 };

/** A comparison replays every file on a private server: a target that waits for its schema is not compared more often. */
const COMPARED_EVERY_MS = 60_000;

/** What has to be so on a target before its jobs fire. */
export class StartGate {
  private readonly means: RunMeans;
  private readonly settings: GateSettings;
  /** By target: what its last comparison said. */
  private readonly compared = new Map<string, { readonly atMs: number; readonly reasons: readonly string[] }>();

  constructor(means: RunMeans, settings: GateSettings) {
    this.means = means;
    this.settings = settings;
  }

  /** Looks whether a target is ready for its jobs, and brings pgsteward's own tables there to this program's version. */
  async ask(target: Target, places: readonly Place[]): Promise<GateAnswer> {
    const { ownSchema, log } = this.means;
    const { gate } = this.settings;
    const named = (reason: string) => `${target.name}: ${reason}`;
    try {
      await prepareOwnTables(target, ownSchema);
      const reasons = await this.migrationReasons(target);
      for (const reason of gate === 'warn' ? reasons : []) log.warn({ target: target.name, reason }, 'migrations lag');
      if (reasons.length > 0 && gate === 'require') return { reasons: reasons.map(named), refusals: [] };
      return { reasons: [], refusals: (await refusalsOf(target, places, this.means)).map(named) };
    } catch (error) {
      return { reasons: [named(messageOf(error))], refusals: [] };
    }
  }

  private async migrationReasons(target: Target): Promise<readonly string[]> {
    const { dirs, gate, allowedDrift } = this.settings;
    if (gate === 'off' || dirs.length === 0) return [];
    const folder = await readMigrations(dirs);
    const status = await migrationStatus(target.url, folder, { schema: this.means.ownSchema });
    if (!status.gate.open || allowedDrift === undefined) return status.gate.reasons;
    const last = this.compared.get(target.name);
    if (last !== undefined && performance.now() - last.atMs < COMPARED_EVERY_MS) return last.reasons;
    const options = { ownSchema: this.means.ownSchema, allowed: allowedDrift, signal: this.means.signal };
    const { reasons } = (await withDriftCheck(status, () => findDrift(target.url, folder, options))).gate;
    this.compared.set(target.name, { atMs: performance.now(), reasons });
    return reasons;
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
