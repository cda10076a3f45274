import { rm } from 'node:fs/promises';
import { StewardError } from '../errors.js';
import { scanMigrations } from '../migrate/files.js';

/**
 * Empties a folder of the migrations that an earlier run wrote, so that this run measures its own alone. A
 * StewardError of code `usage` names the first `.sql` file that pgsteward did not write; then nothing is removed.
 */
export async function removeEarlierMigrations(dir: string): Promise<void> {
  const { migrations, unrecognised } = await scanMigrations([dir]);
  const foreign = migrations.find(({ up }) => !/^-- written by pgsteward /m.test(up.text))?.up ?? unrecognised[0];
  if (foreign !== undefined) {
    throw new StewardError('usage', `${foreign.path} was not written by pgsteward, and the demo would run it`, {
      hint: 'name another folder with --output',
    });
  }
  for (const { up, down } of migrations) {
    await rm(up.path);
    if (down !== null) await rm(down.path);
  }
}
