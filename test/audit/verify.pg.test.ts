import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openSession, type Session } from '../../src/postgres/session.js';
import { callJob } from '../worker/by-hand.js';
import { addCommands, fleetWithAgent, fleetWithChain, preparedSweep, sweepAll, verify } from './chain.js';

describe('the audit chain', () => {
  it('is well when nobody has touched it', async () => {
    const { session } = await fleetWithChain();
    const verification = await verify(session);
    expect(verification).toMatchObject({ ok: true, rows: 50, entries: 3, broken: [], cutThrough: null });
    expect(verification.head).toEqual({ seq: '3', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('is well when it is empty', async () => {
    const { session } = await fleetWithAgent();
    expect(await verify(session)).toMatchObject({ ok: true, rows: 0, broken: [], head: { seq: '0' } });
  });

  it('stays well when a command is purged, which empties its reference', async () => {
    const { session } = await fleetWithChain();
    await session.query('DELETE FROM agent_commands');
    expect(await verify(session)).toMatchObject({ ok: true, rows: 50 });
  });

  it('is the same under other settings of the session', async () => {
    const { session } = await fleetWithChain();
    await session.script(
      `SET timezone = 'Asia/Kathmandu'; SET datestyle = 'SQL, DMY'; SET intervalstyle = 'sql_standard'`,
    );
    expect(await verify(session)).toMatchObject({ ok: true });
  });

  it('raises no alarm while eight writers append and somebody verifies', async () => {
    const { url, session } = await fleetWithAgent();
    await addCommands(session, 'pending', { rows: 400, minutes: 31 });
    const sweep = await preparedSweep(session);
    const writers = await Promise.all(Array.from({ length: 8 }, () => openSession(url)));
    let swept = false;
    const sweeps = Promise.all(writers.map((writer) => sweepAll(writer, sweep, 10))).finally(() => {
      swept = true;
    });
    const verifications = [];
    while (!swept) verifications.push((await verify(session)).broken);
    const counts = await sweeps;
    await Promise.all(writers.map((writer) => writer.close()));
    expect(verifications.flat()).toEqual([]);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(1);
    expect(await verify(session)).toMatchObject({ ok: true, rows: 400, broken: [] });
  });
});

describe('entries of the first form, of which all keys are texts', () => {
  it('stand in one chain with those of the second, and each is verified as what it is', async () => {
    const { session } = await fleetWithAgent();
    const { audit, ...sweep } = await preparedSweep(session);
    if (audit === null) throw new Error('no audit table');
    const texts = { ...audit, layout: { ...audit.layout, uuids: false } };
    for (const form of [texts, audit, texts]) {
      await addCommands(session, 'pending', { rows: 3, minutes: 31 });
      await sweepAll(session, { ...sweep, audit: form }, 100);
    }
    // As such entries were always hashed, word for word.
    const kept = await session.query<{ isFirst: boolean; isRight: boolean }>(
      `SELECT cardinality(row_keys) = 3 AS "isFirst", hash = sha256(record_send(ROW('pgsteward audit 1'::text, seq, previous_hash,
         kind, appended_at, run_id, layout, row_count, row_keys::text, row_hashes, row_references::text, cut_through, cut_hash)))
         AS "isRight" FROM steward.audit_entries ORDER BY seq`,
    );
    const [first, second] = [
      { isFirst: true, isRight: true },
      { isFirst: false, isRight: false },
    ];
    expect(kept.rows).toEqual([first, second, first]);
    expect(await verify(session)).toMatchObject({ ok: true, rows: 9, entries: 3, broken: [] });
    const changed = await session.query<{ row: string }>(
      `UPDATE update_logs SET message = 'x'
       FROM (SELECT coalesce(key_uuids[1], row_keys[1]::uuid) AS key FROM steward.audit_entries WHERE seq < 3) AS entry
       WHERE id = entry.key RETURNING id::text AS row`,
    );
    const rows = changed.rows.map(({ row }) => row).sort();
    const { broken } = await verify(session);
    expect(broken.map(({ row }) => row).sort()).toEqual(rows);
    expect(broken).toMatchObject([
      { reason: 'changed', entry: '1' },
      { reason: 'changed', entry: '2' },
    ]);
    await session.query('DELETE FROM agent_commands');
    expect((await verify(session)).broken).toHaveLength(2);
  });
});

it('the second form cannot be taken back while an entry has it', async () => {
  const migration = async (way: string) =>
    `SET LOCAL search_path = steward; ${await readFile(new URL(`../../migrations/steward/0009_audit_uuids.${way}.sql`, import.meta.url), 'utf8')}`;
  const { session } = await fleetWithAgent();
  await session.script(await migration('down'));
  await session.script(await migration('up'));
  await addCommands(session, 'pending', { rows: 1, minutes: 31 });
  await sweepAll(session, await preparedSweep(session), 100);
  await expect(session.script(await migration('down'))).rejects.toMatchObject({ code: '23514' });
  expect(await verify(session)).toMatchObject({ ok: true, rows: 1 });
});

describe('a verification names', () => {
  const tampering: readonly (readonly [string, string, RegExp])[] = [
    ['a changed row', `UPDATE update_logs SET message = 'nothing' WHERE id = (${nthRow(7)})`, /^changed$/],
    [
      'a row whose result was changed',
      `UPDATE update_logs SET result = 'success' WHERE id = (${nthRow(7)})`,
      /^changed$/,
    ],
    ['a removed row', `DELETE FROM update_logs WHERE id = (${nthRow(7)})`, /^removed$/],
    [
      'a row that was moved to another command',
      `UPDATE update_logs SET command_id = (SELECT command_id FROM update_logs WHERE id = (${nthRow(30)})) WHERE id = (${nthRow(7)})`,
      /^changed$/,
    ],
  ];

  it.each(tampering)('%s', async (_, sql, reason) => {
    const { session } = await fleetWithChain();
    const row = await one(session, nthRow(7));
    await tamper(session, sql);
    const { broken, ok, rows } = await verify(session);
    expect(ok).toBe(false);
    expect(rows).toBe(50);
    expect(broken).toEqual([{ row, reason: expect.stringMatching(reason), table: 'public.update_logs', entry: '1' }]);
  });

  it('a row that was inserted beside the chain', async () => {
    const { session } = await fleetWithChain();
    await session.query(
      `INSERT INTO update_logs (id, agent_id, action, result) SELECT '00000000-0000-4000-8000-00000000beef', id, 'timeout', 'timed_out' FROM agents`,
    );
    const { broken } = await verify(session);
    expect(broken).toEqual([
      {
        ...{ row: '00000000-0000-4000-8000-00000000beef', table: 'public.update_logs', entry: null },
        reason: 'result is timed_out, but no entry of the chain covers it',
      },
    ]);
  });

  it('a row that was put into an entry', async () => {
    const { session } = await fleetWithChain();
    await tamper(
      session,
      `UPDATE steward.audit_entries SET row_count = 21, key_uuids = key_uuids || id, reference_uuids = reference_uuids || NULL::uuid, row_hashes = row_hashes || decode(repeat('00', 32), 'hex')
      FROM agents WHERE seq = 2`,
    );
    expect(reasons(await verify(session))).toEqual(['entry 2: the entry was changed, or one of its 21 rows in it']);
  });

  it('entries that changed places', async () => {
    const { session } = await fleetWithChain();
    await tamper(
      session,
      `UPDATE steward.audit_entries SET seq = -seq WHERE seq IN (1, 2);
      UPDATE steward.audit_entries SET seq = CASE seq WHEN -1 THEN 2 ELSE 1 END WHERE seq < 0`,
    );
    const named = reasons(await verify(session));
    expect(named.filter((each) => /^entry [12]: /.test(each)).length).toBeGreaterThanOrEqual(2);
  });

  it('an entry that was taken out, and the rows that it leaves', async () => {
    const { session } = await fleetWithChain();
    await tamper(session, 'DELETE FROM steward.audit_entries WHERE seq = 2');
    const named = reasons(await verify(session));
    expect(named[0]).toBe('entry 2: removed from the chain');
    expect(named.filter((each) => each.endsWith('no entry of the chain covers it'))).toHaveLength(20);
  });

  it('a tail that was cut off with its rows, by the head', async () => {
    const { session } = await fleetWithChain();
    await tamper(session, cutOffTail());
    expect(reasons(await verify(session))).toEqual(['entry 3: removed from the chain']);
  });

  it('a tail that was cut off with the head set back, by an anchor', async () => {
    const { session } = await fleetWithChain();
    const { head } = await verify(session);
    await tamper(
      session,
      `${cutOffTail()}; UPDATE steward.audit_head SET seq = 2, hash = (SELECT hash FROM steward.audit_entries WHERE seq = 2)`,
    );
    expect(await verify(session)).toMatchObject({ ok: true, rows: 40 });
    expect(reasons(await verify(session, [head]))).toEqual([
      'entry 3: cut off: an anchor names it, but the chain ends at 2',
    ]);
  });

  it('the same by what an earlier verification recorded', async () => {
    const { url, session } = await fleetWithChain();
    expect(await callJob({ url, name: 'verify-audit' })).toMatchObject({
      status: 'succeeded',
      counts: { verified: 50, broken: 0 },
    });
    await tamper(
      session,
      `${cutOffTail()}; UPDATE steward.audit_head SET seq = 2, hash = (SELECT hash FROM steward.audit_entries WHERE seq = 2)`,
    );
    const report = await callJob({ url, name: 'verify-audit' });
    expect(report).toMatchObject({ status: 'failed', counts: { broken: 1 }, detail: { ok: false } });
    expect(report.error).toBe(
      'the audit chain is broken in 1 place, the first: entry 3: cut off: an anchor names it, but the chain ends at 2',
    );
  });

  it('a chain that was written anew, by an anchor', async () => {
    const { session } = await fleetWithChain();
    const anchor = { seq: '2', hash: 'ab'.repeat(32) };
    expect(reasons(await verify(session, [anchor]))).toEqual([
      'entry 2: it is not the entry that the anchor names: the chain was written anew',
    ]);
  });

  it('an audit table that is gone, and a column', async () => {
    const { session } = await fleetWithChain();
    await session.query('ALTER TABLE update_logs DROP COLUMN exit_code');
    expect(reasons(await verify(session))[0]).toBe(
      'entry 1: public.update_logs has lost the columns exit_code that it covers',
    );
    await session.query('DROP TABLE update_logs');
    expect(reasons(await verify(session))[0]).toBe('entry 1: the table public.update_logs of its rows is gone');
  });
});

/** SQL for the key of the nth row in the order of the chain. */
function nthRow(place: number): string {
  return `SELECT key_uuids[${((place - 1) % 20) + 1}] FROM steward.audit_entries WHERE seq = ${Math.ceil(place / 20)}`;
}

function cutOffTail(): string {
  return `DELETE FROM update_logs WHERE id IN (SELECT unnest(key_uuids) FROM steward.audit_entries WHERE seq = 3);
    DELETE FROM steward.audit_entries WHERE seq = 3`;
}

async function one(session: Session, sql: string): Promise<unknown> {
  return (await session.queryArrays(sql))[0]?.[0];
}

/** As somebody does who may do everything and knows where to look. */
async function tamper(session: Session, sql: string): Promise<void> {
  const tables = ['update_logs', 'steward.audit_entries', 'steward.audit_head'];
  const all = (what: string) => tables.map((table) => `ALTER TABLE ${table} ${what} TRIGGER USER`).join(';');
  await session.script(`${all('DISABLE')}; ${sql}; ${all('ENABLE')}`);
}

function reasons({ broken }: { readonly broken: readonly { readonly row: string; readonly reason: string }[] }) {
  return broken.map(({ row, reason }) => `${row}: ${reason}`);
}
