import { createHash } from 'node:crypto';
import pg from 'pg';
import { sqlStateOf } from '../../src/errors.js';
import type { Send } from './request.js';

/** How requests come by connections: one each, one of a pool for as long as they last, or one of a pool a statement. */
export type WiringKind = 'own' | 'checked out' | 'interleaved';
/** Values beside the text, beside the text of a prepared statement, or within it. */
export type Protocol = 'extended' | 'prepared' | 'simple';

export interface WiringChoice {
  readonly kind: WiringKind;
  readonly protocol: Protocol;
}

/** Gives connections to requests. */
export interface Wiring {
  readonly isOnOneConnection: boolean;
  /** Runs a request with what sends its statements; within a transaction where that is wanted. */
  run(isInTransaction: boolean, request: (send: Send) => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

const CONNECTIONS = 5;

type Queryable = Pick<pg.Client, 'query'>;

/** Opens the connections of an application. */
export function openWiring(url: string, { kind, protocol }: WiringChoice): Wiring {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  const sendBy = (client: Queryable): Send => {
    return async (text, values) => (await client.query(queryOf(text, values, protocol))).rows;
  };
  const onClient = async (client: Queryable, isInTransaction: boolean, request: (send: Send) => Promise<void>) => {
    if (isInTransaction) await client.query('BEGIN');
    const isDone = await survivesDeadlock(request(sendBy(client)));
    if (isInTransaction) await client.query(isDone ? 'COMMIT' : 'ROLLBACK');
  };
  if (kind === 'interleaved')
    return {
      isOnOneConnection: false,
      run: async (_, request) => void (await survivesDeadlock(request(sendBy(pool as Queryable)))),
      end: () => pool.end(),
    };
  const run: Wiring['run'] = async (isInTransaction, request) => {
    if (kind === 'own') {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await onClient(client, isInTransaction, request);
      return client.end();
    }
    const client = await pool.connect();
    await onClient(client, isInTransaction, request);
    client.release();
  };
  return { isOnOneConnection: true, run, end: () => pool.end() };
}

/** Two requests that write the same rows in another order: one of them is given up. */
async function survivesDeadlock(request: Promise<void>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (sqlStateOf(error) !== '40P01') throw error;
    return false;
  }
}

function queryOf(text: string, values: readonly unknown[], protocol: Protocol): pg.QueryConfig {
  if (protocol === 'simple')
    return { text: text.replace(/\$(\d)/g, (_, number) => literal(values[Number(number) - 1])) };
  const name = protocol === 'prepared' ? { name: createHash('md5').update(text).digest('hex') } : {};
  return { text, values: [...values], ...name };
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.join(',')}}`);
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
  return typeof value === 'number' ? String(value) : pg.escapeLiteral(String(value));
}
