import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { isRunning, sendSignal } from '../src/embedded/living.js';
import { lockHolder } from '../src/embedded/postmaster.js';
import { afterFile, oncePerFile } from './per-file.js';

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Ended>;
}

export interface ProgramOptions {
  /** Beside PATH, HOME and TMPDIR, which is all that the program gets of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where temporary folders are made; the system's own place where not given. */
  readonly tmpdir?: string;
  readonly cwd?: string;
  /** Gives it a terminal, by way of script(1); what it writes to either stream comes as stdout then. */
  readonly terminal?: boolean;
  /** What it reads from stdin; nothing where not given. */
  readonly stdin?: string;
}

const SOURCES = new URL('../src', import.meta.url).pathname;
const BUILT = new URL('../dist/cli.js', import.meta.url).pathname;
let program: readonly string[] | null = null;

/** Gives a folder that every user may pass through; it is removed after the file. */
export function place(): string {
  const made = mkdtempSync('/tmp/pgsteward-test-');
  chmodSync(made, 0o711);
  afterFile(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Where no pgsteward.yaml has a say. */
const emptyFolder = oncePerFile(place);

/** Starts the program as a user would and waits for nothing. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): Running {
  program ??= entryPoint();
  const command = [process.execPath, ...program, ...args];
  const [file = '', ...argv] = options.terminal === true ? onTerminal(command) : command;
  const child = spawn(file, argv, {
    cwd: options.cwd ?? emptyFolder(),
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: options.tmpdir ?? tmpdir(), ...options.env },
  });
  // A program that ends without reading it is no failure.
  child.stdin.on('error', () => undefined).end(options.stdin ?? '');
  const { pid } = child;
  if (pid === undefined) throw new Error('the program could not be started');
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    output.stdout += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    output.stderr += part;
  });
  const ended = once(child, 'close').then(([status, signal]) => ({ status, signal, ...output }) as Ended);
  return { child, pid, ended };
}

function onTerminal(command: readonly string[]): readonly string[] {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return ['script', '--quiet', '--return', '--command', quoted.join(' '), '/dev/null'];
}

/** The built program where it is of these sources, since it starts in a third of the time; else the sources. */
function entryPoint(): readonly string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).map((name) => join(SOURCES, name));
  const changedAt = Math.max(...files.map((file) => statSync(file).mtimeMs));
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return builtAt > changedAt ? [BUILT] : ['--import', import.meta.resolve('tsx'), join(SOURCES, 'cli.ts')];
}

/** Runs the program to its end and sees that it left no private server behind. */
export async function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  const running = startProgram(args, options);
  const ended = await running.ended;
  expect(foldersOf(running.pid, options.tmpdir)).toEqual([]);
  return ended;
}

/** Sees that a program refused: the status, nothing on stdout, one message with one next step, and no stack. */
export function expectRefusal(ended: Ended, status: number): string {
  expect({ status: ended.status, stdout: ended.stdout }).toEqual({ status, stdout: '' });
  expect(ended.stderr).toMatch(/^pgsteward: [\s\S]+\n {2}\S.*\n$/);
  expect(ended.stderr).not.toMatch(/^\s+at |a fault of pgsteward|Error:|secret/m);
  return ended.stderr;
}

/** Gives the private folders of a program, which may have ended. */
export function foldersOf(pid: number, parent = tmpdir()): readonly string[] {
  const folders = readdirSync(parent).filter((name) => name.startsWith('pgsteward-pg-'));
  return folders.map((name) => join(parent, name)).filter((folder) => ownerOf(folder) === pid);
}

export interface PrivateServer {
  readonly folder: string;
  readonly pid: number;
}

/** Waits until the program's private server runs. */
export async function privateServerOf({ pid, child }: Running, tmpdir?: string): Promise<PrivateServer> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode} before it had a server`);
    for (const folder of foldersOf(pid, tmpdir)) {
      const serverPid = lockHolder(join(folder, 'data'));
      if (serverPid !== null) return watch({ folder, pid: serverPid });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function watch(server: PrivateServer): PrivateServer {
  // For the test that fails: nothing else would end the server then.
  onTestFinished(() => {
    if (isRunning(server.pid) && lockHolder(join(server.folder, 'data')) === server.pid)
      sendSignal(server.pid, 'SIGQUIT');
  });
  return server;
}

function ownerOf(folder: string): number | null {
  try {
    return (JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as { readonly pid: number }).pid;
  } catch {
    // It is being made or removed.
    return null;
  }
}
