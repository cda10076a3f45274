import { randomUUID } from 'node:crypto';
import { guardAuditTable } from '../../src/audit/guard.js';
import { installFleet } from '../../src/fleet/install.js';
import { timeOutSchema } from '../../src/jobs/time-out/config.js';
import { prepareSweep } from '../../src/jobs/time-out/prepare.js';
import { type Sweep, sweepBatch } from '../../src/jobs/time-out/sweep.js';
import { verifyAuditChain } from '../../src/jobs/verify-audit.js';
import { ensureOwnTables, ownTables } from '../../src/migrate/own-tables.js';
import type { AuditAnchor } from '../../src/model/audit.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';

/** The agent of every command that `addCommands` adds. */
export const AGENT = '00000000-0000-4000-8000-000000000001';

/** A fleet with one agent and pgsteward's own tables. */
export function fleetWithAgent() {
  return testDatabase({ template: 'fleet with agent', prepare: installWithAgent });
}

/** Makes that fleet in a database. */
export async function installWithAgent(session: Session): Promise<void> {
  await installFleet(session, 'clean');
  await ensureOwnTables(session, ownTables('steward'));
  await session.query(
    `INSERT INTO agents (id, hostname, machine_id, os_type, agent_version)
     VALUES ($1, 'host', 'machine', 'linux', '1.0')`,
    [AGENT],
  );
}

/** The same with three entries of 20, 20 and 10 time-outs, and the triggers of the job. */
export function fleetWithChain() {
  return testDatabase({
    template: 'fleet with chain',
    prepare: async (session) => {
      await installWithAgent(session);
      const { audit, ...sweep } = await preparedSweep(session);
      if (audit === null) throw new Error('no audit table');
      await guardAuditTable(session, audit.layout, { ownSchema: 'steward', lockTimeoutMs: 1000 });
      for (const rows of [20, 20, 10]) {
        await addCommands(session, 'pending', { rows, minutes: 31 });
        await sweepAll(session, { ...sweep, audit }, 100);
      }
    },
  });
}

/** A sweep of pending commands that writes to the chain. */
export async function preparedSweep(session: Session): Promise<Sweep> {
  const sweep = await prepareSweep(session, SWEEP);
  if (typeof sweep === 'string') throw new Error(sweep);
  return sweep;
}

/** Sweeps without a claim, some rows at a time, until nothing is left; gives how many. */
export async function sweepAll(session: Session, sweep: Sweep, size: number): Promise<number> {
  const run = { runId: randomUUID(), version: '1', job: 'sweep', ownSchema: 'steward', size };
  for (let total = 0; ; ) {
    await session.query('BEGIN');
    const { timedOut } = await sweepBatch(session, sweep, run);
    await session.query('COMMIT');
    if (timedOut === 0) return total;
    total += timedOut;
  }
}

const SWEEP = timeOutSchema.parse({
  ...{ table: 'agent_commands', to: 'timed_out', audit: { table: 'update_logs' }, type: 'command_type' },
  rules: [{ from: 'pending', since: 'created_at', afterSeconds: 1800 }],
});

/** Adds commands that have waited for some minutes. */
export async function addCommands(
  session: Session,
  status: string,
  { rows, minutes, type = 'scan' }: { rows: number; minutes: number; type?: string },
): Promise<void> {
  await session.query(
    `INSERT INTO agent_commands (agent_id, command_type, status, params, created_at, sent_at)
     SELECT $1, $5, $2, '{"secret": "word"}', now() - $4 * interval '1 minute', now() - $4 * interval '1 minute'
     FROM generate_series(1, $3)`,
    [AGENT, status, rows, minutes, type],
  );
}

/** Verifies the chain as the shipped job does. */
export function verify(session: Session, anchors: readonly AuditAnchor[] = []) {
  const watched = [{ table: 'public.update_logs', column: 'result', value: 'timed_out' }];
  const signal = new AbortController().signal;
  return verifyAuditChain(session, { config: { watched, keepDays: 0 }, ownSchema: 'steward', signal, anchors });
}
