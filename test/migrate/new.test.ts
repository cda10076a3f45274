import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMigrations } from '../../src/migrate/files.js';
import { newMigration } from '../../src/migrate/new.js';

const NOW = new Date('2026-11-21T08:30:00Z');
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'new-'));
});
afterAll(() => rm(root, { recursive: true }));

describe('a new migration', () => {
  it('has two files, numbered behind the last, that the runner recognises', async () => {
    const dir = join(root, 'sequence');
    const first = await newMigration([dir], 'Add agent tags!', NOW);
    expect(first.map((file) => basename(file))).toEqual(['0001_add_agent_tags.up.sql', '0001_add_agent_tags.down.sql']);
    const second = await newMigration([dir], 'more', NOW);
    expect(second.map((file) => basename(file))).toEqual(['0002_more.up.sql', '0002_more.down.sql']);
    expect((await readMigrations([dir])).migrations.map(({ name }) => name)).toEqual(['add_agent_tags', 'more']);
  });

  it('takes up the style of the folder', async () => {
    const dir = join(root, 'clock');
    await newMigration([dir], 'x', NOW);
    await rm(dir, { recursive: true });
    await newMigration([dir], 'x', NOW);
    for (const file of await readdir(dir)) await rm(join(dir, file));
    await writeFile(join(dir, '20260101120000_add-one.up.sql'), 'SELECT 1;');
    const files = await newMigration([dir], 'add two', NOW);
    expect(basename(files[0] ?? '')).toBe('20261121083000_add-two.up.sql');
  });

  it('wants a name', async () => {
    await expect(newMigration([root], '--', NOW)).rejects.toThrow('it holds no letter');
  });
});
