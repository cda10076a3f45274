import { readdir, readFile } from 'node:fs/promises';
import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { Session } from '../postgres/session.js';

/** `clean` is the fleet as it should be, `flawed` the fleet as its audit found it. */
export type FleetVariant = 'clean' | 'flawed';

export interface InstalledFleet {
  /** File names in the order in which they were run. */
  readonly applied: readonly string[];
  /** Files that PostgreSQL refused, each rolled back as a whole; always empty for `clean`. */
  readonly failed: readonly { readonly file: string; readonly message: string }[];
}

const FOLDERS: Readonly<Record<FleetVariant, URL>> = {
  clean: new URL('../../migrations/fleet/', import.meta.url),
  flawed: new URL('../../migrations/fleet-flawed/', import.meta.url),
};

/**
 * Creates the fleet's tables in an empty database by running each `.up.sql` file of the variant in a transaction of
 * its own. `flawed` is installed as its own server did it: what fails is skipped and the rest goes on, and that is how
 * its database came to lack the indexes of those files.
 */
export async function installFleet(session: Session, variant: FleetVariant): Promise<InstalledFleet> {
  const folder = FOLDERS[variant];
  const files = (await readdir(folder)).filter((file) => file.endsWith('.up.sql')).sort();
  const applied: string[] = [];
  const failed: { file: string; message: string }[] = [];
  for (const file of files) {
    try {
      await session.script(await readFile(new URL(file, folder), 'utf8'));
      applied.push(file);
    } catch (error) {
      if (variant === 'clean' || sqlStateOf(error) === null) throw notInstalled(file, error);
      failed.push({ file, message: messageOf(error) });
    }
  }
  return { applied, failed };
}

function notInstalled(file: string, error: unknown): StewardError {
  return new StewardError('database', `${file} of the fleet does not apply: ${messageOf(error)}`, {
    hint: 'install the fleet into an empty database',
    cause: error,
  });
}
