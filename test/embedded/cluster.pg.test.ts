import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../src/embedded/server.js';
import { mountedDirectory, ownDirectory } from './places.js';

describe('a start that cannot succeed', () => {
  it.for(['100k', '24m'])('says so where a disk has only %s of room, and leaves nothing', async (size, context) => {
    const directory = mountedDirectory(context, `size=${size}`);
    await expect(startServer({ directory })).rejects.toMatchObject({
      code: 'runtime',
      message: expect.stringMatching(/^no room for a private PostgreSQL 18\.\d+ in .*: \d+ MB are free/),
      hint: 'free some room, or point TMPDIR at a folder that has it',
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('tells the complaint of the server about a setting, and leaves nothing', async () => {
    const directory = ownDirectory();
    await expect(startServer({ directory, settings: { max_connections: 'many' } })).rejects.toMatchObject({
      code: 'runtime',
      message: expect.stringContaining('max_connections'),
    });
    expect(readdirSync(directory)).toEqual([]);
  });
});
