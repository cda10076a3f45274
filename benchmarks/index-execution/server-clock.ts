import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CpuClock, openCpuClock } from '../../src/bench/cpu-clock.js';
import type { EmbeddedServer } from '../../src/embedded/server.js';
import type { Session } from '../../src/postgres/session.js';

/** Linux counts the times of `/proc/<pid>/stat` in hundredths of a second. */
const TICK_MS = 10;
/** Fields after the command's name, which ends at the last parenthesis: cutime and cstime are the 16th and 17th of all. */
const CHILDREN_TIMES = [13, 14] as const;

/**
 * Gives the clock of a session's backend and of the parallel workers that have ended; null where there is none.
 * A query waits for its workers' end, so theirs is complete when it returns. The postmaster accounts for them, with
 * whatever else of its children ends meanwhile: nothing does where autovacuum is off and nobody else connects.
 */
export function openServerClock(server: EmbeddedServer, session: Session, database: string): CpuClock | null {
  const own = openCpuClock([session], database);
  if (own === null) return null;
  const postmaster = readFileSync(join(server.dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  return {
    readMs() {
      const backend = own.readMs();
      return backend === null ? null : backend + childrenMs(postmaster);
    },
  };
}

function childrenMs(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return CHILDREN_TIMES.reduce((sum, place) => sum + Number(fields[place]) * TICK_MS, 0);
}
