import { EMBEDDED_MAJORS, type EmbeddedMajor, findBinaries } from '../../embedded/binaries.js';
import { type EmbeddedServer, startServer } from '../../embedded/server.js';
import { StewardError } from '../../errors.js';
import type { Planner } from '../../model/planner.js';
import { type Progress, silentProgress } from '../../model/progress.js';
import type { Snapshot } from '../../model/snapshot.js';
import { openSession } from '../../postgres/session.js';
import { cachedPlanner } from '../cached-planner.js';
import { HypotheticalNames } from '../hypothetical-names.js';
import type { PlanBackend } from '../plan-backend.js';
import { dropApplicationRole } from './row-security.js';
import { openTwinBackend } from './twin-backend.js';
import { createTwinDatabase } from './twin-database.js';
import { TWIN_SERVER_SETTINGS } from './twin-settings.js';

export interface TwinOptions {
  /** Databases that plan side by side, each with a connection of its own; 1 where not given. */
  readonly databases?: number;
  readonly progress?: Progress;
  /** Longest planning of one statement; 30,000 where not given. */
  readonly statementTimeoutMs?: number;
  /** A private server to build on, which is left running at the end; one of the twin's own where not given. */
  readonly server?: EmbeddedServer;
}

/**
 * Builds a copy of a database that has its schema and statistics and no rows, and plans statements on it as the
 * original would. It is of the snapshot's major where such a server can be had; `describe()` says so where not.
 */
export async function buildTwin(snapshot: Snapshot, options: TwinOptions = {}): Promise<Planner> {
  requireBlockSize(snapshot);
  const progress = options.progress ?? silentProgress;
  const databases = Math.max(1, options.databases ?? 1);
  const step = progress.step('building the planner twin', databases);
  const server = options.server ?? (await startTwinServer(snapshot));
  const names: string[] = [];
  const close = async () => {
    if (options.server === undefined) await server.stop();
    else await dropDatabases(server, names);
  };
  try {
    const indexes = snapshot.catalog.tables.flatMap((table) => table.indexes.map(({ name }) => name));
    const hypothetical = new HypotheticalNames(indexes);
    const backendOptions = {
      names: hypothetical,
      statementTimeoutMs: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    };
    const backends: PlanBackend[] = [];
    for (let number = 1; number <= databases; number++) {
      const name = databaseName(number);
      names.push(name);
      backends.push(await openTwinBackend(server, await createTwinDatabase(server, snapshot, name), backendOptions));
      step.update(number);
    }
    const [first, ...others] = backends;
    if (first === undefined) throw new StewardError('runtime', 'a twin without a database cannot plan');
    step.end(first.describe());
    return cachedPlanner([first, ...others], close, { snapshot });
  } catch (error) {
    await close();
    throw error;
  }
}

const STATEMENT_TIMEOUT_MS = 30_000;

async function dropDatabases(server: EmbeddedServer, names: readonly string[]): Promise<void> {
  for (const name of names) await server.dropDatabase(name);
  const maintenance = await openSession(server.url('postgres'));
  try {
    for (const name of names) await dropApplicationRole(maintenance, name);
  } finally {
    await maintenance.close();
  }
}

let databasesMade = 0;

/** Several twins may share one server. */
function databaseName(number: number): string {
  databasesMade += 1;
  return `twin_${process.pid}_${databasesMade}_${number}`;
}

const BLOCK_SIZE = '8192';

function requireBlockSize({ catalog }: Snapshot): void {
  const size = catalog.settings.find(({ name }) => name === 'block_size')?.value ?? BLOCK_SIZE;
  if (size === BLOCK_SIZE) return;
  throw new StewardError('runtime', `the database has blocks of ${size} bytes, a twin only those of ${BLOCK_SIZE}`, {
    hint: 'run with --planner hypopg where that extension is installed, else with --planner target',
  });
}

/** Starts a private server that is fit for twins, of the database's major where such a server can be had. */
export function startTwinServer({ catalog }: Pick<Snapshot, 'catalog'>): Promise<EmbeddedServer> {
  return startServer({ major: majorFor(catalog), settings: TWIN_SERVER_SETTINGS });
}

/** Gives the database's major, else the nearest that there are server programs for. */
function majorFor(catalog: Snapshot['catalog']): EmbeddedMajor {
  const { major } = catalog.server;
  const byDistance = [...EMBEDDED_MAJORS].sort((a, b) => Math.abs(a - major) - Math.abs(b - major));
  const found = byDistance.find((candidate) => hasBinaries(candidate));
  return found ?? 18;
}

function hasBinaries(major: EmbeddedMajor): boolean {
  try {
    findBinaries(major);
    return true;
  } catch {
    return false;
  }
}
