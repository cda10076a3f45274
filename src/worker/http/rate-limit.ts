import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { QueryResult } from '../../postgres/query-result.js';
import type { Target } from '../target.js';
import type { Databases } from './databases.js';
import { Problem } from './problem.js';
import type { HttpSettings } from './service.js';

export interface RateLimitOptions {
  readonly limit: HttpSettings['rateLimit'];
  readonly databases: Databases;
  /** The database whose table all replicas count in. */
  readonly home: Target;
  readonly ownSchema: string;
  /** Told each time that the count is kept in this process, because the database does not answer. */
  readonly onFallback: (reason: unknown) => void;
}

/** How long nobody asks a database again that did not answer. */
const FALLBACK_MS = 5000;

/**
 * A limit of requests in a window, counted in PostgreSQL by all replicas together. While the database does not answer
 * each replica counts on its own, so the limit holds per replica until it is back.
 */
export class RateLimit {
  private readonly limiter: RateLimiterPostgres;
  private readonly requests: number;

  constructor({ limit, databases, home, ownSchema, onFallback }: RateLimitOptions) {
    const bounds = { points: limit.requests, duration: limit.windowSeconds };
    this.requests = limit.requests;
    this.limiter = new RateLimiterPostgres({
      ...bounds,
      ...{ storeClient: new HomeClient(databases, home, onFallback), storeType: 'client', tableCreated: true },
      // The limiter puts quotes around the name and leaves those within it as they are.
      ...{ schemaName: ownSchema.replaceAll('"', '""'), tableName: 'http_rate_limits', keyPrefix: '' },
      inMemoryBlockOnConsumed: limit.requests + 1,
      insuranceLimiter: new RateLimiterMemory(bounds),
    });
  }

  /** Counts one request; throws a Problem of status 429 when the window is full. */
  async count(key: string): Promise<void> {
    try {
      await this.limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new Problem(429, {
        kind: 'too-many-requests',
        detail: `more than ${this.requests} requests came in one window; the next one begins in ${seconds} s`,
        headers: { 'Retry-After': String(seconds) },
      });
    }
  }
}

/** What the limiter takes for a client of pg. Statements go unnamed: a pooler may hand each to another backend. */
class HomeClient {
  private readonly databases: Databases;
  private readonly home: Target;
  private readonly onFallback: (reason: unknown) => void;
  private silentUntil = 0;

  constructor(databases: Databases, home: Target, onFallback: (reason: unknown) => void) {
    this.databases = databases;
    this.home = home;
    this.onFallback = onFallback;
  }

  async query({ text, values }: { text: string; values?: readonly unknown[] }): Promise<QueryResult> {
    if (performance.now() < this.silentUntil) throw new Error('the database did not answer a moment ago');
    try {
      return await this.databases.use(this.home, (session) => session.query(text, values));
    } catch (error) {
      this.silentUntil = performance.now() + FALLBACK_MS;
      this.onFallback(error);
      throw error;
    }
  }
}
