import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endLeftovers } from '../../src/embedded/leftovers.js';
import { isRunning, thisProgram } from '../../src/embedded/living.js';
import { startServer } from '../../src/embedded/server.js';
import { ownDirectory } from './places.js';
import { leftOf, runProgram } from './programs.js';

describe('leftovers', { timeout: 60_000 }, () => {
  it('of a killed program are gone after the next start, those of a running one are not', async () => {
    const directory = ownDirectory();
    const [killed, running] = await Promise.all([
      runProgram('waits', { directory }),
      runProgram('waits', { directory }),
    ]);
    killed.child.kill('SIGKILL');
    await killed.ended();
    expect(leftOf(killed)).toEqual(['server', 'folder']);
    const [server] = await Promise.all([startServer({ directory }), endLeftovers([directory])]);
    expect(leftOf(killed)).toEqual([]);
    expect(leftOf(running)).toEqual(['server', 'folder']);
    running.child.kill('SIGTERM');
    await Promise.all([running.ended(), server.stop()]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('are never a process that only bears the number of a server gone by', async () => {
    const directory = ownDirectory();
    const innocent = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 60_000)']);
    const folder = folderOf(directory, { ...thisProgram(), startTime: 'before' });
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'postmaster.pid'), `${innocent.pid}\n`);
    await endLeftovers([directory]);
    expect(existsSync(folder)).toBe(false);
    expect(isRunning(innocent.pid ?? Number.NaN)).toBe(true);
    innocent.kill();
  });

  it.each([
    ['a process id that was given out anew', { startTime: 'another' }, false],
    ['the time before the last boot', { boot: 'another' }, false],
    ['another machine', { host: 'another', boot: 'another' }, true],
    ['another container', { pidNamespace: 'another', startTime: 'another' }, true],
    ['this very program', {}, true],
  ])('of %s', async (_, change, stays) => {
    const directory = ownDirectory();
    const folder = folderOf(directory, { ...thisProgram(), ...change });
    await endLeftovers([directory]);
    expect(existsSync(folder)).toBe(stays);
  });

  it('without an owner go when they are old and hold nothing but what a server leaves', async () => {
    const directory = ownDirectory();
    const made = (name: string, holds: string, time: number) => {
      mkdirSync(join(directory, name, holds), { recursive: true });
      utimesSync(join(directory, name), time, time);
    };
    const now = Date.now() / 1000;
    made('pgsteward-pg-fresh0', 'data', now);
    made('pgsteward-pg-old000', 'data', 0);
    made('pgsteward-pg-old111.77', 'data', 0);
    made('pgsteward-pg-report', 'index.html', 0);
    made('pgsteward-pg-name-of-another-kind', 'data', 0);
    await endLeftovers([directory]);
    expect(readdirSync(directory).sort()).toEqual([
      'pgsteward-pg-fresh0',
      'pgsteward-pg-name-of-another-kind',
      'pgsteward-pg-report',
    ]);
  });

  it('are nothing that another user laid out', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root can make a folder of another user');
    const directory = ownDirectory();
    const folder = folderOf(directory, { ...thisProgram(), startTime: 'another' });
    chownSync(folder, 65534, 65534);
    await endLeftovers([join(directory, 'absent'), directory]);
    expect(existsSync(folder)).toBe(true);
  });
});

function folderOf(directory: string, owner: object): string {
  const folder = join(directory, 'pgsteward-pg-made00');
  mkdirSync(folder);
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
  return folder;
}
