import { randomUUID } from 'node:crypto';
import { presets } from '../../src/jobs/presets.js';
import { timeOutSchema } from '../../src/jobs/time-out/config.js';
import { prepareSweep } from '../../src/jobs/time-out/prepare.js';
import { type Sweep, sweepBatch } from '../../src/jobs/time-out/sweep.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { addStuck } from './commands.js';

/** Three sweeps without a claim and a completer over the same commands: tells whether each has exactly one end. */
export async function race(url: string, session: Session, count: number): Promise<boolean> {
  await addStuck(session, count);
  const { kind: _, ...config } = presets['time-out-commands'] ?? {};
  const sweep = await prepareSweep(session, timeOutSchema.parse(config));
  if (typeof sweep === 'string') throw new Error(sweep);
  const sessions = await Promise.all(Array.from({ length: 4 }, () => openSession(url)));
  const [completer, ...sweepers] = sessions;
  if (completer === undefined) throw new Error('no session');
  let left = true;
  const sweeps = Promise.all(sweepers.map((each) => sweepAll(each, sweep))).finally(() => {
    left = false;
  });
  const completed = await completeWhile(completer, () => left);
  const swept = await sweeps;
  await Promise.all(sessions.map((each) => each.close()));
  const timedOut = swept.reduce((sum, each) => sum + each, 0);
  const read = await session.query<{ exact: boolean; rows: number; overwritten: number }>(
    `SELECT count(*) = count(DISTINCT command_id) AND count(*) = $1 AND bool_and(command.status = 'timed_out') AS exact,
       count(*)::int AS rows, count(command.result)::int AS overwritten
     FROM update_logs JOIN agent_commands AS command ON command.id = command_id`,
    [timedOut],
  );
  const status = await session.query<{ status: string; rows: number }>(
    'SELECT status, count(*)::int AS rows FROM agent_commands GROUP BY status ORDER BY status',
  );
  const { exact, rows, overwritten } = read.rows[0] ?? { exact: false, rows: 0, overwritten: 0 };
  const states = status.rows.map((each) => `${each.status} ${each.rows}`).join(', ');
  console.log(
    `race: ${completed} completed, sweeps ${swept.join(' + ')}; ${rows} audit rows, ${overwritten} overwritten; ${states}`,
  );
  return exact && overwritten === 0 && completed + timedOut === count;
}

async function sweepAll(session: Session, sweep: Sweep): Promise<number> {
  const run = { runId: randomUUID(), version: '1', job: 'race', ownSchema: 'steward', size: 500 };
  for (let total = 0; ; ) {
    await session.query('BEGIN');
    const { timedOut } = await sweepBatch(session, sweep, run);
    await session.query('COMMIT');
    if (timedOut === 0) return total;
    total += timedOut;
  }
}

/** Agents report commands as done, those first that are swept last: a result marks what nobody may overwrite. */
async function completeWhile(session: Session, isLeft: () => boolean): Promise<number> {
  for (let total = 0; ; ) {
    const done = await session.query(
      `UPDATE agent_commands SET status = 'completed', completed_at = now(), result = '{}'
       WHERE status IN ('pending', 'sent') AND id IN (
         SELECT id FROM agent_commands WHERE status IN ('pending', 'sent') ORDER BY created_at DESC LIMIT 20)`,
    );
    total += done.rowCount;
    if (done.rowCount === 0 && !isLeft()) return total;
  }
}
