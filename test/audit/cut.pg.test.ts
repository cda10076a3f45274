import { describe, expect, it } from 'vitest';
import { entryHash } from '../../src/audit/chain.js';
import { cutOldest } from '../../src/audit/cut.js';
import { contentHashSql } from '../../src/audit/layout.js';
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
    const row = (await session.queryArrays('SELECT row_keys[1] FROM steward.audit_entries WHERE seq = 3'))[0]?.[0];
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
  await session.script(
    'ALTER TABLE steward.audit_entries DISABLE TRIGGER USER; ALTER TABLE steward.audit_head DISABLE TRIGGER USER',
  );
  let previousHash = Buffer.alloc(32);
  const read = await session.query<Parameters<typeof entryHash>[0] & { readonly isOld: boolean }>(
    `SELECT seq::text AS seq, kind, run_id::text AS "runId", layout, row_count AS "rowCount", NULL AS "cutThrough",
       NULL AS "cutHash", ${contentHashSql('row_keys', 'row_hashes', 'row_references')} AS "contentHash",
       to_char((appended_at - CASE WHEN seq <= $1 THEN interval '10 days' ELSE '0' END) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "appendedAt"
     FROM steward.audit_entries AS entry ORDER BY entry.seq`,
    [entries],
  );
  for (const entry of read.rows) {
    const hash = entryHash({ ...entry, previousHash });
    await session.query(
      'UPDATE steward.audit_entries SET previous_hash = $2, hash = $3, appended_at = $4 WHERE seq = $1',
      [...[entry.seq, previousHash, hash, entry.appendedAt]],
    );
    await session.query('UPDATE steward.audit_head SET hash = $1', [hash]);
    previousHash = Buffer.from(hash);
  }
  await session.script(
    'ALTER TABLE steward.audit_entries ENABLE TRIGGER USER; ALTER TABLE steward.audit_head ENABLE TRIGGER USER',
  );
}
