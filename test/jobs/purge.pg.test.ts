import { describe, expect, it } from 'vitest';
import { installFleet } from '../../src/fleet/install.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { callJob } from '../worker/by-hand.js';

const ROWS = 3000;
const DEAD = 1200;

/** Sessions on some 150 pages: two of five expired an hour or more ago, and every hundredth never expires. */
const sessions = () =>
  testDatabase({
    template: 'sessions',
    prepare: (session) =>
      session.script(
        `CREATE TABLE sessions (id int PRIMARY KEY, expires_at timestamptz, note text DEFAULT repeat('x', 300));
         ALTER TABLE sessions SET (fillfactor = 80);
         INSERT INTO sessions (id, expires_at)
         SELECT n, now() + (CASE WHEN n % 5 IN (1, 2) THEN -1 ELSE 1 END) * interval '1 hour' FROM generate_series(1, ${ROWS}) AS n;
         UPDATE sessions SET expires_at = NULL WHERE n_is_hundredth(id);
         ANALYZE sessions`.replace('n_is_hundredth(id)', 'id % 100 = 0'),
      ),
  });

const EXPIRED = { kind: 'purge', table: 'sessions', expiresAt: 'expires_at' };

describe('a purge', () => {
  it('deletes what has expired, block by block, and leaves what lives and what never expires', async () => {
    const { url, session } = await sessions();
    const report = await purge(url, EXPIRED);
    expect(report).toMatchObject({ status: 'succeeded', counts: { deleted: DEAD, expired: DEAD }, error: null });
    expect(await count(session, 'sessions')).toBe(ROWS - DEAD);
    expect(await count(session, 'sessions WHERE expires_at IS NULL')).toBe(ROWS / 100);
    expect(await cursors(session)).toEqual([null]);
  });

  it('plans without changing anything, the ledger included', async () => {
    const { url, session } = await sessions();
    const { plan } = await purge(url, { ...EXPIRED, graceSeconds: 60 }, { dryRun: true });
    expect(plan).toMatchObject({
      strategy: 'tid-range',
      rows: { total: DEAD, expired: DEAD },
      kept: { withinGrace: 0, withoutExpiry: ROWS / 100 },
    });
    expect(plan?.why).toMatchInlineSnapshot(
      `"every block is read once, in order: no index leads by expires_at. WAL: 66 bytes a row; full_page_writes is off. The seconds are those of work, without the rests of the duty cycle"`,
    );
    expect(plan?.walBytes).toBeGreaterThan(DEAD * 60);
    expect(await count(session, 'sessions')).toBe(ROWS);
    expect(await count(session, `pg_namespace WHERE nspname = 'steward'`)).toBe(0);
  });

  it('keeps what is within its grace, and says so', async () => {
    const { url, session } = await sessions();
    const { plan } = await purge(url, { ...EXPIRED, graceSeconds: 7200 }, { dryRun: true });
    expect(plan).toMatchObject({ rows: { total: 0 }, kept: { withinGrace: DEAD }, batches: 0 });
    await purge(url, { ...EXPIRED, graceSeconds: 7200 });
    expect(await count(session, 'sessions')).toBe(ROWS);
  });

  it('takes each row by the first of several rules, but for what is kept', async () => {
    const { url, session } = await sessions();
    const job = {
      ...{ kind: 'purge', table: 'public.sessions', expiresAt: 'expires_at' },
      rules: [{ reason: 'blank', where: 'sessions.id % 5 = 3 -- sic' }],
      keep: [{ reason: 'early', where: 'id <= 100' }],
    };
    const { plan } = await purge(url, job, { dryRun: true });
    const rows = { total: 1740, expired: DEAD - 40, blank: 580 };
    expect(plan).toMatchObject({ rows, kept: { early: 60 } });
    const { counts } = await purge(url, job);
    expect(counts).toEqual({ deleted: 1740, expired: DEAD - 40, blank: 580 });
    expect(await count(session, 'sessions WHERE id <= 100')).toBe(100);
  });

  it('goes on from its cursor after its connection was cut, and from the last run', async () => {
    const { url, session } = await sessions();
    let batches = 0;
    const stop = new AbortController();
    const { RunEnd } = await import('../../src/worker/run-end.js');
    const onEvent = ({ kind }: { kind: string }) => {
      if (kind === 'batch done') batches += 1;
      if (batches === 1) stop.abort(new RunEnd('cancelled', 'enough'));
    };
    const first = await purge(url, EXPIRED, { changes: { signal: stop.signal, onEvent } });
    expect(first.status).toBe('cancelled');
    expect(await cursors(session)).toMatchObject([{ strategy: 'tid-range', block: 64 }]);
    // What has come to an early block since is left to the next run but one.
    await session.query(`UPDATE sessions SET expires_at = '-infinity' WHERE ctid < '(1,0)'`);
    const second = await purge(url, EXPIRED);
    expect((first.counts['deleted'] ?? 0) + (second.counts['deleted'] ?? 0)).toBeGreaterThanOrEqual(DEAD);
    expect(await count(session, `sessions WHERE ctid < '(64,0)' AND expires_at < now()`)).toBeGreaterThan(0);
    await purge(url, EXPIRED);
    expect(await count(session, 'sessions WHERE expires_at < now()')).toBe(0);
  });

  it('skips rows that somebody holds and leaves those that were renewed meanwhile', async () => {
    const { url, session } = await sessions();
    const other = await openSession(url);
    try {
      await other.script(`BEGIN; UPDATE sessions SET expires_at = now() + interval '1 day' WHERE id IN (1, 2, 6)`);
      const { status, counts } = await purge(url, EXPIRED);
      expect({ status, counts }).toEqual({ status: 'succeeded', counts: { deleted: DEAD - 3, expired: DEAD - 3 } });
      await other.query('COMMIT');
    } finally {
      await other.close();
    }
    expect(await count(session, 'sessions WHERE id IN (1, 2, 6)')).toBe(3);
  });

  it('checks a row again that was renewed while it was waited for', async () => {
    const { url, session } = await sessions();
    const other = await openSession(url);
    try {
      await other.script(`BEGIN; UPDATE sessions SET expires_at = now() + interval '1 day' WHERE id IN (1, 2)`);
      const running = purge(url, EXPIRED);
      await waiterOrEnd(session, running);
      await other.query('COMMIT');
      expect((await running).counts['deleted']).toBe(DEAD - 2);
    } finally {
      await other.close();
    }
    expect(await count(session, 'sessions WHERE id IN (1, 2)')).toBe(2);
  });

  it('deletes in full what a held snapshot still sees', async () => {
    const { url, session } = await sessions();
    const other = await openSession(url);
    try {
      await other.script('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM sessions');
      expect((await purge(url, EXPIRED)).counts['deleted']).toBe(DEAD);
      expect(await count(other, 'sessions')).toBe(ROWS);
      expect((await purge(url, EXPIRED)).counts['deleted']).toBe(0);
    } finally {
      await other.close();
    }
    expect(await count(session, 'sessions')).toBe(ROWS - DEAD);
  });

  it('is safe with names of any kind', async () => {
    const { url, session } = await testDatabase();
    await session.script(
      `CREATE SCHEMA "we;ird"; CREATE TABLE "we;ird"."ta.b""le" (id int, "ex""p;ires at" date);
       INSERT INTO "we;ird"."ta.b""le" VALUES (1, '2020-01-01'), (2, NULL), (3, 'infinity')`,
    );
    const job = { kind: 'purge', table: '"we;ird"."ta.b""le"', expiresAt: 'ex"p;ires at' };
    expect(await purge(url, job)).toMatchObject({ status: 'succeeded', counts: { deleted: 1 } });
    expect(await count(session, '"we;ird"."ta.b""le"')).toBe(2);
  });

  it('stops before a run that would delete more than maxShare', async () => {
    const { url, session } = await sessions();
    const { status, error, counts } = await purge(url, { ...EXPIRED, maxShare: 0.3 });
    expect({ status, counts }).toEqual({ status: 'failed', counts: { deleted: 0 } });
    expect(error).toMatchInlineSnapshot(
      `"1200 of the 3000 rows of public.sessions would go, 40 % and more than maxShare, 30 %; nothing was deleted: raise maxShare if that is meant"`,
    );
    expect(await count(session, 'sessions')).toBe(ROWS);
    expect((await purge(url, { ...EXPIRED, maxShare: 0.4 })).counts['deleted']).toBe(DEAD);
  });
});

describe('a purge along an index', () => {
  it('is chosen where few rows are dead, and takes them in the order of their age', async () => {
    const { url, session } = await sessions();
    await session.script(
      `UPDATE sessions SET expires_at = expires_at + interval '1 year' WHERE id > 50;
       CREATE INDEX ON sessions (expires_at); ANALYZE sessions`,
    );
    const { plan } = await purge(url, EXPIRED, { dryRun: true });
    expect(plan).toMatchObject({ strategy: 'keyset', rows: { total: 20 } });
    expect((await purge(url, EXPIRED)).counts).toEqual({ deleted: 20, expired: 20 });
    expect(await count(session, 'sessions')).toBe(ROWS - 20);
    expect(await cursors(session)).toEqual([null]);
  });

  it('comes to an end although rows of one age cannot be had, and passes them by', async () => {
    const { url, session } = await sessions();
    await purge(url, { ...EXPIRED, maxShare: 0.01 });
    await session.script(
      `UPDATE sessions SET expires_at = (CASE WHEN id <= 600 THEN '2020-01-01' ELSE '2020-01-02' END)::date WHERE id <= 700;
       UPDATE sessions SET expires_at = now() + interval '1 day' WHERE id > 700; CREATE INDEX ON sessions (expires_at);
       CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN CASE WHEN OLD.id > 600 THEN OLD END; END';
       CREATE TRIGGER keep BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION keep()`,
    );
    await leaveCursor(session, {
      ...{
        strategy: 'keyset',
        leaf: await oidOf(session, 'sessions'),
        column: 'expires_at',
        after: null,
        isPast: false,
      },
    });
    expect(await purge(url, EXPIRED)).toMatchObject({ status: 'succeeded', counts: { deleted: 100 } });
  });

  it('begins anew where the cursor is of another table or column', async () => {
    const { url, session } = await sessions();
    await purge(url, { ...EXPIRED, maxShare: 0.01 });
    await leaveCursor(session, { strategy: 'keyset', leaf: 1, column: 'note', after: 'x', isPast: false });
    expect((await purge(url, EXPIRED)).counts['deleted']).toBe(DEAD);
  });

  it('is not chosen where many rows are dead', async () => {
    const { url, session } = await sessions();
    await session.script('CREATE INDEX ON sessions (expires_at); ANALYZE sessions');
    expect((await purge(url, EXPIRED, { dryRun: true })).plan?.strategy).toBe('tid-range');
  });
});

describe('a purge of a partitioned table', () => {
  const partitioned = () =>
    testDatabase({
      template: 'partitioned',
      prepare: (session) =>
        session.script(
          `CREATE TABLE logs (id int, at timestamptz NOT NULL) PARTITION BY RANGE (at);
           CREATE TABLE "lo;gs_2020" PARTITION OF logs FOR VALUES FROM (MINVALUE) TO ('2021-01-01');
           CREATE TABLE logs_2021 PARTITION OF logs FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
           CREATE TABLE logs_now PARTITION OF logs FOR VALUES FROM ('2022-01-01') TO ('2999-01-01');
           CREATE TABLE logs_late PARTITION OF logs FOR VALUES FROM ('2999-01-01') TO (MAXVALUE);
           INSERT INTO logs SELECT n, '2020-06-01' FROM generate_series(1, 100) AS n;
           INSERT INTO logs SELECT n, '2021-06-01' FROM generate_series(1, 50) AS n;
           INSERT INTO logs SELECT n, '2022-06-01' FROM generate_series(1, 10) AS n;
           INSERT INTO logs SELECT n, now() + interval '1 hour' FROM generate_series(1, 5) AS n;
           INSERT INTO logs VALUES (1, '3000-01-01')`,
        ),
    });
  const LOGS = { kind: 'purge', table: 'logs', expiresAt: 'at' };

  it('drops partitions whose rows are all dead and sweeps the others', async () => {
    const { url, session } = await partitioned();
    const { plan } = await purge(url, LOGS, { dryRun: true });
    expect(plan).toMatchObject({ strategy: 'detach-partition', rows: { total: 160, expired: 160 } });
    expect(plan?.why).toContain(
      '2 of 4 partitions hold dead rows alone and are detached and dropped; 1 more are swept',
    );
    expect((await purge(url, LOGS)).counts).toEqual({ deleted: 160, expired: 160 });
    expect(await partitionsOf(session)).toEqual(['logs_late', 'logs_now']);
    expect(await count(session, 'logs')).toBe(6);
  });

  it('drops them in the batch where there is a default partition, which DETACH CONCURRENTLY refuses', async () => {
    const { url, session } = await partitioned();
    await session.query('CREATE TABLE logs_default PARTITION OF logs DEFAULT');
    expect((await purge(url, LOGS)).counts).toEqual({ deleted: 160, expired: 160 });
    expect(await partitionsOf(session)).toEqual(['logs_default', 'logs_late', 'logs_now']);
  });

  it('ends a DETACH that was cut short, and drops the partition', async () => {
    const { url, session } = await partitioned();
    await purge(url, { ...LOGS, maxShare: 0.01 });
    const reader = await openSession(url);
    try {
      await reader.script('BEGIN; SELECT count(*) FROM logs');
      const cut = await openSession(url, { statementTimeoutMs: 200 });
      const detach = cut.query('ALTER TABLE logs DETACH PARTITION logs_2021 CONCURRENTLY');
      await expect(detach).rejects.toMatchObject({ code: '57014' });
      await cut.close();
    } finally {
      await reader.close();
    }
    const cursor = { strategy: 'detach-partition', partition: await oidOf(session, 'logs_2021') };
    await leaveCursor(session, { ...cursor, sql: 'public.logs_2021' });
    expect((await purge(url, LOGS)).counts).toEqual({ deleted: 160, expired: 160 });
    expect(await partitionsOf(session)).toEqual(['logs_late', 'logs_now']);
  });

  it('drops a partition that a run before it has detached', async () => {
    const { url, session } = await partitioned();
    await purge(url, { ...LOGS, maxShare: 0.01 });
    await session.query('ALTER TABLE logs DETACH PARTITION "lo;gs_2020"');
    const cursor = { strategy: 'detach-partition', partition: await oidOf(session, '"lo;gs_2020"') };
    await leaveCursor(session, { ...cursor, sql: 'public."lo;gs_2020"' });
    expect((await purge(url, LOGS)).counts).toEqual({ deleted: 160, expired: 160 });
    expect(await count(session, `pg_class WHERE relname = 'lo;gs_2020'`)).toBe(0);
  });

  it('leaves a detached table alone that holds what lives', async () => {
    const { url, session } = await partitioned();
    await purge(url, { ...LOGS, maxShare: 0.01 });
    await session.query('ALTER TABLE logs DETACH PARTITION logs_now');
    await leaveCursor(session, {
      ...{ strategy: 'detach-partition', partition: await oidOf(session, 'logs_now'), sql: 'public.logs_now' },
    });
    expect((await purge(url, LOGS)).counts).toEqual({ deleted: 150, expired: 150 });
    expect(await count(session, 'logs_now')).toBe(15);
  });

  it('sweeps them all where a condition decides', async () => {
    const { url, session } = await partitioned();
    const report = await purge(url, { kind: 'purge', table: 'logs', where: `at < '2021-01-01' AND id > 90` });
    expect(report.counts).toEqual({ deleted: 10, matching: 10 });
    expect(await count(session, '"lo;gs_2020"')).toBe(90);
  });
});

describe('a purge of rows that others refer to', () => {
  const referred = () =>
    testDatabase({
      template: 'referred',
      prepare: (session) =>
        session.script(
          `CREATE TABLE orders (id int PRIMARY KEY, parent int REFERENCES orders, expires_at timestamptz);
           CREATE TABLE items (id int PRIMARY KEY, order_id int REFERENCES orders ON DELETE CASCADE);
           CREATE TABLE notes (item_id int REFERENCES items ON DELETE RESTRICT);
           CREATE TABLE bills (order_id int REFERENCES orders DEFERRABLE INITIALLY DEFERRED);
           CREATE TABLE visits (order_id int REFERENCES orders ON DELETE SET NULL);
           CREATE INDEX ON items (order_id); CREATE INDEX ON notes (item_id); CREATE INDEX ON visits (order_id);
           INSERT INTO orders SELECT n, CASE n WHEN 5 THEN 5 END, '2020-01-01' FROM generate_series(1, 10) AS n;
           INSERT INTO orders VALUES (11, 1, NULL);
           INSERT INTO items SELECT n, n FROM generate_series(2, 6) AS n; INSERT INTO notes VALUES (2);
           INSERT INTO bills VALUES (3); INSERT INTO visits VALUES (7), (8)`,
        ),
    });
  const ORDERS = { kind: 'purge', table: 'orders', expiresAt: 'expires_at' };

  it('leaves those that a foreign key does not let go, counts them, and says what goes with the others', async () => {
    const { url, session } = await referred();
    const { plan } = await purge(url, ORDERS, { dryRun: true });
    expect(plan).toMatchObject({ rows: { total: 7, expired: 7 }, kept: { referenced: 3 } });
    expect(plan?.why).toContain('3 rows of public.items go with them (ON DELETE CASCADE)');
    expect(plan?.why).toContain('2 rows of public.visits lose their order_id');
    expect(plan?.why).toContain('No index leads by order_id of public.bills');
    const { status, counts } = await purge(url, ORDERS);
    expect({ status, counts }).toEqual({ status: 'succeeded', counts: { deleted: 7, expired: 7, keptReferenced: 3 } });
    expect(await ids(session, 'orders')).toEqual([1, 2, 3, 11]);
  });

  it('leaves a row that is referred to while the batch is under way', async () => {
    const { url, session } = await referred();
    const other = await openSession(url);
    try {
      await other.script('BEGIN; INSERT INTO orders VALUES (12, 9, NULL)');
      const running = purge(url, ORDERS);
      await waiterOrEnd(session, running);
      await other.query('COMMIT');
      expect((await running).counts['deleted']).toBe(6);
    } finally {
      await other.close();
    }
    expect(await ids(session, 'orders')).toEqual([1, 2, 3, 9, 11, 12]);
  });
});

describe('what a purge refuses', () => {
  let shared: ReturnType<typeof sessions> | undefined;
  const refusing = async () => {
    const database = await sessions();
    await database.session.script(
      `CREATE VIEW a_view AS SELECT * FROM sessions; CREATE FOREIGN DATA WRAPPER nowhere;
       CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere; CREATE FOREIGN TABLE far (id int) SERVER nowhere`,
    );
    return database;
  };
  it.each([
    [{ table: 'nosuch', where: 'true' }, 'there is no table nosuch'],
    [{ table: 'a_view', where: 'true' }, 'a_view is a view'],
    [{ table: 'far', where: 'true' }, 'far is a foreign table'],
    [{ table: 'sessions', expiresAt: 'nosuch' }, 'public.sessions has no column nosuch'],
    [{ table: 'sessions', expiresAt: 'id' }, 'public.sessions.id is of type integer; expected a timestamp'],
    [{ table: 'sessions', where: 'true) OR (true' }, '"true) OR (true" is no condition on public.sessions'],
    [{ table: 'sessions', where: 'nosuch > 1' }, 'is no condition on public.sessions: column "nosuch" does not exist'],
    [{ table: 'sessions', where: 'id + 1' }, 'must be type boolean'],
    [{ table: 'pg_catalog.pg_class', where: 'true' }, 'belongs to PostgreSQL'],
  ])('%j is refused in one sentence', async (keys, sentence) => {
    shared ??= refusing();
    const { url, session } = await shared;
    const report = await purge(url, { kind: 'purge', ...keys }, { dryRun: true });
    expect(report).toMatchObject({ status: 'failed', plan: null });
    expect(report.error).toContain(sentence);
    expect(await count(session, 'sessions')).toBe(ROWS);
  });

  it.each([
    [{ table: 't' }, 'expected a column here, a condition as where, or rules'],
    [{ table: 't', expiresAt: 'a', where: 'b' }, 'expiresAt is given too'],
    [{ table: 't', where: 'b', graceSeconds: 5 }, 'it counts from expiresAt'],
    [{ table: 't', expiresAt: 'a', revokedAfterSeconds: 5 }, 'it counts from revokedAt'],
    [{ table: 't', expiresAt: 'a', maxShare: 2 }, 'maxShare is 2'],
  ])('%j contradicts itself', async (keys, sentence) => {
    await expect(
      callJob({ url: 'postgres://unused', name: 'p', jobs: { p: { kind: 'purge', ...keys } } }),
    ).rejects.toThrow(sentence);
  });

  it('a role without rights is told which to grant', async () => {
    const { url, session } = await sessions();
    const role = `reader_${Date.now()}`;
    await session.script(`CREATE ROLE ${role} LOGIN; GRANT SELECT, DELETE ON sessions TO ${role}`);
    const asReader = new URL(url);
    asReader.username = role;
    try {
      const report = await purge(asReader.href, EXPIRED, { dryRun: true });
      expect(report.error).toContain('this role may not UPDATE on public.sessions: GRANT UPDATE ON public.sessions');
    } finally {
      await session.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

describe('the purge of refresh tokens', () => {
  const tokens = () =>
    testDatabase({
      template: 'tokens',
      prepare: async (session) => {
        await installFleet(session, 'clean');
        await session.script(
          `INSERT INTO agents (hostname, machine_id, os_type, agent_version) VALUES ('h', 'm', 'linux', '1');
           INSERT INTO refresh_tokens (agent_id, token_hash, expires_at, revoked, revoked_at)
           SELECT agents.id, lpad(n::text, 64, '0'), now() + expiry::interval, revoked IS NOT NULL, now() + revoked::interval
           FROM agents, (VALUES (1, '60 days', NULL), (2, '-1 day', NULL), (3, '-30 days', NULL), (4, '-30 days', '-40 days'),
             (5, '20 days', '-40 days'), (6, '20 days', '-1 hour'), (7, '-1 day', '-5 days')) AS t (n, expiry, revoked)`,
        );
      },
    });

  it('keeps revoked tokens until they expire, so that a reuse is recognised', async () => {
    const { url, session } = await tokens();
    const report = await callJob({ url, name: 'purge-refresh-tokens', dryRun: true });
    expect(report.plan).toMatchObject({
      rows: { total: 2, expired: 2, revoked: 0 },
      kept: { revokedUntilExpiry: 3, withinGrace: 1, withoutExpiry: 0 },
    });
    expect((await callJob({ url, name: 'purge-refresh-tokens' })).counts).toEqual({ deleted: 2, expired: 2 });
    expect(await count(session, 'refresh_tokens')).toBe(5);
  });

  it('purges them earlier where the configuration says after how long', async () => {
    const { url, session } = await tokens();
    const jobs = { 'purge-refresh-tokens': { revokedAfterSeconds: 30 * 86_400, graceSeconds: 0 } };
    const { plan } = await callJob({ url, name: 'purge-refresh-tokens', jobs, dryRun: true });
    expect(plan).toMatchObject({ rows: { total: 5, expired: 4, revoked: 1 }, kept: { revokedRecently: 1 } });
    const { counts } = await callJob({ url, name: 'purge-refresh-tokens', jobs });
    expect(counts).toEqual({ deleted: 5, expired: 4, revoked: 1 });
    expect(await count(session, 'refresh_tokens')).toBe(2);
  });

  it('is as right for registration tokens', async () => {
    const { url, session } = await tokens();
    await session.query(
      `INSERT INTO registration_tokens (token, seats, used, expires_at, revoked, revoked_at)
       VALUES ('a', 2, 2, now() - interval '30 days', false, NULL), ('b', 1, 1, now() + interval '1 day', false, NULL),
              ('c', 1, 0, now() + interval '1 day', true, now())`,
    );
    expect((await callJob({ url, name: 'purge-registration-tokens' })).counts).toEqual({ deleted: 1, expired: 1 });
  });
});

function purge(url: string, job: Readonly<Record<string, unknown>>, call: Partial<Parameters<typeof callJob>[0]> = {}) {
  return callJob({ url, name: 'purge-it', jobs: { 'purge-it': { dutyCycle: 1, ...job } }, ...call });
}

async function count(session: Session, from: string): Promise<number> {
  const read = await session.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${from}`);
  return read.rows[0]?.rows ?? -1;
}

async function ids(session: Session, table: string): Promise<readonly number[]> {
  const read = await session.query<{ id: number }>(`SELECT id FROM ${table} ORDER BY id`);
  return read.rows.map(({ id }) => id);
}

async function cursors(session: Session): Promise<readonly unknown[]> {
  const read = await session.query<{ cursor: unknown }>('SELECT cursor FROM steward.job_runs ORDER BY started_at');
  return read.rows.map(({ cursor }) => cursor);
}

async function leaveCursor(session: Session, cursor: unknown): Promise<void> {
  await session.query('UPDATE steward.job_runs SET cursor = $1', [JSON.stringify(cursor)]);
}

async function oidOf(session: Session, table: string): Promise<number> {
  const read = await session.query<{ oid: number }>('SELECT $1::regclass::oid AS oid', [table]);
  return read.rows[0]?.oid ?? 0;
}

async function partitionsOf(session: Session): Promise<readonly string[]> {
  const read = await session.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class AS c WHERE c.relispartition ORDER BY c.relname`,
  );
  return read.rows.map(({ name }) => name);
}

/** Waits until somebody waits for a lock in this database, or until the work that should is done. */
async function waiterOrEnd(session: Session, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const waiting = await session.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting.rowCount > 0) return;
  }
}
