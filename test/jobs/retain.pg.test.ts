import { describe, expect, it } from 'vitest';
import { installFleet } from '../../src/fleet/install.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { callJob } from '../worker/by-hand.js';

const logs = () =>
  testDatabase({
    template: 'logs',
    prepare: (session) =>
      session.script(
        ['a', 'b', 'c']
          .map(
            (name) =>
              `CREATE TABLE ${name} (id int PRIMARY KEY, created_at timestamptz);
               INSERT INTO ${name} SELECT n, now() - n * interval '1 day' FROM generate_series(0, 99) AS n;
               INSERT INTO ${name} VALUES (100, NULL)`,
          )
          .join(';'),
      ),
  });

describe('a retention', () => {
  it('deletes what is older than its days, by any column', async () => {
    const { url, session } = await logs();
    await session.query('ALTER TABLE a RENAME created_at TO "Zeit;punkt"');
    const job = { kind: 'retain', table: 'a', age: 'Zeit;punkt', days: 30 };
    const { plan } = await retain(url, job, true);
    expect(plan).toMatchObject({ strategy: 'tid-range', rows: { total: 70, old: 70 }, kept: { withoutAge: 1 } });
    expect((await retain(url, job)).counts).toEqual({ deleted: 70, old: 70 });
    expect(await count(session, 'a')).toBe(31);
  });

  it('keeps for ever what is kept for 0 days', async () => {
    const { url, session } = await logs();
    const job = { kind: 'retain', table: 'a', days: 0 };
    expect((await retain(url, job, true)).plan).toMatchObject({ rows: { total: 0 }, strategy: null });
    expect(await retain(url, job)).toMatchObject({ status: 'succeeded', counts: { deleted: 0 } });
    expect(await count(session, 'a')).toBe(101);
  });

  it('does the other tables where one fails, and ends as failed with its name', async () => {
    const { url, session } = await logs();
    await session.script(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not mine'; END $$;
       CREATE TRIGGER refuse BEFORE DELETE ON a FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    const tables = { a: { days: 10 }, nosuch: { days: 10 }, b: { days: 10 }, c: { days: 90 } };
    const report = await retain(url, { kind: 'retain', tables, days: { c: 50 } });
    expect(report).toMatchObject({ status: 'failed', counts: { deleted: 140, old: 140 } });
    expect(report.error).toMatch(
      /^2 of 4 tables failed, the others are done; a: .*not mine; nosuch: there is no table/,
    );
    expect([await count(session, 'a'), await count(session, 'b'), await count(session, 'c')]).toEqual([101, 11, 51]);
    expect((await retain(url, { kind: 'retain', tables }, true)).plan?.why).toContain(
      'nosuch fails: there is no table',
    );
  });

  it('goes on with the table at which the run before it ended', async () => {
    const { url, session } = await logs();
    const job = { kind: 'retain', tables: { a: { days: 200 }, b: { days: 200 } } };
    await retain(url, job);
    await session.query('UPDATE steward.job_runs SET cursor = $1', [
      JSON.stringify({ table: 'b', place: null, failed: { a: 'it was locked' } }),
    ]);
    const report = await retain(url, { kind: 'retain', tables: { a: { days: 10 }, b: { days: 90 } } });
    expect(report).toMatchObject({ status: 'failed', counts: { deleted: 10 } });
    expect(report.error).toContain('a: it was locked');
    expect(await count(session, 'a')).toBe(101);
  });

  it.each([
    [{ table: 'a' }, 'expected a number of days'],
    [{ days: 5 }, 'expected a table here, or several below tables'],
    [{ tables: { a: { days: 5 } }, days: { b: 3 } }, 'b does not stand below tables: a'],
  ])('%j is refused', async (keys, sentence) => {
    await expect(retain('postgres://unused', { kind: 'retain', ...keys })).rejects.toThrow(sentence);
  });
});

describe('the retention of the fleet', () => {
  it('covers every table that grows, but update_logs', async () => {
    const { url, session } = await fleet();
    const report = await callJob({ url, name: 'retain-history', dryRun: true });
    expect(report).toMatchObject({ status: 'succeeded', error: null });
    const why = report.plan?.why ?? '';
    const growing = await session.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'created_at'`,
    );
    expect(growing.rows.map(({ name }) => name).filter((name) => !why.includes(`public.${name},`))).toEqual(
      expect.arrayContaining(['update_logs', 'agents', 'users']),
    );
    expect(why).toContain('public.update_events, 0 rows');
  });

  it('leaves the events that the state of a package is made of, and nothing else', async () => {
    const { url, session } = await fleet();
    await session.script(EVENTS);
    const before = await states(session);
    const { counts } = await callJob({ url, name: 'retain-history' });
    const left = await count(session, 'update_events');
    expect(counts['deleted']).toBe(PACKAGES * EVENTS_EACH - left);
    expect(left).toBeLessThan(PACKAGES * EVENTS_EACH * 0.7);
    expect(await states(session)).toEqual(before);
    const again = await callJob({ url, name: 'retain-history' });
    expect(again.counts['deleted']).toBe(0);
  });
});

const PACKAGES = 200;
const EVENTS_EACH = 12;

/** Histories of packages by chance, older than any retention but for the last two events. */
const EVENTS = `SELECT setseed(0.4);
  INSERT INTO agents (hostname, machine_id, os_type, agent_version) VALUES ('h', 'm', 'linux', '1');
  INSERT INTO update_events (agent_id, package_type, package_name, version_from, version_to, severity, event_type, created_at)
  SELECT agents.id, 'apt', 'p' || p, CASE WHEN random() < 0.3 THEN 'v' || floor(random() * 3) END, 'v' || floor(random() * 3),
         (ARRAY['critical', 'important', 'moderate', 'low'])[1 + floor(random() * 4)],
         (ARRAY['discovered', 'discovered', 'discovered', 'discovered', 'updated', 'failed', 'ignored'])[1 + floor(random() * 7)],
         now() - (CASE WHEN n <= 10 THEN 400 - n ELSE 20 - n END) * interval '1 day'
  FROM agents, generate_series(1, ${PACKAGES}) AS p, generate_series(1, ${EVENTS_EACH}) AS n`;

const fleet = () => testDatabase({ template: 'fleet', prepare: (session) => installFleet(session, 'clean') });

interface Event {
  readonly name: string;
  readonly from: string | null;
  readonly to: string;
  readonly severity: string;
  readonly type: string;
}

interface State {
  status: string;
  available: string | null;
  severity: string | null;
  current: string | null;
}

/** Folds the events of every package as the contract says, and again with a late one in the middle of them. */
async function states(session: Session): Promise<Readonly<Record<string, readonly State[]>>> {
  const read = await session.query<Event & { age: number }>(
    `SELECT package_name AS name, version_from AS "from", version_to AS "to", severity, event_type AS type,
            extract(epoch FROM now() - created_at) / 86400 AS age
     FROM update_events ORDER BY created_at, id`,
  );
  const late = { from: null, to: 'v1', severity: 'low', type: 'discovered' };
  return Object.fromEntries(
    [...new Set(read.rows.map(({ name }) => name))].sort().map((name) => {
      const events = read.rows.filter((event) => event.name === name);
      const recent = events.filter(({ age }) => age < 90);
      const old = events.filter(({ age }) => age >= 90);
      return [name, [foldAll(events), foldAll([...old, { name, ...late }, ...recent])]];
    }),
  );
}

function foldAll(events: readonly Event[]): State {
  const state: State = { status: 'pending', available: null, severity: null, current: null };
  for (const { type, from, to, severity } of events) {
    if (type !== 'discovered') state.status = type;
    else if (state.status === 'failed' || (state.status === 'updated' && to !== state.available))
      state.status = 'pending';
    const installed = type === 'updated' ? to : from;
    Object.assign(state, { available: to, severity, current: installed ?? state.current });
  }
  return state;
}

function retain(url: string, job: Readonly<Record<string, unknown>>, dryRun = false) {
  return callJob({ url, name: 'keep-it', jobs: { 'keep-it': { dutyCycle: 1, ...job } }, dryRun });
}

async function count(session: Session, from: string): Promise<number> {
  const read = await session.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${from}`);
  return read.rows[0]?.rows ?? -1;
}
