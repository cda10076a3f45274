import { parseArgs } from 'node:util';
import { StewardError } from '../errors.js';
import { type FlagDescription, globalFlags, sectionFlags } from '../settings-schema.js';
import type { Command } from './command.js';

/** What the command line asks for. */
export type Invocation =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly command: Command | null; readonly group: string | null }
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly operands: readonly string[];
      readonly flags: ReadonlyMap<string, unknown>;
      readonly configFile: string | null;
    };

/** Gives all flags that a command takes. */
export function flagsOf(command: Command): readonly FlagDescription[] {
  const own = command.section === null ? [] : sectionFlags(command.section);
  const wanted = own.filter((flag) => command.flags?.includes(flag.path.split('.').at(-1) ?? '') ?? true);
  return [...wanted, ...globalFlags()];
}

/** Reads the command line; a StewardError of code `usage` names every argument that is not understood. */
export function readInvocation(argv: readonly string[], commands: readonly Command[]): Invocation {
  const [first = '--help', second] = argv;
  if (first === '--version' || first === '-V') return { kind: 'version' };
  if (first === '--help' || first === '-h' || first === 'help') return { kind: 'help', command: null, group: null };
  const command =
    commands.find((candidate) => candidate.name === `${first} ${second}`) ??
    commands.find((candidate) => candidate.name === first);
  if (command === undefined) return groupOrUnknown(first, second, commands);
  return readFlags(argv.slice(command.name.split(' ').length), command);
}

function groupOrUnknown(first: string, second: string | undefined, commands: readonly Command[]): Invocation {
  const group = commands.filter((command) => command.name.startsWith(`${first} `));
  if (group.length > 0 && (second === undefined || second === '--help' || second === '-h'))
    return { kind: 'help', command: null, group: first };
  const known = (group.length > 0 ? group : commands).map((command) => command.name);
  const asked = group.length > 0 ? `${first} ${second}` : first;
  throw new StewardError('usage', `pgsteward has no command ${JSON.stringify(asked)}`, {
    hint: `the commands are ${known.join(', ')}; see pgsteward --help`,
  });
}

function readFlags(args: readonly string[], command: Command): Invocation {
  const flags = flagsOf(command);
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const options = Object.fromEntries(
    flags.map((flag) => [
      flag.name,
      { type: flag.kind === 'bare' ? 'boolean' : 'string', multiple: flag.kind === 'list' } as const,
    ]),
  );
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: { ...options, config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  if (values['help'] === true) return { kind: 'help', command, group: null };
  const mistakes = tokens.flatMap((token) => {
    if (token.kind !== 'option') return [];
    // Without an = the parser takes whatever follows, the next flag included.
    const isMissing = token.value === undefined || (token.inlineValue === false && token.value.startsWith('--'));
    if (token.name === 'config') return isMissing ? ['--config needs a value: FILE'] : [];
    const flag = byName.get(token.name);
    if (flag === undefined) return [`${token.rawName} is no flag of pgsteward ${command.name}`];
    if (flag.kind === 'bare') return token.value === undefined ? [] : [`${token.rawName} takes no value`];
    return isMissing ? [`${token.rawName} needs a value: ${flag.placeholder}`] : [];
  });
  if (command.operands === undefined)
    mistakes.push(
      ...positionals.map((operand) => `pgsteward ${command.name} takes no argument ${JSON.stringify(operand)}`),
    );
  if (mistakes.length > 0)
    throw new StewardError('usage', mistakes.join('\n'), { hint: `see pgsteward ${command.name} --help` });
  const given = new Map<string, unknown>();
  for (const flag of flags) if (values[flag.name] !== undefined) given.set(flag.path, values[flag.name]);
  return {
    kind: 'run',
    command,
    operands: positionals,
    flags: given,
    configFile: (values['config'] as string | undefined) ?? null,
  };
}
