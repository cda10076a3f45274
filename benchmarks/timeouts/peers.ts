import type { Session } from '../../src/postgres/session.js';

const BATCH_ROWS = 500;

/** What anybody would write: one CTE per predicate, one audit row each, one statement a batch; no ledger, no chain. */
const BARE = `WITH late_pending AS (
    SELECT id, ctid AS place, created_at AS waiting_since, 1800 AS threshold FROM agent_commands
    WHERE status = 'pending' AND created_at < now() - interval '30 minutes'
    ORDER BY created_at LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED),
  late_sent AS (
    SELECT id, ctid AS place, sent_at AS waiting_since, 7200 AS threshold FROM agent_commands
    WHERE status = 'sent' AND sent_at < now() - interval '2 hours'
    ORDER BY sent_at LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED),
  late AS (SELECT * FROM late_pending UNION ALL SELECT * FROM late_sent),
  changed AS (
    UPDATE agent_commands AS command SET status = 'timed_out', completed_at = now()
    FROM late WHERE command.ctid = ANY (ARRAY(SELECT place FROM late)) AND command.id = late.id AND command.status IN ('pending', 'sent')
    RETURNING command.id, command.agent_id, command.command_type, late.waiting_since, late.threshold)
  INSERT INTO update_logs (agent_id, command_id, action, result, exit_code, duration_seconds, message, metadata)
  SELECT agent_id, id, 'timeout', 'timed_out', 124, extract(epoch FROM now() - waiting_since)::int, 'waited too long',
    jsonb_build_object('waiting_since', waiting_since, 'threshold_seconds', threshold,
      'waited_seconds', extract(epoch FROM now() - waiting_since)::int, 'service', 'peer', 'version', '1', 'type', command_type)
  FROM changed`;

/** Sweeps with the bare statement until nothing is left. */
export async function sweepBare(session: Session): Promise<void> {
  while ((await session.query(BARE)).rowCount > 0);
}

/** Sweeps as the fleet's own service did: reads the late ones, then a statement for each status and one for each row of the log. */
export async function sweepRowByRow(session: Session): Promise<void> {
  const late = await session.query<{ id: string; agent_id: string; waiting_since: Date }>(
    `SELECT id, agent_id, coalesce(sent_at, created_at) AS waiting_since FROM agent_commands
     WHERE status = 'pending' AND created_at < now() - interval '30 minutes'
        OR status = 'sent' AND sent_at < now() - interval '2 hours'`,
  );
  for (const command of late.rows) {
    await session.query(
      `UPDATE agent_commands SET status = 'timed_out', completed_at = now() WHERE id = $1 AND status IN ('pending', 'sent')`,
      [command.id],
    );
    await session.query(
      `INSERT INTO update_logs (agent_id, command_id, action, result, exit_code, metadata)
       VALUES ($1, $2, 'timeout', 'timed_out', 124, jsonb_build_object('waiting_since', $3::timestamptz))`,
      [command.agent_id, command.id, command.waiting_since],
    );
  }
}
