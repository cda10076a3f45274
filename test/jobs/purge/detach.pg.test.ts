import { describe, expect, it } from 'vitest';
import { openSession } from '../../../src/postgres/session.js';
import { testDatabase } from '../../postgres.js';
import { count, leaveCursor, oidOf, partitionsOf, purge } from './purge-call.js';

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
