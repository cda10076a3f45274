import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCpuClock } from '../../src/bench/cpu-clock.js';
import type { EmbeddedServer } from '../../src/embedded/server.js';
import type { Session } from '../../src/postgres/session.js';

/** Linux counts the times of `/proc/<pid>/stat` in hundredths of a second. */
const TICK_MS = 10;
/** Fields after the command's name, which ends at the last parenthesis: cutime and cstime are the 16th and 17th of all. */
const CHILDREN_TIMES = [13, 14] as const;

/** Tells how much CPU time a session's statements have used. */
export interface ServerClock {
  /** Milliseconds, user and system; null once the backend is gone. */
  readMs(): number | null;
}

/**
 * Gives the clock of a session's backend and of the parallel workers that have ended; null where there is none.
 * A query waits for its workers' end, so theirs is complete when it returns. The postmaster accounts for them, with
 * whatever else of its children ends meanwhile: nothing does where autovacuum is off and nobody else connects.
 */
export function openServerClock(server: EmbeddedServer, session: Session, database: string): ServerClock | null {
  const own = openCpuClock([session], database);
  if (own === null) return null;
  const postmaster = readFileSync(join(server.dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  return {
    readMs() {
      const backend = own.read();
      return backend === null ? null : backend.cpuMs + childrenMs(postmaster);
    },
  };
}

function childrenMs(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return CHILDREN_TIMES.reduce((sum, place) => sum + Number(fields[place]) * TICK_MS, 0);
}
