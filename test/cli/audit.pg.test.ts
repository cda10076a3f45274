import { describe, expect, it, vi } from 'vitest';
import type { AuditVerification } from '../../src/model/audit.js';
import { fleetWithChain } from '../audit/chain.js';
import { expectRefusal, runProgram } from '../program.js';

// Programs are started here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

describe('audit verify', () => {
  it('exits with 0 and an anchor while all is well, and with 1 and the row once one was changed', async () => {
    const { url, session } = await fleetWithChain();
    const args = ['audit', 'verify', '--database-url', url, '--format', 'json'];
    const well = await runProgram(args);
    expect({ status: well.status, stderr: well.stderr }).toEqual({ status: 0, stderr: '' });
    const { head, ...rest } = JSON.parse(well.stdout) as AuditVerification;
    expect(rest).toMatchObject({ ok: true, rows: 50, broken: [] });
    await session.script(
      `SET session_replication_role = replica;
       UPDATE update_logs SET message = 'x' WHERE id = (SELECT key_uuids[1] FROM steward.audit_entries WHERE seq = 1)`,
    );
    const changed = await runProgram([...args, '--anchor', `${head.seq}:${head.hash}`]);
    expect(changed.status).toBe(1);
    expect(JSON.parse(changed.stdout)).toMatchObject({
      ok: false,
      rows: 50,
      broken: [{ reason: 'changed', entry: '1' }],
    });
  });

  it('refuses an anchor that is none', async () => {
    const ended = await runProgram(['audit', 'verify', '--anchor', '7']);
    expect(expectRefusal(ended, 2)).toContain('--anchor 7 is no anchor of an audit chain');
  });
});
