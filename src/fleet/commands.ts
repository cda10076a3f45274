import type { LoadStep } from './load-step.js';
import type { SeededSql } from './randomness.js';
import type { FleetPlan } from './scale.js';

const COMMAND_TYPES = {
  scan_updates: 0.45,
  install_updates: 0.2,
  collect_metrics: 0.15,
  scan_storage: 0.1,
  dry_run_update: 0.05,
  update_agent: 0.03,
  reboot: 0.02,
};

/** Commands and their log. Nearly all commands are done; the few open ones are new, or stuck. */
export const commandSteps: readonly LoadStep[] = [
  { table: 'agent_commands', sql: draftCommands },
  {
    table: 'agent_commands',
    sql: (plan, r) => `
      INSERT INTO agent_commands (id, agent_id, command_type, params, status, result, retried_from_id, retry_count,
                                  idempotency_key, key_id, signature, signed_at, created_at, sent_at, completed_at, expires_at)
      SELECT id, agent_id, command_type,
             CASE command_type WHEN 'install_updates' THEN jsonb_build_object('packages', jsonb_build_array('package-' || n % 977, 'package-' || n % 31), 'dry_run', false)
                               WHEN 'update_agent' THEN '{"version": "0.9.5", "platform": "linux-amd64"}'
                               WHEN 'reboot' THEN '{"delay_seconds": 60}' ELSE '{}' END::jsonb,
             status,
             CASE WHEN status = 'completed' THEN jsonb_build_object('exit_code', 0, 'items', n % 40, 'summary', ${r.sha256('summary')})
                  WHEN status IN ('failed', 'archived_failed') THEN jsonb_build_object('exit_code', 1 + n % 3, 'error', 'exit of ' || command_type) END,
             CASE WHEN retried THEN ${r.uuid('command', 'previous')} END, CASE WHEN retried THEN 1 + n % 5 ELSE 0 END,
             CASE WHEN ${r.unit('idempotent')} < 0.3 THEN md5('idempotency:' || n) END,
             CASE WHEN signed THEN 'key-' || CASE WHEN created_at < ${plan.anchor} - interval '30 days' THEN 3 ELSE 4 END END,
             CASE WHEN signed THEN ${r.sha256('signature')} || ${r.sha256('signature-tail')} END, CASE WHEN signed THEN created_at END,
             created_at, sent_at, completed_at, created_at + interval '4 hours'
        FROM fleet_command ORDER BY n`,
  },
  { table: 'update_logs', sql: logCommands },
];

/**
 * Decides each command once, in a temporary table that the log and the version history read too. `OFFSET 0` keeps the
 * planner from merging the levels, which would compute each drawn value again wherever it is named.
 */
function draftCommands(plan: FleetPlan, r: SeededSql): string {
  const { anchor } = plan;
  return `
    CREATE TEMP TABLE fleet_command ON COMMIT DROP AS
    SELECT n, ${r.uuid('command')} AS id, agents.id AS agent_id, agent_number, command_type, status, created_at, sent_at,
           row_number() OVER of_agent AS agent_rank, lag(n) OVER of_agent AS previous,
           lag(n) OVER of_agent IS NOT NULL AND ${r.unit('retried')} < 0.03 AS retried,
           created_at > ${anchor} - interval '60 days' AND ${r.unit('signed')} < 0.9 AS signed,
           CASE status WHEN 'completed' THEN least(sent_at + work, greatest(${anchor}, sent_at)) WHEN 'failed' THEN sent_at + work
                       WHEN 'archived_failed' THEN sent_at + work WHEN 'cancelled' THEN created_at + interval '3 minutes'
                       WHEN 'timed_out' THEN coalesce(sent_at + interval '2 hours', created_at + interval '30 minutes') + 300 * ${r.unit('sweep')} * interval '1 second' END AS completed_at
      FROM (SELECT *, CASE WHEN status IN ('pending', 'cancelled') OR status = 'timed_out' AND ${r.unit('timed-out-pending')} < 0.6 THEN NULL
                           ELSE created_at + (1 + 50 * ${r.unit('poll')}) * interval '1 second' END AS sent_at,
                   (1 + power(${r.unit('work')}, 4) * CASE command_type WHEN 'install_updates' THEN 1500 WHEN 'reboot' THEN 300 ELSE 60 END) * interval '1 second' AS work
              FROM (SELECT *, ${statusByAge(anchor, r)} AS status
                      FROM (SELECT n, ${r.skewed(Math.floor(plan.agents * 0.96), 2, 'command-agent')} AS agent_number,
                                   ${r.pickWeighted(COMMAND_TYPES, 'command-type')} AS command_type,
                                   ${anchor} - interval '90 days' * power(1 - n / ${plan.commands}::float8, 1.3)
                                     - ${r.unit('command-jitter')} * interval '2 minutes' AS created_at
                              FROM generate_series(1, ${plan.commands}) n OFFSET 0) asked OFFSET 0) judged OFFSET 0) sent
      JOIN (SELECT id, row_number() OVER (ORDER BY created_at) AS agent_number FROM agents) agents USING (agent_number)
    WINDOW of_agent AS (PARTITION BY agent_number ORDER BY n)`;
}

/** Open commands are younger than half an hour, but for a few hundred that got stuck in the last ten days. */
function statusByAge(anchor: string, r: SeededSql): string {
  const unit = r.unit('command-status');
  const failing = `CASE command_type WHEN 'update_agent' THEN 0.2 WHEN 'reboot' THEN 0.12 WHEN 'install_updates' THEN 0.08 ELSE 0.03 END`;
  return `CASE
    WHEN created_at > ${anchor} - interval '25 minutes' AND ${unit} < 0.6
      THEN CASE WHEN ${unit} < 0.35 THEN 'pending' WHEN ${unit} < 0.5 THEN 'sent' ELSE 'running' END
    WHEN created_at > ${anchor} - interval '110 minutes' AND ${unit} < 0.03 THEN CASE WHEN ${unit} < 0.02 THEN 'sent' ELSE 'running' END
    WHEN created_at > ${anchor} - interval '10 days' AND ${unit} < 0.005 THEN CASE WHEN ${unit} < 0.003 THEN 'pending' ELSE 'sent' END
    WHEN ${unit} > 0.98 THEN 'timed_out'
    WHEN ${unit} > 0.97 THEN 'cancelled'
    WHEN ${unit} > 0.97 - ${failing} THEN CASE WHEN created_at < ${anchor} - interval '30 days' THEN 'archived_failed' ELSE 'failed' END
    ELSE 'completed' END`;
}

/**
 * Three log rows for two commands. Time-outs of the past have none: the service that should have written them could
 * not, and an audited trail cannot be invented afterwards.
 */
function logCommands(plan: FleetPlan, r: SeededSql): string {
  return `
    INSERT INTO update_logs (id, agent_id, command_id, update_package_id, action, result, message, metadata, stdout, stderr,
                             exit_code, duration_seconds, executed_at, created_at)
    SELECT ${r.uuid('log', 'i')}, agent_id, CASE WHEN ended OR NOT first THEN id END,
           CASE WHEN command_type = 'install_updates' AND ${r.unit('log-package', 'i')} < 0.7 THEN ${r.uuid('package', `1 + i % packages.count`)} END,
           CASE WHEN ended THEN command_type WHEN first THEN 'heartbeat' ELSE 'dispatch' END, result,
           CASE result WHEN 'success' THEN NULL WHEN 'partial' THEN 'some items were skipped' ELSE 'exit of ' || command_type END,
           CASE WHEN ended THEN jsonb_build_object('attempt', 1 + i % 2) ELSE '{}' END,
           CASE WHEN ended AND ${r.unit('stdout', 'i')} < 0.25 THEN repeat(${r.sha256('stdout', 'i')} || E'\\n', 3) END,
           CASE WHEN result = 'failed' THEN 'error: ' || ${r.sha256('stderr', 'i')} END,
           CASE WHEN ended THEN CASE result WHEN 'failed' THEN 1 + (i % 3)::int ELSE 0 END END,
           CASE WHEN ended THEN extract(epoch FROM completed_at - sent_at)::int END, executed_at, executed_at + interval '1 second'
      FROM (SELECT i, id, command_type, agent_id, first, sent_at, completed_at, ended,
                   CASE WHEN NOT ended THEN 'success' WHEN status <> 'completed' THEN 'failed'
                        WHEN ${r.unit('partial', 'i')} < 0.03 THEN 'partial' ELSE 'success' END AS result,
                   CASE WHEN ended THEN completed_at ELSE coalesce(sent_at, created_at) END AS executed_at
              FROM (SELECT i, 1 + (i - 1) * 2 / 3 AS n, (i - 1) % 3 <> 1 AS first
                      FROM generate_series(1, ${plan.logs}) i) line
              JOIN fleet_command USING (n)
              CROSS JOIN LATERAL (SELECT first AND status IN ('completed', 'failed', 'archived_failed') AS ended) judged OFFSET 0) entry
     CROSS JOIN (SELECT count(*) FROM update_packages) packages
     ORDER BY i`;
}
