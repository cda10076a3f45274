import type { Session } from '../../src/postgres/session.js';

const BATCH_ROWS = 500;
const RUN_ID = '00000000-0000-4000-8000-000000000000';

/** What the metadata of an audit row tells, from a row `late` and `waited`, as the job's own does. */
const METADATA = `jsonb_build_object('service', 'peer', 'version', '0.1.0', 'job', 'time-out-commands', 'run_id', '${RUN_ID}',
  'from_status', from_status, 'threshold_seconds', threshold, 'waiting_since', waiting_since,
  'waited_seconds', waited, 'type', command_type)`;
const MESSAGE = `concat(from_status, ' for ', waited, ' s, more than the ', threshold, ' s allowed')`;

/**
 * What anybody would write: one CTE per predicate, one audit row each that says what the job's says, one statement a
 * batch; no ledger, no chain.
 */
const BARE = `WITH late_pending AS (
    SELECT id, ctid AS place, status AS from_status, created_at AS waiting_since, 1800 AS threshold FROM agent_commands
    WHERE status = 'pending' AND created_at < now() - interval '30 minutes'
    ORDER BY created_at LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED),
  late_sent AS (
    SELECT id, ctid AS place, status AS from_status, sent_at AS waiting_since, 7200 AS threshold FROM agent_commands
    WHERE status = 'sent' AND sent_at < now() - interval '2 hours'
    ORDER BY sent_at LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED),
  late AS (SELECT * FROM late_pending UNION ALL SELECT * FROM late_sent),
  changed AS (
    UPDATE agent_commands AS command SET status = 'timed_out', completed_at = now()
    FROM late WHERE command.ctid = ANY (ARRAY(SELECT place FROM late)) AND command.id = late.id AND command.status IN ('pending', 'sent')
    RETURNING command.id, command.agent_id, command.command_type, late.from_status, late.waiting_since, late.threshold,
      floor(extract(epoch FROM now() - late.waiting_since))::int AS waited)
  INSERT INTO update_logs (agent_id, command_id, action, result, exit_code, duration_seconds, message, metadata)
  SELECT agent_id, id, 'timeout', 'timed_out', 124, waited, ${MESSAGE}, ${METADATA}
  FROM changed`;

/** Sweeps with the bare statement until nothing is left. */
export async function sweepBare(session: Session): Promise<void> {
  while ((await session.query(BARE)).rowCount > 0);
}

const LATE = `SELECT id, agent_id, command_type, status AS from_status,
    CASE status WHEN 'sent' THEN sent_at ELSE created_at END AS waiting_since,
    CASE status WHEN 'sent' THEN 7200 ELSE 1800 END AS threshold,
    floor(extract(epoch FROM now() - CASE status WHEN 'sent' THEN sent_at ELSE created_at END))::int AS waited
  FROM agent_commands
  WHERE status = 'pending' AND created_at < now() - interval '30 minutes'
     OR status = 'sent' AND sent_at < now() - interval '2 hours'`;

interface LateCommand {
  readonly id: string;
  readonly agent_id: string;
  readonly command_type: string;
  readonly from_status: string;
  readonly waiting_since: Date;
  readonly threshold: number;
  readonly waited: number;
}

/**
 * Sweeps as the fleet's own service did: reads the late ones, then three statements for each, a transaction each: its
 * status, its result, and its row in the log.
 */
export async function sweepRowByRow(session: Session): Promise<void> {
  for (const command of (await session.query<LateCommand>(LATE)).rows) {
    await session.query('UPDATE agent_commands SET status = $1 WHERE id = $2', ['timed_out', command.id]);
    const result = { error: 'operation timed out', duration: command.threshold, command_id: command.id };
    await session.query('UPDATE agent_commands SET result = $1 WHERE id = $2', [result, command.id]);
    await log(session, command);
  }
}

/** Sweeps row by row with the same guarantees as the job's: what is no longer open is left, and has no row in the log. */
export async function sweepRowByRowSafely(session: Session): Promise<void> {
  for (const command of (await session.query<LateCommand>(LATE)).rows) {
    await session.query('BEGIN');
    const changed = await session.query(
      `UPDATE agent_commands SET status = 'timed_out', completed_at = now() WHERE id = $1 AND status = $2`,
      [command.id, command.from_status],
    );
    if (changed.rowCount > 0) await log(session, command);
    await session.query('COMMIT');
  }
}

async function log(session: Session, command: LateCommand): Promise<void> {
  const { from_status, waiting_since, threshold, waited } = command;
  await session.query(
    `INSERT INTO update_logs (agent_id, command_id, action, result, exit_code, duration_seconds, message, metadata)
     VALUES ($1, $2, 'timeout', 'timed_out', 124, $3, $4, $5)`,
    [
      ...[command.agent_id, command.id, waited, `${from_status} for ${waited} s, more than the ${threshold} s allowed`],
      {
        ...{ service: 'peer', version: '0.1.0', job: 'time-out-commands', run_id: RUN_ID, from_status },
        ...{ threshold_seconds: threshold, waiting_since, waited_seconds: waited, type: command.command_type },
      },
    ],
  );
}
