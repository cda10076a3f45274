import { drawn, drawnAgent, type FleetSample, minutesBefore } from './sample.js';
import type { FleetStatement } from './statement.js';

const PAGE = 50;

/** What the server and its dashboard read all day. */
export const readStatements = [
  read('sweep-pending-commands', true, (s) => [minutesBefore(s, 30)])`
    SELECT id, agent_id, command_type, status, created_at, sent_at FROM agent_commands
     WHERE status = 'pending' AND created_at < $1 ORDER BY created_at`,
  read('sweep-sent-commands', true, (s) => [minutesBefore(s, 120)])`
    SELECT id, agent_id, command_type, status, created_at, sent_at FROM agent_commands
     WHERE status = 'sent' AND sent_at < $1 ORDER BY sent_at`,
  read('stuck-commands', false, (s) => [minutesBefore(s, 30), minutesBefore(s, 120)])`
    SELECT c.id, c.command_type, c.status, c.created_at, c.sent_at, a.hostname
      FROM agent_commands c JOIN agents a ON a.id = c.agent_id
     WHERE (c.status = 'pending' AND c.created_at < $1) OR (c.status = 'sent' AND c.sent_at < $2)`,
  read('pending-commands', true, (s) => [drawnAgent(s)])`
    SELECT id, command_type, params, signature, key_id, signed_at, created_at FROM agent_commands
     WHERE agent_id = $1 AND status = 'pending' ORDER BY created_at LIMIT 100`,
  read('agent-list', false, () => [])`
    SELECT id, hostname, os_type, agent_version, status, last_seen FROM agents ORDER BY hostname`,
  // Run once for each agent of the list above: the dashboard's loop.
  read('agent-statistics', true, (s) => [drawnAgent(s)])`
    SELECT count(*) AS commands, count(*) FILTER (WHERE status = 'completed') AS completed,
           count(*) FILTER (WHERE status = 'failed') AS failed, max(created_at) AS last_command_at
      FROM agent_commands WHERE agent_id = $1`,
  read('last-scan-per-agent', true, () => [])`
    SELECT a.id, a.hostname, a.status,
           (SELECT e.created_at FROM update_events e WHERE e.agent_id = a.id ORDER BY e.created_at DESC LIMIT 1) AS last_scan_at
      FROM agents a ORDER BY a.hostname`,
  read('current-updates-page', true, (s) => [...updateFilter(s), PAGE, PAGE * Math.floor(s.random() ** 3 * 20)])`
    SELECT id, agent_id, package_name, current_version, available_version, last_discovered_at FROM current_package_state
     WHERE status = $1 AND severity = $2 AND package_type = $3
     ORDER BY last_discovered_at DESC, id LIMIT $4 OFFSET $5`,
  read('current-updates-count', false, updateFilter)`
    SELECT count(*) FROM current_package_state WHERE status = $1 AND severity = $2 AND package_type = $3`,
  read('package-history', true, packageKey)`
    SELECT version_from, version_to, severity, event_type, created_at FROM update_events
     WHERE agent_id = $1 AND package_type = $2 AND package_name = $3 ORDER BY created_at DESC LIMIT 50`,
  read('version-history', false, packageKey)`
    SELECT version_from, version_to, status, message, created_at FROM update_version_history
     WHERE agent_id = $1 AND package_type = $2 AND package_name = $3 ORDER BY created_at DESC LIMIT 50`,
  read('unified-history', true, (s) => [drawnAgent(s), PAGE])`
    (SELECT id, 'command' AS kind, command_type AS action, status AS result, created_at FROM agent_commands
      WHERE agent_id = $1 ORDER BY created_at DESC LIMIT $2)
     UNION ALL
    (SELECT id, 'log', action, result, created_at FROM update_logs WHERE agent_id = $1 ORDER BY created_at DESC LIMIT $2)
     ORDER BY created_at DESC LIMIT $2`,
  read('token-by-hash', false, (s) => [drawn(s.tokenHashes, s)])`
    SELECT id, agent_id, expires_at, revoked FROM refresh_tokens WHERE token_hash = $1`,
  read('expired-token-count', false, (s) => [s.now.toISOString()])`
    SELECT count(*) FROM refresh_tokens WHERE expires_at < $1`,
  read('agent-detail', false, (s) => [drawnAgent(s)])`
    SELECT a.hostname, a.os_type, a.os_version, a.last_seen, s.cpu_model, s.cpu_cores, s.memory_total_bytes
      FROM agents a LEFT JOIN agent_specs s ON s.agent_id = a.id WHERE a.id = $1`,
  read('recent-events', false, () => [PAGE])`
    SELECT e.id, e.package_name, e.version_to, e.severity, e.event_type, e.created_at, a.hostname
      FROM update_events e JOIN agents a ON a.id = e.agent_id ORDER BY e.created_at DESC LIMIT $1`,
  read('failed-logs', false, (s) => [minutesBefore(s, 24 * 60)])`
    SELECT l.id, l.action, l.message, l.exit_code, l.created_at, a.hostname FROM update_logs l JOIN agents a ON a.id = l.agent_id
     WHERE l.result = 'failed' AND l.created_at > $1 ORDER BY l.created_at DESC LIMIT 100`,
  read('command-log', false, (s) => [drawn(s.commandIds, s)])`
    SELECT action, result, message, exit_code, duration_seconds, created_at FROM update_logs WHERE command_id = $1 ORDER BY created_at`,
  read('disk-usage', false, (s) => [drawnAgent(s)])`
    SELECT DISTINCT ON (mountpoint) mountpoint, used_bytes, total_bytes, created_at FROM storage_metrics
     WHERE agent_id = $1 ORDER BY mountpoint, created_at DESC`,
  read('update-summary', false, () => [])`
    SELECT severity, status, count(*) FROM current_package_state GROUP BY severity, status ORDER BY severity, status`,
  read('agent-errors', false, (s) => [drawnAgent(s)])`
    SELECT event_type, component, message, created_at FROM system_events
     WHERE agent_id = $1 AND severity IN ('error', 'critical') ORDER BY created_at DESC LIMIT 20`,
  read('due-subsystems', false, (s) => [s.now.toISOString()])`
    SELECT agent_id, subsystem FROM agent_subsystems WHERE enabled AND auto_run AND next_run_at <= $1 ORDER BY next_run_at LIMIT 200`,
  read('open-incidents', false, () => ['important'])`
    SELECT id, agent_id, incident_type, description, created_at FROM security_incidents
     WHERE severity = $1 AND resolved_at IS NULL ORDER BY created_at DESC LIMIT 50`,
] as const;

/** Reads that the audit called mistakes; they work, at a price. */
export const mistakenReads = [
  // The cast hides the key from its index.
  read('states-by-text-ids', false, (s) => [Array.from({ length: 20 }, () => drawn(s.pendingStateIds, s))])`
    SELECT id, agent_id, package_name, status FROM current_package_state WHERE id::text = ANY($1)`,
  // The join forgot h.agent_id = s.agent_id: each package meets the history of all agents.
  read('joined-without-agent', false, (s) => [drawnAgent(s)])`
    SELECT s.package_name, s.available_version, h.version_to, h.status, h.created_at
      FROM current_package_state s
      JOIN update_version_history h ON h.package_type = s.package_type AND h.package_name = s.package_name
     WHERE s.agent_id = $1 AND s.status = 'failed'`,
] as const;

/** A tagged template that keeps SQL readable above and without indentation on the wire. */
function read(name: string, hot: boolean, parameters: FleetStatement['parameters']) {
  return (sql: TemplateStringsArray): FleetStatement => ({
    name,
    sql: (sql[0] ?? '').replace(/\s+/g, ' ').trim(),
    hot,
    writes: false,
    parameters,
  });
}

function updateFilter(sample: FleetSample): unknown[] {
  const status = sample.random() < 0.7 ? 'pending' : 'failed';
  const severity = drawn(['critical', 'critical', 'important', 'moderate'], sample);
  return [status, severity, drawn(['apt', 'apt', 'winget', 'dnf', 'docker'], sample)];
}

function packageKey(sample: FleetSample): unknown[] {
  const drawnPackage = drawn(sample.packages, sample);
  return [drawnPackage?.agentId ?? null, drawnPackage?.packageType ?? null, drawnPackage?.packageName ?? null];
}
