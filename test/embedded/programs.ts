import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { isRunning, sendSignal, worksIn } from '../../src/embedded/living.js';

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly dataDirectory: string;
  readonly version: string;
  /** Process id of its server. */
  readonly serverPid: number;
  /** The next line of its output. */
  nextLine(): Promise<string>;
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Runs test/embedded/program.ts and waits until its server answers. */
export async function runProgram(
  ending: string,
  options: object,
  spawnOptions: SpawnOptions = {},
): Promise<RunningProgram> {
  const { child, nextLine, ended } = spawnProgram(ending, options, spawnOptions);
  const told = JSON.parse(await nextLine()) as { dataDirectory: string; version: string; serverPid: number };
  // For the test that fails: nothing else would end the server then.
  onTestFinished(() => {
    if (worksIn(told.serverPid, told.dataDirectory)) sendSignal(told.serverPid, 'SIGQUIT');
  });
  return { child, ...told, nextLine, ended };
}

/** Starts test/embedded/program.ts and waits for nothing. */
export function spawnProgram(ending: string, options: object, spawnOptions: SpawnOptions = {}) {
  const script = new URL('program.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', script, ending, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    ...spawnOptions,
  });
  const { stdout, stderr, pid } = child;
  if (stdout === null || stderr === null || pid === undefined) throw new Error(`${script} could not be started`);
  onTestFinished(() => sendSignal(pid, 'SIGKILL'));
  let complaint = '';
  stderr.on('data', (part) => {
    complaint += String(part);
  });
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const exit = once(child, 'exit');
  return {
    child,
    async nextLine() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended: ${complaint}`);
      return value as string;
    },
    async ended() {
      const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
      return { code, signal };
    },
  };
}

/** Says which of a program's server and folder is still there. */
export function leftOf({ serverPid, dataDirectory }: RunningProgram): string[] {
  return [...(isRunning(serverPid) ? ['server'] : []), ...(existsSync(dirname(dataDirectory)) ? ['folder'] : [])];
}
