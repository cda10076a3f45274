import { openSession, type Session } from '../postgres/session.js';
import { type CpuClock, openCpuClock } from './cpu-clock.js';
import type { DriverTargets, Side } from './driver.js';
import type { LoadStatement } from './scenario.js';

/**
 * Connections that a side changes between from block to block. The system may leave one backend beside a busy neighbour
 * for seconds, which a comparison of two backends takes for a difference of the schemas: with several on both sides it
 * is a difference between blocks, and widens the interval.
 */
export const LANES = 4;

/** The sessions of one side and the clock of their backends. */
interface Lane {
  readonly sessions: readonly Session[];
  readonly clock: CpuClock | null;
}

export type Lanes = Readonly<Record<Side, Lane>>;

/** Opens the connections of all three sides; closes those that are open when one is refused. */
export async function openLanes(targets: DriverTargets, sessionsPerSide: number): Promise<Lanes> {
  const opened: Session[] = [];
  const open = async (url: string, database: string): Promise<Lane> => {
    const sessions: Session[] = [];
    for (let count = 0; count < sessionsPerSide; count += 1) {
      const session = await openSession(url, {
        applicationName: 'pgsteward bench',
        statementTimeoutMs: Math.ceil(targets.statementTimeoutMs),
      });
      opened.push(session);
      sessions.push(session);
    }
    return { sessions, clock: openCpuClock(sessions, database) };
  };
  try {
    return {
      before: await open(targets.beforeUrl, targets.beforeName),
      control: await open(targets.beforeUrl, targets.beforeName),
      after: await open(targets.afterUrl, targets.afterName),
    };
  } catch (error) {
    await Promise.all(opened.map((session) => session.close()));
    throw error;
  }
}

/** Closes the connections of all sides. */
export async function closeLanes(lanes: Lanes): Promise<void> {
  const sessions = Object.values(lanes).flatMap((lane: Lane) => lane.sessions);
  await Promise.all(sessions.map((session) => session.close()));
}

/**
 * Runs one call under the statement's prepared name and gives its latency in microseconds. A statement that changes
 * rows runs in a transaction that is rolled back, so that each call meets the same rows; only the statement is timed.
 */
export async function callStatement(
  session: Session,
  statement: LoadStatement,
  values: readonly unknown[],
): Promise<number> {
  if (!statement.writes) return timeCall(session, statement, values);
  await session.query('BEGIN');
  try {
    return await timeCall(session, statement, values);
  } finally {
    // On a connection that is gone the statement's own error says more than that of the rollback.
    await session.query('ROLLBACK').catch(() => undefined);
  }
}

async function timeCall(session: Session, statement: LoadStatement, values: readonly unknown[]): Promise<number> {
  const startedAt = process.hrtime.bigint();
  await session.queryPrepared(`bench_${statement.index}`, statement.text, values);
  return Number(process.hrtime.bigint() - startedAt) / 1_000;
}
