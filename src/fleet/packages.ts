import type { LoadStep } from './load-step.js';
import type { SeededSql } from './randomness.js';
import type { FleetPlan } from './scale.js';

const STEMS = [
  'libssl',
  'openssh',
  'curl',
  'kernel',
  'python3',
  'systemd',
  'nginx',
  'glibc',
  'zlib',
  'sqlite',
  'bash',
  'git',
];
const EVENT_TYPES = { updated: 0.45, discovered: 0.32, failed: 0.15, ignored: 0.08 };
const SEVERITIES = { critical: 0.05, important: 0.2, moderate: 0.45, low: 0.3 };

/** The event stream, and what is folded from it. Two temporary tables carry the packages and the events. */
export const packageSteps: readonly LoadStep[] = [
  { table: 'current_package_state', sql: draftStates },
  { table: 'update_events', sql: draftEvents },
  {
    table: 'update_packages',
    sql: (plan, r) => `
      INSERT INTO update_packages (id, package_type, package_name, description, created_at)
      SELECT ${r.uuid('package')}, package_type, package_name, CASE WHEN n % 4 > 0 THEN 'package ' || package_name END, ${plan.anchor} - interval '400 days'
        FROM (SELECT package_type, package_name, row_number() OVER (ORDER BY package_type, package_name) AS n
                FROM fleet_state GROUP BY package_type, package_name) package`,
  },
  {
    table: 'update_events',
    sql: (_plan, r) => `
      INSERT INTO update_events (id, agent_id, package_type, package_name, version_from, version_to, severity, event_type, metadata, created_at)
      SELECT ${r.uuid('event', 'i')}, agent_id, package_type, package_name, version_from, version_to, severity, event_type,
             jsonb_build_object('scan', scan), created_at
        FROM fleet_event ORDER BY created_at, i`,
  },
  { table: 'current_package_state', sql: foldEvents },
  {
    table: 'update_version_history',
    sql: (_plan, r) => `
      INSERT INTO update_version_history (id, agent_id, command_id, package_type, package_name, version_from, version_to, status, message, created_at)
      SELECT ${r.uuid('version', 'i')}, event.agent_id, command.id,
             package_type, package_name, version_from, version_to,
             CASE WHEN event_type = 'failed' THEN 'failed' WHEN ${r.unit('rollback', 'i')} < 0.02 THEN 'rollback' ELSE 'success' END,
             CASE WHEN event_type = 'failed' THEN 'package manager exited with 1' END, event.created_at
        FROM fleet_event event
        LEFT JOIN fleet_command command ON command.agent_number = event.agent_number
                                       AND command.agent_rank = event.i % 300 AND ${r.unit('by-command', 'i')} < 0.3
       WHERE event_type IN ('updated', 'failed') ORDER BY event.created_at, i`,
  },
  {
    table: 'update_batches',
    sql: (plan, r) => `
      INSERT INTO update_batches (id, agent_id, batch_size, processed_count, failed_count, status, error_details, completed_at, created_at)
      SELECT ${r.uuid('batch')}, ${r.uuid('agent', r.skewed(plan.agents, 1.5, 'batch-agent'))}, size,
             CASE WHEN running THEN size / 3 ELSE size - failures END, CASE WHEN running THEN 0 ELSE failures END,
             CASE WHEN running THEN 'processing' WHEN failures = size THEN 'failed' ELSE 'completed' END,
             CASE WHEN failures > 0 AND NOT running THEN jsonb_build_array(jsonb_build_object('line', 1 + n % size, 'reason', 'severity is not known', 'event', '{}'::jsonb)) ELSE '[]' END,
             CASE WHEN NOT running THEN created_at + interval '2 seconds' END, created_at
        FROM (SELECT n, size, CASE WHEN ${r.unit('batch-failed')} < 0.002 THEN size WHEN ${r.unit('batch-failed')} < 0.02 THEN 1 ELSE 0 END AS failures,
                     n > ${plan.events / 100 - 3} AS running, ${plan.anchor} - interval '380 days' * power(1 - n / ${plan.events / 100 + 1}::float8, 1.3) AS created_at
                FROM (SELECT n, CASE WHEN ${r.unit('batch-size')} < 0.8 THEN 100 ELSE 1 + floor(99 * ${r.unit('batch-rest')})::int END AS size
                        FROM generate_series(1, ${plan.events / 100}) n) sized) batch`,
  },
];

/** Which packages each agent has: the first agents have most, silent ones none, and an agent's system decides the type. */
function draftStates(plan: FleetPlan, r: SeededSql): string {
  const stems = STEMS.map((stem) => `'${stem}'`).join(', ');
  return `
    CREATE TEMP TABLE fleet_state ON COMMIT DROP AS
    SELECT state, agent_number, agents.id AS agent_id,
           CASE WHEN package % 10 = 0 THEN 'docker' WHEN os_type = 'windows' THEN 'winget' WHEN os_type = 'macos' THEN 'brew'
                WHEN agent_number % 4 = 0 THEN 'dnf' ELSE 'apt' END AS package_type,
           (ARRAY[${stems}])[1 + package % ${STEMS.length}] || '-' || package AS package_name, created_at AS enrolled_at,
           ${plan.anchor} - CASE WHEN agent_number % ${plan.retiredEvery} = 3 THEN 0.4 ELSE 0 END * (${plan.anchor} - created_at) AS last_scan_at
      FROM (SELECT state, agent_number,
                   -- 7 shares no factor with the number of names, so no package repeats within an agent.
                   1 + (7 * row_number() OVER (PARTITION BY agent_number ORDER BY state) + agent_number * 131) % ${plan.packageNames} AS package
              FROM (SELECT state, CASE WHEN drawn % ${plan.silentEvery} = 7 THEN drawn + 1 ELSE drawn END AS agent_number
                      FROM (SELECT state, ${r.skewed(plan.agents, 1.5, 'state-agent', 'state')} AS drawn
                              FROM generate_series(1, ${plan.packageStates}) state) drawn) spread) package
      JOIN agents ON agents.id = ${r.uuid('agent', 'agent_number')}`;
}

/** Half of the packages came with their agent's first report; everything else with one of the scans, six hours apart. */
function draftEvents(plan: FleetPlan, r: SeededSql): string {
  return `
    CREATE TEMP TABLE fleet_event ON COMMIT DROP AS
    SELECT i, state, agent_number, agent_id, package_type, package_name, created_at, scan, rank, last,
           '1.' || state % 20 || '.' || 2 + rank / 2 AS version_from, '1.' || state % 20 || '.' || 3 + rank / 2 AS version_to,
           ${r.pickWeighted(SEVERITIES, 'severity', 'state * 64 + rank / 2')} AS severity,
           CASE WHEN rank = 1 THEN 'discovered' ELSE ${r.pickWeighted(EVENT_TYPES, 'event-type', 'i')} END AS event_type
      FROM (SELECT *, row_number() OVER of_package AS rank, lead(i) OVER of_package IS NULL AS last
              FROM (SELECT i, fleet_state.*, scan, enrolled_at + scan * interval '6 hours' + i % 100000 * interval '13 milliseconds' AS created_at
                      FROM (SELECT i, CASE WHEN i <= ${plan.packageStates} THEN i ELSE ${r.skewed(plan.packageStates, 1.3, 'event-state', 'i')} END AS state
                              FROM generate_series(1, ${plan.events}) i) drawn
                      JOIN fleet_state USING (state)
                     CROSS JOIN LATERAL (SELECT CASE WHEN i <= ${plan.packageStates} AND ${r.unit('first-report', 'i')} < 0.5 THEN 0
                            ELSE floor(${r.unit('event-scan', 'i')} * (extract(epoch FROM last_scan_at - enrolled_at) / 21600 - 1))::int END AS scan) scanned) timed
              WINDOW of_package AS (PARTITION BY state ORDER BY created_at, i)) ranked`;
}

/**
 * The fold in one pass. The last event that decides (updated, failed, ignored) stands unless a later discovery reopens
 * it: any after a failure, one of another version after an update, none after a person ignored the package.
 */
function foldEvents(_plan: FleetPlan, r: SeededSql): string {
  return `
    INSERT INTO current_package_state (id, agent_id, package_type, package_name, current_version, available_version, severity, status,
                                       last_discovered_at, last_updated_at)
    SELECT ${r.uuid('state', 'state')}, fleet_state.agent_id, fleet_state.package_type, fleet_state.package_name, current_version, available_version, severity,
           CASE WHEN decided = ignored THEN 'ignored' WHEN decided = failed AND decided > coalesce(discovered, 0) THEN 'failed'
                WHEN decided = updated AND decided > coalesce(reopened, 0) THEN 'updated' ELSE 'pending' END,
           last_discovered_at, last_updated_at
      FROM (SELECT state, max(rank) FILTER (WHERE event_type <> 'discovered') AS decided, max(rank) FILTER (WHERE event_type = 'ignored') AS ignored,
                   max(rank) FILTER (WHERE event_type = 'failed') AS failed, max(rank) FILTER (WHERE event_type = 'updated') AS updated,
                   max(rank) FILTER (WHERE event_type = 'discovered') AS discovered,
                   max(rank) FILTER (WHERE event_type = 'discovered' AND version_to <> previous_version) AS reopened,
                   max(CASE event_type WHEN 'updated' THEN version_to ELSE version_from END) FILTER (WHERE last) AS current_version,
                   max(version_to) FILTER (WHERE last) AS available_version, max(severity) FILTER (WHERE last) AS severity,
                   max(created_at) FILTER (WHERE event_type = 'discovered') AS last_discovered_at, max(created_at) AS last_updated_at
              FROM (SELECT state, rank, event_type, version_from, version_to, severity, created_at, last,
                           lag(version_to) OVER (PARTITION BY state ORDER BY rank) AS previous_version
                      FROM fleet_event) step
             GROUP BY state) folded
      JOIN fleet_state USING (state) ORDER BY state`;
}
