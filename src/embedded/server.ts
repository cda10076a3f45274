import { StewardError } from '../errors.js';
import { type Account, serverAccount } from './account.js';
import { type Binaries, type BinariesSource, type EmbeddedMajor, findBinaries } from './binaries.js';
import { createCluster } from './cluster.js';
import { createDatabaseOn, dropDatabaseOn } from './databases.js';
import { endLeftovers } from './leftovers.js';
import { startPostmaster } from './postmaster.js';
import { createPrivateFolder, type PrivateFolder, parentFolders } from './private-folder.js';
import { makeRunnable, type RunnableBinaries } from './runnable.js';
import { type Manner, ServerLife } from './server-life.js';
import { serverSettings } from './settings.js';

export interface ServerOptions {
  /** 18 where not given. */
  readonly major?: EmbeddedMajor;
  /** Server settings on top of those for scratch work. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Which PostgreSQL is taken where the system has one of this major and npm brought one too; `system` where not given. */
  readonly prefer?: BinariesSource;
  /** Folder in which the server's private folder is made; the system's temporary folder where not given. */
  readonly directory?: string;
}

/** A private PostgreSQL that only this program can reach; it ends with the program at the latest. */
export interface EmbeddedServer {
  /** URL of one of its databases, for the superuser `postgres`. */
  url(database: string): string;
  readonly dataDirectory: string;
  /** `18.4`. */
  readonly version: string;
  readonly major: number;
  /** Account that files in the data directory must belong to; null when it is the program's own. */
  readonly owner: Account | null;
  createDatabase(name: string, options?: { template?: string }): Promise<void>;
  /** Drops a database and ends its connections; one that is not there is fine. */
  dropDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** initdb asked alone lets its current step end, and so gives back the step's shared memory. */
const INITDB_ENDS: Manner = { signal: 'SIGTERM', group: true };
/** An immediate shutdown: what it would save is removed anyway. */
const SERVER_ENDS: Manner = { signal: 'SIGQUIT', group: false };

/**
 * Starts a private server of its own data folder on a Unix socket, with pg_stat_statements preloaded.
 * A StewardError of code `runtime` says why there can be none.
 */
export async function startServer(options: ServerOptions = {}): Promise<EmbeddedServer> {
  return startServerOf(findBinaries(options.major ?? 18, options.prefer), options);
}

/** Starts a private server of given binaries; its major is theirs. */
export async function startServerOf(found: Binaries, options: ServerOptions = {}): Promise<EmbeddedServer> {
  const { major } = found;
  const account = serverAccount();
  await endLeftovers([...parentFolders(), ...(options.directory === undefined ? [] : [options.directory])]);
  const life = new ServerLife();
  try {
    const folder = life.own(createPrivateFolder(account, options.directory));
    const binaries = makeRunnable(found, folder, account);
    await createCluster({ binaries, folder, onProcess: (child) => life.adopt(child, INITDB_ENDS) });
    const settings = serverSettings(folder.socketDirectory, options.settings);
    await startPostmaster({ binaries, folder, settings, onProcess: (child) => life.adopt(child, SERVER_ENDS) });
    return new PrivateServer({ binaries, folder, life, major });
  } catch (error) {
    const stopped = life.isOver;
    await life.end();
    if (stopped) throw new StewardError('runtime', `the private PostgreSQL ${major} was stopped while it was starting`);
    throw error;
  }
}

interface Parts {
  readonly binaries: RunnableBinaries;
  readonly folder: PrivateFolder;
  readonly life: ServerLife;
  readonly major: number;
}

class PrivateServer implements EmbeddedServer {
  readonly dataDirectory: string;
  readonly version: string;
  readonly major: number;
  readonly owner: Account | null;
  private readonly socketDirectory: string;
  private readonly life: ServerLife;

  constructor({ binaries, folder, life, major }: Parts) {
    this.dataDirectory = folder.dataDirectory;
    this.socketDirectory = folder.socketDirectory;
    this.version = binaries.version;
    this.owner = binaries.account;
    this.major = major;
    this.life = life;
  }

  url(database: string): string {
    // Port and sslmode stand here so that PGPORT and PGSSLMODE of the user's environment have no say.
    const socket = `host=${encodeURIComponent(this.socketDirectory)}`;
    // pg decodes the path with decodeURI, so a slash in a name has to stay one.
    const path = encodeURI(database).replaceAll('?', '%3F').replaceAll('#', '%23');
    return `postgres://postgres@localhost:5432/${path}?${socket}&sslmode=disable`;
  }

  createDatabase(name: string, { template }: { template?: string } = {}): Promise<void> {
    return createDatabaseOn(this.url('postgres'), { name, template });
  }

  dropDatabase(name: string): Promise<void> {
    return dropDatabaseOn(this.url('postgres'), name);
  }

  stop(): Promise<void> {
    return this.life.end();
  }
}
