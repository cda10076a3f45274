import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/advisors/advisor.js';
import { unusedIndex } from '../../src/advisors/unused-index.js';
import type { PlanCost, Planner } from '../../src/model/planner.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../postgres.js';
import { findingsOn } from './index-hygiene/detect-on.js';

const filled = () => testDatabase({ template: 'filled', prepare: fill });

/** Tables of many rows and indexes that nothing reads but `read`. */
async function fill(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE parents (id int PRIMARY KEY); INSERT INTO parents SELECT generate_series(1, 10);
    CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, parent int REFERENCES parents, kind text);
    INSERT INTO t SELECT n, n, n, n, n % 10 + 1, 'Online' FROM generate_series(1, 20000) n;
    CREATE INDEX unread ON t (a); CREATE INDEX read ON t (b); CREATE UNIQUE INDEX rule ON t (c);
    CREATE INDEX for_key ON t (parent); CREATE INDEX for_key_too ON t (parent, kind);
    CREATE INDEX doubled ON t (b, a); CREATE INDEX no_rows ON t (id) WHERE kind = 'online';
    CREATE INDEX clustered ON t (c, a); CLUSTER t USING clustered;
    CREATE TABLE few (a int); INSERT INTO few VALUES (1); CREATE INDEX small ON few (a);
    CREATE TABLE parted (a int, at int) PARTITION BY LIST (at);
    CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1); CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
    INSERT INTO parted SELECT n, n % 2 + 1 FROM generate_series(1, 20000) n;
    CREATE INDEX parts_unread ON parted (a, at); CREATE INDEX parts_read ON parted (at, a)`);
  await session.query('VACUUM (ANALYZE)');
}

/** Reads by `read` and `parts_read`. Counters do not come along with a clone, so it is done on each. */
async function readSome(session: Session): Promise<void> {
  const setValid = (valid: boolean) =>
    session.query(`UPDATE pg_index SET indisvalid = ${valid} WHERE indexrelid = 'doubled'::regclass`);
  await setValid(false);
  await session.script(`SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT b FROM t WHERE b = 1;
    SELECT a FROM parted WHERE at = 1 AND a = 1; RESET ALL`);
  await setValid(true);
  await session.query('SELECT pg_stat_force_next_flush()');
}

const keysOf = (found: ReadonlyMap<string, unknown>) =>
  [...found.keys()].map((key) => key.replace('unused-index:public.', ''));

describe('unused-index', () => {
  it('finds what nothing reads, and leaves what a rule, a key or another finding speaks for', async () => {
    const { session } = await filled();
    await readSome(session);
    expect(keysOf(await findingsOn(session, unusedIndex))).toEqual(['unread', 'parts_unread']);
    // Without the other rules, what they would have named is unused too.
    const rules = ['unused-index'];
    expect(keysOf(await findingsOn(session, unusedIndex, { rules }))).toEqual([
      'unread',
      'for_key',
      'doubled',
      'no_rows',
      'parts_unread',
    ]);
  });

  it('leaves what the workload plans with', async () => {
    const { session } = await filled();
    await readSome(session);
    const plans = ['public.unread', 'public.parted_1_a_at_idx'];
    const planner = {
      costs: async () => [{ existingUsed: plans } as unknown as PlanCost, new Error()],
    } as unknown as Planner;
    expect(keysOf(await findingsOn(session, unusedIndex, { planner }))).toEqual([]);
  });

  it('is a warning after a week of counting and a note before, and says for how long', async () => {
    const { session } = await filled();
    await readSome(session);
    const { catalog } = await readSnapshot(session);
    const after = async (countersSince: string | null): Promise<Partial<Evidence>> => ({
      catalog: { ...catalog, countersSince, readAt: '2026-06-30T12:00:00.000Z' },
    });
    const unread = async (countersSince: string | null) =>
      (await findingsOn(session, unusedIndex, await after(countersSince))).get('unused-index:public.unread');
    const isNote = async (since: string | null) => (await unread(since))?.severity === 'info';
    expect(await isNote('2026-06-23T11:00:00.000Z')).toBe(false);
    expect(await isNote('2026-06-23T13:00:00.000Z')).toBe(true);
    expect(await isNote(null)).toBe(true);
    expect((await unread('2026-05-11T00:00:00.000Z'))?.message).toMatchInlineSnapshot(
      `"This server has counted no scan of public.unread since its counters were reset on 2026-05-11, 50 days ago. It takes 456 kB, and 0 rows were inserted into public.t or updated without HOT meanwhile. Replicas count their own scans."`,
    );
    expect((await unread('2026-06-30T01:00:00.000Z'))?.message).toMatchInlineSnapshot(
      `"This server has counted no scan of public.unread since its counters were reset on 2026-06-30, less than a day ago. It takes 456 kB, and 0 rows were inserted into public.t or updated without HOT meanwhile. That is too little to go by: look again when a week or more has been counted. Replicas count their own scans."`,
    );
    expect((await unread(null))?.message).toMatchInlineSnapshot(
      `"This server has counted no scan of public.unread since its counters began, at a time that it does not tell. It takes 456 kB, and 0 rows were inserted into public.t or updated without HOT meanwhile. That is too little to go by: look again when a week or more has been counted. Replicas count their own scans."`,
    );
  });

  it('finds what was read once and has not been for a hundred days', async () => {
    const { session } = await filled();
    await readSome(session);
    const { catalog } = await readSnapshot(session);
    const lastScannedAt = catalog.tables
      .flatMap(({ indexes }) => indexes)
      .find(({ name }) => name === 'read')?.lastScannedAt;
    expect(Math.abs(Date.parse(lastScannedAt ?? '') - Date.now())).toBeLessThan(60_000);
    const readLater = async (days: number) => {
      const readAt = new Date(Date.parse(lastScannedAt ?? '') + days * 86_400_000).toISOString();
      return findingsOn(session, unusedIndex, { catalog: { ...catalog, readAt }, rules: ['unused-index'] });
    };
    expect(keysOf(await readLater(99))).not.toContain('read');
    // A replica that began to count a while ago had not the time to see as much.
    const countersSince = new Date(Date.parse(lastScannedAt ?? '') + 50 * 86_400_000).toISOString();
    const readAt = new Date(Date.parse(lastScannedAt ?? '') + 101 * 86_400_000).toISOString();
    const replicas = [{ place: 'there:5432/app', countersSince }];
    const young = { catalog: { ...catalog, readAt, replicas }, rules: ['unused-index'] };
    expect(keysOf(await findingsOn(session, unusedIndex, young))).not.toContain('read');
    const found = (await readLater(101)).get('unused-index:public.read');
    expect(found?.severity).toBeUndefined();
    expect(found?.message.replace(lastScannedAt?.slice(0, 10) ?? '', 'that day')).toMatchInlineSnapshot(
      `"This server has counted no scan of public.read since that day, 101 days ago. It takes 456 kB, and 0 rows were inserted into public.t or updated without HOT since the counters began. Replicas count their own scans."`,
    );
  });
});

describe('reading a database', () => {
  it('knows since when its counters count', async () => {
    const { session } = await testDatabase();
    expect((await readSnapshot(session)).catalog.countersSince).toBeNull();
    await session.query('SELECT pg_stat_reset()');
    const { countersSince, readAt } = (await readSnapshot(session)).catalog;
    expect(Math.abs(Date.parse(readAt) - Date.parse(countersSince ?? ''))).toBeLessThan(60_000);
  });

  it('counts as no scan of an index that nothing reads, whatever the role', async () => {
    const { session, url } = await filled();
    const role = `onlooker_${process.pid}`;
    await session.script(`CREATE ROLE ${role} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
    await readSome(session);
    const reader = await openSession(url);
    await reader.query(`SET ROLE ${role}`);
    const scans = async (by: Session) => {
      const { catalog, statistics } = await readSnapshot(by);
      await by.query('SELECT pg_stat_force_next_flush()');
      const ends = statistics.columns
        .filter(({ minimum }) => minimum !== null)
        .map(({ table, column }) => `${table}.${column}`);
      return {
        unread: catalog.tables.flatMap(({ indexes }) => indexes).find(({ name }) => name === 'unread')?.scans,
        ends,
      };
    };
    expect(await scans(session)).toEqual({ unread: 0, ends: expect.arrayContaining(['t.a', 't.b', 't.id']) });
    const asReader = await scans(reader);
    expect(asReader).toEqual({ unread: 0, ends: expect.arrayContaining(['t.id']) });
    expect(asReader.ends).not.toContain('t.a');
    expect((await scans(session)).unread).toBe(0);
    await reader.close();
    await session.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});
