import type { Session } from '../../src/postgres/session.js';

interface EventRow {
  readonly id: string;
  readonly agent_id: string;
  readonly package_type: string;
  readonly package_name: string;
  readonly version_from: string | null;
  readonly version_to: string | null;
  readonly severity: string;
  readonly event_type: string;
  readonly created_at: Date;
}

export interface RowByRow {
  readonly rows: number;
  readonly rowsPerTransaction: number;
  /** Whether each statement is parsed and planned once, or as most applications do it, each time. */
  readonly isPrepared: boolean;
}

/**
 * Folds events one by one, as an application does: reads the package's row, decides, writes it, and tells the history.
 * Gives events a second.
 */
export async function foldRowByRow(
  session: Session,
  { rows, rowsPerTransaction, isPrepared }: RowByRow,
): Promise<number> {
  const ask: Ask = isPrepared
    ? (name, text, asked) => session.queryPrepared(name, text, asked)
    : (_, text, asked) => session.query(text, asked);
  const { rows: events } = await session.query<EventRow>(
    'SELECT * FROM update_events ORDER BY created_at, id LIMIT $1',
    [rows],
  );
  const startedAt = performance.now();
  for (const [index, event] of events.entries()) {
    if (index % rowsPerTransaction === 0) await session.query('BEGIN');
    await foldOne(ask, event);
    if (index % rowsPerTransaction === rowsPerTransaction - 1 || index === events.length - 1)
      await session.query('COMMIT');
  }
  return events.length / ((performance.now() - startedAt) / 1000);
}

type Ask = (name: string, text: string, values: readonly unknown[]) => ReturnType<Session['query']>;

async function foldOne(ask: Ask, event: EventRow): Promise<void> {
  const key = [event.agent_id, event.package_type, event.package_name];
  const found = await ask(
    'read',
    `SELECT status, available_version FROM current_package_state
     WHERE agent_id = $1 AND package_type = $2 AND package_name = $3 FOR UPDATE`,
    key,
  );
  const status = statusAfter(found.rows[0] as StateRow | undefined, event);
  const installed = event.event_type === 'updated' ? event.version_to : event.version_from;
  await ask(
    'write',
    `INSERT INTO current_package_state
       (agent_id, package_type, package_name, current_version, available_version, severity, status, last_updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (agent_id, package_type, package_name) DO UPDATE
     SET current_version = excluded.current_version, available_version = excluded.available_version,
         severity = excluded.severity, status = excluded.status, last_updated_at = excluded.last_updated_at`,
    [...key, installed, event.version_to, event.severity, status, event.created_at],
  );
  if (event.event_type !== 'updated' && event.event_type !== 'failed') return;
  await ask(
    'tell',
    `INSERT INTO update_version_history
       (id, agent_id, package_type, package_name, version_from, version_to, status, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
    [
      ...[event.id, ...key, event.version_from, event.version_to],
      ...[event.event_type === 'failed' ? 'failed' : 'success', event.created_at],
    ],
  );
}

interface StateRow {
  readonly status: string;
  readonly available_version: string | null;
}

function statusAfter(before: StateRow | undefined, event: EventRow): string {
  if (event.event_type !== 'discovered') return event.event_type;
  if (before === undefined || before.status === 'failed') return 'pending';
  if (before.status === 'ignored' || before.available_version === event.version_to) return before.status;
  return 'pending';
}
