import type { EmbeddedServer } from '../../src/embedded/server.js';
import { ensureOwnTables, ownTables } from '../../src/migrate/own-tables.js';
import { openSession, type Session } from '../../src/postgres/session.js';

/**
 * How rows lie in the table by their age: oldest first, so within a fifth of the table, or anywhere. `AGES_SECONDS` is
 * how long ago the oldest has expired.
 */
export type AgeOrder = 'clustered' | 'loose' | 'spread';
export const AGES_SECONDS = 3_600_000;

/** Every contender is given tables of its own, equal to the byte. */
export class TokenDatabases {
  private readonly server: EmbeddedServer;
  private readonly rows: number;
  private count = 0;

  constructor(server: EmbeddedServer, rows: number) {
    this.server = server;
    this.rows = rows;
  }

  /** Makes a template with this share of dead rows, spread over all pages. */
  async prepare(name: string, deadShare: number): Promise<void> {
    const isDead = `(n * 7919::bigint) % 1000 < ${Math.round(deadShare * 1000)}`;
    await this.fill(
      name,
      `now() + (CASE WHEN ${isDead} THEN -1 ELSE 1 END) * (1 + (n * 7::bigint) % 90) * interval '1 day'`,
    );
  }

  /** Makes a template whose rows have expired over the last hours, evenly, in an order of their own in the table. */
  async prepareAges(name: string, order: AgeOrder): Promise<void> {
    // Another number from 0 to 1 for each row, the same in each run.
    const random = '((hashint8extended(n, 1) & 1048575) / 1048575.0)';
    const by = { clustered: 'n', loose: `0.8 * n / ${this.rows} + 0.2 * ${random}`, spread: random };
    const rank = `row_number() OVER (ORDER BY ${by[order]}, n)`;
    await this.fill(name, `now() - (1 - ${rank} / ${this.rows}.0) * interval '${AGES_SECONDS} s'`);
  }

  private async fill(name: string, expiresAt: string): Promise<void> {
    await this.server.createDatabase(name);
    await using(this.server.url(name), async (session) => {
      await ensureOwnTables(session, ownTables('steward'));
      await session.script(
        `CREATE EXTENSION pg_stat_statements;
         CREATE TABLE tokens (id int, agent_id int NOT NULL, token_hash text NOT NULL, expires_at timestamptz NOT NULL,
           last_used_at timestamptz, revoked boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL)
           WITH (fillfactor = 90);
         INSERT INTO tokens
         SELECT n, n % 5000, md5(n::text) || md5((-n)::text), ${expiresAt}, NULL, false, now()
         FROM generate_series(1, ${this.rows}) AS n ORDER BY n`,
      );
      await session.script(
        `ALTER TABLE tokens ADD PRIMARY KEY (id); CREATE UNIQUE INDEX ON tokens (token_hash);
         CREATE INDEX ON tokens (expires_at)`,
      );
      await session.query('VACUUM (FREEZE, ANALYZE) tokens');
    });
  }

  /** Gives a copy of a template to work on; `work` is done when it is dropped. */
  async with<T>(template: string, work: (url: string) => Promise<T>): Promise<T> {
    this.count += 1;
    const name = `copy_${this.count}`;
    await this.server.createDatabase(name, { template });
    try {
      await using(this.server.url(name), (session) => session.query('CHECKPOINT'));
      return await work(this.server.url(name));
    } finally {
      await this.server.dropDatabase(name);
    }
  }
}

/** Gives a session for the time of some work. */
export async function using<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(url, { applicationName: 'benchmark' });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

export const DEAD = 'expires_at <= now()';
/** Of the same name in every major: what a role of superusers has written so far in this database. */
const WAL_SQL = `SELECT coalesce(sum(wal_bytes), 0)::float8 AS bytes FROM pg_stat_statements AS s
  JOIN pg_database AS d ON d.oid = s.dbid
  WHERE d.datname = current_database() AND query NOT LIKE 'UPDATE tokens%' AND query NOT LIKE 'SELECT token_hash%'`;

/** Gives the WAL that statements other than the traffic's have written in this database. */
export async function walBytes(url: string): Promise<number> {
  const read = await using(url, (session) => session.query<{ bytes: number }>(WAL_SQL));
  return read.rows[0]?.bytes ?? 0;
}

export async function countDead(url: string): Promise<number> {
  const sql = `SELECT count(*)::float8 AS dead FROM tokens WHERE ${DEAD}`;
  const read = await using(url, (session) => session.query<{ dead: number }>(sql));
  return read.rows[0]?.dead ?? 0;
}
