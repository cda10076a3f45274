import { describe, expect, it } from 'vitest';
import { addCommands, fleetWithAgent } from '../audit/chain.js';
import { callJob } from '../worker/by-hand.js';

describe('verify-audit', () => {
  it('fails, and says what is broken, once a row of the chain was changed', async () => {
    const { url, session } = await fleetWithAgent();
    await addCommands(session, 'pending', { rows: 3, minutes: 90 });
    await callJob({ url, name: 'time-out-commands' });
    expect(await callJob({ url, name: 'verify-audit' })).toMatchObject({
      status: 'succeeded',
      detail: { ok: true, rows: 3 },
    });
    await session.script(`SET session_replication_role = replica; UPDATE update_logs SET message = 'never'`);
    const report = await callJob({ url, name: 'verify-audit' });
    expect(report).toMatchObject({ status: 'failed', detail: { ok: false } });
  });
});
