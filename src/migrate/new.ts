import { join } from 'node:path';
import { StewardError } from '../errors.js';
import { nextVersions } from './numbering.js';
import { knownMigrations, separatorOf, writePair } from './write.js';

/** What a new pair of files holds until somebody writes it. */
const UP = (title: string) => `-- ${title}\n\n`;
const DOWN = (title: string) =>
  `-- Takes back: ${title}\n-- Where there is no way back, delete this file and write into the other: -- pgsteward: irreversible <reason>\n\n`;

/**
 * Makes the up and the down file of a new migration, numbered behind the last one in the folder's own style, and gives
 * their paths. Several folders are one set; the first takes the files.
 */
export async function newMigration(dirs: readonly string[], title: string, now: Date): Promise<readonly string[]> {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const [dir] = dirs;
  if (words.length === 0 || dir === undefined) {
    throw new StewardError('usage', `${JSON.stringify(title)} is no name of a migration: it holds no letter`, {
      hint: 'say what it does: pgsteward migrate new "add agent tags"',
    });
  }
  const known = await knownMigrations(dir, { dirs: dirs.slice(1), migrations: [], unrecognised: [] });
  const versions = known.map(({ version }) => version);
  const [version] = nextVersions(versions, 1, now);
  const stem = join(dir, `${version}_${words.join(separatorOf(known))}`);
  return writePair(stem, { up: UP(title), down: DOWN(title) });
}
