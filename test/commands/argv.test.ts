import { describe, expect, it } from 'vitest';
import { readInvocation } from '../../src/commands/argv.js';
import { commandHelp, programHelp } from '../../src/commands/help.js';
import { commands } from '../../src/commands/index.js';

const read = (...argv: string[]) => readInvocation(argv, commands);

describe('the command line', () => {
  it('names a command of one word or two, its operands and its flags', () => {
    expect(read('migrate', 'down', '--steps', '2', '--dir', 'a', '--dir', 'b')).toMatchObject({
      kind: 'run',
      command: { name: 'migrate down' },
      flags: new Map<string, unknown>([
        ['migrate.dir', ['a', 'b']],
        ['migrate.steps', '2'],
      ]),
    });
    expect(read('rules', 'missing-index')).toMatchObject({ command: { name: 'rules' }, operands: ['missing-index'] });
  });

  it('gives help for the program, a group and a command, and the version', () => {
    expect(read()).toMatchObject({ kind: 'help', command: null });
    expect(read('--version')).toEqual({ kind: 'version' });
    expect(read('migrate')).toMatchObject({ kind: 'help', group: 'migrate' });
    expect(read('advise', '--help')).toMatchObject({ kind: 'help', command: { name: 'advise' } });
  });

  it('says which commands there are when one is not known', () => {
    expect(() => read('advice')).toThrow('pgsteward has no command "advice"');
    expect(() => read('migrate', 'sideways')).toThrow('pgsteward has no command "migrate sideways"');
  });

  it('names every argument that it does not understand', () => {
    expect(() => read('advise', '--wrkload', 'pgss', '--quiet=yes', '--format', '--output', 'more', 'x')).toThrow(
      /--wrkload is no flag[\s\S]*--quiet takes no value[\s\S]*--format needs a value[\s\S]*no argument "more"/,
    );
  });

  it('lists each command in the program’s help and each flag with its default in the command’s', () => {
    for (const command of commands) expect(programHelp(commands)).toContain(command.name);
    const advise = commands.find((command) => command.name === 'advise');
    expect(advise === undefined ? '' : commandHelp(advise)).toMatch(/--statement-timeout DURATION +limit .*\(5s\)/);
  });
});
