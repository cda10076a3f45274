import { describe, expect, it } from 'vitest';
import { installFleet } from '../../src/fleet/install.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { callJob } from '../worker/by-hand.js';

const AGENT = '00000000-0000-4000-8000-000000000001';

const fleet = () =>
  testDatabase({
    template: 'fleet',
    prepare: async (session) => {
      await installFleet(session, 'clean');
      await session.script(`INSERT INTO agents (id, hostname, machine_id, os_type, agent_version)
        VALUES ('${AGENT}', 'host', 'machine', 'linux', '1.0')`);
    },
  });

describe('the preset time-out-commands', () => {
  it('times out what is pending for 30 minutes or sent for 2 hours, with one audit row each', async () => {
    const { url, session } = await fleet();
    await addCommands(session, 'pending', { rows: 700, minutes: 31 });
    await addCommands(session, 'sent', { rows: 300, minutes: 121 });
    await addCommands(session, 'pending', { rows: 5, minutes: 29 });
    await addCommands(session, 'sent', { rows: 5, minutes: 119 });
    const report = await callJob({ url, name: 'time-out-commands' });
    expect(report).toMatchObject({ status: 'succeeded', counts: { timedOut: 1000 }, error: null });
    expect(await statuses(session)).toEqual({ pending: 5, sent: 5, timed_out: 1000 });
    const logged = await session.query(`SELECT count(*)::int AS rows, count(DISTINCT command_id)::int AS commands
      FROM update_logs WHERE result = 'timed_out'`);
    expect(logged.rows).toEqual([{ rows: 1000, commands: 1000 }]);
  });
});

async function addCommands(session: Session, status: string, { rows, minutes }: { rows: number; minutes: number }) {
  await session.query(
    `INSERT INTO agent_commands (agent_id, command_type, status, params, created_at, sent_at)
     SELECT $1, 'scan', $2, '{"secret": "word"}', now() - $4 * interval '1 minute', now() - $4 * interval '1 minute'
     FROM generate_series(1, $3)`,
    [AGENT, status, rows, minutes],
  );
}

async function statuses(session: Session) {
  const read = await session.query<{ status: string; rows: number }>(
    'SELECT status, count(*)::int AS rows FROM agent_commands GROUP BY status ORDER BY status',
  );
  return Object.fromEntries(read.rows.map(({ status, rows }) => [status, rows]));
}
