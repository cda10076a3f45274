import { describe, expect, it } from 'vitest';
import { commandHistory, listTimeouts, type PageKey } from '../../../src/jobs/time-out/history.js';
import { AGENT, addCommands, fleetWithAgent, fleetWithChain } from '../../audit/chain.js';
import { callJob } from '../../worker/by-hand.js';

describe('the list of time-outs', () => {
  it('gives every one once, page by page, newest first', async () => {
    const { session } = await fleetWithChain();
    const seen: string[] = [];
    let after: PageKey | undefined;
    do {
      const page = await listTimeouts(session, { limit: 20, ...(after === undefined ? {} : { after }) });
      seen.push(...page.items.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    const expected = await session.query<{ id: string }>(
      `SELECT id::text FROM update_logs ORDER BY created_at DESC, id DESC`,
    );
    expect(seen).toEqual(expected.rows.map(({ id }) => id));
  });

  it('filters by agent, command, type and time', async () => {
    const { url, session } = await fleetWithAgent();
    await addCommands(session, 'pending', { rows: 2, minutes: 40 });
    await addCommands(session, 'sent', { rows: 3, minutes: 130, type: 'reboot' });
    await callJob({ url, name: 'time-out-commands' });
    const count = async (filter: object) => (await listTimeouts(session, { limit: 10, ...filter })).items.length;
    expect(await count({ agentId: AGENT })).toBe(5);
    expect(await count({ agentId: '00000000-0000-4000-8000-00000000dead' })).toBe(0);
    expect(await count({ commandType: 'reboot' })).toBe(3);
    expect(await count({ since: '2100-01-01' })).toBe(0);
    expect(await count({ until: '2100-01-01T00:00:00Z' })).toBe(5);
    const [item] = (await listTimeouts(session, { limit: 1, commandType: 'reboot' })).items;
    expect(item).toMatchObject({ agentId: AGENT, commandType: 'reboot', fromStatus: 'sent', thresholdSeconds: 7200 });
    expect(await count({ commandId: item?.commandId })).toBe(1);
    await session.query('DELETE FROM agent_commands');
    expect(await count({ commandType: 'reboot' })).toBe(3);
  });
});

describe('the history of commands', () => {
  it('comes with time-outs where they are asked for, and never with what was sent', async () => {
    const { session } = await fleetWithChain();
    await session.query(`UPDATE agent_commands SET result = '{"secret": "answer"}'`);
    const { items } = await commandHistory(session, { limit: 60, includeTimeout: true, agentId: AGENT });
    expect(items).toHaveLength(50);
    expect(items[0]).toMatchObject({ status: 'timed_out', log: [], timeouts: [{ service: 'pgsteward' }] });
    expect(JSON.stringify(items)).not.toContain('secret');
    const [first] = items;
    const one = await commandHistory(session, { limit: 60, includeTimeout: false, commandId: first?.id ?? '' });
    expect(one.items).toMatchObject([{ id: first?.id, timeouts: null }]);
  });
});
