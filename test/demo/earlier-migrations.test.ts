import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeEarlierMigrations } from '../../src/demo/earlier-migrations.js';

const WRITTEN = '-- Adds an index.\n-- written by pgsteward 0.1.0, 2026-01-01T00:00:00.000Z\nSELECT 1;\n';

describe('the migrations folder of a demo', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pgsteward-earlier-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const put = (name: string, text: string) => writeFile(join(dir, name), text);

  it('loses what an earlier run wrote, down files included', async () => {
    await put('0001_add_a.up.sql', WRITTEN);
    await put('0001_add_a.down.sql', 'SELECT 2;\n');
    await put('notes.txt', 'mine');
    await removeEarlierMigrations(dir);
    expect(await readdir(dir)).toEqual(['notes.txt']);
  });

  it.each(['0002_mine.up.sql', 'mine.sql'])('keeps everything where %s is not of ours, and names it', async (name) => {
    await put('0001_add_a.up.sql', WRITTEN);
    await put(name, 'SELECT 3;\n');
    await expect(removeEarlierMigrations(dir)).rejects.toThrow(`${join(dir, name)} was not written by pgsteward`);
    expect(await readdir(dir)).toEqual(['0001_add_a.up.sql', name].sort());
  });
});
