import { describe, expect, it } from 'vitest';
import { entryHashSql } from '../../src/audit/chain.js';
import { cutOldest } from '../../src/audit/cut.js';
import type { Session } from '../../src/postgres/session.js';
import { callJob } from '../worker/by-hand.js';
import { addCommands, fleetWithChain, preparedSweep, sweepAll, verify } from './chain.js';

const KEEP_A_WEEK = { 'verify-audit': { keepDays: 7 } };

describe('retention of the audit chain', () => {
  it('keeps everything unless it is told otherwise', async () => {
    const { url, session } = await fleetWithChain();
    await age(session, 3);
    expect(await callJob({ url, name: 'verify-audit' })).toMatchObject({ counts: { verified: 50, broken: 0 } });
    expect(await verify(session)).toMatchObject({ ok: true, rows: 50, cutThrough: null });
  });

  it('takes whole segments from the beginning, rows and entries, and what is left is well', async () => {
    const { url, session } = await fleetWithChain();
    await age(session, 2);
    const report = await callJob({ url, name: 'verify-audit', jobs: KEEP_A_WEEK });
    expect(report).toMatchObject({ status: 'succeeded', counts: { verified: 50, broken: 0, deleted: 40 } });
    expect(await verify(session)).toMatchObject({
      ok: true,
      rows: 10,
      entries: 2,
      cutThrough: '2',
      head: { seq: '4' },
    });
    await addCommands(session, 'pending', { rows: 5, minutes: 31 });
    await sweepAll(session, await preparedSweep(session), 100);
    const again = await callJob({ url, name: 'verify-audit', jobs: KEEP_A_WEEK });
    expect(again).toMatchObject({ status: 'succeeded', counts: { verified: 15, deleted: 0 } });
  });

  it('is not to be used to take a row that no cut takes in', async () => {
    const { session } = await fleetWithChain();
    await age(session, 1);
    const row = (await session.queryArrays('SELECT key_uuids[1] FROM steward.audit_entries WHERE seq = 3'))[0]?.[0];
    await session.query('BEGIN');

    const cut = { ownSchema: 'steward', keepDays: 7, entriesMost: 10, runId: '00000000-0000-4000-8000-00000000abcd' };
    expect(await cutOldest(session, cut)).toBe(20);
    await session.query('DELETE FROM update_logs WHERE id = $1', [row]);
    await session.query('COMMIT');
    expect((await verify(session)).broken).toMatchObject([{ row, reason: 'removed', entry: '3' }]);
  });

  it('cannot be claimed by an entry that the chain does not bear out', async () => {
    const { session } = await fleetWithChain();
    await session.query(
      `INSERT INTO steward.audit_entries SELECT 4, 'cut', hash, hash, clock_timestamp(), NULL, NULL, 0, '{}', '', NULL, 2, hash
       FROM steward.audit_entries WHERE seq = 2`,
    );
    await session.query('DELETE FROM steward.audit_entries WHERE seq <= 2');
    const reasons = (await verify(session)).broken.map(({ row, reason }) => `${row}: ${reason}`);
    expect(reasons).toContain('entry 4: the entry was changed, or one of its 0 rows in it');
  });
});

/** Makes the first entries ten days old, as if they had been appended then. */
async function age(session: Session, entries: number): Promise<void> {
  const triggers = (what: string) =>
    `ALTER TABLE steward.audit_entries ${what} TRIGGER USER; ALTER TABLE steward.audit_head ${what} TRIGGER USER`;
  const hash = entryHashSql({ seq: 'entry.seq', previousHash: 'entry.previous_hash' }, 'entry');
  await session.script(`${triggers('DISABLE')};
    UPDATE steward.audit_entries SET appended_at = appended_at - interval '10 days' WHERE seq <= ${entries}`);
  for (const seq of [1, 2, 3])
    await session.script(
      `UPDATE steward.audit_entries SET previous_hash = coalesce(
         (SELECT hash FROM steward.audit_entries WHERE seq = ${seq - 1}), decode(repeat('00', 32), 'hex')) WHERE seq = ${seq};
       UPDATE steward.audit_entries AS entry SET hash = ${hash} WHERE seq = ${seq};
       UPDATE steward.audit_head SET hash = (SELECT hash FROM steward.audit_entries WHERE seq = ${seq})`,
    );
  await session.script(triggers('ENABLE'));
}
