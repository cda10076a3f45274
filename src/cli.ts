#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { readInvocation } from './commands/argv.js';
import type { CommandContext } from './commands/command.js';
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
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      interruption.abort(new StewardError('runtime', `stopped by ${signal}`));
      // Work on a private server ends when the server does; work on somebody's database ends by the abort.
      void stopAllServers();
    });
  }
  try {
    return await invocation.command.run(contextOf(invocation, settings, interruption.signal));
  } catch (error) {
    const cause = interruption.signal.aborted ? interruption.signal.reason : error;
    return report(cause, settings.logLevel === 'debug' || settings.logLevel === 'trace');
  }
}

function contextOf(invocation: Run, settings: Settings, signal: AbortSignal): CommandContext {
  const watched = process.stderr.isTTY && !settings.quiet;
  return {
    settings,
    operands: invocation.operands,
    version: toolVersion(),
    log: createLog(settings.logLevel),
    progress: watched ? createTerminalProgress(process.stderr) : silentProgress,
    signal,
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
  const known = error instanceof StewardError;
  const lines = [`pgsteward: ${messageOf(error)}`];
  if (known && error.hint !== null) lines.push(`  ${error.hint}`);
  if (!known) lines.push('  this is a fault of pgsteward; run again with --log-level debug and report what it prints');
  if (withStack && error instanceof Error)
    lines.push(error.stack ?? '', error.cause instanceof Error ? (error.cause.stack ?? '') : '');
  process.stderr.write(`${lines.join('\n')}\n`);
  return known ? error.exitStatus : 3;
}

// A reader that goes away, such as head, is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));

start(process.argv.slice(2))
  .catch((error: unknown) => report(error, false))
  .then((status) => process.exit(status));
