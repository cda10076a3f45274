import { describe, expect, it } from 'vitest';
import { installFleet } from '../../src/fleet/install.js';
import { ensureOwnTables, ownTables } from '../../src/migrate/own-tables.js';
import { openSession } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { callJob } from '../worker/by-hand.js';
import { count, cursors, DEAD, EXPIRED, purge, ROWS, sessions, waiterOrEnd } from './purge/purge-call.js';

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

  it('flushes the end of a run, and leaves the flush of its batches to whoever commits next', async () => {
    const { url, session } = await sessions();
    await ensureOwnTables(session, ownTables('steward'));
    await session.script(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$;
       CREATE TABLE flushes (what text, setting text);
       CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN INSERT INTO flushes VALUES (TG_ARGV[0], current_setting('synchronous_commit')); RETURN NULL; END $$;
       CREATE TRIGGER note AFTER DELETE ON sessions FOR EACH STATEMENT EXECUTE FUNCTION note('batch');
       CREATE TRIGGER note AFTER UPDATE ON steward.job_runs FOR EACH ROW WHEN (NEW.status = 'succeeded')
         EXECUTE FUNCTION note('end')`,
    );
    await purge(url, EXPIRED);
    const noted = await session.query('SELECT DISTINCT what, setting FROM flushes ORDER BY what');
    expect(noted.rows).toEqual([
      { what: 'batch', setting: 'off' },
      { what: 'end', setting: 'on' },
    ]);
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
