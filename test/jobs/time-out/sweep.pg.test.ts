import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startServer } from '../../../src/embedded/server.js';
import { openSession } from '../../../src/postgres/session.js';
import { addCommands, installWithAgent } from '../../audit/chain.js';
import { mountedDirectory } from '../../embedded/places.js';
import { callJob } from '../../worker/by-hand.js';

it('leaves no status without its audit row when the disk is full, and says so', async (context) => {
  const server = await startServer();
  try {
    const session = await openSession(server.url('postgres'));
    const data = await session.query<{ directory: string }>(`SELECT current_setting('data_directory') AS directory`);
    const { uid } = statSync(data.rows[0]?.directory ?? '');
    const small = mountedDirectory(context, `size=512k,uid=${uid},mode=0700`);
    await installWithAgent(session);
    await session.query(`CREATE TABLESPACE small LOCATION '${small}'`);
    await session.query('ALTER TABLE update_logs SET TABLESPACE small');
    await addCommands(session, 'pending', { rows: 3000, minutes: 31 });
    const report = await callJob({ url: server.url('postgres'), name: 'time-out-commands' });
    expect(report).toMatchObject({ status: 'failed', error: expect.stringContaining('No space left on device') });
    const standing = await session.query<{ swept: number; logged: number }>(
      `SELECT (SELECT count(*)::int FROM agent_commands WHERE status = 'timed_out') AS swept,
              (SELECT count(*)::int FROM update_logs) AS logged`,
    );
    const { timedOut = 0 } = report.counts;
    expect(timedOut).toBeGreaterThan(0);
    expect(standing.rows).toEqual([{ swept: timedOut, logged: timedOut }]);
    await session.close();
  } finally {
    await server.stop();
  }
});
