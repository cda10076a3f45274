import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface TapProgram {
  readonly pid: number;
  /** Resident memory now. */
  residentBytes(): number;
  /** Time of the processor that it has used. */
  cpuSeconds(): number;
  /** Ends it and gives what it has printed. */
  stop(): Promise<Readonly<Record<string, number>>>;
}

const CLI = new URL('../../src/cli.ts', import.meta.url).pathname;
const CLOCK_TICKS_PER_SECOND = 100;

/** Starts `pgsteward tap` as a program of its own and waits until it listens. */
export async function startTapProgram(
  args: readonly string[],
  { nodeArgs = [] }: { readonly nodeArgs?: readonly string[] } = {},
): Promise<TapProgram> {
  const argv = [...nodeArgs, '--import', 'tsx', CLI, 'tap', '--log-level', 'info', '--format', 'json', ...args];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('the tap could not be started');
  let printed = '';
  child.stdout.on('data', (text: Buffer) => {
    printed += text.toString();
  });
  for await (const line of createInterface(child.stderr)) if (line.includes('tap started')) break;
  child.stderr.resume();
  return {
    pid,
    residentBytes: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
    },
    stop: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
      return JSON.parse(printed) as Readonly<Record<string, number>>;
    },
  };
}
