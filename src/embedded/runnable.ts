import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { messageOf, StewardError } from '../errors.js';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { copyTargets, copyTo } from './binaries-copy.js';
import { linkLibraries } from './library-links.js';
import type { PrivateFolder } from './private-folder.js';

/** Server programs that were seen to run under the account that the server runs as. */
export interface RunnableBinaries {
  readonly binDirectory: string;
  /** `18.4`. */
  readonly version: string;
  /** Variables that the loader needs on top of the program's own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly account: Account | null;
}

interface Loadable {
  readonly binDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Gives binaries that the account can run: as they lie there, or as a copy where it may not enter their folder or
 * they bear no right of execution. A StewardError says what stands in the way.
 */
export function makeRunnable(binaries: Binaries, folder: PrivateFolder, account: Account | null): RunnableBinaries {
  const obstacles: string[] = [];
  for (const attempt of attempts(binaries, folder, account)) {
    try {
      const loadable = attempt();
      if (loadable === null) continue;
      const result = askVersion(loadable, folder, account);
      const version = /\(PostgreSQL\) (\S+)/.exec(result.stdout ?? '')?.[1];
      if (result.status === 0 && version !== undefined) return { ...loadable, version, account };
      obstacles.push(`${loadable.binDirectory}: ${obstacleOf(result)}`);
    } catch (error) {
      obstacles.push(messageOf(error));
    }
  }
  throw new StewardError(
    'runtime',
    `the PostgreSQL ${binaries.major} server programs do not run here: ${obstacles.join('; ')}`,
    { hint: hintFor(binaries, obstacles) },
  );
}

/** Ways to have the programs, cheapest first; each gives null where it is none on this system. */
function attempts(binaries: Binaries, folder: PrivateFolder, account: Account | null): (() => Loadable | null)[] {
  if (binaries.source === 'system') return [() => ({ binDirectory: binaries.binDirectory, environment: {} })];
  const asTheyLie = () => {
    const environment = linkLibraries(binaries, folder.path);
    return environment === null ? null : { binDirectory: binaries.binDirectory, environment };
  };
  const copies = copyTargets(binaries, folder.path, account).map((target) => () => ({
    binDirectory: copyTo(target, binaries),
    environment: {},
  }));
  return [asTheyLie, ...copies];
}

function askVersion(
  { binDirectory, environment }: Loadable,
  folder: PrivateFolder,
  account: Account | null,
): SpawnSyncReturns<string> {
  return spawnSync(join(binDirectory, 'postgres'), ['--version'], {
    encoding: 'utf8',
    cwd: folder.path,
    ...(account ?? {}),
    env: { ...process.env, ...environment },
  });
}

function obstacleOf(result: SpawnSyncReturns<string>): string {
  const { error } = result;
  if (error !== undefined && 'code' in error && error.code === 'EACCES') {
    return 'no right to execute it (a closed folder above it, no x bit, or a file system mounted noexec)';
  }
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') {
    return "it is there but the system's loader for it is not, as on musl systems (Alpine)";
  }
  return error?.message ?? (result.stderr.trim() || `it ended with status ${result.status ?? result.signal}`);
}

function hintFor(binaries: Binaries, obstacles: readonly string[]): string {
  if (obstacles.some((obstacle) => obstacle.includes('musl'))) {
    return `install PostgreSQL from the system's packages: apk add postgresql${binaries.major} postgresql${binaries.major}-contrib`;
  }
  return binaries.source === 'system'
    ? 'check the installation of PostgreSQL on this system'
    : `make node_modules readable and executable for the user the server runs as, or install postgresql-${binaries.major} from the system's packages`;
}
