import type { LoadStep } from './load-step.js';

/** Agents with their hardware and what they scan. */
export const hostSteps: readonly LoadStep[] = [
  {
    table: 'agents',
    sql: (plan, r) => `
      INSERT INTO agents (id, hostname, machine_id, os_type, os_version, architecture, agent_version, status, last_seen,
                          is_updating, updating_to_version, update_initiated_at, metadata, created_at, updated_at)
      SELECT ${r.uuid('agent')}, os_type || '-' || lpad(n::text, 5, '0') || '.fleet.example',
             md5('machine:${plan.seed}:' || n), os_type,
             CASE os_type WHEN 'linux' THEN ${r.pick(['Debian 12', 'Debian 13', 'Ubuntu 24.04', 'Fedora 42'], 'os-version')}
                          WHEN 'windows' THEN ${r.pick(['Server 2022', 'Server 2025', '11'], 'os-version')} ELSE '15' END,
             CASE WHEN os_type = 'macos' OR ${r.unit('arm')} < 0.08 THEN 'aarch64' ELSE 'x86_64' END,
             ${r.pickWeighted({ '0.9.4': 0.72, '0.9.3': 0.2, '0.8.11': 0.08 }, 'agent-version')}, status,
             CASE WHEN status IN ('online', 'error') THEN ${plan.anchor} - ${r.unit('seen')} * interval '8 minutes'
                  ELSE ${plan.anchor} - (1 + 60 * ${r.unit('seen')}) * interval '1 day' END,
             updating, CASE WHEN updating THEN '0.9.5' END, CASE WHEN updating THEN ${plan.anchor} - interval '5 minutes' END,
             jsonb_build_object('site', ${r.pickWeighted({ 'eu-1': 0.6, 'us-1': 0.3, 'ap-1': 0.1 }, 'site')}, 'rack', n % 40),
             created_at, created_at
        FROM (SELECT n, ${r.pickWeighted({ linux: 0.7, windows: 0.25, macos: 0.05 }, 'os')} AS os_type,
                     CASE WHEN n % ${plan.retiredEvery} = 3 THEN 'offline'
                          ELSE ${r.pickWeighted({ online: 0.9, offline: 0.06, error: 0.02, decommissioned: 0.02 }, 'status')} END AS status,
                     ${r.unit('updating')} < 0.01 AS updating,
                     ${plan.anchor} - interval '400 days' * (1 - 0.95 * n / ${plan.agents}) AS created_at
                FROM generate_series(1, ${plan.agents}) n) agent`,
  },
  {
    table: 'agent_specs',
    sql: (plan, r) => `
      INSERT INTO agent_specs (id, agent_id, cpu_model, cpu_cores, memory_total_bytes, disk_total_bytes, ip_address,
                               created_at, updated_at)
      SELECT ${r.uuid('spec')}, ${r.uuid('agent')},
             CASE WHEN ${r.unit('cpu-known')} < 0.93 THEN ${r.pick(['EPYC 7543', 'Xeon 6338', 'Ampere Q80', 'Core i7-13700'], 'cpu')} END,
             power(2, 1 + floor(5 * ${r.unit('cores')}))::int, (power(2, 2 + floor(6 * ${r.unit('memory')})) * 1073741824)::bigint,
             ((64 + floor(2000 * ${r.unit('disk')})) * 1073741824)::bigint, inet '10.0.0.0' + n,
             ${plan.anchor} - interval '20 days', ${plan.anchor} - ${r.unit('spec-age')} * interval '1 day'
        FROM generate_series(1, ${plan.agents}) n`,
  },
  {
    table: 'agent_subsystems',
    sql: (plan, r) => `
      INSERT INTO agent_subsystems (id, agent_id, subsystem, enabled, auto_run, interval_minutes, last_run_at, next_run_at,
                                    created_at, updated_at)
      SELECT ${r.uuid('subsystem')}, ${r.uuid('agent', '1 + (n - 1) / 5')}, (ARRAY['updates', 'storage', 'system', 'docker', 'apt'])[1 + n % 5],
             ${r.unit('enabled')} < 0.9, auto_run, (ARRAY[15, 30, 60, 360, 1440])[1 + n % 5], last_run_at,
             CASE WHEN auto_run THEN last_run_at + (ARRAY[15, 30, 60, 360, 1440])[1 + n % 5] * interval '1 minute' END,
             ${plan.anchor} - interval '19 days', coalesce(last_run_at, ${plan.anchor} - interval '19 days')
        FROM (SELECT n, ${r.unit('auto-run')} < 0.6 AS auto_run,
                     CASE WHEN ${r.unit('ran')} < 0.95 THEN ${plan.anchor} - ${r.unit('run-age')} * interval '6 hours' END AS last_run_at
                FROM generate_series(1, ${plan.agents} * 5) n) subsystem`,
  },
];
