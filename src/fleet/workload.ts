import { sqlStateOf } from '../errors.js';
import { type Progress, silentProgress } from '../model/progress.js';
import { openSession, type Session } from '../postgres/session.js';
import { type FleetActivity, plannedActivities } from './activities.js';
import { type FleetSample, sampleFleet } from './sample.js';

export interface FleetWorkloadOptions {
  /** 1 where not given; the same seed on the same rows runs the same statements. */
  readonly seed?: number;
  /** Periods of five minutes of the fleet's life; 12 where neither this nor `durationMs` is given. */
  readonly rounds?: number;
  /** Starts periods until this time has passed. */
  readonly durationMs?: number;
  /** Connections that work at once; 4 where not given. */
  readonly connections?: number;
  readonly progress?: Progress;
}

export interface FleetWorkloadResult {
  /** Statements that PostgreSQL ran. */
  readonly statements: number;
  /** Calls by the name of the statement. */
  readonly calls: Readonly<Record<string, number>>;
  /** Statements that a CHECK constraint refused: the flawed fleet loses the rows of its time-outs. */
  readonly refused: number;
}

const ROUNDS = 12;
const CHECK_VIOLATION = '23514';
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Runs what the fleet's server runs, as it runs it: one activity per connection at a time, each statement with its
 * parameters in the extended protocol, the loops included. What it changes it changes back or bounds to a few hundred
 * rows, so that a database can be worked on again and again.
 */
export async function runFleetWorkload(url: string, options: FleetWorkloadOptions = {}): Promise<FleetWorkloadResult> {
  const sample = await sampleUnseen(url, options.seed ?? 1);
  const sessions = await openAll(url, options.connections ?? 4);
  const tally = new Tally();
  const startedAt = performance.now();
  try {
    const rounds = options.rounds ?? (options.durationMs === undefined ? ROUNDS : Number.POSITIVE_INFINITY);
    const step = (options.progress ?? silentProgress).step(
      'run the fleet',
      Number.isFinite(rounds) ? rounds : undefined,
    );
    for (let round = 0; round < rounds; round += 1) {
      await runRound(sessions, plannedActivities(sample, round), tally);
      step.update(round + 1, `${tally.statements} statements`);
      if (options.durationMs !== undefined && performance.now() - startedAt >= options.durationMs) break;
    }
    step.end(`${tally.statements} statements`);
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
  return { statements: tally.statements, calls: tally.calls(), refused: tally.refused };
}

async function openAll(url: string, connections: number): Promise<readonly Session[]> {
  const opened = await Promise.allSettled(
    Array.from({ length: Math.max(1, connections) }, () => openSession(url, { applicationName: 'fleet-server' })),
  );
  const sessions = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const refusal = opened.find((result) => result.status === 'rejected');
  if (refusal === undefined) return sessions;
  await Promise.all(sessions.map((session) => session.close()));
  throw refusal.reason;
}

/** Draws the parameters without leaving a trace in pg_stat_statements, where the role may ask for that. */
async function sampleUnseen(url: string, seed: number): Promise<FleetSample> {
  const session = await openSession(url, { applicationName: 'fleet-server' });
  try {
    await session.query("SET pg_stat_statements.track = 'none'").catch((error) => {
      if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    });
    return await sampleFleet(session, seed);
  } finally {
    await session.close();
  }
}

/** Each connection takes the next activity when it is done with its last; after a failure nothing more is begun. */
async function runRound(
  sessions: readonly Session[],
  activities: readonly FleetActivity[],
  tally: Tally,
): Promise<void> {
  const waiting = [...activities].reverse();
  const work = async (session: Session) => {
    for (let activity = waiting.pop(); activity !== undefined; activity = waiting.pop()) {
      for (const { statement, parameters } of activity) {
        tally.count(statement.name, await ran(session, statement.sql, parameters));
      }
    }
  };
  const finished = await Promise.allSettled(
    sessions.map((session) =>
      work(session).catch((error) => {
        waiting.length = 0;
        throw error;
      }),
    ),
  );
  const failure = finished.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

/** False where a CHECK constraint refused the rows, which the fleet's server logs and goes on. */
async function ran(session: Session, sql: string, parameters: readonly unknown[]): Promise<boolean> {
  try {
    await session.query(sql, parameters);
    return true;
  } catch (error) {
    if (sqlStateOf(error) === CHECK_VIOLATION) return false;
    throw error;
  }
}

class Tally {
  statements = 0;
  refused = 0;
  private readonly byName = new Map<string, number>();

  count(name: string, accepted: boolean): void {
    if (!accepted) {
      this.refused += 1;
      return;
    }
    this.statements += 1;
    this.byName.set(name, (this.byName.get(name) ?? 0) + 1);
  }

  calls(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.byName);
  }
}
