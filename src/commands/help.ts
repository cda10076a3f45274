import type { FlagDescription } from '../settings-schema.js';
import { flagsOf } from './argv.js';
import type { Command } from './command.js';

/** Gives the program's own help: what it does and its commands. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return [
    'pgsteward finds what slows a PostgreSQL database, proves the fix and ships it as a migration.',
    '',
    'Usage: pgsteward COMMAND [FLAGS]',
    '',
    ...lines,
    '',
    'pgsteward COMMAND --help lists its flags. Every key may also stand in pgsteward.yaml or as PGSTEWARD_… in the environment.',
    'Exit status: 0 done and clean, 1 findings or a failed gate, 2 usage or configuration, 3 database or run-time failure, 4 inconclusive (bench).',
    '',
  ].join('\n');
}

/** Gives the help of the commands that share a first word. */
export function groupHelp(group: string, commands: readonly Command[]): string {
  const members = commands.filter((command) => command.name.startsWith(`${group} `));
  const width = Math.max(...members.map((command) => command.name.length));
  return [
    'Usage:',
    ...members.map((command) => `  pgsteward ${command.name.padEnd(width)}  ${command.summary}`),
    '',
  ].join('\n');
}

/** Gives one command's help: its flags with what they take and what holds without them. */
export function commandHelp(command: Command): string {
  const flags = flagsOf(command);
  const lines = [
    ...flags.map((flag) => [spelling(flag), describe(flag)] as const),
    ['--config FILE', 'read settings from this file instead of pgsteward.yaml'] as const,
  ];
  const width = Math.min(Math.max(...lines.map(([left]) => left.length)), 44);
  return [
    `Usage: pgsteward ${command.name}${command.operands === undefined ? '' : ` ${command.operands}`} [FLAGS]`,
    '',
    command.summary,
    '',
    ...lines.map(([left, right]) =>
      left.length > width ? `  ${left}\n  ${' '.repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
    ),
    ...(command.notes === undefined ? [] : ['', command.notes]),
    '',
  ].join('\n');
}

function spelling(flag: FlagDescription): string {
  return flag.kind === 'bare' ? `--${flag.name}` : `--${flag.name} ${flag.placeholder}`;
}

function describe(flag: FlagDescription): string {
  return flag.fallback === null ? flag.description : `${flag.description} (${flag.fallback})`;
}
