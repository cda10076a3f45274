import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which running program something belongs to; survives the reuse of process ids and a restart of the machine. */
export interface Living {
  readonly pid: number;
  /** When it began, in whatever words the system has; equal for the same run of a program only. */
  readonly startTime: string;
  readonly host: string;
  /** Identifier of the machine's start; empty where the system has none. */
  readonly boot: string;
  /** Process ids mean something within one namespace only; empty where the system has none. */
  readonly pidNamespace: string;
}

/** Names this very program. */
export function thisProgram(): Living {
  return {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    host: hostname(),
    boot: bootIdentifier(),
    pidNamespace: pidNamespace(),
  };
}

/** Says whether a program has surely ended; false too when it belongs to another machine or container. */
export function hasEnded(program: Living): boolean {
  const here = thisProgram();
  if (here.startTime === '' || program.host !== here.host) return false;
  if (program.boot !== here.boot) return true;
  if (program.pidNamespace !== here.pidNamespace) return false;
  return startTimeOf(program.pid) !== program.startTime;
}

/** Says whether a process runs; a zombie that nobody has waited for does not. */
export function isRunning(pid: number): boolean {
  return startTimeOf(pid) !== null;
}

/** Says whether a process works in a folder: by its working folder, or by its command line where that is not shown. */
export function worksIn(pid: number, folder: string): boolean {
  if (!isRunning(pid)) return false;
  if (process.platform === 'linux') return orNull(() => readlinkSync(`/proc/${pid}/cwd`)) === folder;
  return lineOfPs(pid, 'command=')?.split(' ').includes(folder) === true;
}

/** Sends a signal to a process, or to a group where the number is negative; one that has just ended is fine. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function startTimeOf(pid: number): string | null {
  if (process.platform !== 'linux') {
    const line = lineOfPs(pid, 'stat=,lstart=');
    return line === null || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  }
  const stat = orNull(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === null) return null;
  // The second field is the program's name in parentheses and may hold anything; fields count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' || startTicks === undefined ? null : startTicks;
}

function lineOfPs(pid: number, columns: string): string | null {
  const { status, stdout } = spawnSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : null;
}

function bootIdentifier(): string {
  return orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '';
}

function pidNamespace(): string {
  return orNull(() => readlinkSync('/proc/self/ns/pid')) ?? '';
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
