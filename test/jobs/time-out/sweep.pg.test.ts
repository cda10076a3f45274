import { expect, it, vi } from 'vitest';
import { addCommands, installWithAgent } from '../../audit/chain.js';
import { serverWithSmallDisk } from '../../embedded/small-disk.js';
import { callJob } from '../../worker/by-hand.js';

// A server is started here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

it('leaves no status without its audit row when the disk is full, and says so', async (context) => {
  const { url, session, leave } = await serverWithSmallDisk(context);
  await installWithAgent(session);
  await session.query('ALTER TABLE update_logs SET TABLESPACE small');
  await addCommands(session, 'pending', { rows: 3000, minutes: 31 });
  leave(512 * 1024);
  const report = await callJob({ url, name: 'time-out-commands' });
  expect(report).toMatchObject({ status: 'failed', error: expect.stringContaining('No space left on device') });
  const standing = await session.query<{ swept: number; logged: number }>(
    `SELECT (SELECT count(*)::int FROM agent_commands WHERE status = 'timed_out') AS swept,
            (SELECT count(*)::int FROM update_logs) AS logged`,
  );
  const { timedOut = 0 } = report.counts;
  expect(timedOut).toBeGreaterThan(0);
  expect(standing.rows).toEqual([{ swept: timedOut, logged: timedOut }]);
});
