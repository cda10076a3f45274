import { drawn, drawnAgent, drawnUuid, type FleetSample, minutesBefore } from './sample.js';
import type { FleetStatement } from './statement.js';

/** What the server and its agents write. Each bears the key it changes, so that a run can undo or bound its effect. */
export const writeStatements = [
  write('heartbeat', (s) => [drawnAgent(s), '0.9.4'])`
    UPDATE agents SET last_seen = now(), agent_version = $2, updated_at = now() WHERE id = $1`,
  write('offline-sweep', () => [])`
    UPDATE agents SET status = 'offline', updated_at = now() WHERE status = 'online' AND last_seen < now() - interval '1 day'`,
  write('insert-command', (s) => [
    drawnUuid(s),
    drawnAgent(s),
    'scan_updates',
    '{"requested_by": "schedule"}',
    s.now.toISOString(),
  ])`
    INSERT INTO agent_commands (id, agent_id, command_type, params, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $5::timestamptz + interval '4 hours') ON CONFLICT (id) DO NOTHING`,
  write('mark-command-sent', (s) => [drawnUuid(s)])`
    UPDATE agent_commands SET status = 'sent', sent_at = now() WHERE id = $1 AND status = 'pending'`,
  write('complete-command', (s) => [drawnUuid(s), '{"exit_code": 0}'])`
    UPDATE agent_commands SET status = 'completed', completed_at = now(), result = $2 WHERE id = $1 AND status = 'sent'`,
  write('time-out-command', (s) => [drawnUuid(s)])`
    UPDATE agent_commands SET status = 'timed_out', completed_at = now() WHERE id = $1 AND status IN ('pending', 'sent')`,
  write('insert-log', (s) => [drawnAgent(s), drawn(s.commandIds, s), 'scan_updates', 'success', 0, 4])`
    INSERT INTO update_logs (agent_id, command_id, action, result, exit_code, duration_seconds) VALUES ($1, $2, $3, $4, $5, $6)`,
  write('renew-token', (s) => [drawn(s.tokenHashes, s)])`
    UPDATE refresh_tokens SET last_used_at = now(), expires_at = now() + interval '90 days' WHERE token_hash = $1 AND NOT revoked`,
  // Run once for each package that a person ticked: the bulk approval.
  write('approve-update', (s) => [drawn(s.pendingStateIds, s), drawn(s.userIds, s)])`
    UPDATE current_package_state SET status = 'approved', approved_by = $2, approved_at = now() WHERE id = $1 AND status = 'pending'`,
  write('withdraw-approvals', (s) => [[drawn(s.pendingStateIds, s)]])`
    UPDATE current_package_state SET status = 'pending', approved_by = NULL, approved_at = NULL
     WHERE id = ANY($1::uuid[]) AND status = 'approved'`,
  write('append-event', (s) => [drawnUuid(s), ...packageEvent(s)])`
    INSERT INTO update_events (id, agent_id, package_type, package_name, version_from, version_to, severity, event_type)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
  // A discovery reopens what another version makes outdated, and never what a person ignored.
  write('fold-event', (s) => packageEvent(s).slice(0, 6))`
    INSERT INTO current_package_state AS s (agent_id, package_type, package_name, current_version, available_version, severity, status, last_discovered_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'pending', now())
    ON CONFLICT (agent_id, package_type, package_name) DO UPDATE
       SET status = CASE WHEN s.status = 'ignored' OR s.available_version = excluded.available_version AND s.status <> 'failed'
                         THEN s.status ELSE 'pending' END,
           available_version = excluded.available_version, severity = excluded.severity,
           last_discovered_at = excluded.last_discovered_at, last_updated_at = now()`,
  write('insert-batch', (s) => [drawnAgent(s), 3, 3])`
    INSERT INTO update_batches (agent_id, batch_size, processed_count, status, completed_at) VALUES ($1, $2, $3, 'completed', now())`,
  write('insert-metrics', (s) => [drawnAgent(s), 12.5, 2_147_483_648, 8_589_934_592])`
    INSERT INTO metrics (agent_id, cpu_percent, memory_used_bytes, memory_total_bytes) VALUES ($1, $2, $3, $4)`,
  // The inner id hides the outer one, so that a command would have to be its own retry: this archives nothing.
  write('archive-retried-commands', (s) => [minutesBefore(s, 7 * 24 * 60)])`
    UPDATE agent_commands SET status = 'archived_failed' WHERE status = 'failed' AND created_at < $1
       AND EXISTS (SELECT 1 FROM agent_commands retry WHERE retry.retried_from_id = id AND retry.status = 'completed')`,
] as const;

/** The row that the timeout service owes each time-out. The flawed fleet refuses it: SQLSTATE 23514. */
export const timeoutAudit: FleetStatement = write('insert-timeout-log', (s) => [
  drawnAgent(s),
  drawn(s.commandIds, s),
  JSON.stringify({ threshold_seconds: 1800, waited_seconds: 2700, service: 'timeout', version: '0.9.4' }),
])`
  INSERT INTO update_logs (agent_id, command_id, action, result, exit_code, metadata) VALUES ($1, $2, 'timeout', 'timed_out', 124, $3)`;

function write(name: string, parameters: FleetStatement['parameters']) {
  return (sql: TemplateStringsArray): FleetStatement => ({
    name,
    sql: (sql[0] ?? '').replace(/\s+/g, ' ').trim(),
    hot: false,
    writes: true,
    parameters,
  });
}

function packageEvent(sample: FleetSample): unknown[] {
  const { agentId = null, packageType = null, packageName = null } = drawn(sample.packages, sample) ?? {};
  return [
    agentId,
    packageType,
    packageName,
    '1.0.0',
    `2.${Math.floor(sample.random() * 3)}.0`,
    'moderate',
    'discovered',
  ];
}
