import { randomUUID } from 'node:crypto';
import { findBinaries } from '../embedded/binaries.js';
import { type EmbeddedServer, startServerOf } from '../embedded/server.js';
import type { ObservedSchema } from '../model/drift.js';
import type { MigrationFolder } from '../model/migration.js';
import { openSession, type Session } from '../postgres/session.js';
import { quoteIdentifier } from '../sql/quote.js';
import { migrateDown } from './down.js';
import { MigrateFailed } from './failure.js';
import { openReplaySessions, type ReplaySessions } from './lint/sessions.js';
import { asOfOneMoment, observeInTransaction } from './schema/observe.js';
import { migrateUp } from './up.js';

export interface ScratchOptions {
  readonly major: number;
  /** Role that applies the files and so owns what they make; `postgres` where not given. */
  readonly runner?: string;
  /** Schema of pgsteward's own tables. */
  readonly ownSchema: string;
  readonly signal?: AbortSignal;
  /** A server that runs already, and goes on when the replay is over; one of its own where not given. */
  readonly server?: EmbeddedServer | undefined;
}

/** Databases on a private server, on which migrations are replayed by the runner itself. */
export class ScratchReplay {
  /** `18.4`. */
  readonly version: string;
  private readonly server: EmbeddedServer;
  private readonly options: ScratchOptions;
  private database = '';
  /** Stays open, since a new one reads the catalogs anew. */
  private observer: Session | null = null;

  private constructor(server: EmbeddedServer, options: ScratchOptions) {
    this.server = server;
    this.options = options;
    this.version = server.version;
  }

  /** Starts the server with one empty database; a StewardError of code `runtime` says why there can be none. */
  static async start(options: ScratchOptions): Promise<ScratchReplay> {
    const server = options.server ?? (await startServerOf(findBinaries(options.major)));
    const replay = new ScratchReplay(server, options);
    try {
      if (options.runner !== undefined) await replay.createRole(options.runner, 'SUPERUSER LOGIN');
      await replay.renew();
      return replay;
    } catch (error) {
      await replay.stop();
      throw error;
    }
  }

  /** Goes on with a database that is empty. */
  async renew(): Promise<void> {
    const before = this.database;
    await this.closeObserver();
    this.database = `replay_${randomUUID().replaceAll('-', '')}`;
    await this.server.createDatabase(this.database);
    if (before !== '') await this.server.dropDatabase(before);
  }

  /** Applies what is pending of a folder; a MigrateFailed names the file that did not succeed. */
  async up(folder: MigrationFolder): Promise<void> {
    await this.withRoles(() => migrateUp(this.url(), folder, this.runOptions()));
  }

  /** Takes the last migration of a folder back; a MigrateFailed says why that did not succeed. */
  async downOne(folder: MigrationFolder): Promise<void> {
    await this.withRoles(() => migrateDown(this.url(), folder, { ...this.runOptions(), steps: 1 }));
  }

  async observe(): Promise<ObservedSchema> {
    const session = this.observer ?? (await openSession(this.url()));
    this.observer = session;
    return asOfOneMoment(session, () => observeInTransaction(session, this.options.ownSchema));
  }

  /** Opens the two connections that watching statements takes; the caller closes them. */
  async open(): Promise<ReplaySessions> {
    return openReplaySessions(this.url());
  }

  async stop(): Promise<void> {
    await this.closeObserver();
    if (this.options.server === undefined) await this.server.stop();
    else if (this.database !== '') await this.server.dropDatabase(this.database);
  }

  private async closeObserver(): Promise<void> {
    await this.observer?.close();
    this.observer = null;
  }

  private runOptions() {
    const { ownSchema: schema, signal } = this.options;
    return { schema, ...(signal === undefined ? {} : { signal }) };
  }

  private url(): string {
    const { runner } = this.options;
    const url = this.server.url(this.database);
    return runner === undefined ? url : url.replace('//postgres@', () => `//${encodeURIComponent(runner)}@`);
  }

  /** Roles are the server's, so files may name some that no file makes: those are made once they are missed. */
  private async withRoles(work: () => Promise<unknown>): Promise<void> {
    for (const made = new Set<string>(); ; ) {
      try {
        await work();
        return;
      } catch (error) {
        const role = missedRole(error);
        if (role === null || made.has(role)) throw error;
        made.add(role);
        await this.createRole(role, 'NOLOGIN');
      }
    }
  }

  private async createRole(name: string, attributes: string): Promise<void> {
    const session = await openSession(this.server.url('postgres'));
    try {
      const known = await session.query('SELECT FROM pg_catalog.pg_roles WHERE rolname = $1', [name]);
      if (known.rowCount === 0) await session.query(`CREATE ROLE ${quoteIdentifier(name)} ${attributes}`);
    } finally {
      await session.close();
    }
  }
}

/** SQLSTATE 42704 is that of any object that is not there. */
function missedRole(error: unknown): string | null {
  const failure = error instanceof MigrateFailed ? error.result.failure : null;
  if (failure?.sqlState !== '42704') return null;
  return /role "(.*)" does not exist/.exec(failure.message)?.[1] ?? null;
}
