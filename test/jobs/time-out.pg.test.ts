import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { installFleet } from '../../src/fleet/install.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import type { WorkerEvent } from '../../src/worker/worker-event.js';
import { addCommands, fleetWithAgent, fleetWithChain, preparedSweep, sweepAll, verify } from '../audit/chain.js';
import { testDatabase } from '../postgres.js';
import { callJob } from '../worker/by-hand.js';

describe('the preset time-out-commands', () => {
  it('times out what is pending for 30 minutes or sent for 2 hours, with one audit row each', async () => {
    const { url, session } = await fleetWithAgent();
    await addCommands(session, 'pending', { rows: 70, minutes: 31 });
    await addCommands(session, 'sent', { rows: 30, minutes: 121, type: 'reboot' });
    await addCommands(session, 'pending', { rows: 5, minutes: 29 });
    await addCommands(session, 'sent', { rows: 4, minutes: 119 });
    const planned = await callJob({ url, name: 'time-out-commands', dryRun: true });
    expect(planned.plan).toMatchObject({ rows: { total: 100, pending: 70, sent: 30 }, kept: { notYet: 9 } });
    const events: WorkerEvent[] = [];
    const changes = { onEvent: (event: WorkerEvent) => events.push(event) };
    const report = await callJob({ url, name: 'time-out-commands', changes });
    expect(report).toMatchObject({ status: 'succeeded', counts: { timedOut: 100 }, error: null });
    expect(await statuses(session)).toEqual({ pending: 5, sent: 4, timed_out: 100 });
    expect(await logged(session)).toEqual({ rows: 100, commands: 100 });
    const [first] = events.flatMap((event) => (event.kind === 'batch done' ? [event.figures] : []));
    expect(first).toContainEqual({ name: 'timed_out', labels: { type: 'reboot' }, value: 30 });
    expect(first).toContainEqual({ name: 'audit_rows', labels: { outcome: 'written' }, value: 100 });
  });

  it('tells in the audit row who waited for how long under which limit, and nothing that was sent', async () => {
    const { url, session } = await fleetWithAgent();
    await addCommands(session, 'sent', { rows: 1, minutes: 121 });
    const report = await callJob({ url, name: 'time-out-commands' });
    const read = await session.query<Record<string, unknown>>('SELECT * FROM update_logs');
    expect(read.rows[0]).toMatchObject({ action: 'timeout', result: 'timed_out', exit_code: 124 });
    expect(read.rows[0]?.['message']).toMatch(/^sent for 72\d\d s, more than the 7200 s allowed$/);
    expect(read.rows[0]?.['metadata']).toEqual({
      ...{ waiting_since: expect.stringMatching(/^\d{4}-.*Z$/), threshold_seconds: 7200, service: 'pgsteward' },
      ...{ waited_seconds: expect.any(Number), version: expect.stringMatching(/^\d/), run_id: report.runId },
      ...{ job: 'time-out-commands', from_status: 'sent', type: 'scan' },
    });
    expect(JSON.stringify(read.rows)).not.toContain('secret');
  });

  it('writes each audit row once and overwrites no completion when three sweeps race with a completer', async () => {
    const { url, session } = await fleetWithAgent();
    await addCommands(session, 'pending', { rows: 600, minutes: 31 });
    const sweep = await preparedSweep(session);
    const racers = await Promise.all(Array.from({ length: 4 }, () => openSession(url)));
    const [completer, ...sweepers] = racers;
    if (completer === undefined) throw new Error('no session');
    const swept = await Promise.all([complete(completer), ...sweepers.map((each) => sweepAll(each, sweep, 40))]);
    await Promise.all(racers.map((each) => each.close()));
    const [completed = 0, ...timedOut] = swept;
    expect(completed).toBeGreaterThan(0);
    expect(timedOut.reduce((sum, count) => sum + count, 0)).toBe(600 - completed);
    expect(await statuses(session)).toEqual({ completed, timed_out: 600 - completed });
    expect(await logged(session)).toEqual({ rows: 600 - completed, commands: 600 - completed });
    expect(await verify(session)).toMatchObject({ broken: [], rows: 600 - completed });
  });

  it('leaves triggers that refuse to change, delete or truncate what it has logged', async () => {
    const { session } = await fleetWithChain();
    const refused = async (sql: string) => expect(session.query(sql)).rejects.toMatchObject({ code: '23001' });
    await refused(`UPDATE update_logs SET message = 'x'`);
    await refused('UPDATE update_logs SET command_id = NULL');
    await refused('DELETE FROM update_logs');
    await refused('TRUNCATE update_logs');
    await refused('UPDATE steward.audit_entries SET run_id = NULL');
    await refused('DELETE FROM steward.audit_entries');
    await refused('TRUNCATE steward.audit_entries');
    await refused('UPDATE steward.audit_head SET seq = 1');
    await refused('DELETE FROM steward.audit_head');
    await session.query(`INSERT INTO update_logs (agent_id, action, result) SELECT id, 'scan', 'success' FROM agents`);
    await session.query(`UPDATE update_logs SET message = 'x' WHERE result = 'success'`);
    await session.query(`DELETE FROM update_logs WHERE result = 'success'`);
    expect(await verify(session)).toMatchObject({ ok: true, rows: 50 });
  });
});

describe('a role that is no superuser', () => {
  it('needs no more than SELECT and UPDATE here, SELECT, INSERT and TRIGGER there, and a schema of its own', async () => {
    const { url, session } = await testDatabase();
    await installFleet(session, 'clean');
    await session.query(
      `INSERT INTO agents (id, hostname, machine_id, os_type, agent_version)
       VALUES ('00000000-0000-4000-8000-000000000001', 'host', 'machine', 'linux', '1.0')`,
    );
    await addCommands(session, 'pending', { rows: 3, minutes: 31 });
    const own = new URL(url);
    own.username = own.pathname.slice(1);
    await session.script(`CREATE ROLE ${own.username} LOGIN; GRANT CREATE ON DATABASE ${own.username} TO ${own.username};
      GRANT SELECT, UPDATE ON agent_commands TO ${own.username};
      GRANT SELECT, INSERT, TRIGGER ON update_logs TO ${own.username}`);
    const ran = await callJob({ url: own.href, name: 'time-out-commands' });
    const verified = await callJob({ url: own.href, name: 'verify-audit' });
    await expect(session.query('DELETE FROM update_logs')).rejects.toMatchObject({ code: '23001' });
    await session.script(`DROP OWNED BY ${own.username} CASCADE; DROP ROLE ${own.username}`);
    expect(ran).toMatchObject({ error: null, counts: { timedOut: 3 } });
    expect(verified).toMatchObject({ error: null, counts: { verified: 3, broken: 0 } });
  });
});

describe('a CHECK that refuses the time-out', () => {
  it('is told before anything is done, with the migration that is shipped for it, which mends it', async () => {
    const { url, session } = await testDatabase();
    await installFleet(session, 'flawed');
    await session.script(
      `INSERT INTO agents (id, hostname, machine_id, os_type, agent_version)
       VALUES ('00000000-0000-4000-8000-000000000001', 'host', 'machine', 'linux', '1.0')`,
    );
    await addCommands(session, 'pending', { rows: 3, minutes: 31 });
    const planned = await callJob({ url, name: 'time-out-commands', dryRun: true });
    expect(planned.error).toContain(
      `update_logs_result_check of public.update_logs refuses 'timed_out' in result; migrations/fixes/026_allow_time_out_results.up.sql`,
    );
    expect(await callJob({ url, name: 'time-out-commands' })).toMatchObject({ status: 'failed', counts: {} });
    expect(await statuses(session)).toEqual({ pending: 3 });
    await session.script(await fix('026_allow_time_out_results.up.sql'));
    expect(await callJob({ url, name: 'time-out-commands' })).toMatchObject({ counts: { timedOut: 3 }, error: null });
    await session.script(await fix('026_allow_time_out_results.down.sql'));
    expect((await callJob({ url, name: 'time-out-commands' })).error).toContain('update_logs_result_check');
    await session.script(`${await fix('027_allow_time_out_status.down.sql')}`);
    expect((await callJob({ url, name: 'time-out-commands' })).error).toContain('027_allow_time_out_status.up.sql');
    await session.script(await fix('027_allow_time_out_status.up.sql'));
    expect((await callJob({ url, name: 'time-out-commands' })).error).not.toContain('027');
  });

  it('and is only known with the row undoes the whole batch, fails the run and is counted', async () => {
    const { url, session } = await fleetWithAgent();
    await addCommands(session, 'pending', { rows: 3, minutes: 31 });
    await session.query(`ALTER TABLE update_logs ADD CHECK (duration_seconds < 60)`);
    const report = await callJob({ url, name: 'time-out-commands' });
    expect(report).toMatchObject({ status: 'failed', counts: { constraintViolations: 1 } });
    expect(report.error).toMatch(/^a constraint refuses the time-out of public.agent_commands, and the whole batch/);
    expect(await statuses(session)).toEqual({ pending: 3 });
    expect(await logged(session)).toEqual({ rows: 0, commands: 0 });
  });
});

describe('a time-out of a table of the user’s', () => {
  it('fills what the audit table has, whatever its names are', async () => {
    const { url, session } = await testDatabase();
    await session.script(
      `CREATE SCHEMA "sh.op"; CREATE TYPE "sh.op"."st;ate" AS ENUM ('pen''ding', 'timed_out', 'done');
       CREATE TABLE "sh.op"."or;ders" ("i""d" bigint PRIMARY KEY, "st.ate" "sh.op"."st;ate", "since when" timestamp, customer_id int NOT NULL);
       CREATE TABLE "sh.op".order_log (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         "or;der" bigint REFERENCES "sh.op"."or;ders" ON DELETE SET NULL, customer_id int NOT NULL,
         old_status text, status "sh.op"."st;ate" NOT NULL, happened timestamptz NOT NULL);
       INSERT INTO "sh.op"."or;ders" SELECT n, CASE WHEN n > 5 THEN 'done' ELSE 'pen''ding' END::"sh.op"."st;ate",
         now() - interval '1 hour', n FROM generate_series(1, 8) AS n`,
    );
    const job = {
      ...{ kind: 'time-out', table: '"sh.op"."or;ders"', key: 'i"d', status: 'st.ate', to: 'timed_out' },
      ...{ rules: [{ from: "pen'ding", since: 'since when', afterSeconds: 1800 }] },
      audit: { table: '"sh.op".order_log' },
    };
    const report = await callJob({ url, name: 'expire', jobs: { expire: job } });
    expect(report).toMatchObject({ error: null, counts: { timedOut: 5 } });
    const read = await session.query(
      `SELECT "or;der" = customer_id AS same, old_status, status FROM "sh.op".order_log GROUP BY 1, 2, 3`,
    );
    expect(read.rows).toEqual([{ same: true, old_status: "pen'ding", status: 'timed_out' }]);
    expect(await verify(session)).toMatchObject({ ok: true, rows: 5 });
    await session.query('DELETE FROM "sh.op"."or;ders"');
    expect(await verify(session)).toMatchObject({ ok: true, rows: 5 });
  });

  it('leaves a row that waits since for ever, as one without a time, and does the others', async () => {
    const { url, session } = await fleetWithAgent();
    await addCommands(session, 'pending', { rows: 3, minutes: 31 });
    await session.query(
      `UPDATE agent_commands SET created_at = '-infinity' WHERE id = (SELECT min(id::text)::uuid FROM agent_commands)`,
    );
    const planned = await callJob({ url, name: 'time-out-commands', dryRun: true });
    expect(planned.plan).toMatchObject({ rows: { total: 2 }, kept: { withoutTime: 1 } });
    expect(await callJob({ url, name: 'time-out-commands' })).toMatchObject({ error: null, counts: { timedOut: 2 } });
    expect(await statuses(session)).toEqual({ pending: 1, timed_out: 2 });
  });

  it('can do without audit rows, as the sweep of silent agents does', async () => {
    const { url, session } = await fleetWithAgent();
    await session.query(`UPDATE agents SET last_seen = now() - interval '11 minutes'`);
    expect(await callJob({ url, name: 'mark-agents-offline' })).toMatchObject({ counts: { timedOut: 1 } });
    const read = await session.query('SELECT status FROM agents');
    expect(read.rows).toEqual([{ status: 'offline' }]);
  });

  it.each([
    [{ table: 'shop.nowhere' }, 'there is no table shop.nowhere'],
    [{ table: 'a..b' }, 'there is no table a..b'],
    [{ table: 'shop.orders_seen' }, 'shop.orders_seen is a view'],
    [{ status: 'humour' }, 'shop.orders has no column humour'],
    [{ key: 'state' }, 'shop.orders.state does not name one row'],
    [
      { rules: [{ from: 'pending', since: 'state', afterSeconds: 1 }] },
      'shop.orders.state is of type character varying(10)',
    ],
    [{ audit: { table: 'shop.bare_log' } }, 'shop.bare_log has no primary key of one column'],
    [{ audit: { table: 'shop.wide_log' } }, 'shop.wide_log wants a value in colour (text)'],
    [{ audit: { table: 'shop.far_log' } }, 'shop.far_log has no column that refers to shop.orders'],
    [{ audit: { table: 'shop.mute_log' } }, 'shop.mute_log has no column that could tell of a time-out'],
    [{ to: 'far too long' }, `shop.orders.state cannot hold 'far too long'`],
    [{ status: 'mood', to: 'sad' }, `shop.orders.mood cannot hold 'sad': its type is shop.mood`],
    [{ status: 'step', to: 'lost' }, 'the CHECK constraint orders_step_check of shop.orders refuses'],
    [
      { status: 'step', rules: [{ from: 'far', since: 'created_at', afterSeconds: 1 }] },
      'no row can be in the state that a rule starts from: the CHECK constraint orders_step_check',
    ],
  ])('is refused in one sentence: %j', async (changes, sentence) => {
    const { url } = await shop();
    const expire = { ...EXPIRE, ...changes };
    const report = await callJob({ url, name: 'expire', jobs: { expire }, dryRun: true });
    expect(report.error).toContain(sentence);
  });

  it('is refused where the role may not change the table', async () => {
    const { url, session } = await shop();
    const role = new URL(url).pathname.slice(1);
    await session.script(`CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA shop TO ${role};
      GRANT SELECT ON shop.orders TO ${role}`);
    const restricted = new URL(url);
    restricted.username = role;
    const call = { url: restricted.href, name: 'expire', jobs: { expire: EXPIRE }, dryRun: true };
    expect((await callJob(call)).error).toContain('this role may not SELECT and UPDATE shop.orders');
    await session.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});

const EXPIRE = {
  ...{ kind: 'time-out', table: 'shop.orders', status: 'state', to: 'timed_out' },
  rules: [{ from: 'pending', since: 'created_at', afterSeconds: 1800 }],
};

const shop = () =>
  testDatabase({
    template: 'shop',
    prepare: (session) =>
      session.script(
        `CREATE SCHEMA shop;
         CREATE TYPE shop.mood AS ENUM ('pending', 'glad');
         CREATE SEQUENCE shop.asked;
         CREATE TABLE shop.orders (id int PRIMARY KEY, state varchar(10) NOT NULL, created_at timestamptz,
           mood shop.mood, step text CONSTRAINT counts_what_it_is_asked CHECK (nextval('shop.asked') > 0 OR step = ''),
           CONSTRAINT orders_step_check CHECK (step IN ('pending', 'timed_out')));
         CREATE VIEW shop.orders_seen AS SELECT * FROM shop.orders;
         CREATE TABLE shop.bare_log (order_id int, action text);
         CREATE TABLE shop.wide_log (id serial PRIMARY KEY, order_id int, action text, colour text NOT NULL);
         CREATE TABLE shop.far_log (id serial PRIMARY KEY, action text);
         CREATE TABLE shop.mute_log (id serial PRIMARY KEY, order_id int)`,
      ),
  });

/** An agent that reports commands as done, ten at a time. */
async function complete(session: Session): Promise<number> {
  for (let total = 0; ; ) {
    const done = await session.query(
      `UPDATE agent_commands SET status = 'completed', completed_at = now()
       WHERE status = 'pending' AND id IN (SELECT id FROM agent_commands WHERE status = 'pending' ORDER BY id LIMIT 10)`,
    );
    if (done.rowCount === 0) return total;
    total += done.rowCount;
  }
}

async function statuses(session: Session) {
  const read = await session.query<{ status: string; rows: number }>(
    'SELECT status, count(*)::int AS rows FROM agent_commands GROUP BY status ORDER BY status',
  );
  return Object.fromEntries(read.rows.map(({ status, rows }) => [status, rows]));
}

async function logged(session: Session) {
  const read = await session.query(`SELECT count(*)::int AS rows, count(DISTINCT command_id)::int AS commands
    FROM update_logs WHERE result = 'timed_out'`);
  return read.rows[0];
}

function fix(file: string): Promise<string> {
  return readFile(new URL(`../../migrations/fixes/${file}`, import.meta.url), 'utf8');
}
