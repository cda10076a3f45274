import type { Session } from '../../src/postgres/session.js';

/** Adds commands that have waited too long: two in three pending, the others sent. */
export async function addStuck(session: Session, count: number): Promise<void> {
  await session.query(
    `INSERT INTO agent_commands (agent_id, command_type, status, params, created_at, sent_at)
     SELECT agent.id, (ARRAY['scan', 'update', 'reboot'])[n % 3 + 1],
       CASE WHEN n % 3 = 0 THEN 'sent' ELSE 'pending' END, '{"packages": ["a", "b", "c"]}',
       now() - interval '3 hours' - n * interval '1 ms', CASE WHEN n % 3 = 0 THEN now() - interval '3 hours' END
     FROM generate_series(1, $1) AS n
     JOIN (SELECT id, row_number() OVER () AS place FROM agents) AS agent ON agent.place = n % 500 + 1`,
    [count],
  );
  await session.query('ANALYZE agent_commands');
}

/** Empties commands and their log, the chain's rows among them: only a benchmark may. */
export async function forgetCommands(session: Session): Promise<void> {
  const isChained = await session.query(`SELECT WHERE to_regclass('steward.audit_entries') IS NOT NULL`);
  const tables = isChained.rowCount > 0 ? ['update_logs', 'steward.audit_entries', 'steward.audit_head'] : [];
  const triggers = (what: string) => tables.map((table) => `ALTER TABLE ${table} ${what} TRIGGER USER;`).join('');
  await session.script(
    `${triggers('DISABLE')}
     TRUNCATE agent_commands, update_version_history, ${['update_logs', ...tables.slice(1, 2)].join(', ')};
     ${tables.length > 0 ? `UPDATE steward.audit_head SET seq = 0, hash = decode(repeat('00', 32), 'hex');` : ''}
     ${triggers('ENABLE')}`,
  );
  await session.query('CHECKPOINT');
}

/** Gives the middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
