#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { readInvocation } from './commands/argv.js';
import type { CommandContext } from './commands/command.js';
import { describeFailure } from './commands/failure.js';
import { commandHelp, groupHelp, programHelp } from './commands/help.js';
import { commands } from './commands/index.js';
import { environmentForbidsColor, readSettings } from './config.js';
import { stopAllServers } from './embedded/held.js';
import { messageOf, StewardError } from './errors.js';
import { createLog } from './log.js';
import { silentProgress } from './model/progress.js';
import { createTerminalProgress } from './progress.js';
import type { Settings } from './settings-schema.js';
import { toolVersion } from './tool-version.js';

type Run = Extract<ReturnType<typeof readInvocation>, { kind: 'run' }>;

async function start(argv: readonly string[]): Promise<number> {
  const invocation = readInvocation(argv, commands);
  if (invocation.kind === 'version') return print(`${toolVersion()}\n`);
  if (invocation.kind === 'help') {
    if (invocation.command !== null) return print(commandHelp(invocation.command));
    return print(invocation.group === null ? programHelp(commands) : groupHelp(invocation.group, commands));
  }
  return run(invocation);
}

async function run(invocation: Run): Promise<number> {
  const settings = readSettings({ flags: invocation.flags, configFile: invocation.configFile });
  const interruption = listenForInterruption(invocation.command.endingSeconds?.(settings) ?? ENDING_SECONDS);
  const { signal } = interruption;
  try {
    return await invocation.command.run(contextOf(invocation, settings, interruption));
  } catch (error) {
    return report(signal.aborted ? signal.reason : error, /^(debug|trace)$/.test(settings.logLevel));
  }
}

/** Who stops the program once may wait this long for what has to be put back; npm repeats a Ctrl-C at once. */
const ENDING_SECONDS = 20;
const REPETITION_MS = 1000;

type Interruption = Pick<CommandContext, 'signal' | 'untilStopped'>;

/**
 * Gives what the first Ctrl-C or SIGTERM aborts; another one later ends the program there and then. Work that is only
 * asked to end is asked first.
 */
function listenForInterruption(endingSeconds: number): Interruption {
  const interruption = new AbortController();
  let asked: AbortController | null = null;
  let stoppedAt = Number.NEGATIVE_INFINITY;
  const onSignal = (name: NodeJS.Signals) => {
    const isRepeated = performance.now() - stoppedAt <= REPETITION_MS;
    if (interruption.signal.aborted) {
      if (!isRepeated) process.exit(report(interruption.signal.reason, false));
      return;
    }
    if (isRepeated) return;
    stoppedAt = performance.now();
    if (asked !== null && !asked.signal.aborted) {
      asked.abort();
      return;
    }
    interruption.abort(new StewardError('runtime', `stopped by ${name}`));
    // Work on a private server ends when the server does; work on somebody's database ends by the abort. What is left
    // of a server here is removed at exit.
    stopAllServers().catch(() => undefined);
    setTimeout(() => process.exit(report(interruption.signal.reason, false)), endingSeconds * 1000).unref();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  const untilStopped: Interruption['untilStopped'] = async (work) => {
    asked = new AbortController();
    try {
      return await work(asked.signal);
    } finally {
      asked = null;
    }
  };
  return { signal: interruption.signal, untilStopped };
}

function contextOf(invocation: Run, settings: Settings, interruption: Interruption): CommandContext {
  const watched = process.stderr.isTTY && !settings.quiet;
  return {
    settings,
    flags: new Set(invocation.flags.keys()),
    operands: invocation.operands,
    version: toolVersion(),
    log: createLog(settings.logLevel),
    progress: watched ? createTerminalProgress(process.stderr) : silentProgress,
    ...interruption,
    writeResult,
    color: process.stdout.isTTY && !environmentForbidsColor(),
    width: (process.stdout.isTTY && process.stdout.columns) || 100,
  };
}

async function writeResult(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    await print(text);
    return;
  }
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new StewardError('runtime', `the result cannot be written to ${file}: ${messageOf(error)}`, {
      hint: 'name another file with --output',
      cause: error,
    });
  }
}

/** Resolves with 0 when the text has left for stdout. */
function print(text: string): Promise<0> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve(0));
  });
}

function report(error: unknown, withStack: boolean): number {
  const { text, exitStatus } = describeFailure(error, { withStack });
  process.stderr.write(text);
  return exitStatus;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that goes away, such as head, is no failure of ours.
  if (error.code === 'EPIPE') process.exit(0);
  const message = `the result cannot be written to stdout: ${error.message}`;
  process.exit(report(new StewardError('runtime', message, { hint: 'write it to a file with --output FILE' }), false));
});

// What nobody awaits must neither print a stack nor leave a server behind.
process.on('uncaughtException', (error) => process.exit(report(error, false)));

start(process.argv.slice(2))
  .catch((error: unknown) => report(error, false))
  .then((status) => process.exit(status));
