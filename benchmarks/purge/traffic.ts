import { type ChildProcess, fork } from 'node:child_process';
import { openSession, type Session } from '../../src/postgres/session.js';
import { seededRandom } from '../../src/random.js';

/** One operation of the traffic: when it was meant to begin, by the wall clock, and how long after that it was done. */
export interface Operation {
  readonly intendedAtMs: number;
  readonly latencyMs: number;
}

const LANES = 8;
const RATE_PER_SECOND = 400;
const WARM_UP_MS = 1500;

/** Point reads and updates at a constant rate, in a process of their own, by primary key and over all rows alike. */
export class Traffic {
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  /** Starts it, and waits until it runs evenly. */
  static async start(script: string, url: string, rows: number): Promise<Traffic> {
    const child = fork(script, ['--traffic', url, '--rows', String(rows)], { execArgv: process.execArgv });
    await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`the traffic did not begin: status ${code}`)));
    });
    child.removeAllListeners('exit');
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
    return new Traffic(child);
  }

  /** Ends it and gives all of its operations. */
  async stop(): Promise<readonly Operation[]> {
    const answer = new Promise<readonly Operation[]>((resolve, reject) => {
      this.child.once('message', (operations) => resolve(operations as readonly Operation[]));
      this.child.once('exit', (code) => reject(new Error(`the traffic ended by itself with status ${code}`)));
    });
    this.child.send('stop');
    return answer;
  }
}

/** What the process of the traffic does: works until it is told to stop, and sends what it has seen. */
export async function runTraffic(url: string, rows: number): Promise<void> {
  const operations: Operation[] = [];
  let isStopped = false;
  const stopped = new Promise<void>((resolve) => {
    process.once('message', () => {
      isStopped = true;
      resolve();
    });
  });
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    const session = await openSession(url, { applicationName: 'traffic' });
    await runLane(session, { lane, rows, operations, isOver: () => isStopped });
    await session.close();
  });
  process.send?.('begun');
  await Promise.all([stopped, ...lanes]);
  process.send?.(operations, () => process.disconnect());
}

interface Lane {
  readonly lane: number;
  readonly rows: number;
  readonly operations: Operation[];
  readonly isOver: () => boolean;
}

async function runLane(session: Session, { lane, rows, operations, isOver }: Lane): Promise<void> {
  const random = seededRandom(lane + 1);
  const everyMs = (1000 * LANES) / RATE_PER_SECOND;
  let intendedAtMs = now() + (everyMs * lane) / LANES;
  for (; !isOver(); intendedAtMs += everyMs) {
    const restMs = intendedAtMs - now();
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    const id = 1 + Math.floor(random() * rows);
    if (random() < 0.5)
      await session.queryPrepared('use', 'UPDATE tokens SET last_used_at = now() WHERE id = $1', [id]);
    else await session.queryPrepared('find', 'SELECT token_hash, expires_at FROM tokens WHERE id = $1', [id]);
    operations.push({ intendedAtMs, latencyMs: now() - intendedAtMs });
  }
}

/** The wall clock, finer than milliseconds. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
