import pg from 'pg';
import QueryStream from 'pg-query-stream';
import { messageOf, StewardError } from '../errors.js';
import { describeTarget, explainConnectError, parseTarget } from './connect-error.js';
import { notePlace } from './database-failure.js';
import { KeptPlans } from './kept-plans.js';
import { AS_TEXTS, type QueryResult, type Row, resultOf, type TextRows, textsOf } from './query-result.js';
import { withLibpqSslMode } from './ssl-mode.js';

export interface SessionOptions {
  /** Shown in pg_stat_activity; `pgsteward` where not given. */
  readonly applicationName?: string;
  /** 0 or absent for none. */
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  /** Every transaction of the session is read-only. */
  readonly readOnly?: boolean;
  /** Wait for the connection itself; 10,000 where not given. */
  readonly connectTimeoutMs?: number;
}

/** One connection to a database. Not for concurrent use: statements run in the order they are given. */
export interface Session {
  query<R = Row>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>>;
  /** Rows as arrays in column order: for statements whose column names may repeat. */
  queryArrays(text: string, values?: readonly unknown[]): Promise<readonly (readonly unknown[])[]>;
  /** Rows as PostgreSQL writes them, with where each column comes from. */
  queryTexts(text: string, values?: readonly unknown[]): Promise<TextRows>;
  /** Runs under a prepared statement of this name, which stays until the session closes. */
  queryPrepared<R = Row>(name: string, text: string, values?: readonly unknown[]): Promise<QueryResult<R>>;
  /**
   * Runs a statement whose plan is kept for its next calls, where the connection leads to one backend. Behind a pooler,
   * which may hand each transaction to another one, it is planned anew.
   */
  queryPlanned<R = Row>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>>;
  /** Runs several statements in one round trip of the simple protocol, in one implicit transaction. */
  script(text: string): Promise<readonly QueryResult[]>;
  /** The same, with the rows of each as `queryTexts` gives them. */
  scriptTexts(text: string): Promise<readonly TextRows[]>;
  /** Streams rows through a cursor; ends with an error when the connection dies or `deadlineMs` passes. */
  stream<R = Row>(text: string, values?: readonly unknown[], options?: StreamOptions): AsyncIterable<R>;
  readonly backendPid: number | null;
  /** True while a transaction is open as of the last answer, a failed one too. */
  readonly isInTransaction: boolean;
  /** True once the connection has broken: nothing can be asked through it any more. */
  readonly isBroken: boolean;
  close(): Promise<void>;
}

export interface StreamOptions {
  readonly batchSize?: number;
  readonly deadlineMs?: number;
}

const STREAM_DEADLINE_MS = 600_000;

/** Opens a connection; a StewardError of code `database` says what stands in the way and what to do. */
export async function openSession(url: string, options: SessionOptions = {}): Promise<Session> {
  const client = createClient(url, options);
  // A checked-out client without an error listener ends the process when its backend dies.
  let failure: Error | null = null;
  client.on('error', (error) => {
    failure = error;
  });
  client.on('end', () => {
    failure ??= new StewardError('database', 'the connection has ended');
  });
  try {
    await client.connect();
    if (options.readOnly === true) await client.query('SET default_transaction_read_only = on');
  } catch (error) {
    await client.end().catch(() => undefined);
    throw explainConnectError(url, error);
  }
  return new PgSession(client, { place: describeTarget(url), failure: () => failure });
}

function createClient(url: string, options: SessionOptions): pg.Client {
  if (parseTarget(url) === null) throw unusableUrl();
  try {
    return new pg.Client({
      connectionString: withLibpqSslMode(url),
      application_name: options.applicationName ?? 'pgsteward',
      connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
      ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
      ...(options.lockTimeoutMs === undefined ? {} : { lock_timeout: options.lockTimeoutMs }),
    });
  } catch (error) {
    if (error instanceof TypeError) throw unusableUrl(error);
    throw new StewardError('configuration', `the database URL cannot be used: ${messageOf(error)}`, {
      hint: 'check the files that sslrootcert, sslcert and sslkey name in it',
      cause: error,
    });
  }
}

function unusableUrl(cause?: unknown): StewardError {
  return new StewardError('configuration', 'the database URL is not a URL that PostgreSQL clients understand', {
    hint: 'write it as postgres://user:password@host:5432/database; a password with :, /, @ or ? needs %-encoding',
    ...(cause === undefined ? {} : { cause }),
  });
}

interface Connection {
  /** Host, port and database, for messages. */
  readonly place: string;
  /** The error that ended the connection, or null while it lives. */
  readonly failure: () => Error | null;
}

class PgSession implements Session {
  private readonly client: pg.Client;
  private readonly connection: Connection;
  private readonly plans = new KeptPlans();
  /** Whether whoever greeted us is the backend that answers; null until it was asked. */
  private isDirect: boolean | null = null;

  constructor(client: pg.Client, connection: Connection) {
    this.client = client;
    this.connection = connection;
  }

  get backendPid(): number | null {
    const pid = (this.client as unknown as { processID?: unknown }).processID;
    return typeof pid === 'number' ? pid : null;
  }

  get isInTransaction(): boolean {
    return ['T', 'E'].includes(this.client.getTransactionStatus() ?? '');
  }

  get isBroken(): boolean {
    return this.connection.failure() !== null;
  }

  async query<R = Row>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>> {
    return resultOf<R>(await this.run({ text, ...(values === undefined ? {} : { values: [...values] }) }));
  }

  async queryArrays(text: string, values: readonly unknown[] = []): Promise<readonly (readonly unknown[])[]> {
    const result = await this.noted(this.client.query({ text, values: [...values], rowMode: 'array' }));
    return result.rows;
  }

  async queryTexts(text: string, values: readonly unknown[] = []): Promise<TextRows> {
    return textsOf(await this.noted(this.client.query({ ...AS_TEXTS, text, values: [...values] })));
  }

  async queryPrepared<R = Row>(name: string, text: string, values: readonly unknown[] = []): Promise<QueryResult<R>> {
    return resultOf<R>(await this.run({ name, text, values: [...values] }));
  }

  async queryPlanned<R = Row>(text: string, values: readonly unknown[] = []): Promise<QueryResult<R>> {
    this.isDirect ??= await this.meetsBackend();
    if (!this.isDirect) return this.query<R>(text, values);
    return this.queryPrepared<R>(this.plans.next(text), text, values);
  }

  async script(text: string): Promise<readonly QueryResult[]> {
    const results: unknown = await this.noted(this.client.query(text));
    return (Array.isArray(results) ? results : [results]).map((result) => resultOf(result));
  }

  async scriptTexts(text: string): Promise<readonly TextRows[]> {
    const results: unknown = await this.noted(this.client.query({ ...AS_TEXTS, text }));
    return (Array.isArray(results) ? results : [results]).map((result) => textsOf(result));
  }

  async *stream<R = Row>(
    text: string,
    values: readonly unknown[] = [],
    options: StreamOptions = {},
  ): AsyncGenerator<R, void, undefined> {
    const stream = this.client.query(new QueryStream(text, [...values], { batchSize: options.batchSize ?? 500 }));
    // pg-query-stream waits for ever when the backend dies: the client's error has to end it.
    const destroy = (error: Error) => stream.destroy(error);
    const deadlineMs = options.deadlineMs ?? STREAM_DEADLINE_MS;
    const timer = setTimeout(
      () => destroy(new StewardError('database', `reading rows took longer than ${deadlineMs} ms`)),
      deadlineMs,
    );
    const dead = this.connection.failure();
    if (dead !== null) destroy(dead);
    const destroyAtEnd = () => destroy(new StewardError('database', 'the connection ended while rows were being read'));
    this.client.on('error', destroy);
    this.client.on('end', destroyAtEnd);
    try {
      for await (const row of stream) yield row as R;
    } catch (error) {
      throw notePlace(error, this.connection.place);
    } finally {
      clearTimeout(timer);
      this.client.off('error', destroy);
      this.client.off('end', destroyAtEnd);
      stream.destroy();
    }
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  /** A pooler greets with a number of its own. */
  private async meetsBackend(): Promise<boolean> {
    const read = await this.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
    return read.rows[0]?.pid === this.backendPid;
  }

  private run(config: pg.QueryConfig): Promise<pg.QueryResult> {
    return this.noted(this.client.query(config));
  }

  private async noted<R>(work: Promise<R>): Promise<R> {
    try {
      return await work;
    } catch (error) {
      throw notePlace(error, this.connection.place);
    }
  }
}
