import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import { openSession } from '../../src/postgres/session.js';

/** What the server is told to log. */
export type Logging = 'all' | 'texts alone' | 'half the statements' | 'half the transactions' | 'cut parameters';

export const LOG_FORMATS = ['json', 'csv', 'log'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];
/** What was seen of a program: its server's log, or a recording of its connections. */
export const SOURCES = [...LOG_FORMATS, 'tap'] as const;
export type Source = (typeof SOURCES)[number];

const SETTINGS: Readonly<Record<Logging, readonly string[]>> = {
  all: ['log_min_duration_statement = 0'],
  'texts alone': ["log_statement = 'all'"],
  'half the statements': ['log_min_duration_sample = 0', 'log_statement_sample_rate = 0.5'],
  'half the transactions': ['log_transaction_sample_rate = 0.5'],
  'cut parameters': ['log_min_duration_statement = 0', 'log_parameter_max_length = 8'],
};
const LOOK_AGAIN_MS = 20;
const WRITTEN_WITHIN_MS = 60_000;

/** A private server that writes what one database's clients run in all three formats at once. */
export class LogServer {
  private readonly server: EmbeddedServer;

  private constructor(server: EmbeddedServer) {
    this.server = server;
  }

  static async start(): Promise<LogServer> {
    const settings = { logging_collector: 'on', log_destination: 'stderr,csvlog,jsonlog', log_directory: 'logged' };
    return new LogServer(await startServer({ settings }));
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  url(database: string): string {
    return this.server.url(database);
  }

  async createDatabase(name: string): Promise<void> {
    await this.server.createDatabase(name);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.server.dropDatabase(name);
  }

  /** Logs what is run meanwhile on a database into files of its own, and gives them by format. */
  async logged(database: string, logging: Logging, work: () => Promise<void>): Promise<ReadonlyMap<LogFormat, string>> {
    const control = await openSession(this.server.url('postgres'));
    try {
      await control.query(`ALTER SYSTEM SET log_filename = '${database}.log'`);
      await control.query('SELECT pg_reload_conf()');
      for (const setting of SETTINGS[logging]) await control.query(`ALTER DATABASE ${database} SET ${setting}`);
      const files = new Map(
        LOG_FORMATS.map((format) => [format, join(this.server.dataDirectory, 'logged', `${database}.${format}`)]),
      );
      await this.marked(database, files, 'begun');
      await work();
      await this.marked(database, files, 'ended');
      await control.query(`ALTER DATABASE ${database} RESET ALL`);
      return files;
    } finally {
      await control.close();
    }
  }

  /** Waits until the collector has written a mark, and so all before it. */
  private async marked(database: string, files: ReadonlyMap<LogFormat, string>, mark: string): Promise<void> {
    const session = await openSession(this.server.url(database));
    await session.script(`SET log_min_messages = log; DO $$ BEGIN RAISE LOG 'mark ${mark}'; END $$`);
    await session.close();
    const untilMs = performance.now() + WRITTEN_WITHIN_MS;
    for (const file of files.values()) {
      while (!isWritten(file, `mark ${mark}`)) {
        if (performance.now() > untilMs) throw new Error(`${file} does not bear the mark ${mark}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    }
  }
}

function isWritten(file: string, mark: string): boolean {
  try {
    return readFileSync(file, 'utf8').slice(-20_000).includes(mark);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
