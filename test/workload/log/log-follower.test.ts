import { appendFile, copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFollower } from '../../../src/workload/log/log-follower.js';
import { SkipTally } from '../../../src/workload/skip-tally.js';

let folder: string;
let seconds: number;
const never = new AbortController().signal;

beforeEach(async () => {
  seconds = 0;
  folder = await mkdtemp(join(tmpdir(), 'follow-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Lines of statements, each ten seconds after the one before. */
function lines(...texts: readonly string[]): string {
  return texts
    .map((text) => {
      seconds += 10;
      return `${new Date(Date.UTC(2026, 5, 1, 0, 0, seconds)).toISOString().replace('T', ' ').replace('Z', ' UTC')} [7] LOG:  duration: 1 ms  statement: ${text}\n`;
    })
    .join('');
}

function follow(path: string) {
  const texts: string[] = [];
  const skipped = new SkipTally();
  const follower = new LogFollower(path, { skipped, sink: { statement: ({ text }) => texts.push(text) } });
  return { texts, skipped, follower, pass: () => follower.pass(never) };
}

describe('a log that grows', () => {
  it('is read on, a line when it is whole', async () => {
    const file = join(folder, 'server.log');
    await writeFile(file, lines('A'));
    const { texts, follower, pass } = follow(file);
    expect(await pass()).toBeGreaterThan(0);
    expect(await pass()).toBe(0);
    const [line = ''] = lines('B and more').split(' and');
    await appendFile(file, line);
    await pass();
    await appendFile(file, ` and more\n${lines('C')}`);
    await pass();
    // The last message of a session may go on.
    expect(texts).toEqual(['A', 'B and more']);
    await follower.end();
    expect(texts).toEqual(['A', 'B and more', 'C']);
  });

  it('is read to its end when it is renamed, and then what takes its place', async () => {
    const file = join(folder, 'server.log');
    await writeFile(file, lines('A'));
    const { texts, follower, pass } = follow(file);
    await pass();
    await appendFile(file, lines('B'));
    await rename(file, `${file}.1`);
    await pass();
    await writeFile(file, lines('C'));
    await pass();
    await follower.end();
    expect(texts.toSorted()).toEqual(['A', 'B', 'C']);
  });

  it('is read from its start when it was emptied in place', async () => {
    const file = join(folder, 'server.log');
    await writeFile(file, lines('A', 'B', 'C'));
    const { texts, follower, pass } = follow(file);
    await pass();
    await truncate(file);
    await appendFile(file, lines('D'));
    await pass();
    await follower.end();
    expect(texts).toEqual(['A', 'B', 'C', 'D']);
  });

  it('is found in a folder, and a copy that a rotation makes is not read again', async () => {
    const file = join(folder, 'server.log');
    await writeFile(file, lines('A', 'B'));
    const { texts, follower, pass } = follow(folder);
    await pass();
    await copyFile(file, join(folder, 'server.log.1'));
    await truncate(file);
    await pass();
    await writeFile(join(folder, 'server-2.log'), lines('C'));
    await pass();
    await follower.end();
    expect(texts.toSorted()).toEqual(['A', 'B', 'C']);
  });
});
