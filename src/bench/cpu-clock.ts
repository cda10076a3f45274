import { readFileSync } from 'node:fs';
import type { Session } from '../postgres/session.js';

/** Tells how much CPU time a set of backends has used. */
export interface CpuClock {
  /** Milliseconds since the backends started, user and system; null once one of them is gone. */
  readMs(): number | null;
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
  const local = pids.every((pid) => pid !== null && readProc(pid, 'cmdline')?.includes(database) === true);
  if (!local) return null;
  const clock: CpuClock = { readMs: () => sumOf(pids.map((pid) => cpuMsOf(pid ?? 0))) };
  return clock.readMs() === null ? null : clock;
}

function sumOf(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}

function cpuMsOf(pid: number): number | null {
  const nanoseconds = Number(readProc(pid, 'schedstat')?.split(' ')[0]);
  return Number.isFinite(nanoseconds) ? nanoseconds / 1e6 : null;
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // No such process, or no such file on this system: there is no account to read.
    return null;
  }
}
