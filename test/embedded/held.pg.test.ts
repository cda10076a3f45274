import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ownDirectory } from './places.js';
import { leftOf, runProgram, spawnProgram } from './programs.js';

describe('a program with a private server leaves neither server nor folder', { timeout: 60_000 }, () => {
  it.each([
    ['exits', 5],
    ['ends', 0],
    ['throws', 1],
  ])('when it %s', async (ending, code) => {
    const program = await runProgram(ending, { directory: ownDirectory() });
    expect(await program.ended()).toEqual({ code, signal: null });
    expect(leftOf(program)).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('when %s ends it, and that is what it dies of', async (signal) => {
    const program = await runProgram('waits', { directory: ownDirectory() });
    program.child.kill(signal);
    expect(await program.ended()).toEqual({ code: null, signal });
    expect(leftOf(program)).toEqual([]);
  });

  it('when a signal comes while the data folder is being made', async () => {
    const directory = ownDirectory();
    const watcher = watch(directory);
    const { child, ended } = spawnProgram('waits', { directory });
    await once(watcher, 'change');
    watcher.close();
    child.kill('SIGTERM');
    expect(await ended()).toEqual({ code: null, signal: 'SIGTERM' });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('when Ctrl-C reaches its whole process group and its own handler works on before it stops all servers', async () => {
    const program = await runProgram('handles-sigint', { directory: ownDirectory() }, { detached: true });
    process.kill(-(program.child.pid ?? Number.NaN), 'SIGINT');
    expect(await program.nextLine()).toBe('its server still gave 1 row');
    expect(await program.ended()).toEqual({ code: 7, signal: null });
    expect(leftOf(program)).toEqual([]);
  });
});
