import { readFileSync } from 'node:fs';
import type { Session } from '../postgres/session.js';

/** What the system has accounted for since threads started; a difference of two readings is of interest. */
export interface ProcessorTime {
  /** On a processor, user and system. */
  readonly cpuMs: number;
  /** Ready to run, but waiting for a processor that others had. */
  readonly queueMs: number;
}

/** Tells how much CPU time a set of backends has used, and how long they waited for it. */
export interface CpuClock {
  /** Of all backends together; null once one of them is gone. */
  read(): ProcessorTime | null;
}

/**
 * Gives the clock of the sessions' backends, or null where there is none: another system than Linux, a server on
 * another machine or in another process namespace.
 *
 * It reads `/proc/<pid>/schedstat`, which counts nanoseconds; the clock ticks of `/proc/<pid>/stat` are 10 ms each,
 * longer than many slices. The pid is believed only when its title bears the clone's name, which is random.
 */
export function openCpuClock(sessions: readonly Session[], database: string): CpuClock | null {
  const pids = sessions.map((session) => session.backendPid);
  const local = pids.every((pid) => pid !== null && readProc(`${pid}/cmdline`)?.includes(database) === true);
  if (!local) return null;
  const clock: CpuClock = { read: () => sumOf(pids.map((pid) => readTime(`${pid}`))) };
  return clock.read() === null ? null : clock;
}

/** Reads the account of the thread that asks; null where the system keeps none. */
export function readOwnThread(): ProcessorTime | null {
  return readTime('thread-self');
}

/** Gives what was used between two readings; null where one is missing. */
export function timeBetween(from: ProcessorTime | null, to: ProcessorTime | null): ProcessorTime | null {
  if (from === null || to === null) return null;
  return { cpuMs: to.cpuMs - from.cpuMs, queueMs: to.queueMs - from.queueMs };
}

function sumOf(times: readonly (ProcessorTime | null)[]): ProcessorTime | null {
  return times.reduce<ProcessorTime | null>(
    (sum, time) =>
      sum === null || time === null ? null : { cpuMs: sum.cpuMs + time.cpuMs, queueMs: sum.queueMs + time.queueMs },
    { cpuMs: 0, queueMs: 0 },
  );
}

function readTime(thread: string): ProcessorTime | null {
  const [cpu = Number.NaN, queue = Number.NaN] = (readProc(`${thread}/schedstat`) ?? '').split(' ').map(Number);
  return Number.isFinite(cpu) && Number.isFinite(queue) ? { cpuMs: cpu / 1e6, queueMs: queue / 1e6 } : null;
}

function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    // No such process, or no such file on this system: there is no account to read.
    return null;
  }
}
